package dev.firstup.probe;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How late one thread of the network is: it is told each {@link #BEAT} that it still runs. What a probe waits meanwhile is this
 * machine's time and not the server's. Beats come from that thread; anybody may ask.
 */
final class Pulse {
    static final Duration BEAT = Duration.ofMillis(100);

    /** What is later than this says nothing about a server. */
    static final Duration LATE = Duration.ofMillis(250);

    /** How long the worst is remembered, at least; at most twice as long. */
    private static final Duration MEMORY = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private final long origin;
    private volatile long expected;
    /** The last time that it was late: when that was over, and how late it was. */
    private volatile long recovered;

    private volatile long stall;

    private long forget;
    private volatile long worst;
    private volatile long worstBefore;

    /** @param nanos the time; it never jumps */
    Pulse(LongSupplier nanos) {
        this.nanos = nanos;
        origin = nanos.getAsLong();
        expected = BEAT.toNanos();
        forget = MEMORY.toNanos();
    }

    void beat() {
        long now = now();
        long late = now - expected;
        expected = now + BEAT.toNanos();
        if (late > LATE.toNanos()) {
            stall = late;
            recovered = now;
        }
        if (now >= forget) {
            worstBefore = worst;
            worst = 0;
            forget = now + MEMORY.toNanos();
        }
        worst = Math.max(worst, late);
    }

    /** How late this thread was at one time since {@code began}, a value of its clock; zero where that says nothing. */
    Duration since(long began) {
        long now = now();
        long overdue = now - expected;
        if (overdue > LATE.toNanos()) {
            return Duration.ofNanos(overdue);
        }
        return stall > 0 && recovered >= began - origin ? Duration.ofNanos(stall) : Duration.ZERO;
    }

    /** How late it has been at most within the last half minute, or is now. */
    Duration worst() {
        return Duration.ofNanos(Math.max(now() - expected, Math.max(worst, worstBefore)));
    }

    private long now() {
        return nanos.getAsLong() - origin;
    }
}
