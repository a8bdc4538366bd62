package dev.firstup.model.time;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** No wait is longer than a day: what lies further ahead was written before the clock was set back. */
public final class WaitLimit {
    public static final Duration LONGEST = Duration.ofDays(1);

    private WaitLimit() {}

    public static Duration atMost(Duration wait) {
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    /** Whether {@code until} is still to be waited for. */
    public static boolean pending(@Nullable Instant until, Instant now) {
        return until != null && until.isAfter(now) && !until.isAfter(now.plus(LONGEST));
    }
}
