package dev.firstup.notify;

import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.publish.EndpointFailures;
import dev.firstup.model.time.WaitLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a message is tried again: the bean {@code firstup-notifications} of the routes. A message is never given up: a notifier that does not
 * take it is asked again, less and less often.
 */
public final class Notifications {
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
    public Notifications(Clock clock, Duration lease) {
        this.clock = clock;
        this.lease = lease;
    }

    /** The notice with one more attempt, to be written down before it is made. */
    public Notification claim(Notification notification) {
        return next(notification, notification.attempts() + 1, clock.instant().plus(lease), notification.note());
    }

    /**
     * What came of an attempt.
     *
     * @param notification as it was claimed
     * @param thrown what the notifier threw; null if it took the message
     */
    public Notification settle(Notification notification, @Nullable Throwable thrown) {
        Throwable failure = EndpointFailures.meant(thrown);
        if (failure == null) {
            return next(notification, notification.attempts(), null, null);
        }
        Instant due = clock.instant().plus(delay(notification, failure));
        String note = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return next(notification, notification.attempts(), due, note);
    }

    private static Duration delay(Notification notification, Throwable failure) {
        if (failure instanceof StopException) {
            return AFTER_STOP;
        }
        if (failure instanceof WaitException wait && !wait.delay().isZero()) {
            return WaitLimit.atMost(wait.delay());
        }
        Duration delay = FIRST_WAIT.multipliedBy(1L << Math.min(notification.attempts() - 1, 10));
        return delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
    }

    private static Notification next(
            Notification notification, int attempts, @Nullable Instant due, @Nullable String note) {
        return new Notification(notification.id(), notification.notifier(), notification.event(), attempts, due, note);
    }
}
