package dev.firstup.probe;

import dev.firstup.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Hands verdicts on as they come: at once, together with those that came while the ones before were handed on. */
final class VerdictCoalescer {
    private final Consumer<List<Verdict>> next;
    private final Queue<Verdict> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awaited = new AtomicBoolean();

    /**
     * @param next is never given an empty list
     */
    VerdictCoalescer(Consumer<List<Verdict>> next) {
        this.next = next;
    }

    /** Takes one more verdict, which is handed on by {@code thread}. */
    void add(Verdict verdict, Executor thread) {
        arrived.add(verdict);
        if (awaited.compareAndSet(false, true)) {
            thread.execute(this::empty);
        }
    }

    private void empty() {
        // First: a verdict that comes too late to be taken below asks for a turn of its own.
        awaited.set(false);
        List<Verdict> together = new ArrayList<>();
        for (Verdict it = arrived.poll(); it != null; it = arrived.poll()) {
            together.add(it);
        }
        if (!together.isEmpty()) {
            next.accept(together);
        }
    }
}
