package dev.firstup.probe.engine;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many more sockets this process may open. Probes leave some descriptors to the others: a state that cannot be written and a
 * record that cannot be moved are worse than a probe that is not made. Safe for use by many threads.
 */
public final class DescriptorBudget {
    /** What is open besides probes is counted anew so often: the system lists all that is open each time. */
    private static final Duration COUNT = Duration.ofSeconds(1);

    private static final int SPARE = 64;

    private final LongSupplier most;
    private final LongSupplier open;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger closing = new AtomicInteger();
    private final AtomicLong counted = new AtomicLong(System.nanoTime() - COUNT.toNanos());
    private volatile long others;
    private volatile long limit;

    /**
     * @param most how many this process may have open
     * @param open how many it has open
     */
    DescriptorBudget(LongSupplier most, LongSupplier open) {
        this.most = most;
        this.open = open;
        limit = most.getAsLong();
    }

    /** Those of this process; without an end where the system does not tell. */
    public static DescriptorBudget ofProcess() {
        // Not everywhere, for example on Windows.
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? new DescriptorBudget(unix::getMaxFileDescriptorCount, unix::getOpenFileDescriptorCount)
                : new DescriptorBudget(() -> Long.MAX_VALUE, () -> 0);
    }

    /** Takes one, until it is {@linkplain Closed#add closed}; null, or why there is none. */
    @Nullable
    String take() {
        count();
        // Of a few more is left than of many.
        return take(limit - Math.min(SPARE, limit / 8));
    }

    /** The same for what can be done without: half of all are left for the others. */
    @Nullable
    String takeIdle() {
        count();
        return take(limit / 2);
    }

    private @Nullable String take(long atMost) {
        if (others + held.incrementAndGet() + closing.get() <= atMost) {
            return null;
        }
        held.decrementAndGet();
        return full();
    }

    /** Why one more could not be opened. */
    String full() {
        return "this process may have " + limit + " descriptors, " + (others + held.get() + closing.get())
                + " are open and the rest is kept for what must be written: raise ulimit -n";
    }

    Closed closed() {
        return new Closed();
    }

    /**
     * Those that one thread of the network has closed. The system has them back only when that thread next looks for what has
     * happened. Used by that thread only.
     */
    final class Closed {
        private int recent;
        private int before;

        void add() {
            recent++;
            closing.incrementAndGet();
            held.decrementAndGet();
        }

        /** That thread has looked for what has happened since the last time. */
        void turn() {
            closing.addAndGet(-before);
            before = recent;
            recent = 0;
        }
    }

    private void count() {
        long last = counted.get();
        long now = System.nanoTime();
        if (now - last >= COUNT.toNanos() && counted.compareAndSet(last, now)) {
            limit = most.getAsLong();
            others = Math.max(0, open.getAsLong() - held.get() - closing.get());
        }
    }
}
