package dev.firstup.model.publish;

import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import org.jspecify.annotations.Nullable;

/** What an endpoint that failed means by it. */
public final class EndpointFailures {
    private EndpointFailures() {}

    /**
     * The {@link WaitException}, {@link StopException} or {@link DryRunException} in {@code failure}, which Camel may have wrapped; otherwise the
     * failure itself.
     */
    public static @Nullable Throwable meant(@Nullable Throwable failure) {
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (it instanceof WaitException || it instanceof StopException || it instanceof DryRunException) {
                return it;
            }
        }
        return failure;
    }
}
