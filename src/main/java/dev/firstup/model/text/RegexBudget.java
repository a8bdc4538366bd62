package dev.firstup.model.text;

/**
 * How often a regular expression of a user's may look at a character: some would take for ever over what a server may well say. RE2,
 * which takes one pass, needs no budget, but it has no look-around, and does not tell whether more text could change a match.
 */
public final class RegexBudget {
    private final String name;
    private final int mostAtOnce;
    private int left;
    private int leftAtOnce;

    /**
     * @param name what people call the expression
     * @param most looks for all matches together
     * @param mostAtOnce looks for each of them; a million take some five milliseconds
     */
    public RegexBudget(String name, int most, int mostAtOnce) {
        this.name = name;
        this.left = most;
        this.mostAtOnce = mostAtOnce;
    }

    /** {@code text} for one match: what would take too much ends with {@link #exceeded()}. */
    public CharSequence over(CharSequence text) {
        leftAtOnce = mostAtOnce;
        return new Counted(text);
    }

    /** That a match takes too much. Also for a {@link StackOverflowError}, by which Java's own may end before. */
    public IllegalStateException exceeded() {
        return new IllegalStateException(
                name + " takes too much for what was answered: make it simpler, without repetitions of repetitions");
    }

    private final class Counted implements CharSequence {
        private final CharSequence text;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (left-- <= 0 || leftAtOnce-- <= 0) {
                throw exceeded();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
