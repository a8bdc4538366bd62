package dev.firstup.zone;

/** Why a record cannot be read at all, as one sentence. */
final class ZoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    ZoneException(String sentence) {
        super(sentence, null, false, false);
        this.sentence = sentence;
    }

    @Override
    public String getMessage() {
        return sentence;
    }
}
