package dev.firstup.queue;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys whose work this version does not do: held to their form, then refused where they ask for more than the default. */
final class LaterKeys {
    private final Section queue;
    private final Known known;
    private final Report report;

    LaterKeys(Section queue, Known known, Report report) {
        this.queue = queue;
        this.known = known;
        this.report = report;
    }

    void refuse() {
        refuse("sentinel", this::sentinel, "\"sentinel\"", "by default there is none");
        refuse("srv", this::srv, "\"srv\"", "by default no SRV record is checked");
    }

    private void refuse(String key, BooleanSupplier asksForMore, String what, String instead) {
        int before = report.errors();
        if (asksForMore.getAsBoolean() && report.errors() == before) {
            report.add(queue.at(key), Message.NOT_YET, what, instead);
        }
    }

    private boolean srv() {
        List<Node> nodes = queue.list("srv", Section.LONGEST_LIST);
        for (Node node : nodes) {
            String text = Section.text(node, "\"srv\"", "text", report);
            if (text != null && Names.service(text) == null) {
                report.add(node, Message.NOT_A_SERVICE, "\"srv\"", Words.quoted(text));
            }
        }
        return !nodes.isEmpty();
    }

    private boolean sentinel() {
        String text = queue.text("sentinel", "a probe");
        if (text != null) {
            ProbeText.of(queue.at("sentinel"), "\"sentinel\"", text, known, report);
        }
        return text != null;
    }
}
