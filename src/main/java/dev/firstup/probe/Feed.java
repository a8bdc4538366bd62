package dev.firstup.probe;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Something that the component gives by itself, to one taker at a time. */
interface Feed<T> {
    /**
     * From now on {@code taker} gets it, on a thread that may block, and first what has waited for somebody to take it.
     *
     * @return false if there is another one
     */
    boolean open(Consumer<T> taker, Executor thread);

    /** Until it is opened again, nobody gets it. */
    void close();
}
