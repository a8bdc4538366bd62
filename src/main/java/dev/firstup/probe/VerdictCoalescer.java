package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Hands verdicts on as they come: at once, together with those that came while the ones before were handed on. While nobody takes
 * them they are held, one for each server.
 */
final class VerdictCoalescer implements MessageSource<List<Verdict>> {
    /** A verdict that is held for longer says nothing of now. */
    private static final Duration STALE = Duration.ofSeconds(2);

    private final Queue<Verdict> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private final AtomicReference<Consumer<List<Verdict>>> subscriber = new AtomicReference<>();
    private final Map<Key, Held> held = new LinkedHashMap<>();
    private final LongSupplier nanos;

    private record Key(String queue, String server) {}

    private record Held(Verdict verdict, long since) {}

    VerdictCoalescer() {
        this(System::nanoTime);
    }

    VerdictCoalescer(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes one more verdict, which is handed on by {@code thread}. */
    void add(Verdict verdict, Executor thread) {
        arrived.add(verdict);
        if (awaited.compareAndSet(false, true)) {
            thread.execute(this::empty);
        }
    }

    /** Whether a verdict on {@code server} waits for somebody to take it: it is to be probed again only after that. */
    boolean holds(Server server) {
        if (subscriber.get() != null) {
            return false;
        }
        synchronized (held) {
            return held.containsKey(new Key(server.queue(), server.name()));
        }
    }

    private void empty() {
        // First: a verdict that comes too late to be taken below asks for a turn of its own.
        awaited.set(false);
        List<Verdict> together = new ArrayList<>();
        Consumer<List<Verdict>> next;
        synchronized (held) {
            next = subscriber.get();
            if (next != null) {
                held.values().forEach(it -> together.add(current(it)));
                held.clear();
            }
            for (Verdict it = arrived.poll(); it != null; it = arrived.poll()) {
                if (next != null) {
                    together.add(it);
                } else {
                    held.put(new Key(it.queue(), it.server()), new Held(it, nanos.getAsLong()));
                }
            }
        }
        if (next != null && !together.isEmpty()) {
            next.accept(together);
        }
    }

    /** What was true a while ago is not known now: the server is probed again, and nothing follows from the old verdict. */
    private Verdict current(Held it) {
        Verdict verdict = it.verdict();
        if (nanos.getAsLong() - it.since() < STALE.toNanos()) {
            return verdict;
        }
        return new Verdict(
                verdict.queue(),
                verdict.server(),
                verdict.revision(),
                verdict.sequence(),
                verdict.at(),
                ProbeOutcome.UNKNOWN,
                ReasonCode.SOCKERR,
                "nobody took the verdict while it was new",
                verdict.took(),
                verdict.phases(),
                verdict.certificateExpires());
    }

    @Override
    public boolean subscribe(Consumer<List<Verdict>> next, Executor thread) {
        boolean first = subscriber.compareAndSet(null, next);
        if (first) {
            thread.execute(this::empty);
        }
        return first;
    }

    @Override
    public void unsubscribe() {
        subscriber.set(null);
    }
}
