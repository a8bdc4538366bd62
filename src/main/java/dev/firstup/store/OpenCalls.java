package dev.firstup.store;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls of publishers that have not returned yet. A route of the user's may never return: it must leave threads to the others. */
final class OpenCalls {
    private final Map<String, Integer> out = new HashMap<>();
    private int most = Integer.MAX_VALUE;

    /** @param most so many at once to one publisher */
    void limit(int most) {
        this.most = most;
    }

    /** Whether it would be one call too many. */
    boolean full(Publication it) {
        return calls(it) && out.getOrDefault(it.publisher(), 0) >= most;
    }

    /** The publishers of which each call would be one too many, with a space before and after each. */
    String full() {
        return out.entrySet().stream()
                .filter(it -> it.getValue() >= most)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining("  ", " ", " "));
    }

    void begin(Publication it) {
        if (calls(it)) {
            out.merge(it.publisher(), 1, Integer::sum);
        }
    }

    void end(Publication it) {
        if (calls(it)) {
            out.computeIfPresent(it.publisher(), (publisher, count) -> count > 1 ? count - 1 : null);
        }
    }

    private static boolean calls(Publication it) {
        return it.ask() != Ask.NOTHING && it.ask() != Ask.READ;
    }
}
