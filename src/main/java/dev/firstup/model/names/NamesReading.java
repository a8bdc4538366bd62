package dev.firstup.model.names;

import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the authoritative servers say now of a queue's record and of the names around it. Each part is either read whole, by
 * servers that agree, or says why it was not.
 *
 * @param queue the queue
 * @param records what each name that the queue moves says
 * @param alias what the user's own name says; null where the queue has none
 * @param services what the SRV records say
 */
public record NamesReading(Queue queue, List<Held> records, @Nullable Alias alias, List<Service> services) {
    public NamesReading {
        records = List.copyOf(records);
        services = List.copyOf(services);
    }

    /**
     * A name that the queue moves.
     *
     * @param name in A-labels, lower case, without a final dot
     * @param values what it holds, by type; types that it has none of are missing
     * @param ttl the largest time to live of them that any server gave; null where it holds nothing
     * @param servers those that were read
     * @param unread why it could not be read; null where it could
     */
    public record Held(
            String name,
            Map<RecordType, List<String>> values,
            @Nullable Duration ttl,
            List<String> servers,
            @Nullable String unread) {
        public Held {
            values = ordered(values);
            servers = List.copyOf(servers);
        }
    }

    /**
     * The user's own name.
     *
     * @param name in A-labels, lower case, without a final dot
     * @param chain the name that it is a CNAME to, and so on to the record, or to a name that is no CNAME; empty where it is none
     * @param values what it holds itself where it is no CNAME, by type; empty where it does not exist
     * @param unread why it could not be read, or not to the end of the chain; null where it could
     */
    public record Alias(
            String name, List<String> chain, Map<RecordType, List<String>> values, @Nullable String unread) {
        public Alias {
            chain = List.copyOf(chain);
            values = ordered(values);
        }
    }

    /**
     * One SRV name.
     *
     * @param name {@code _SERVICE._PROTOCOL.DOMAIN}
     * @param entries its records; empty where it has none
     * @param unread why it could not be read; null where it could
     */
    public record Service(String name, List<Entry> entries, @Nullable String unread) {
        public Service {
            entries = List.copyOf(entries);
        }

        /**
         * One SRV record (RFC 2782).
         *
         * @param priority the lowest is tried first
         * @param target a name as above; empty where the service is said not to exist
         */
        public record Entry(int priority, int weight, int port, String target) {}
    }

    private static Map<RecordType, List<String>> ordered(Map<RecordType, List<String>> values) {
        EnumMap<RecordType, List<String>> ordered = new EnumMap<>(RecordType.class);
        values.forEach((type, held) -> {
            if (!held.isEmpty()) {
                ordered.put(type, List.copyOf(held));
            }
        });
        return Collections.unmodifiableMap(ordered);
    }
}
