package dev.firstup.queue.parse;

/**
 * What is wrong with a queue file, and where.
 *
 * @param severity whether the file is refused for it
 * @param file the file, as it was named to this program
 * @param line from 1
 * @param column from 1, in characters
 * @param message what was found, what was expected, and what to do
 */
public record Problem(Severity severity, String file, int line, int column, String message) {

    /** Whether a problem stops a file from being taken. */
    public enum Severity {
        /** The file is refused. */
        ERROR,
        /** The file is taken, but may not do what was meant. */
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** As compilers write it: {@code FILE:LINE:COLUMN: error: MESSAGE}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (isError() ? "error" : "warning") + ": " + message;
    }
}
