package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
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

/**
 * Hands verdicts on as they come: at once, together with those that came while the ones before were handed on. While nobody takes
 * them they are held, one for each server.
 */
final class VerdictCoalescer implements Feed<List<Verdict>> {
    private final Queue<Verdict> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private final AtomicReference<Consumer<List<Verdict>>> taker = new AtomicReference<>();
    private final Map<Key, Verdict> held = new LinkedHashMap<>();

    private record Key(String queue, String server) {}

    /** Takes one more verdict, which is handed on by {@code thread}. */
    void add(Verdict verdict, Executor thread) {
        arrived.add(verdict);
        if (awaited.compareAndSet(false, true)) {
            thread.execute(this::empty);
        }
    }

    /** Whether a verdict on {@code server} waits for somebody to take it: it is to be probed again only after that. */
    boolean holds(Server server) {
        if (taker.get() != null) {
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
            next = taker.get();
            together.addAll(held.values());
            held.clear();
            for (Verdict it = arrived.poll(); it != null; it = arrived.poll()) {
                together.add(it);
            }
            if (next == null) {
                together.forEach(it -> held.put(new Key(it.queue(), it.server()), it));
            }
        }
        if (next != null && !together.isEmpty()) {
            next.accept(together);
        }
    }

    @Override
    public boolean open(Consumer<List<Verdict>> next, Executor thread) {
        boolean first = taker.compareAndSet(null, next);
        if (first) {
            thread.execute(this::empty);
        }
        return first;
    }

    @Override
    public void close() {
        taker.set(null);
    }
}
