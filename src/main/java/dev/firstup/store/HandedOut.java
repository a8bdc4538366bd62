package dev.firstup.store;

import dev.firstup.model.time.WaitLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What was handed out and waits for a thread to claim it. Handed out at every tick, it would fill the memory while all threads
 * are blocked.
 */
final class HandedOut<K> {
    /** So many of what is most urgent are handed out: what becomes urgent later queues behind few. */
    static final int MOST = 50;

    /** What is not claimed by then got lost on its way. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Map<K, Instant> until = new HashMap<>();

    /** Those of {@code due} that are not handed out yet; from now on, they are. */
    <T> List<T> handOut(List<T> due, Function<T, K> key, Instant now) {
        until.values().removeIf(it -> !WaitLimit.pending(it, now));
        List<T> fresh =
                due.stream().filter(it -> !until.containsKey(key.apply(it))).toList();
        fresh.forEach(it -> until.put(key.apply(it), now.plus(PATIENCE)));
        return fresh;
    }

    /** May be handed out again. */
    void back(K key) {
        until.remove(key);
    }
}
