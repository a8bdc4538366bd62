package dev.firstup.probe.engine;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbePhase;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One probe under way: its clock, the phases that it has been through, and its one verdict. Safe for use by many threads. */
public final class ProbeAttempt {
    private final Server server;
    private final BiConsumer<ProbeAttempt, Verdict> settled;
    private final Map<ProbePhase, Duration> phases = new EnumMap<>(ProbePhase.class);
    private long started = System.nanoTime();
    private long entered;
    private Duration wasted = Duration.ZERO;
    private Duration lost = Duration.ZERO;
    private @Nullable ProbePhase phase;
    private @Nullable Instant certificateExpires;
    private @Nullable InetAddress address;
    private boolean over;

    /**
     * @param server what is probed
     * @param settled told once, of the verdict
     */
    public ProbeAttempt(Server server, BiConsumer<ProbeAttempt, Verdict> settled) {
        this.server = server;
        this.settled = settled;
    }

    public Server server() {
        return server;
    }

    /** The clock starts again: the time spent waiting for a thread of ours is not the server's. */
    public synchronized void start(ProbePhase first) {
        started = System.nanoTime();
        phase = first;
        entered = started;
    }

    /** What began with {@code first} begins anew, for a reason of ours: what it took is not the server's. */
    public synchronized void restart(ProbePhase first) {
        long before = started;
        phases.keySet().removeIf(it -> it.compareTo(first) >= 0);
        start(first);
        started -= phases.values().stream().mapToLong(Duration::toNanos).sum();
        wasted = wasted.plusNanos(started - before);
    }

    /** What was taken before it began anew, and is no part of what it took. */
    public synchronized Duration wasted() {
        return wasted;
    }

    synchronized void lost(Duration time) {
        lost = time;
    }

    /** For how much of what it took this machine was late. */
    public synchronized Duration lost() {
        return lost;
    }

    public synchronized void enter(ProbePhase next) {
        leave(System.nanoTime());
        phase = next;
    }

    public synchronized @Nullable ProbePhase phase() {
        return phase;
    }

    public synchronized void certificateExpires(@Nullable Instant at) {
        certificateExpires = at;
    }

    synchronized void address(InetAddress reached) {
        address = reached;
    }

    /** The address that was connected to; null before that. */
    public synchronized @Nullable InetAddress address() {
        return address;
    }

    /** Ends this probe with what was found, unless it is over already; says whether it did. */
    public boolean settle(ProbeResult result) {
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
                    result.outcome(),
                    result.code(),
                    result.reason(),
                    Duration.ofNanos(now - started),
                    phases,
                    certificateExpires);
        }
        settled.accept(this, verdict);
        return true;
    }

    /** Ends this probe with a verdict that somebody else has made, unless it is over already. */
    public void settle(Verdict verdict) {
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
