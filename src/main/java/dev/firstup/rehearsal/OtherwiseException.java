package dev.firstup.rehearsal;

/** What went otherwise than it should, as one sentence. */
final class OtherwiseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherwiseException(String format, Object... values) {
        super(String.format(format, values), null, false, false);
    }
}
