package dev.firstup.cli;

import static dev.firstup.cli.QueueText.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Moves a record to the next server that is up, and back, by orders to the running Firstup. The way back is ordered as well: it is
 * no failback, so that it neither waits as long as one nor counts as one.
 */
final class Drill {
    private static final String BECAUSE = "drill";
    private static final Duration POLL = Duration.ofMillis(500);

    /** An order ends by itself some time after this program would have ended it. */
    private static final Duration RESERVE = Duration.ofMinutes(15);

    private final RunningFirstup running;
    private final String queue;
    private final Duration patience;
    private final PrintWriter out;

    /** @param patience how long each way may take */
    Drill(RunningFirstup running, String queue, Duration patience, PrintWriter out) {
        this.running = running;
        this.queue = queue;
        this.patience = patience;
        this.out = out;
    }

    /**
     * Does it, and says so step by step.
     *
     * @return whether all went well
     * @throws CommandException if it is not begun: nothing was ordered then
     */
    boolean run() throws InterruptedException {
        JsonNode before = running.queue(queue);
        requireWell(before);
        List<String> there = next(before);
        say(
                "%s is moved from %s to %s. If this ends early, the order ends by itself in %d minutes.",
                text(before, "record"), text(before, "chosen"), base(there.get(0)), length().toMinutes());
        String trouble;
        try {
            trouble = there(before, there);
        } catch (CommandException e) {
            trouble = e.getMessage();
        }
        try {
            endOrders();
        } catch (CommandException e) {
            trouble = trouble == null ? e.getMessage() : trouble;
        }
        if (trouble == null) {
            say("%nBoth ways were taken: the credentials and the way back are proved.");
        } else {
            failed(trouble);
        }
        return trouble == null;
    }

    /** What went otherwise, there or back; null where nothing did. */
    private @Nullable String there(JsonNode before, List<String> there) throws InterruptedException {
        String trouble = move(List.of(base(there.get(0))), there, newestEvent());
        List<String> back = new ArrayList<>(chosen(before));
        back.removeAll(chosen(running.queue(queue)));
        if (trouble == null) {
            say("%nAnd back to %s.", String.join(", ", back));
            return move(back, back, newestEvent());
        }
        for (String it : back) {
            // Not waited for: what kept it from going there may keep it from coming back.
            order("move", it);
        }
        return trouble;
    }

    /** Ends what is still ordered for the drill. What somebody has ordered of the same server meanwhile stays. */
    private void endOrders() throws InterruptedException {
        JsonNode now = running.queue(queue);
        for (JsonNode it : list(now, "orders")) {
            boolean others = list(now, "servers").stream()
                    .anyMatch(server -> text(server, "name").equals(text(it, "server")) && server.hasNonNull("order"));
            if (BECAUSE.equals(text(it, "reason")) && !others) {
                order("ready", text(it, "server"));
            }
        }
    }

    private void requireWell(JsonNode now) {
        List<JsonNode> publications = list(now, "publications");
        if (publications.isEmpty()) {
            throw refused("it is not published anywhere, so there is nothing to prove");
        }
        for (JsonNode it : list(now, "orders")) {
            throw refused("somebody has ordered " + text(it, "kind")
                    + ", expected nothing by hand: say ./firstup ready " + queue + " first");
        }
        for (JsonNode it : list(now, "servers")) {
            JsonNode order = it.path("order");
            if (order.isObject()) {
                throw refused("somebody has ordered " + text(order, "kind") + " of " + text(it, "name")
                        + ", expected nothing by hand: say ./firstup ready " + queue + " " + base(text(it, "name"))
                        + " first");
            }
        }
        if (!"ok".equals(text(now, "state"))) {
            throw refused("it is " + text(now, "state")
                    + (now.hasNonNull("notFirst") ? " (" + text(now, "notFirst") + ")" : "")
                    + ", expected ok: a drill moves the users, so all must be well before");
        }
        for (JsonNode it : publications) {
            if (!"confirmed".equals(text(it, "state"))) {
                throw refused(standing(it) + ", expected confirmed: see ./firstup publish " + queue);
            }
        }
    }

    private static CommandException refused(String why) {
        return new CommandException("no drill: " + why);
    }

    /** The servers to move to: one, or where families go apart, all that are one to people. */
    private List<String> next(JsonNode now) {
        Map<String, List<JsonNode>> machines = list(now, "servers").stream()
                .collect(Collectors.groupingBy(it -> base(text(it, "name")), LinkedHashMap::new, Collectors.toList()));
        return machines.values().stream()
                .filter(all -> all.stream()
                        .allMatch(it -> "up".equals(text(it, "effective"))
                                && !it.path("chosen").asBoolean()))
                .findFirst()
                .map(all -> all.stream().map(it -> text(it, "name")).toList())
                .orElseThrow(() ->
                        refused("no server is up besides " + text(now, "chosen") + ", so there is nowhere to go"));
    }

    /** Where families go apart, {@code paris/ipv4} is the half of a server. */
    private static String base(String server) {
        return server.replaceFirst("/.*", "");
    }

    private static Set<String> chosen(JsonNode now) {
        return list(now, "servers").stream()
                .filter(it -> it.path("chosen").asBoolean())
                .map(it -> text(it, "name"))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Duration length() {
        return patience.plus(RESERVE);
    }

    /**
     * Orders the record to {@code servers} and waits until it is there.
     *
     * @param expected the names of the servers that it names then
     * @param seen the newest event before
     * @return what went otherwise; null where nothing did
     */
    private @Nullable String move(List<String> servers, List<String> expected, long seen) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Instant latest = Instant.now().plus(patience);
        String trouble = "";
        try {
            for (String it : servers) {
                order("move", it);
            }
        } catch (CommandException e) {
            return e.getMessage();
        }
        boolean waits = false;
        do {
            try {
                JsonNode now = running.queue(queue);
                String obstacle = obstacle(now, expected, latest);
                if (obstacle != null) {
                    return obstacle;
                }
                if (!waits) {
                    waits = sayWaits(now);
                }
                List<JsonNode> moved = moved(now, seen);
                if (chosen(now).containsAll(expected) && moved != null) {
                    return sayMoved(moved, now);
                }
                trouble = list(now, "publications").stream()
                        .filter(it -> !"confirmed".equals(text(it, "state")))
                        .map(Drill::standing)
                        .collect(Collectors.joining("; "));
            } catch (CommandException e) {
                // It may be starting again: what was ordered outlasts that.
                trouble = e.getMessage();
            }
            Thread.sleep(POLL.toMillis());
        } while (System.nanoTime() < end);
        return "it took longer than " + patience.toSeconds() + " s: "
                + (trouble.isEmpty() ? "the name servers do not show it yet" : trouble);
    }

    private void order(String kind, String server) throws InterruptedException {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("kind", kind);
        order.put("server", server);
        if (kind.equals("move")) {
            order.put("for", length().toSeconds() + "s");
            order.put("because", BECAUSE);
        }
        running.order(queue, order);
    }

    /** Why it will not get there; null where it may. */
    private static @Nullable String obstacle(JsonNode now, List<String> expected, Instant latest) {
        for (JsonNode it : list(now, "orders")) {
            if (!BECAUSE.equals(text(it, "reason"))) {
                return "somebody has ordered " + text(it, "kind") + " meanwhile";
            }
        }
        for (JsonNode it : list(now, "servers")) {
            if (expected.contains(text(it, "name")) && !"up".equals(text(it, "effective"))) {
                return text(it, "name") + " is " + text(it, "effective") + ": " + text(it, "explained");
            }
        }
        for (JsonNode it : list(now, "publications")) {
            boolean dry = String.valueOf(text(it, "note")).startsWith("dry run: ");
            if (it.hasNonNull("stopped") || dry && !"confirmed".equals(text(it, "state"))) {
                return standing(it);
            }
            if (it.hasNonNull("waitingUntil")
                    && Instant.parse(text(it, "waitingUntil")).isAfter(latest)) {
                return standing(it) + ", which is longer than --patience";
            }
        }
        return null;
    }

    /** {@code chat.example.dyndns.org A at no-ip: stopped (badauth)}. */
    private static String standing(JsonNode publication) {
        String why = QueueText.why(publication);
        return QueueText.state(publication) + (why == null ? "" : " (" + why + ")");
    }

    private boolean sayWaits(JsonNode now) {
        List<JsonNode> waiting = list(now, "publications").stream()
                .filter(it -> it.hasNonNull("waitingUntil"))
                .toList();
        waiting.forEach(it -> say("  %s", QueueText.state(it)));
        return !waiting.isEmpty();
    }

    /** That it has moved, of each publisher; null where that is not so of all of them, or not confirmed. */
    private @Nullable List<JsonNode> moved(JsonNode now, long seen) throws InterruptedException {
        List<JsonNode> publications = list(now, "publications");
        if (publications.isEmpty() || !publications.stream().allMatch(it -> "confirmed".equals(text(it, "state")))) {
            return null;
        }
        Map<String, JsonNode> newest = new LinkedHashMap<>();
        for (JsonNode it : events()) {
            if (number(it) > seen && "moved".equals(text(it, "kind"))) {
                newest.putIfAbsent(at(it), it);
            }
        }
        return publications.stream().map(Drill::at).allMatch(newest::containsKey) ? List.copyOf(newest.values()) : null;
    }

    private static String at(JsonNode it) {
        return text(it, "record") + " at " + text(it, "publisher");
    }

    private @Nullable String sayMoved(List<JsonNode> moved, JsonNode now) {
        String trouble = null;
        for (JsonNode event : moved) {
            say("%s -> %s", at(event), text(now, "chosen"));
            JsonNode times = event.path("times");
            Instant first = Instant.parse(text(times, "detected"));
            for (String step : List.of("detected", "decided", "sent", "confirmed", "visible")) {
                if (times.hasNonNull(step)) {
                    Instant at = Instant.parse(text(times, step));
                    say(
                            "  %-10s %,7d ms%s",
                            step,
                            Duration.between(first, at).toMillis(),
                            step.equals("detected") ? " after " + first : "");
                }
            }
            if (!times.hasNonNull("visible")) {
                trouble = at(event) + " is confirmed, and the name servers do not show it: " + text(event, "reason");
            }
        }
        return trouble;
    }

    private void failed(String trouble) throws InterruptedException {
        say("%nThe drill failed: %s. Now it stands so:", trouble);
        try {
            QueueText.printPublications(running.queue(queue), null, out);
        } catch (CommandException e) {
            say("%s", e.getMessage());
        }
        out.flush();
    }

    private long newestEvent() throws InterruptedException {
        return events().stream().mapToLong(Drill::number).max().orElse(0);
    }

    /** The newest first. */
    private List<JsonNode> events() throws InterruptedException {
        return list(running.parse(running.get("/api/events?limit=200")), "events");
    }

    private static long number(JsonNode event) {
        return event.path("id").asLong();
    }

    private static List<JsonNode> list(JsonNode json, String key) {
        return json.path(key).valueStream().toList();
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
