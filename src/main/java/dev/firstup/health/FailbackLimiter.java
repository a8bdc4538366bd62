package dev.firstup.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often a record has returned to a better server by itself, and whether it still may. */
final class FailbackLimiter {
    /** After so many within {@link #SPAN}, somebody has to look. */
    static final int MOST = 4;

    static final Duration SPAN = Duration.ofHours(1);

    private final Deque<Instant> times = new ArrayDeque<>();
    /** Since when an hour without a server going down is waited for; null while there is no limit. */
    private @Nullable Instant limited;

    FailbackLimiter() {}

    FailbackLimiter(Collection<Instant> times, @Nullable Instant limited) {
        this.times.addAll(times);
        this.limited = limited;
    }

    List<Instant> times() {
        return List.copyOf(times);
    }

    @Nullable
    Instant limited() {
        return limited;
    }

    /** Takes one more into account; true if from now on there is a limit. */
    boolean add(Instant now) {
        times.add(now);
        while (!times.peek().plus(SPAN).isAfter(now)) {
            times.remove();
        }
        if (times.size() < MOST || limited != null) {
            return false;
        }
        limited = now;
        return true;
    }

    /** A server has gone down: the hour begins anew. */
    boolean fell(Instant now) {
        if (limited == null) {
            return false;
        }
        limited = now;
        return true;
    }

    /** Whether the limit ends now. */
    boolean lifts(Instant now) {
        if (limited == null || now.isBefore(limited.plus(SPAN))) {
            return false;
        }
        limited = null;
        times.clear();
        return true;
    }
}
