package dev.firstup.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.camel.util.json.JsonObject;

/** The JSON of a queue as text for people. */
final class QueueText {
    private QueueText() {}

    static void print(JsonObject queue, PrintWriter out) {
        Object chosen = queue.get("chosen");
        out.println(queue.get("name") + ": " + queue.get("record")
                + (chosen == null ? ", nothing decided yet" : " should name " + chosen));
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
            out.printf(
                    "   %s %s at %s: %s%s%n",
                    publication.get("record"),
                    publication.get("type"),
                    publication.get("publisher"),
                    publication.get("state"),
                    publication.get("stopped") == null ? "" : " (" + publication.get("stopped") + ")");
        }
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
