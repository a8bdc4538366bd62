package dev.firstup.probe.engine;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How late one thread of the network is: it is told each {@link #BEAT} that it still runs. What a probe waits meanwhile is this
 * machine's time and not the server's. Beats come from that thread; anybody may ask.
 */
final class EventLoopMonitor {
    static final Duration BEAT = Duration.ofMillis(100);

    /** What is later than this says nothing about a server. */
    static final Duration LATE = Duration.ofMillis(250);

    /** How long the worst is remembered, at least; at most twice as long. */
    private static final Duration MEMORY = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private final long origin;
    private volatile Count count;

    private long forget;
    private volatile long worst;
    private volatile long worstBefore;

    /** @param nanos the time; it never jumps */
    EventLoopMonitor(LongSupplier nanos) {
        this.nanos = nanos;
        origin = nanos.getAsLong();
        count = new Count(0, BEAT.toNanos());
        forget = MEMORY.toNanos();
    }

    /**
     * @param lost all the times together that it was late
     * @param expected when it is to beat again
     */
    private record Count(long lost, long expected) {}

    void beat() {
        long now = now();
        long late = now - count.expected();
        count = new Count(count.lost() + counted(late), now + BEAT.toNanos());
        if (now >= forget) {
            worstBefore = worst;
            worst = 0;
            forget = now + MEMORY.toNanos();
        }
        worst = Math.max(worst, late);
    }

    /**
     * What has been lost to this thread, in nanoseconds since it is told: all the times together that it was late, and how late it is
     * now. It only grows: the difference between two is what was lost between them.
     */
    long lost() {
        Count it = count;
        return it.lost() + counted(now() - it.expected());
    }

    /** What was lost since this was {@code before}; zero where it says nothing. */
    Duration lostSince(long before) {
        return Duration.ofNanos(counted(lost() - before));
    }

    private static long counted(long late) {
        return late > LATE.toNanos() ? late : 0;
    }

    /** How late it has been at most within the last half minute, or is now. */
    Duration worst() {
        return Duration.ofNanos(Math.max(now() - count.expected(), Math.max(worst, worstBefore)));
    }

    private long now() {
        return nanos.getAsLong() - origin;
    }
}
