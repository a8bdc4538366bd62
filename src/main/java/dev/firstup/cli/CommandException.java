package dev.firstup.cli;

/** Ends a command with one sentence for the user. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message where, what was found, what was expected, what to do */
    CommandException(String message) {
        super(message, null, false, false);
    }
}
