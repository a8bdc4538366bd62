package dev.firstup.queue.parse;

import dev.firstup.model.text.NearestWord;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.queue.text.QuotedValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of the file, read by its known keys. What is wrong goes to the report, and the default is given instead, so that
 * everything after it is still looked at.
 */
final class MappingReader {
    static final int LONGEST_LIST = 100;

    private final MappingNode node;
    private final Map<String, @Nullable Object> known;
    private final ProblemCollector report;
    private final Map<String, Node> values = new HashMap<>();
    private boolean hasUnknown;

    MappingReader(MappingNode node, Map<String, @Nullable Object> known, ProblemCollector report) {
        this.node = node;
        this.known = known;
        this.report = report;
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : QuotedValue.found(keyNode);
            Node first = keys.putIfAbsent(key, keyNode);
            if (first != null) {
                int line = first.getStartMark().orElseThrow().getLine() + 1;
                report.add(keyNode, ProblemMessage.DUPLICATE_KEY, QuotedValue.quoted(key), line);
            } else if (known.containsKey(key)) {
                values.put(key, tuple.getValueNode());
            } else {
                hasUnknown = true;
                unknown(keyNode, key);
            }
        }
    }

    private void unknown(Node keyNode, String key) {
        Optional<String> near = NearestWord.to(key, known.keySet());
        if (near.isPresent()) {
            report.add(
                    keyNode, ProblemMessage.UNKNOWN_KEY_NEAR, QuotedValue.quoted(key), QuotedValue.quoted(near.get()));
        } else {
            report.add(keyNode, ProblemMessage.UNKNOWN_KEY, QuotedValue.quoted(key), QuotedValue.list(known.keySet()));
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Whether there was an unknown key: it may be what was meant by one that is missing. */
    boolean hasUnknown() {
        return hasUnknown;
    }

    /** Where the value of {@code key} stands, or where the mapping does when that is missing. */
    Node at(String key) {
        return values.getOrDefault(key, node);
    }

    void require(String key, String expected) {
        if (!has(key)) {
            report.add(node, ProblemMessage.MISSING_KEY, QuotedValue.quoted(key), expected);
        }
    }

    /** The text of {@code key}; null where it is missing or no text. */
    @Nullable
    String text(String key, String expected) {
        Node value = values.get(key);
        return value == null ? null : text(value, QuotedValue.quoted(key), expected, report);
    }

    static @Nullable String text(Node node, String what, String expected, ProblemCollector report) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
            return scalar.getValue();
        }
        report.add(node, ProblemMessage.WRONG_TYPE, what, QuotedValue.found(node), expected);
        return null;
    }

    /** The full domain name of {@code key} in A-labels; null where it is missing or none. */
    @Nullable
    String domain(String key) {
        String text = text(key, "a full domain name");
        if (text == null) {
            return null;
        }
        String host = NameSyntax.host(text);
        if (host == null || host.indexOf('.') < 0) {
            ProblemMessage message = host == null ? ProblemMessage.NOT_A_HOST : ProblemMessage.NOT_A_FULL_NAME;
            report.add(at(key), message, QuotedValue.quoted(key), QuotedValue.quoted(text));
            return null;
        }
        return host;
    }

    /** The duration of {@code key}, which has a default. */
    Duration duration(String key, String least, String most) {
        return duration(key, "", least, most);
    }

    /** Like the other; {@code or} names what else the key may say. */
    Duration duration(String key, String or, String least, String most) {
        Duration written = written(key, or, least, most);
        return written == null
                ? Objects.requireNonNull(DurationNotation.of((String) known.getOrDefault(key, "")))
                : written;
    }

    /** The duration of {@code key}, which has no default; null where it is missing or wrong. */
    @Nullable
    Duration optionalDuration(String key, String least, String most) {
        return written(key, "", least, most);
    }

    private @Nullable Duration written(String key, String or, String least, String most) {
        Node value = values.get(key);
        if (value == null) {
            return null;
        }
        String what = QuotedValue.quoted(key);
        if (QuotedValue.isNumber(value)) {
            String number = QuotedValue.shortened(((ScalarNode) value).getValue(), 20);
            report.add(value, ProblemMessage.NO_UNIT, what, number, number);
            return null;
        }
        String text = text(key, "a duration such as 10s");
        if (text == null) {
            return null;
        }
        Duration duration = DurationNotation.of(text);
        if (duration == null) {
            report.add(value, ProblemMessage.NOT_A_DURATION, what, QuotedValue.quoted(text), or);
            return null;
        }
        if (duration.compareTo(DurationNotation.of(least)) < 0 || duration.compareTo(DurationNotation.of(most)) > 0) {
            report.add(value, ProblemMessage.OUT_OF_RANGE, what, text, least, most);
            return null;
        }
        return duration;
    }

    /** The number of {@code key}; what has no default gives {@code least} where it is missing. */
    int number(String key, int least, int most) {
        Object byDefault = known.get(key);
        int otherwise = byDefault == null ? least : (Integer) byDefault;
        Node value = values.get(key);
        Integer number = value == null ? null : number(value, QuotedValue.quoted(key), least, most, report);
        return number == null ? otherwise : number;
    }

    /** The number; null where it is none of those. */
    static @Nullable Integer number(Node node, String what, int least, int most, ProblemCollector report) {
        if (!node.getTag().equals(Tag.INT) || !(node instanceof ScalarNode scalar)) {
            report.add(node, ProblemMessage.WRONG_TYPE, what, QuotedValue.found(node), "a whole number");
            return null;
        }
        String digits = scalar.getValue();
        // What has more digits than an int is out of every range here.
        if (digits.length() <= 9) {
            try {
                int number = Integer.parseInt(digits);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                report.add(node, ProblemMessage.WRONG_TYPE, what, QuotedValue.quoted(digits), "a whole number");
                return null;
            }
        }
        report.add(node, ProblemMessage.OUT_OF_RANGE, what, QuotedValue.shortened(digits, 20), least, most);
        return null;
    }

    boolean flag(String key) {
        boolean otherwise = (Boolean) known.getOrDefault(key, false);
        Node value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            String text = scalar.getValue();
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
        }
        report.add(
                value, ProblemMessage.WRONG_TYPE, QuotedValue.quoted(key), QuotedValue.found(value), "true or false");
        return otherwise;
    }

    String word(String key, List<String> allowed) {
        String otherwise = (String) known.getOrDefault(key, "");
        String text = text(key, "one of: " + QuotedValue.list(allowed));
        if (text == null || allowed.contains(text)) {
            return text == null ? otherwise : text;
        }
        report.add(
                at(key),
                ProblemMessage.NOT_ONE_OF,
                QuotedValue.quoted(key),
                QuotedValue.quoted(text),
                QuotedValue.list(allowed));
        return otherwise;
    }

    List<Node> list(String key, int longest) {
        Node value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof SequenceNode sequence)) {
            report.add(value, ProblemMessage.WRONG_TYPE, QuotedValue.quoted(key), QuotedValue.found(value), "a list");
            return List.of();
        }
        int size = sequence.getValue().size();
        if (size > longest) {
            report.add(value, ProblemMessage.LIST_TOO_LONG, QuotedValue.quoted(key), size, longest);
            return List.of();
        }
        return sequence.getValue();
    }
}
