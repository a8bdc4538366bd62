package dev.firstup.model;

import java.time.Duration;

/** Thrown by a publisher or notifier that must not be asked again before some time has passed. */
public final class WaitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final Duration delay;
    private final boolean ambiguous;

    /**
     * @param delay how long not to ask again; zero where it was certainly not told, and may be tried soon
     * @param reason what it answered, without any secret
     */
    public WaitException(Duration delay, String reason) {
        this(delay, reason, false);
    }

    private WaitException(Duration delay, String reason, boolean ambiguous) {
        super(reason, null, false, false);
        this.reason = reason;
        this.delay = delay;
        this.ambiguous = ambiguous;
    }

    /**
     * For an answer that may mean anything: it is given some time to mend itself, and is a stop if it does not.
     *
     * @param reason what it answered, without any secret
     */
    public static WaitException ambiguous(String reason) {
        return new WaitException(Duration.ZERO, reason, true);
    }

    public Duration delay() {
        return delay;
    }

    public boolean ambiguous() {
        return ambiguous;
    }

    /** What it answered, without any secret. */
    @Override
    public String getMessage() {
        return reason;
    }
}
