package dev.firstup.probe.engine;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.Matcher;

/**
 * A pattern of a user's for what servers say. It is matched in one pass over the text (RE2), so that no pattern and no answer can
 * hold up an event loop: there are no back-references and no look-around.
 */
public final class Re2Pattern {
    /** So much of a text is looked at that its characters, each at every step of the pattern, are so many: tens of milliseconds. */
    private static final int MOST_STEPS = 600_000;

    private static final int LARGEST = 1_000;
    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

    private final Pattern pattern;

    /**
     * @param text a point stands for line breaks too
     * @throws IllegalArgumentException if it is no pattern, or too large a one
     */
    public Re2Pattern(String text) {
        this(text, 0);
    }

    private Re2Pattern(String text, int flags) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty, expected a regular expression (RE2)");
        }
        // Written out, repetitions of repetitions could fill the memory.
        long repetitions = 1;
        for (Matcher it = REPETITION.matcher(text); it.find(); ) {
            String most = it.group(2) == null || it.group(2).isEmpty() ? it.group(1) : it.group(2);
            repetitions = Math.min(LARGEST + 1L, repetitions * Math.max(1, Long.parseLong(most)));
        }
        if (repetitions > LARGEST) {
            throw tooLarge(text);
        }
        try {
            pattern = Pattern.compile(text, Pattern.DOTALL | flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\", which is no regular expression (RE2): " + e.getDescription(), e);
        }
        if (pattern.programSize() > LARGEST) {
            throw tooLarge(text);
        }
    }

    /** The same for letters of either case. */
    public static Re2Pattern ofAnyCase(String text) {
        return new Re2Pattern(text, Pattern.CASE_INSENSITIVE);
    }

    /** How many characters of a text are looked at. */
    public int reach() {
        return MOST_STEPS / pattern.programSize();
    }

    public boolean foundIn(String text) {
        return pattern.matcher(text.substring(0, Math.min(text.length(), reach())))
                .find();
    }

    /** Whether this is the whole of {@code text}, which must be no longer than its {@linkplain #reach() reach}. */
    public boolean isAllOf(String text) {
        return pattern.matcher(text).matches();
    }

    private static IllegalArgumentException tooLarge(String text) {
        return new IllegalArgumentException("\"" + text + "\", which is too large: make its repetitions smaller");
    }

    @Override
    public String toString() {
        return "\"" + pattern.pattern() + "\"";
    }
}
