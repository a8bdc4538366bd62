package dev.firstup.probe;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where messages come from by themselves, for one subscriber at a time. */
interface MessageSource<T extends @Nullable Object> {
    /**
     * From now on {@code subscriber} gets them, on a thread that may block, and first those that have waited for one.
     *
     * @return false if there is another one
     */
    boolean subscribe(Consumer<T> subscriber, Executor thread);

    /** Until somebody subscribes again, nobody gets them. */
    void unsubscribe();
}
