package dev.firstup.probe;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A regular expression that cannot be made to think for long: it gives up, for it is asked on a thread that must not block. */
final class Matching {
    private static final int MOST_STEPS = 200_000;

    private final Pattern pattern;

    /**
     * @param text as {@link Pattern} has it
     * @throws IllegalArgumentException if it isn't that: the message says where
     */
    Matching(String text) {
        try {
            pattern = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no regular expression: " + e.getDescription() + " at character "
                            + Math.max(1, e.getIndex() + 1),
                    e);
        }
    }

    /**
     * Whether all of {@code text} matches, whatever the case.
     *
     * @throws GaveUp if that takes too many steps
     */
    boolean matches(String text) throws GaveUp {
        Steps steps = new Steps(text);
        try {
            return pattern.matcher(steps).matches();
        } catch (Steps.TooMany | StackOverflowError e) {
            throw new GaveUp(pattern + " takes too long on " + text.length() + " characters");
        }
    }

    @Override
    public String toString() {
        return pattern.toString();
    }

    /** It is not known whether the text matches. */
    static final class GaveUp extends Exception {
        private static final long serialVersionUID = 1;

        GaveUp(String message) {
            super(message, null, false, false);
        }
    }

    /** Counts how often it is looked at, which is all that backtracking does. */
    private static final class Steps implements CharSequence {
        private final String text;
        private int taken;

        Steps(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++taken > MOST_STEPS) {
                throw new TooMany();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }

        private static final class TooMany extends RuntimeException {
            private static final long serialVersionUID = 1;

            TooMany() {
                super(null, null, false, false);
            }
        }
    }
}
