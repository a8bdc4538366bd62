package dev.firstup.notify;

import dev.firstup.model.Failures;
import dev.firstup.model.Notice;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.Waits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * When a message is tried again: the bean {@code notices} of the routes. A message is never given up: a notifier that does not
 * take it is asked again, less and less often.
 */
public final class Notices {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    /** A notifier that says no for good may be mended by somebody. */
    private static final Duration AFTER_STOP = Duration.ofHours(1);

    private final Clock clock;
    private final Duration lease;

    /**
     * @param clock the time
     * @param lease how long one attempt may take before it counts as lost
     */
    public Notices(Clock clock, Duration lease) {
        this.clock = clock;
        this.lease = lease;
    }

    /** The notice with one more attempt, to be written down before it is made. */
    public Notice claim(Notice notice) {
        return next(notice, notice.attempts() + 1, clock.instant().plus(lease), notice.note());
    }

    /**
     * What came of an attempt.
     *
     * @param notice as it was claimed
     * @param thrown what the notifier threw; null if it took the message
     */
    public Notice settle(Notice notice, Throwable thrown) {
        Throwable failure = Failures.meant(thrown);
        if (failure == null) {
            return next(notice, notice.attempts(), null, null);
        }
        Instant due = clock.instant().plus(delay(notice, failure));
        String note = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return next(notice, notice.attempts(), due, note);
    }

    private static Duration delay(Notice notice, Throwable failure) {
        if (failure instanceof StopException) {
            return AFTER_STOP;
        }
        if (failure instanceof WaitException wait && !wait.delay().isZero()) {
            return Waits.atMost(wait.delay());
        }
        Duration delay = FIRST_WAIT.multipliedBy(1L << Math.min(notice.attempts() - 1, 10));
        return delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
    }

    private static Notice next(Notice notice, int attempts, Instant due, String note) {
        return new Notice(notice.id(), notice.notifier(), notice.event(), attempts, due, note);
    }
}
