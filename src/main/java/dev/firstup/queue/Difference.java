package dev.firstup.queue;

import dev.firstup.model.Queue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a change of a queue changed, for people. */
final class Difference {
    private static final Map<String, Function<Queue, Object>> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("record", Queue::record);
        PARTS.put("alias", queue -> String.valueOf(queue.alias()));
        PARTS.put("ttl", Queue::ttl);
        PARTS.put("intervals", Queue::pace);
        PARTS.put("fall", queue -> queue.rules().fall());
        PARTS.put("rise", queue -> queue.rules().rise());
        PARTS.put("failback", queue -> queue.rules().failback());
        PARTS.put("all-down", queue -> queue.rules().allDown());
        PARTS.put("publishers", Queue::targets);
        PARTS.put("notifiers", Queue::notifiers);
        PARTS.put("servers", queue -> plain(queue));
    }

    private Difference() {}

    /** The parts that differ. */
    static String between(Queue before, Queue after) {
        return PARTS.entrySet().stream()
                .filter(part ->
                        !part.getValue().apply(before).equals(part.getValue().apply(after)))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    /** The servers without their revision, which changes with anything. */
    private static List<List<Object>> plain(Queue queue) {
        return queue.servers().stream()
                .map(it -> List.<Object>of(
                        it.name(), it.addresses(), it.probe(), it.host(), it.port(), it.path(), it.publicName()))
                .toList();
    }
}
