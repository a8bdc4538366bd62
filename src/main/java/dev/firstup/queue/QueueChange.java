package dev.firstup.queue;

import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.queue.parse.WitnessParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a change of a queue changed, for people. */
final class QueueChange {
    private static final Map<String, Function<Queue, Object>> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("record", Queue::record);
        PARTS.put("alias", queue -> String.valueOf(queue.alias()));
        PARTS.put("srv", Queue::srv);
        PARTS.put("ttl", Queue::ttl);
        PARTS.put("intervals", Queue::pace);
        PARTS.put("fall", queue -> queue.rules().fall());
        PARTS.put("rise", queue -> queue.rules().rise());
        PARTS.put("slow", queue -> String.valueOf(queue.rules().slow()));
        PARTS.put("failback", queue -> queue.rules().failback());
        PARTS.put("all-down", queue -> queue.rules().allDown());
        PARTS.put("answers", queue -> queue.rules().answers());
        PARTS.put("families", queue -> queue.rules().apart());
        PARTS.put("witnesses", queue -> witnesses(queue));
        PARTS.put("quiet", Queue::quiet);
        PARTS.put("publishers", Queue::targets);
        PARTS.put("notifiers", Queue::notifiers);
        PARTS.put("servers", queue -> plain(queue.servers()));
    }

    private QueueChange() {}

    /** The parts that differ. */
    static String between(Queue before, Queue after) {
        return PARTS.entrySet().stream()
                .filter(part ->
                        !part.getValue().apply(before).equals(part.getValue().apply(after)))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    /** Those that follow from what else is written are no part of their own. */
    private static Object witnesses(Queue queue) {
        boolean byDefault = queue.witnesses().stream().anyMatch(WitnessParser::isDefault);
        return byDefault ? "by default" : plain(queue.witnesses());
    }

    /** The servers without their revision and time-out, which change with others. */
    private static List<List<Object>> plain(List<Server> servers) {
        return servers.stream()
                .map(it -> List.of(
                        it.name(),
                        it.addresses(),
                        it.probe(),
                        it.host(),
                        it.port(),
                        it.path(),
                        it.publicName(),
                        it.conditions().need(),
                        plain(it.conditions().others())))
                .toList();
    }
}
