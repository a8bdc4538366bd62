package dev.firstup.model.time;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Durations as people read them. How exactly one is said depends on where it stands: a message is read once and at leisure, a page
 * is looked at from afar, and a reason is compared with a setting.
 */
public final class DurationText {
    private DurationText() {}

    /** What was measured, or set, as exactly as it is known: {@code 3 s}, {@code 1.5 s}, {@code 250 ms}. */
    public static String exact(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
    }

    /** A setting in the unit that it was written in: {@code 3 s}, {@code 1500 ms}. */
    public static String setting(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** For how long something is, was or will be so, within a sentence: {@code 90 s}, {@code 30 min}, {@code 2 h 5 min}. */
    public static String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        long minutes = seconds / 60 % 60;
        return seconds / 3600 + " h" + (minutes == 0 ? "" : " " + minutes + " min");
    }

    /** How long an outage was, for a message: its two largest units, {@code 3 min 20 s}. */
    public static String outage(Duration duration) {
        if (duration.toMillis() < 1000) {
            return Math.max(0, duration.toMillis()) + " ms";
        }
        String[] units = {"d", "h", "min", "s"};
        long[] parts = {
            duration.toDaysPart(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
        };
        int first = 0;
        while (parts[first] == 0) {
            first++;
        }
        String text = parts[first] + " " + units[first];
        return first + 1 < parts.length && parts[first + 1] > 0
                ? text + " " + parts[first + 1] + " " + units[first + 1]
                : text;
    }

    /** How long ago something was, on a page that is loaded again and again: no seconds that only flicker, and columns of a width. */
    public static String age(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400
                ? seconds / 3600 + " h " + seconds / 60 % 60 + " min"
                : seconds / 86_400 + " d " + seconds / 3600 % 24 + " h";
    }
}
