package dev.firstup.model.publish;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the authoritative servers say of one record now.
 *
 * @param answers by name server: the values, sorted, empty where the name or the type does not exist
 * @param failures by name server: why it could not be read
 * @param problem why nothing could be asked at all, or a trouble of the name itself, such as NXDOMAIN; null where there is none
 */
public record RecordReading(Map<String, List<String>> answers, Map<String, String> failures, @Nullable String problem) {
    public RecordReading {
        answers = new TreeMap<>(answers);
        answers.replaceAll((server, values) -> values.stream().sorted().toList());
        failures = new TreeMap<>(failures);
    }

    /** The values that all servers which answered agree on; null where none answered or they disagree. */
    public @Nullable List<String> agreed() {
        return answers.values().stream().distinct().count() == 1
                ? answers.values().iterator().next()
                : null;
    }
}
