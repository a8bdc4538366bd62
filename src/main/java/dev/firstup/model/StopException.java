package dev.firstup.model;

/** Thrown by a publisher or notifier that no repetition can mend: it is not asked again until somebody acts. */
public final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final boolean account;

    /** @param reason what it answered, and what to do, without any secret */
    public StopException(String reason) {
        this(reason, false);
    }

    private StopException(String reason, boolean account) {
        super(reason, null, false, false);
        this.reason = reason;
        this.account = account;
    }

    /**
     * For what concerns the whole account: nothing else needs to be tried with it, and each further try may be the one that has it
     * banned.
     *
     * @param reason what it answered, and what to do, without any secret
     */
    public static StopException ofAccount(String reason) {
        return new StopException(reason, true);
    }

    public boolean account() {
        return account;
    }

    /** What it answered, and what to do, without any secret. */
    @Override
    public String getMessage() {
        return reason;
    }
}
