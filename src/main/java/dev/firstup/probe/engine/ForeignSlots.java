package dev.firstup.probe.engine;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Runs probes that may block, so many at once and no more, each on a thread of its own. */
public final class ForeignSlots {
    private final int atMost;
    private final Semaphore free;
    // Slots are counted apart from threads: a thread is idle only some time after it has told its verdict,
    // and whoever hears that may ask again at once.
    private final ExecutorService threads =
            Executors.newCachedThreadPool(new DefaultThreadFactory("firstup-foreign", true));

    ForeignSlots(int atMost) {
        this.atMost = atMost;
        this.free = new Semaphore(atMost);
    }

    /**
     * Runs {@code probe} on a thread of its own.
     *
     * @param probe is given what frees its slot; at the latest, the slot is free when the probe returns
     * @throws RejectedExecutionException if there is no free slot: the message says so
     */
    public void start(Consumer<Runnable> probe) {
        if (!free.tryAcquire()) {
            throw new RejectedExecutionException("no free slot among " + atMost + " for foreign probes");
        }
        AtomicBoolean held = new AtomicBoolean(true);
        Runnable end = () -> {
            if (held.getAndSet(false)) {
                free.release();
            }
        };
        try {
            threads.execute(() -> {
                try {
                    probe.accept(end);
                } finally {
                    end.run();
                }
            });
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException("this monitor is stopping");
        } catch (Error e) {
            // There may be no more threads for now.
            end.run();
            throw e;
        }
    }

    void stop() {
        threads.shutdownNow();
    }
}
