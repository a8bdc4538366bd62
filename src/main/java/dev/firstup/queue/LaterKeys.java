package dev.firstup.queue;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys whose work this version does not do: held to their form, then refused where they ask for more than the default. */
final class LaterKeys {
    private static final Pattern WINDOW =
            Pattern.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9]");

    private final Section queue;
    private final Known known;
    private final Report report;

    LaterKeys(Section queue, Known known, Report report) {
        this.queue = queue;
        this.known = known;
        this.report = report;
    }

    void refuse() {
        refuse(
                "slow",
                () -> queue.duration("slow", "1ms", "60s") != null,
                "\"slow\"",
                "a good probe counts however long it took, up to the time-out");
        refuse(
                "answers",
                () -> queue.number("answers", 1, 16) > 1,
                "\"answers\" above 1",
                "by default the record names one server");
        refuse(
                "families",
                () -> queue.word("families", List.of("together", "apart")).equals("apart"),
                "\"families\": apart",
                "by default a server's A and AAAA go together");
        refuse(
                "drift",
                () -> queue.word("drift", List.of("report", "repair")).equals("repair"),
                "\"drift\": repair",
                "by default a record changed by others is reported");
        refuse(
                "all-down",
                () -> !allDown().equals("hold"),
                "\"all-down\" other than hold",
                "by default the record stays as it is");
        refuse("sentinel", this::sentinel, "\"sentinel\"", "by default there is none");
        refuseList("probes", "each server has one \"probe\"", (node, text) -> probe("probes", node, text));
        refuseList("witnesses", "by default there are none", (node, text) -> probe("witnesses", node, text));
        refuseList("quiet", "by default no time of day is special", (node, text) -> {
            if (!WINDOW.matcher(text).matches()) {
                report.add(node, Message.NOT_A_WINDOW, "\"quiet\"", Words.quoted(text));
            }
        });
        refuseList("srv", "by default no SRV record is checked", (node, text) -> {
            if (Names.service(text) == null) {
                report.add(node, Message.NOT_A_SERVICE, "\"srv\"", Words.quoted(text));
            }
        });
    }

    private void refuse(String key, BooleanSupplier asksForMore, String what, String instead) {
        int before = report.errors();
        if (asksForMore.getAsBoolean() && report.errors() == before) {
            report.add(queue.at(key), Message.NOT_YET, what, instead);
        }
    }

    private void refuseList(String key, String instead, BiConsumer<Node, String> check) {
        refuse(
                key,
                () -> {
                    List<Node> nodes = queue.list(key, Section.LONGEST_LIST);
                    for (Node node : nodes) {
                        String text = Section.text(node, Words.quoted(key), "text", report);
                        if (text != null) {
                            check.accept(node, text);
                        }
                    }
                    return !nodes.isEmpty();
                },
                Words.quoted(key),
                instead);
    }

    private void probe(String key, Node node, String text) {
        ProbeText.of(node, Words.quoted(key), text, known, report);
    }

    private boolean sentinel() {
        String text = queue.text("sentinel", "a probe");
        if (text != null) {
            probe("sentinel", queue.at("sentinel"), text);
        }
        return text != null;
    }

    private String allDown() {
        String byDefault = (String) Keys.QUEUE.get("all-down");
        String text = queue.text("all-down", "hold, first, withdraw or an address");
        boolean allowed =
                text == null || List.of(byDefault, "first", "withdraw").contains(text) || Address.of(text) != null;
        if (!allowed) {
            report.add(
                    queue.at("all-down"),
                    Message.NOT_ONE_OF,
                    "\"all-down\"",
                    Words.quoted(text),
                    "hold, first, withdraw, an address");
        }
        return text == null ? byDefault : text;
    }
}
