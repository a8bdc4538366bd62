package dev.firstup.model.publish;

/** Thrown in the place of sending something that changes a record, where nothing is to be sent. */
public final class DryRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param what would have been sent, without any secret */
    public DryRunException(String what) {
        super(what, null, false, false);
    }
}
