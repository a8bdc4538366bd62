package dev.firstup.probe;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Says that somebody is to be probed who cannot wait for the next tick: once, however many ask before it is heard. */
final class DueSignal implements Feed<Object> {
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicReference<Consumer<Object>> taker = new AtomicReference<>();

    void ask(Executor thread) {
        if (asked.compareAndSet(false, true)) {
            thread.execute(this::say);
        }
    }

    private void say() {
        Consumer<Object> next = taker.get();
        // First: who asks while the others are looked for may be too late to be found among them.
        if (next != null && asked.compareAndSet(true, false)) {
            next.accept(null);
        }
    }

    @Override
    public boolean open(Consumer<Object> next, Executor thread) {
        boolean first = taker.compareAndSet(null, next);
        if (first) {
            thread.execute(this::say);
        }
        return first;
    }

    @Override
    public void close() {
        taker.set(null);
    }
}
