package dev.firstup.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.util.json.JsonObject;

/** The JSON of a queue as text for people. */
final class QueueText {
    /** States that need no explanation. */
    private static final Set<String> AT_REST = Set.of("confirmed", "held");

    private QueueText() {}

    static void print(JsonObject queue, PrintWriter out) {
        head(queue, out);
        if (queue.get("stasis") != null) {
            out.println(
                    "   in stasis since " + time(queue, "stasis") + ": this monitor looks cut off, nothing is changed");
        }
        if (Boolean.TRUE.equals(queue.get("allDown"))) {
            out.println("   all servers are down");
        }
        for (Object it : list(queue, "orders")) {
            out.println("   " + order((JsonObject) it));
        }
        if (queue.get("failbackLimited") != null) {
            out.println("   back to a better server by hand only since " + time(queue, "failbackLimited")
                    + ": it went back too often");
        }
        if (queue.get("notFirst") != null) {
            out.println("   not the first server: " + queue.get("notFirst"));
        }
        for (Object it : list(queue, "findings")) {
            out.println("   " + it);
        }
        for (Object it : list(queue, "servers")) {
            server((JsonObject) it, out);
        }
        for (Object it : list(queue, "publications")) {
            JsonObject publication = (JsonObject) it;
            Object why = publication.get("stopped") != null
                    ? publication.get("stopped")
                    : AT_REST.contains(publication.getString("state")) ? null : publication.get("note");
            out.println("   " + state(publication) + (why == null ? "" : " (" + why + ")"));
        }
    }

    private static void head(JsonObject queue, PrintWriter out) {
        Object chosen = queue.get("chosen");
        out.println(queue.get("name") + ": " + queue.get("record")
                + (chosen == null ? ", nothing decided yet" : " should name " + chosen));
    }

    /** {@code chat.example.dyndns.org A at no-ip: waiting until 2025-01-31T10:16:07Z}. */
    static String state(JsonObject publication) {
        return publication.get("record") + " " + publication.get("type") + " at " + publication.get("publisher") + ": "
                + publication.get("state")
                + (publication.get("waitingUntil") == null ? "" : " until " + time(publication, "waitingUntil"));
    }

    /**
     * The publications of a queue with all that is known of them.
     *
     * @param publisher the only publisher to show; null for all
     */
    static void printPublications(JsonObject queue, String publisher, PrintWriter out) {
        head(queue, out);
        for (Object it : list(queue, "publications")) {
            JsonObject publication = (JsonObject) it;
            if (publisher == null || publisher.equals(publication.get("publisher"))) {
                publication(publication, out);
            }
        }
    }

    private static void publication(JsonObject it, PrintWriter out) {
        out.println("   " + state(it));
        line(out, "stopped", it.get("stopped"));
        line(out, "decided", values(it, "decided"));
        line(
                out,
                "confirmed",
                values(it, "confirmed") + (it.get("confirmedAt") == null ? "" : ", " + time(it, "confirmedAt")));
        line(out, "ticket", it.get("ticket"));
        line(out, "note", it.get("note"));
        line(out, "last write", it.get("lastWrite") == null ? "never" : time(it, "lastWrite"));
        line(out, "last read", it.get("lastRead") == null ? null : time(it, "lastRead"));
        line(out, "repaired", list(it, "repairs").isEmpty() ? null : values(it, "repairs"));
    }

    private static void line(PrintWriter out, String name, Object value) {
        if (value != null) {
            out.printf("     %-10s %s%n", name, value);
        }
    }

    private static String values(JsonObject json, String key) {
        if (json.get(key) == null) {
            return "not known";
        }
        String values = list(json, key).stream().map(Object::toString).collect(Collectors.joining(", "));
        return values.isEmpty() ? "nothing" : values;
    }

    private static void server(JsonObject server, PrintWriter out) {
        JsonObject order = (JsonObject) server.get("order");
        Object state = order == null ? server.get("state") : server.get("effective");
        String degraded =
                list(server, "degraded").stream().map(Object::toString).collect(Collectors.joining(", "));
        out.printf(
                "%s %-16s %-8s %s%s%n",
                Boolean.TRUE.equals(server.get("chosen")) ? " *" : "  ",
                server.get("name"),
                state,
                server.get("explained") == null ? "not probed yet" : server.get("explained"),
                degraded.isEmpty() ? "" : " [" + degraded + "]");
        if (order != null) {
            out.println("     " + order(order)
                    + (state.equals(server.get("state")) ? "" : "; really " + server.get("state")));
        }
    }

    /** {@code drain since 2025-01-31T10:10:07Z, until 2025-01-31T10:40:07Z: kernel}. */
    private static String order(JsonObject order) {
        return order.get("kind")
                + (order.get("kind").equals("move") ? " to " + order.get("server") : "")
                + " since " + time(order, "since")
                + (order.get("until") == null ? "" : ", until " + time(order, "until"))
                + ("".equals(order.get("reason")) ? "" : ": " + order.get("reason"));
    }

    /** To the second. */
    private static String time(JsonObject json, String key) {
        return json.getString(key).replaceFirst("\\.\\d+Z", "Z");
    }

    private static Collection<?> list(JsonObject json, String key) {
        return json.getCollection(key);
    }
}
