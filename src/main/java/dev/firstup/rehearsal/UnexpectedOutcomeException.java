package dev.firstup.rehearsal;

import org.jspecify.annotations.Nullable;

/** What went otherwise than it should, as one sentence. */
final class UnexpectedOutcomeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // The check wants an annotation of its own library.
    @SuppressWarnings("AnnotateFormatMethod")
    UnexpectedOutcomeException(String format, @Nullable Object... values) {
        super(String.format(format, values), null, false, false);
    }
}
