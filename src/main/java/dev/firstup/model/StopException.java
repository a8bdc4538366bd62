package dev.firstup.model;

/** Thrown by a publisher or notifier that no repetition can mend: it is not asked again until somebody acts. */
public final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason what it answered, and what to do, without any secret */
    public StopException(String reason) {
        super(reason, null, false, false);
    }
}
