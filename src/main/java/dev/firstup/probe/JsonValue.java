package dev.firstup.probe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;

/**
 * A value at a place in JSON (RFC 8259), such as {@code data.items.0.status=ok}.
 *
 * @param path the names of members, and the numbers of elements from 0; not empty
 * @param expected a text, a number, {@code true}, {@code false} or {@code null}, as it is written
 */
record JsonValue(List<String> path, String expected) {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 40;

    /**
     * Reads {@code PATH=VALUE}.
     *
     * @throws IllegalArgumentException if it isn't that
     */
    static JsonValue of(String text) {
        int end = text.indexOf('=');
        List<String> path = List.of(text.substring(0, Math.max(0, end)).split("\\.", -1));
        if (path.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("\"" + text + "\", expected a place and its value such as status=ok or"
                    + " data.items.0.status=ok");
        }
        return new JsonValue(path, text.substring(end + 1));
    }

    /** What {@code body} has there, a missing node where it has nothing; null if it is no JSON. */
    JsonNode in(byte[] body, int length) {
        JsonNode node;
        try {
            node = Holder.MAPPER.readTree(body, 0, length);
        } catch (IOException e) {
            return null;
        }
        if (node.isMissingNode()) {
            return null;
        }
        for (String step : path) {
            boolean element = node.isArray() && step.matches("\\d{1,6}");
            node = element ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return node;
    }

    boolean is(JsonNode found) {
        return found.isValueNode() && found.asText().equals(expected);
    }

    @Override
    public String toString() {
        return String.join(".", path);
    }

    /** Loaded by the first probe that needs it. */
    private static final class Holder {
        static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEEPEST)
                                .maxNumberLength(LONGEST_NUMBER)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
