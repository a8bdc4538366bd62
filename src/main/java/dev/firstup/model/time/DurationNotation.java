package dev.firstup.model.time;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people write them, in files, orders and commands: {@code 500ms}, {@code 10s}, {@code 10m}, {@code 1h}, {@code 2d}. */
public final class DurationNotation {
    // Nine digits of any unit are more than any key takes, and fit into a Duration.
    private static final Pattern FORM = Pattern.compile("0*(\\d{1,9})(ms|s|m|h|d)");

    private DurationNotation() {}

    /** The duration that {@code text} says; null where it says none. */
    public static @Nullable Duration of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** {@code 1h 30m}, {@code 27s}, {@code 500ms}: the same units, the largest first. */
    public static String text(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(text.isEmpty() ? "" : " ").append(amount).append(unit);
        }
    }
}
