package dev.firstup.probe.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value at a place in JSON (RFC 8259), such as {@code data.items.0.status=ok}.
 *
 * @param path the names of members, and the numbers of elements from 0; not empty
 * @param expected a text, a number, {@code true}, {@code false} or {@code null}, as it is written
 */
public record JsonCondition(List<String> path, String expected) {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 40;
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,39})(?:\\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,6})?");

    /**
     * Reads {@code PATH=VALUE}.
     *
     * @throws IllegalArgumentException if it isn't that
     */
    public static JsonCondition of(String text) {
        int end = text.indexOf('=');
        List<String> path = List.of(text.substring(0, Math.max(0, end)).split("\\.", -1));
        if (path.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("\"" + text + "\", expected a place and its value such as status=ok or"
                    + " data.items.0.status=ok");
        }
        return new JsonCondition(path, text.substring(end + 1));
    }

    /** What {@code body} has there, a missing node where it has nothing; null if it is no JSON. */
    @Nullable
    JsonNode in(byte[] body, int length) {
        JsonNode node;
        try {
            node = Holder.MAPPER.readTree(body, 0, length);
        } catch (IOException | NumberFormatException e) {
            // The latter for an exponent beyond all numbers.
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

    /** Two numbers are the same where they are equal, however they are written. */
    boolean is(JsonNode found) {
        if (found.isNumber() && NUMBER.matcher(expected).matches()) {
            return found.decimalValue().compareTo(new BigDecimal(expected)) == 0;
        }
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
                // A double would be another number than the one that was written.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }
}
