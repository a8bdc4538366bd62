package dev.firstup.probe;

import dev.firstup.model.Phase;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** One probe under way: its clock, the phases that it has been through, and its one verdict. Safe for use by many threads. */
final class Attempt {
    private final Server server;
    private final BiConsumer<Attempt, Verdict> settled;
    private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
    private long started = System.nanoTime();
    private long entered;
    private Duration wasted = Duration.ZERO;
    private Duration lost = Duration.ZERO;
    private Phase phase;
    private Instant certificateExpires;
    private InetAddress address;
    private boolean over;

    /**
     * @param server what is probed
     * @param settled told once, of the verdict
     */
    Attempt(Server server, BiConsumer<Attempt, Verdict> settled) {
        this.server = server;
        this.settled = settled;
    }

    Server server() {
        return server;
    }

    /** The clock starts again: the time spent waiting for a thread of ours is not the server's. */
    synchronized void start(Phase first) {
        started = System.nanoTime();
        phase = first;
        entered = started;
    }

    /** What began with {@code first} begins anew, for a reason of ours: what it took is not the server's. */
    synchronized void restart(Phase first) {
        long before = started;
        phases.keySet().removeIf(it -> it.compareTo(first) >= 0);
        start(first);
        started -= phases.values().stream().mapToLong(Duration::toNanos).sum();
        wasted = wasted.plusNanos(started - before);
    }

    /** What was taken before it began anew, and is no part of what it took. */
    synchronized Duration wasted() {
        return wasted;
    }

    synchronized void lost(Duration time) {
        lost = time;
    }

    /** For how much of what it took this machine was late. */
    synchronized Duration lost() {
        return lost;
    }

    synchronized void enter(Phase next) {
        leave(System.nanoTime());
        phase = next;
    }

    synchronized Phase phase() {
        return phase;
    }

    synchronized void certificateExpires(Instant at) {
        certificateExpires = at;
    }

    synchronized void address(InetAddress reached) {
        address = reached;
    }

    /** The address that was connected to; null before that. */
    synchronized InetAddress address() {
        return address;
    }

    /** Ends this probe with what was found, unless it is over already; says whether it did. */
    boolean settle(Finding finding) {
        Verdict verdict;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            long now = System.nanoTime();
            leave(now);
            verdict = new Verdict(
                    server.queue(),
                    server.name(),
                    server.revision(),
                    0,
                    Instant.now(),
                    finding.outcome(),
                    finding.code(),
                    finding.reason(),
                    Duration.ofNanos(now - started),
                    phases,
                    certificateExpires);
        }
        settled.accept(this, verdict);
        return true;
    }

    /** Ends this probe with a verdict that somebody else has made, unless it is over already. */
    void settle(Verdict verdict) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        settled.accept(this, verdict);
    }

    private void leave(long now) {
        if (phase != null) {
            phases.merge(phase, Duration.ofNanos(now - entered), Duration::plus);
        }
        entered = now;
    }
}
