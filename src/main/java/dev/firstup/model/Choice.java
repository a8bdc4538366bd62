package dev.firstup.model;

import dev.firstup.model.dns.RecordType;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a queue's record should say.
 *
 * @param servers the names of the servers that it names, in order of preference; empty where it names none of them
 * @param values what is published of each type that the queue has; an empty list where nothing is. A type that is missing is left as
 *     it was
 */
public record Choice(List<String> servers, Map<RecordType, List<String>> values) {
    public Choice {
        servers = List.copyOf(servers);
        EnumMap<RecordType, List<String>> ordered = new EnumMap<>(RecordType.class);
        values.forEach((type, list) -> ordered.put(type, List.copyOf(list)));
        values = Collections.unmodifiableMap(ordered);
    }

    /** Whether {@code server} is one of those that the record names. */
    public boolean names(String server) {
        return servers.contains(server);
    }

    /** For people: the servers, else the addresses that are no server's, else that there is nothing. */
    public String label() {
        if (!servers.isEmpty()) {
            return String.join(", ", servers);
        }
        List<String> all = values.values().stream().flatMap(List::stream).toList();
        return all.isEmpty() ? "nobody" : String.join(", ", all);
    }
}
