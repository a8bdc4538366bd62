package dev.firstup.probe;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A message that somebody is to be probed who cannot wait for the next tick: one, however many ask for it before it is taken. */
final class WakeUp implements MessageSource<@Nullable Object> {
    private final AtomicBoolean requested = new AtomicBoolean();
    private final AtomicReference<Consumer<@Nullable Object>> subscriber = new AtomicReference<>();

    void request(Executor thread) {
        if (requested.compareAndSet(false, true)) {
            thread.execute(this::deliver);
        }
    }

    private void deliver() {
        Consumer<@Nullable Object> next = subscriber.get();
        // First: who asks while the others are looked for may be too late to be found among them.
        if (next != null && requested.compareAndSet(true, false)) {
            next.accept(null);
        }
    }

    @Override
    public boolean subscribe(Consumer<@Nullable Object> next, Executor thread) {
        boolean first = subscriber.compareAndSet(null, next);
        if (first) {
            thread.execute(this::deliver);
        }
        return first;
    }

    @Override
    public void unsubscribe() {
        subscriber.set(null);
    }
}
