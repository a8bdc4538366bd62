package dev.firstup.cli;

/** Ends a command with one sentence for the user. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /** @param message where, what was found, what was expected, what to do */
    CommandException(String message) {
        super(message, null, false, false);
        this.sentence = message;
    }

    @Override
    public String getMessage() {
        return sentence;
    }
}
