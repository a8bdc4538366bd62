package dev.firstup.model;

/** Thrown where what must survive a restart cannot be read or written now: the message says why. The same may work later. */
public final class StateUnavailableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public StateUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
