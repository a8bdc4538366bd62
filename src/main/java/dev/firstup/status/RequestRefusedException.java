package dev.firstup.status;

/** Thrown where a request cannot be answered as it stands: the message says what was found and what was expected. */
public final class RequestRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String message;

    RequestRefusedException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
        this.message = message;
    }

    int status() {
        return status;
    }

    /** What was found, and what was expected. */
    @Override
    public String getMessage() {
        return message;
    }
}
