package dev.firstup.cli;

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
import org.apache.camel.util.json.JsonObject;

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
        JsonObject before = running.queue(queue);
        requireWell(before);
        List<String> there = next(before);
        say(
                "%s is moved from %s to %s. If this ends early, the order ends by itself in %d minutes.",
                before.getString("record"), before.getString("chosen"), base(there.get(0)), length().toMinutes());
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
    private String there(JsonObject before, List<String> there) throws InterruptedException {
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
        JsonObject now = running.queue(queue);
        for (JsonObject it : list(now, "orders")) {
            boolean others = list(now, "servers").stream()
                    .anyMatch(server -> server.get("name").equals(it.get("server")) && server.get("order") != null);
            if (BECAUSE.equals(it.get("reason")) && !others) {
                order("ready", it.getString("server"));
            }
        }
    }

    private void requireWell(JsonObject now) {
        List<JsonObject> publications = list(now, "publications");
        if (publications.isEmpty()) {
            throw refused("it is not published anywhere, so there is nothing to prove");
        }
        for (JsonObject it : list(now, "orders")) {
            throw refused("somebody has ordered " + it.get("kind") + ", expected nothing by hand: say ./firstup ready "
                    + queue + " first");
        }
        for (JsonObject it : list(now, "servers")) {
            if (it.get("order") instanceof JsonObject order) {
                throw refused("somebody has ordered " + order.get("kind") + " of " + it.get("name")
                        + ", expected nothing by hand: say ./firstup ready " + queue + " " + base(it.getString("name"))
                        + " first");
            }
        }
        if (!"ok".equals(now.get("state"))) {
            throw refused("it is " + now.get("state")
                    + (now.get("notFirst") == null ? "" : " (" + now.get("notFirst") + ")")
                    + ", expected ok: a drill moves the users, so all must be well before");
        }
        for (JsonObject it : publications) {
            if (!"confirmed".equals(it.get("state"))) {
                throw refused(standing(it) + ", expected confirmed: see ./firstup publish " + queue);
            }
        }
    }

    private static CommandException refused(String why) {
        return new CommandException("no drill: " + why);
    }

    /** The servers to move to: one, or where families go apart, all that are one to people. */
    private List<String> next(JsonObject now) {
        Map<String, List<JsonObject>> machines = list(now, "servers").stream()
                .collect(Collectors.groupingBy(
                        it -> base(it.getString("name")), LinkedHashMap::new, Collectors.toList()));
        return machines.values().stream()
                .filter(all -> all.stream()
                        .allMatch(it -> "up".equals(it.get("effective")) && !Boolean.TRUE.equals(it.get("chosen"))))
                .findFirst()
                .map(all -> all.stream().map(it -> it.getString("name")).toList())
                .orElseThrow(
                        () -> refused("no server is up besides " + now.get("chosen") + ", so there is nowhere to go"));
    }

    /** Where families go apart, {@code paris/ipv4} is the half of a server. */
    private static String base(String server) {
        return server.replaceFirst("/.*", "");
    }

    private static Set<String> chosen(JsonObject now) {
        return list(now, "servers").stream()
                .filter(it -> Boolean.TRUE.equals(it.get("chosen")))
                .map(it -> it.getString("name"))
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
    private String move(List<String> servers, List<String> expected, long seen) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Instant latest = Instant.now().plus(patience);
        String trouble;
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
                JsonObject now = running.queue(queue);
                trouble = obstacle(now, expected, latest);
                if (trouble != null) {
                    return trouble;
                }
                if (!waits) {
                    waits = sayWaits(now);
                }
                List<JsonObject> moved = moved(now, seen);
                if (chosen(now).containsAll(expected) && moved != null) {
                    return sayMoved(moved, now);
                }
                trouble = list(now, "publications").stream()
                        .filter(it -> !"confirmed".equals(it.get("state")))
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
        JsonObject order = new JsonObject();
        order.put("kind", kind);
        order.put("server", server);
        if (kind.equals("move")) {
            order.put("for", length().toSeconds() + "s");
            order.put("because", BECAUSE);
        }
        running.order(queue, order);
    }

    /** Why it will not get there; null where it may. */
    private static String obstacle(JsonObject now, List<String> expected, Instant latest) {
        for (JsonObject it : list(now, "orders")) {
            if (!BECAUSE.equals(it.get("reason"))) {
                return "somebody has ordered " + it.get("kind") + " meanwhile";
            }
        }
        for (JsonObject it : list(now, "servers")) {
            if (expected.contains(it.getString("name")) && !"up".equals(it.get("effective"))) {
                return it.get("name") + " is " + it.get("effective") + ": " + it.get("explained");
            }
        }
        for (JsonObject it : list(now, "publications")) {
            boolean dry = String.valueOf(it.get("note")).startsWith("dry run: ");
            if (it.get("stopped") != null || dry && !"confirmed".equals(it.get("state"))) {
                return standing(it);
            }
            if (it.get("waitingUntil") != null
                    && Instant.parse(it.getString("waitingUntil")).isAfter(latest)) {
                return standing(it) + ", which is longer than --patience";
            }
        }
        return null;
    }

    /** {@code chat.example.dyndns.org A at no-ip: stopped (badauth)}. */
    private static String standing(JsonObject publication) {
        Object why = publication.get("stopped") == null ? publication.get("note") : publication.get("stopped");
        return QueueText.state(publication) + (why == null ? "" : " (" + why + ")");
    }

    private boolean sayWaits(JsonObject now) {
        List<JsonObject> waiting = list(now, "publications").stream()
                .filter(it -> it.get("waitingUntil") != null)
                .toList();
        waiting.forEach(it -> say("  %s", QueueText.state(it)));
        return !waiting.isEmpty();
    }

    /** That it has moved, of each publisher; null where that is not so of all of them, or not confirmed. */
    private List<JsonObject> moved(JsonObject now, long seen) throws InterruptedException {
        List<JsonObject> publications = list(now, "publications");
        if (publications.isEmpty() || !publications.stream().allMatch(it -> "confirmed".equals(it.get("state")))) {
            return null;
        }
        Map<String, JsonObject> newest = new LinkedHashMap<>();
        for (JsonObject it : events()) {
            if (number(it) > seen && "moved".equals(it.get("kind"))) {
                newest.putIfAbsent(at(it), it);
            }
        }
        return publications.stream().map(Drill::at).allMatch(newest::containsKey) ? List.copyOf(newest.values()) : null;
    }

    private static String at(JsonObject it) {
        return it.get("record") + " at " + it.get("publisher");
    }

    private String sayMoved(List<JsonObject> moved, JsonObject now) {
        String trouble = null;
        for (JsonObject event : moved) {
            say("%s -> %s", at(event), now.get("chosen"));
            JsonObject times = (JsonObject) event.get("times");
            Instant first = Instant.parse(times.getString("detected"));
            for (String step : List.of("detected", "decided", "sent", "confirmed", "visible")) {
                if (times.get(step) != null) {
                    Instant at = Instant.parse(times.getString(step));
                    say(
                            "  %-10s %,7d ms%s",
                            step,
                            Duration.between(first, at).toMillis(),
                            step.equals("detected") ? " after " + first : "");
                }
            }
            if (times.get("visible") == null) {
                trouble = at(event) + " is confirmed, and the name servers do not show it: " + event.get("reason");
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
    private List<JsonObject> events() throws InterruptedException {
        return list(running.parse(running.get("/api/events?limit=200")), "events");
    }

    private static long number(JsonObject event) {
        return ((Number) event.get("id")).longValue();
    }

    private static List<JsonObject> list(JsonObject json, String key) {
        return json.getCollection(key).stream().map(JsonObject.class::cast).toList();
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
