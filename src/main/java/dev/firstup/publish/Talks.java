package dev.firstup.publish;

import dev.firstup.model.DryRunException;
import dev.firstup.model.WaitException;
import java.time.Duration;

/** Talks with hosts, whichever they are: what the Kamelet {@code talk} does between two requests. */
public final class Talks {
    /** What follows from the answer to the last request. */
    public Talk next(Talk talk, int status, String retryAfter, String body) {
        return talk.host().next(talk, new Answer(status, retryAfter, body));
    }

    /**
     * The host could not be reached, so it certainly was not told.
     *
     * @throws WaitException always: try again soon
     */
    public void unreachable(Exception failure) {
        throw new WaitException(Duration.ZERO, "the service cannot be reached: " + failure.getMessage());
    }

    /**
     * Says what would be sent now.
     *
     * @throws DryRunException always
     */
    public void dry(Talk talk) {
        Request it = talk.request();
        throw new DryRunException("would have sent " + it.method() + " " + it.uri()
                + (it.body() == null ? "" : " " + it.body().replaceAll("\\s+", " ")));
    }
}
