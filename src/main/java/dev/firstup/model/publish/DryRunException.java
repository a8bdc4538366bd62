package dev.firstup.model.publish;

/** Thrown in the place of sending something that changes a record, where nothing is to be sent. */
public final class DryRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /** @param what would have been sent, without any secret */
    public DryRunException(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    /** What would have been sent, without any secret. */
    @Override
    public String getMessage() {
        return what;
    }
}
