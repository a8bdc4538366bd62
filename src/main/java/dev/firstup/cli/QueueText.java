package dev.firstup.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The JSON of a queue as text for people. */
final class QueueText {
    /** States that need no explanation. */
    private static final Set<String> AT_REST = Set.of("confirmed", "held");

    private QueueText() {}

    static void print(JsonNode queue, PrintWriter out) {
        head(queue, out);
        if (queue.hasNonNull("stasis")) {
            out.println(
                    "   in stasis since " + time(queue, "stasis") + ": this monitor looks cut off, nothing is changed");
        }
        if (queue.path("allDown").asBoolean()) {
            out.println("   all servers are down");
        }
        for (JsonNode it : queue.path("orders")) {
            out.println("   " + order(it));
        }
        if (queue.hasNonNull("failbackLimited")) {
            out.println("   back to a better server by hand only since " + time(queue, "failbackLimited")
                    + ": it went back too often");
        }
        if (queue.hasNonNull("notFirst")) {
            out.println("   not the first server: " + text(queue, "notFirst"));
        }
        for (JsonNode it : queue.path("findings")) {
            out.println("   " + it.asText());
        }
        for (JsonNode it : queue.path("servers")) {
            server(it, out);
        }
        for (JsonNode it : queue.path("publications")) {
            String why = AT_REST.contains(text(it, "state")) ? text(it, "stopped") : why(it);
            out.println("   " + state(it) + (why == null ? "" : " (" + why + ")"));
        }
    }

    private static void head(JsonNode queue, PrintWriter out) {
        String chosen = text(queue, "chosen");
        out.println(text(queue, "name") + ": " + text(queue, "record")
                + (chosen == null ? ", nothing decided yet" : " should name " + chosen));
    }

    /** {@code chat.example.dyndns.org A at no-ip: waiting until 2025-01-31T10:16:07Z}. */
    static String state(JsonNode publication) {
        return text(publication, "record") + " " + text(publication, "type") + " at " + text(publication, "publisher")
                + ": " + text(publication, "state")
                + (publication.hasNonNull("waitingUntil") ? " until " + time(publication, "waitingUntil") : "");
    }

    /** Why a publication stands as it does; null where there is nothing to say. */
    static String why(JsonNode publication) {
        return text(publication, publication.hasNonNull("stopped") ? "stopped" : "note");
    }

    /**
     * The publications of a queue with all that is known of them.
     *
     * @param publisher the only publisher to show; null for all
     */
    static void printPublications(JsonNode queue, @Nullable String publisher, PrintWriter out) {
        head(queue, out);
        for (JsonNode it : queue.path("publications")) {
            if (publisher == null || publisher.equals(text(it, "publisher"))) {
                publication(it, out);
            }
        }
    }

    private static void publication(JsonNode it, PrintWriter out) {
        out.println("   " + state(it));
        line(out, "stopped", text(it, "stopped"));
        line(out, "decided", values(it, "decided"));
        line(
                out,
                "confirmed",
                values(it, "confirmed") + (it.hasNonNull("confirmedAt") ? ", " + time(it, "confirmedAt") : ""));
        line(out, "ticket", text(it, "ticket"));
        line(out, "note", text(it, "note"));
        line(out, "last write", it.hasNonNull("lastWrite") ? time(it, "lastWrite") : "never");
        line(out, "last read", it.hasNonNull("lastRead") ? time(it, "lastRead") : null);
        line(out, "repaired", it.path("repairs").isEmpty() ? null : values(it, "repairs"));
    }

    private static void line(PrintWriter out, String name, @Nullable String value) {
        if (value != null) {
            out.printf("     %-10s %s%n", name, value);
        }
    }

    private static String values(JsonNode json, String key) {
        if (!json.hasNonNull(key)) {
            return "not known";
        }
        String values = joined(json.get(key));
        return values.isEmpty() ? "nothing" : values;
    }

    private static String joined(JsonNode texts) {
        return texts.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    private static void server(JsonNode server, PrintWriter out) {
        JsonNode order = server.path("order");
        String real = text(server, "state");
        String state = order.isObject() ? text(server, "effective") : real;
        String degraded = joined(server.path("degraded"));
        out.printf(
                "%s %-16s %-8s %s%s%n",
                server.path("chosen").asBoolean() ? " *" : "  ",
                text(server, "name"),
                state,
                server.hasNonNull("explained") ? text(server, "explained") : "not probed yet",
                degraded.isEmpty() ? "" : " [" + degraded + "]");
        if (order.isObject()) {
            out.println("     " + order(order) + (state.equals(real) ? "" : "; really " + real));
        }
    }

    /** {@code drain since 2025-01-31T10:10:07Z, until 2025-01-31T10:40:07Z: kernel}. */
    private static String order(JsonNode order) {
        String kind = text(order, "kind");
        String reason = text(order, "reason");
        return kind
                + (kind.equals("move") ? " to " + text(order, "server") : "")
                + " since " + time(order, "since")
                + (order.hasNonNull("until") ? ", until " + time(order, "until") : "")
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    /** To the second. */
    private static String time(JsonNode json, String key) {
        return text(json, key).replaceFirst("\\.\\d+Z", "Z");
    }

    /** A member as text; null where it is null, or not there. */
    static String text(JsonNode json, String key) {
        return json.path(key).asText(null);
    }
}
