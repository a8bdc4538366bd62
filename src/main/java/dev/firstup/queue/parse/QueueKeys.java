package dev.firstup.queue.parse;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of the format in the order in which people write them, each with its default; null where it has none. */
public final class QueueKeys {
    public static final Map<String, @Nullable Object> QUEUE = ordered(
            "queue",
            null,
            "record",
            null,
            "alias",
            null,
            "ttl",
            "60s",
            "servers",
            null,
            "probe",
            null,
            "probes",
            null,
            "interval",
            "10s",
            "fast-interval",
            "1s",
            "down-interval",
            "30s",
            "timeout",
            "3s",
            "slow",
            null,
            "fall",
            3,
            "rise",
            2,
            "failback",
            "10m",
            "all-down",
            "hold",
            "answers",
            1,
            "families",
            "together",
            "quiet",
            List.of(),
            "witnesses",
            null,
            "sentinel",
            false,
            "drift",
            "report",
            "srv",
            List.of(),
            "nameservers",
            List.of(),
            "allow-private",
            false,
            "publish",
            List.of(),
            "notify",
            List.of());
    public static final Map<String, @Nullable Object> SERVER =
            ordered("name", null, "address", null, "address6", null, "cname", null, "probe", null, "probes", null);
    static final Map<String, @Nullable Object> PROBES = ordered("any", null, "all", null, "at-least", null, "of", null);
    static final Map<String, @Nullable Object> QUIET =
            ordered("start", null, "duration", null, "zone", null, "weekdays", null, "monthdays", null);
    public static final Map<String, @Nullable Object> TARGET = ordered("to", null, "record", null, "nameservers", null);

    private QueueKeys() {}

    private static Map<String, @Nullable Object> ordered(@Nullable Object... pairs) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            keys.put((String) pairs[i], pairs[i + 1]);
        }
        return Collections.unmodifiableMap(keys);
    }
}
