package dev.firstup.probe.http;

import java.nio.charset.StandardCharsets;

/** A text to be found in a stream of bytes, of which nothing is kept: the automaton of Knuth, Morris and Pratt. */
public final class SubstringMatcher {
    private final String text;
    private final byte[] bytes;
    private final int[] fallback;

    /** @param text what is searched for, as UTF-8; not empty */
    public SubstringMatcher(String text) {
        this.text = text;
        bytes = text.getBytes(StandardCharsets.UTF_8);
        fallback = new int[bytes.length];
        for (int i = 1; i < bytes.length; i++) {
            fallback[i] = advance(fallback[i - 1], bytes[i]);
        }
    }

    /** How many bytes match after {@code next}, when {@code matched} did before it; never called once all have matched. */
    int advance(int matched, byte next) {
        int length = matched;
        while (length > 0 && bytes[length] != next) {
            length = fallback[length - 1];
        }
        return bytes[length] == next ? length + 1 : 0;
    }

    boolean found(int matched) {
        return matched == bytes.length;
    }

    @Override
    public String toString() {
        return "\"" + text + "\"";
    }
}
