package dev.firstup.model;

import java.time.Duration;

/** Thrown by a publisher or notifier that must not be asked again before some time has passed. */
public final class WaitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /**
     * @param delay how long not to ask again
     * @param reason what it answered, without any secret
     */
    public WaitException(Duration delay, String reason) {
        super(reason, null, false, false);
        this.delay = delay;
    }

    public Duration delay() {
        return delay;
    }
}
