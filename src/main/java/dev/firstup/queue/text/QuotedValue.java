package dev.firstup.queue.text;

import java.util.Collection;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** How what stands in a file is shown in a message. */
public final class QuotedValue {
    private static final int LONGEST = 60;

    private QuotedValue() {}

    /** In quotes, on one line, and not longer than a message can bear. */
    public static String quoted(String text) {
        return "\"" + shortened(text, LONGEST) + "\"";
    }

    public static String shortened(String text, int longest) {
        // A message goes to terminals and logs: what it quotes must not move the cursor or end the line.
        String plain = text.codePoints()
                .limit(longest + 1L)
                .mapToObj(it -> harmless(it) ? Character.toString(it) : String.format("\\u%04x", it))
                .collect(Collectors.joining());
        return plain.codePointCount(0, plain.length()) <= longest
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, longest - 3)) + "...";
    }

    private static boolean harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    public static String list(Collection<String> words) {
        return String.join(", ", words);
    }

    /** What a node is, with its value where it has one: {@code the number 60}, {@code a list}. */
    public static String found(Node node) {
        if (node instanceof ScalarNode scalar) {
            String value = scalar.getValue();
            if (scalar.getTag().equals(Tag.STR)) {
                return quoted(value);
            }
            if (scalar.getTag().equals(Tag.NULL)) {
                return "nothing";
            }
            if (scalar.getTag().equals(Tag.BOOL)) {
                return shortened(value, LONGEST);
            }
            return isNumber(node) ? "the number " + shortened(value, LONGEST) : "a value with the tag " + tag(node);
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    public static boolean isNumber(Node node) {
        return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    }

    private static String tag(Node node) {
        return quoted(node.getTag().getValue());
    }
}
