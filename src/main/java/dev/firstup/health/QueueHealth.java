package dev.firstup.health;

import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Outcome;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.RecordType;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Standing;
import dev.firstup.model.State;
import dev.firstup.model.Target;
import dev.firstup.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One queue as it stands: its servers' health, what its record names, and what is being weighed. One thread at a time. */
final class QueueHealth {
    /** How much longer than its time-out a probe is waited for before it counts as lost. */
    private static final Duration LOST = Duration.ofSeconds(10);

    private Queue queue;
    private List<ServerHealth> servers;
    private Map<String, Integer> places;
    private Slot[] slots;
    /** No server is due before: thousands of queues are asked ten times a second. */
    private Instant soonest;

    /** How long a record that cannot be read is asked for before it is moved all the same. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<RecordType, List<String>> heard = new EnumMap<>(RecordType.class);
    private Instant unreadSince;
    private boolean adopted;
    private String chosen;
    /** The chosen server where it has left the queue, until the record has left it too. */
    private Server removed;
    /** Whether the current choice has been handed on since the queue was read or changed. */
    private boolean confirmed;

    private Instant proposed;
    private Instant lastProposal;
    private boolean allDown;
    private boolean fallIsNews;
    private List<Event> news = new ArrayList<>();

    /** What is known of a server that is nobody else's business. */
    private static final class Slot {
        /** When it is to be probed. */
        private Instant due;
        /** Since when a probe of it is under way; null while none is. */
        private Instant started;
        /** When it was last found down by this program: unlike {@code downSince}, never before the program started. */
        private Instant fell;
        /** Whether its fall is still to be told, unless something greater is told instead. */
        private boolean untold;
        /** How long it was down before it came back, until that has been told; null where there is nothing to tell. */
        private Duration downtime;

        private Instant next(Server server) {
            return started == null
                    ? due
                    : later(due, started.plus(server.timeout()).plus(LOST));
        }
    }

    /**
     * @param queue the configuration
     * @param downSince for a server's name, since when it was known to be down before the program started, or null
     * @param due for a server, when it is probed first
     * @param now the time
     */
    QueueHealth(Queue queue, Function<String, Instant> downSince, Function<Server, Instant> due, Instant now) {
        this.servers = List.of();
        this.places = Map.of();
        configure(queue, downSince, due, now);
    }

    /** Takes a new configuration; what was known of servers that are still probed in the same way is kept. */
    synchronized void configure(
            Queue queue, Function<String, Instant> downSince, Function<Server, Instant> due, Instant now) {
        List<ServerHealth> next = new ArrayList<>();
        Map<String, Integer> nextPlaces = new HashMap<>();
        Slot[] nextSlots = new Slot[queue.servers().size()];
        for (Server server : queue.servers()) {
            Integer old = places.get(server.name());
            ServerHealth known = old == null ? null : servers.get(old);
            Slot slot = new Slot();
            if (known != null && known.server().probedLike(server)) {
                // A shorter interval holds from now on.
                slot.due = earlier(slots[old].due, now.plus(queue.pace().interval()));
                slot.fell = slots[old].fell;
                slot.untold = slots[old].untold;
                slot.downtime = slots[old].downtime;
                next.add(known.with(server));
            } else {
                slot.due = due.apply(server);
                // Whoever was told that a server is down wants to hear that it is up, also if it is at another address
                // now.
                Instant down = known == null ? downSince.apply(server.name()) : known.downSince();
                next.add(ServerHealth.unknown(server, now, down));
            }
            nextSlots[nextPlaces.size()] = slot;
            nextPlaces.put(server.name(), nextPlaces.size());
        }
        // A record that was moved along with another one so far says the same.
        if (this.queue != null
                && !queue.targets().isEmpty()
                && this.queue.targets().stream()
                        .noneMatch(it -> same(it, queue.targets().get(0)))) {
            adopted = false;
            unreadSince = null;
            heard.clear();
            chosen = null;
            removed = null;
        }
        this.queue = queue;
        if (chosen != null && places.containsKey(chosen)) {
            Server was = servers.get(places.get(chosen)).server();
            chosen = nameNow(was, queue);
            removed = nextPlaces.containsKey(chosen) ? null : was;
        }
        servers = next;
        places = Map.copyOf(nextPlaces);
        slots = nextSlots;
        soonest = Instant.MIN;
        confirmed = false;
        proposed = null;
        // Without a publisher there is no record that could say what was chosen before.
        adopted |= queue.targets().isEmpty();
    }

    private static boolean same(Target one, Target other) {
        return one.to().equals(other.to()) && one.record().equals(other.record());
    }

    /** A server that was only renamed is still the one that the record names. */
    private static String nameNow(Server server, Queue queue) {
        List<Server> servers = queue.servers();
        boolean named = servers.stream().anyMatch(it -> it.name().equals(server.name()));
        return named
                ? server.name()
                : servers.stream()
                        .filter(it -> it.addresses().equals(server.addresses()))
                        .map(Server::name)
                        .findFirst()
                        .orElse(server.name());
    }

    Queue queue() {
        return queue;
    }

    /** Adds the servers whose probe is due to {@code batch}, and counts those probes as under way. */
    synchronized void due(Instant now, List<Server> batch) {
        if (soonest.isAfter(now)) {
            return;
        }
        soonest = Instant.MAX;
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            Server server = servers.get(i).server();
            if (!slot.next(server).isAfter(now)) {
                slot.started = now;
                batch.add(server);
            }
            soonest = earlier(soonest, slot.next(server));
        }
    }

    /** Takes one verdict in; false if it is older than what is known, or not about a server of this configuration. */
    synchronized boolean aggregate(Verdict verdict) {
        Integer place = places.get(verdict.server());
        if (place == null) {
            return false;
        }
        ServerHealth before = servers.get(place);
        if (verdict.revision() != before.server().revision()
                || before.last() != null && verdict.sequence() <= before.last().sequence()) {
            return false;
        }
        ServerHealth after = Transition.after(
                before, verdict, queue.rules().fall(), queue.rules().rise());
        replace(place, after);
        schedule(slots[place], after);
        report(before, after, slots[place]);
        // Here, not with the decision: several verdicts may be decided about together, and none of what happened is
        // left out.
        reportAllDown(after.last().at());
        return true;
    }

    private void replace(int place, ServerHealth health) {
        servers.set(place, health);
    }

    private void schedule(Slot slot, ServerHealth health) {
        Instant now = health.last().at();
        slot.started = null;
        Queue.Pace pace = queue.pace();
        slot.due = switch (health.state()) {
            case UNKNOWN, FALLING, RISING -> now.plus(pace.fast());
            // Counted from when it was due, so that the rhythm does not drift by what probes take.
            case UP -> later(slot.due.plus(pace.interval()), now);
            case DOWN -> later(slot.due.plus(allDown() ? pace.interval() : pace.down()), now);
        };
        soonest = earlier(soonest, slot.due);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether no server can be chosen, and that is not only because the monitor's own probes fail. */
    private boolean allDown() {
        return servers.stream().allMatch(it -> it.state().down() || blind(it))
                && servers.stream().anyMatch(it -> it.state().down());
    }

    private static boolean blind(ServerHealth it) {
        return it.state() == State.UNKNOWN && it.unknowns() >= Selection.BLIND;
    }

    private void report(ServerHealth before, ServerHealth after, Slot slot) {
        Verdict verdict = after.last();
        if (after.unknowns() == Selection.BLIND) {
            // One trouble of ours, however many servers it hides.
            boolean first = servers.stream()
                            .filter(it -> it.unknowns() >= Selection.BLIND)
                            .count()
                    == 1;
            news.add(event(Event.Kind.SERVER_UNKNOWN, after, null, first));
        }
        if (after.state() == State.DOWN && !before.state().down()) {
            slot.fell = verdict.at();
            boolean isNews = before.downSince() == null;
            fallIsNews |= isNews;
            // The fall of the chosen server is told with what is done about it; until then all may turn out to be down.
            boolean tell = isNews && !chosenIsDown() && !allDown();
            slot.untold = isNews && !tell;
            news.add(event(Event.Kind.SERVER_DOWN, after, null, tell));
        }
        if (after.state().down()) {
            slot.downtime = null;
        } else if (after.state() == State.UP && !before.state().up() && after.downSince() != null) {
            slot.downtime = Duration.between(after.downSince(), verdict.at());
            boolean tell = recoveryIsNews(after.server().name());
            news.add(event(Event.Kind.SERVER_UP, after, slot.downtime, tell));
            if (tell) {
                forgetDowntime(after.server().name());
            }
        }
    }

    /** The server that the record should name, if it is still in the queue; else null. */
    private ServerHealth current() {
        Integer place = chosen == null ? null : places.get(chosen);
        return place == null ? null : servers.get(place);
    }

    private boolean chosenIsDown() {
        ServerHealth current = current();
        return current != null && current.state().down();
    }

    /** Tells of the falls that were not told when they happened, now that it is known that they are not the whole story. */
    private void tellFalls(Server left) {
        for (int i = 0; i < slots.length; i++) {
            ServerHealth it = servers.get(i);
            if (slots[i].untold && it.state() == State.DOWN && it.server() != left) {
                news.add(event(Event.Kind.SERVER_DOWN, it, null, true));
            }
            slots[i].untold = false;
        }
    }

    /** Recovery of a preferred server is told with the move back to it, and that of the first one after all were down as such. */
    private boolean recoveryIsNews(String server) {
        return chosen != null
                && places.containsKey(chosen)
                && (server.equals(chosen) ? !allDown : places.get(server) > places.get(chosen) && !chosenIsDown());
    }

    /** Tells of servers that came back while it was not known yet, or was otherwise, what the record names. */
    private void tellRecoveries() {
        for (ServerHealth it : servers) {
            String name = it.server().name();
            Duration downtime = slots[places.get(name)].downtime;
            if (downtime != null && recoveryIsNews(name)) {
                news.add(event(Event.Kind.SERVER_UP, it, downtime, true));
                forgetDowntime(name);
            }
        }
    }

    /** From here on, that this server was down is no longer news. */
    private void forgetDowntime(String server) {
        int place = places.get(server);
        slots[place].downtime = null;
        ServerHealth it = servers.get(place);
        replace(place, it.toldUp());
    }

    private Event event(Event.Kind kind, ServerHealth about, Duration downtime, boolean tell) {
        return event(
                kind,
                about.server(),
                about.last().explained(),
                downtime,
                tell,
                about.last().at());
    }

    private Event event(Event.Kind kind, Server server, String reason, Duration downtime, boolean tell, Instant at) {
        return new Event(
                0,
                at,
                queue.name(),
                kind,
                queue.record(),
                server == null ? null : server.name(),
                null,
                null,
                null,
                reason,
                downtime,
                Map.of(),
                tell);
    }

    /** Hears what the record holds: once all its types were heard, the server that they name is the current choice. */
    synchronized void adopt(Publication publication, Instant now) {
        if (adopted || queue.targets().isEmpty()) {
            return;
        }
        Target first = queue.targets().get(0);
        if (!first.to().equals(publication.publisher()) || !first.record().equals(publication.record())) {
            return;
        }
        if (publication.confirmed() == null) {
            // What is not known may be right: a record is not moved blindly while there is hope to read it.
            unreadSince = unreadSince == null ? now : unreadSince;
            if (now.isBefore(unreadSince.plus(PATIENCE))) {
                return;
            }
        }
        heard.put(publication.type(), publication.confirmed());
        if (!heard.keySet().containsAll(queue.types())) {
            return;
        }
        adopted = true;
        chosen = servers.stream()
                .map(ServerHealth::server)
                .filter(this::named)
                .map(Server::name)
                .findFirst()
                .orElse(null);
        if (chosen == null && !heard.containsValue(null) && !isEmpty()) {
            String reason = "it holds " + values() + ", which is not one server of this queue";
            news.add(event(Event.Kind.FOREIGN, null, reason, null, true, now));
        }
        tellRecoveries();
    }

    private boolean named(Server server) {
        return queue.types().stream().allMatch(type -> {
            String address = server.addresses().get(type);
            return (address == null ? List.of() : List.of(address)).equals(heard.get(type));
        });
    }

    synchronized HealthView view(Instant now) {
        return new HealthView(queue, servers, choice(chosen), Standing.PLAIN, now);
    }

    private Choice choice(String name) {
        return name == null || !places.containsKey(name)
                ? null
                : choice(servers.get(places.get(name)).server());
    }

    private Choice choice(Server server) {
        if (server == null) {
            return null;
        }
        Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
        queue.types().forEach(type -> {
            String address = server.addresses().get(type);
            values.put(type, address == null ? List.of() : List.of(address));
        });
        return new Choice(List.of(server.name()), values);
    }

    /** What the record should say now; null if there is nothing to keep. */
    synchronized Decision decide(Instant now) {
        HealthView view = view(now);
        ServerHealth current = current();
        Selection choice = adopted ? Selection.of(view, chosen, proposed, now) : Selection.WAIT;
        ServerHealth next = weigh(choice, now);
        if (next != null) {
            return move(current, next, now);
        }
        boolean confirms = !confirmed
                && choice.kind() != Selection.Kind.WAIT
                && current != null
                && current.state().up();
        confirmed |= confirms;
        Server server = current == null ? null : current.server();
        if (!confirms && news.isEmpty()) {
            return null;
        }
        return new Decision(
                queue,
                now,
                now,
                confirms ? choice(server) : null,
                confirms ? choice(server) : null,
                confirms ? server.name() + " is up and stays chosen" : "nothing moves",
                null,
                takeNews(),
                null);
    }

    /** The server to move to, once it has been probed again; null while there is none. */
    private ServerHealth weigh(Selection choice, Instant now) {
        switch (choice.kind()) {
            case WAIT -> {}
            case STAY, NONE -> proposed = null;
            case MOVE -> {
                if (proposed != null) {
                    proposed = null;
                    return choice.server();
                }
                // Candidates that fail are not hunted: the next proposal keeps its distance.
                if (lastProposal == null
                        || !now.isBefore(lastProposal.plus(queue.pace().fast()))) {
                    propose(now);
                }
            }
        }
        return null;
    }

    private void propose(Instant now) {
        proposed = now;
        lastProposal = now;
        for (int i = 0; i < slots.length; i++) {
            if (servers.get(i).state().up()) {
                slots[i].due = now;
                soonest = earlier(soonest, now);
            }
        }
    }

    /** What the record held that was heard, and named none of the servers. */
    private String found() {
        if (queue.targets().isEmpty()) {
            return "is moved by nobody";
        }
        if (heard.containsValue(null)) {
            return "could not be read";
        }
        return isEmpty() ? "was empty" : "held " + values();
    }

    private boolean isEmpty() {
        return heard.values().stream().allMatch(List::isEmpty);
    }

    private String values() {
        return heard.values().stream().flatMap(List::stream).collect(Collectors.joining(", "));
    }

    private Decision move(ServerHealth current, ServerHealth next, Instant now) {
        Server server = next.server();
        boolean back = current != null && !current.state().down();
        Instant detected = now;
        String cause;
        if (back) {
            cause = server.name() + " is up again and preferred";
            detected = next.healthySince().plus(queue.rules().failback().after());
        } else if (current != null) {
            cause = current.server().name() + " is down"
                    + (current.last().outcome() == Outcome.DOWN
                            ? ": " + current.last().explained()
                            : "");
            Instant fell = slots[places.get(chosen)].fell;
            // If all were down, it is the recovery that made the difference.
            detected = later(fell, next.since());
        } else if (chosen != null) {
            cause = chosen + " is no longer in the queue";
        } else {
            cause = server.name() + " is the first that is up, and the record " + found();
        }
        Server previous = current == null ? removed : current.server();
        Duration downtime = slots[places.get(server.name())].downtime;
        news.add(new Event(
                0,
                now,
                queue.name(),
                Event.Kind.DECIDED,
                queue.record(),
                server.name(),
                chosen,
                server.name(),
                null,
                cause,
                downtime,
                Map.of(Event.Step.DETECTED, detected, Event.Step.DECIDED, now),
                // Otherwise people are told once the record has moved from one of the servers to another.
                queue.targets().isEmpty() || chosen == null && (heard.containsValue(null) || !isEmpty())));
        chosen = server.name();
        removed = null;
        confirmed = true;
        forgetDowntime(server.name());
        tellFalls(previous);
        tellRecoveries();
        return new Decision(queue, now, detected, choice(server), choice(previous), cause, downtime, takeNews(), null);
    }

    private void reportAllDown(Instant now) {
        if (allDown()) {
            if (!allDown) {
                allDown = true;
                String reason = servers.stream()
                        .map(it -> it.server().name() + " " + it.last().explained())
                        .collect(Collectors.joining("; "));
                news.add(event(Event.Kind.ALL_DOWN, null, reason, null, fallIsNews, now));
                fallIsNews = false;
                for (Slot slot : slots) {
                    slot.untold = false;
                }
            }
        } else if (allDown && servers.stream().anyMatch(it -> it.state().up())) {
            allDown = false;
            ServerHealth current = current();
            // If another server is up instead, the record moves, and that is what is told.
            if (current != null && current.state().up()) {
                Server server = current.server();
                news.add(event(
                        Event.Kind.RECOVERED,
                        server,
                        current.last().explained(),
                        slots[places.get(server.name())].downtime,
                        true,
                        now));
                forgetDowntime(server.name());
            }
        }
    }

    private List<Event> takeNews() {
        List<Event> taken = news;
        news = new ArrayList<>();
        return taken;
    }
}
