package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.model.text.RegexBudget;
import dev.firstup.probe.engine.ReasonText;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What a server must say next: the very bytes, or what a regular expression matches from its beginning on. */
final class ExpectedReply {
    /** It may still come. */
    static final int OPEN = -1;

    /** Whatever comes, it is not that. */
    static final int MISSED = -2;

    private final byte[] bytes;
    private final @Nullable Pattern pattern;

    private ExpectedReply(byte[] bytes, @Nullable Pattern pattern) {
        this.bytes = bytes;
        this.pattern = pattern;
    }

    static ExpectedReply literal(byte[] bytes) {
        return new ExpectedReply(bytes, null);
    }

    /**
     * @param bytes a regular expression of Java's, of which each byte is one character
     * @throws IllegalArgumentException if it isn't one
     */
    static ExpectedReply regex(byte[] bytes) {
        try {
            return new ExpectedReply(bytes, Pattern.compile(new String(bytes, ISO_8859_1)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    ReasonText.encoded(bytes, 0, bytes.length) + " is no regular expression: " + e.getDescription()
                            + " near " + e.getIndex(),
                    e);
        }
    }

    /**
     * Looks whether this is what stands in {@code heard} between {@code from} and {@code to}.
     *
     * @param closed whether nothing more can come
     * @return where it ends: as early as it can, so that it does not matter how much more has come already; or {@link #OPEN} or
     *     {@link #MISSED}
     * @throws IllegalStateException if that takes too much
     */
    int find(byte[] heard, int from, int to, boolean closed, RegexBudget budget) {
        if (pattern == null) {
            int n = Math.min(bytes.length, to - from);
            if (!Arrays.equals(heard, from, from + n, bytes, 0, n)) {
                return MISSED;
            }
            return n == bytes.length ? from + n : OPEN;
        }
        int end = match(pattern, heard, from, to, closed, budget);
        if (end < 0) {
            return end;
        }
        int shorter = from;
        while (shorter < end) {
            int middle = (shorter + end) >>> 1;
            int found = match(pattern, heard, from, middle, false, budget);
            if (found < 0) {
                shorter = middle + 1;
            } else {
                end = found;
            }
        }
        return end;
    }

    private static int match(Pattern pattern, byte[] heard, int from, int to, boolean closed, RegexBudget budget) {
        Matcher matcher = pattern.matcher(budget.over(new Bytes(heard, from, to)));
        try {
            if (matcher.lookingAt()) {
                return closed || !matcher.requireEnd() ? from + matcher.end() : OPEN;
            }
        } catch (StackOverflowError e) {
            throw budget.exceeded();
        }
        return matcher.hitEnd() ? OPEN : MISSED;
    }

    /** Each byte as one character, where it lies. */
    private record Bytes(byte[] heard, int from, int to) implements CharSequence {
        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            return (char) (heard[from + index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bytes(heard, from + start, from + end);
        }
    }

    @Override
    public String toString() {
        String text = ReasonText.encoded(bytes, 0, bytes.length);
        return pattern == null ? text : "a match of " + text;
    }
}
