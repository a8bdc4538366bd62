package dev.firstup.probe.line;

/**
 * How much the regular expressions of one probe may take. Some take for ever over what a server may well send, and this happens
 * on a thread that many probes share.
 */
final class RegexBudget {
    /** Looks at a character by which one match is found or not: some ten milliseconds. */
    private static final int MOST_AT_ONCE = 2_000_000;

    /** The same for all matches, of which there is one for each piece of an answer that the network brings. */
    private int left = 64 * MOST_AT_ONCE;

    private int leftAtOnce;

    /** The bytes of {@code heard} between {@code from} and {@code to} as characters for one match, each look at which is counted. */
    CharSequence over(byte[] heard, int from, int to) {
        leftAtOnce = MOST_AT_ONCE;
        return new View(heard, from, to);
    }

    static IllegalStateException lost() {
        return new IllegalStateException(
                "a regular expression takes too much for what was answered: make it simpler, without repetitions of"
                        + " repetitions");
    }

    private final class View implements CharSequence {
        private final byte[] heard;
        private final int from;
        private final int to;

        View(byte[] heard, int from, int to) {
            this.heard = heard;
            this.from = from;
            this.to = to;
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (left-- <= 0 || leftAtOnce-- <= 0) {
                throw lost();
            }
            return (char) (heard[from + index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new View(heard, from + start, from + end);
        }
    }
}
