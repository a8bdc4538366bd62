package dev.firstup.health;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a row says that happens, played around {@link Health}, from one moment at which something happens to the next. Hours take
 * milliseconds.
 */
final class Story {
    private enum Behaviour {
        UP,
        DOWN,
        SILENT,
        LOSSY,
        UNKNOWN,
        SLOW,
        /** The verdict gets lost. */
        LOST
    }

    private record Arrival(Instant at, Verdict verdict) {}

    private static final Duration LATENCY = Duration.ofMillis(10);
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration WARM = Duration.ofMinutes(15);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final long TICK = 100;

    private static final Pattern START = Pattern.compile("start with (.+)");
    private static final Pattern UNTIL = Pattern.compile("until (\\S+) is (UNKNOWN|UP|FALLING|DOWN|RISING)");
    private static final Pattern EXPIRES = Pattern.compile("the certificate of (\\S+) has (\\S+) left");
    private static final Pattern RESTART = Pattern.compile("restart after (\\S+)");
    private static final Pattern IS =
            Pattern.compile("(\\S+) (up|down|silent|lossy|unknown|slow|drained|in maint|forced up|forced down)");
    private static final Pattern ORDER = Pattern.compile(
            "(drain|maint|force-up|force-down|move|freeze|failback|ready)(?: (?!for )(\\S+))?(?: for (\\S+))?");

    final TestClock steady = new TestClock();
    private final TestClock wall = new TestClock();
    final Queue queue;
    Health health = new Health(steady, wall);
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final Map<String, Duration> expiries = new HashMap<>();
    private final Map<String, Integer> probes = new TreeMap<>();
    private final Map<String, Instant> answers = new HashMap<>();
    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>(Comparator.comparing(Arrival::at));
    private QueueMemory memory;
    private Instant ticked = Instant.MIN;
    private Choice decided;
    private final List<String> said = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    Story(Queue queue) {
        this.queue = queue;
    }

    /** Plays these steps. Unless one of them is the start, everything has been well for a quarter of an hour before the first. */
    Story play(List<String> steps) {
        if (said.isEmpty() && steps.stream().noneMatch(it -> START.matcher(it).matches())) {
            start(queue.rules().answers() == 1 ? "paris" : "paris + tokyo");
            run(WARM);
            told.clear();
        }
        steps.forEach(this::step);
        return this;
    }

    /** What the record has said since the start, in turn. */
    List<String> said() {
        return said;
    }

    List<String> told() {
        return told;
    }

    ServerState state(String server) {
        return health.views().get(0).server(server).orElseThrow().state();
    }

    /** When the last probe was begun that {@code server} answered well. */
    Instant lastAnswer(String server) {
        return answers.get(server);
    }

    private void step(String step) {
        Matcher is = IS.matcher(step);
        Matcher order = ORDER.matcher(step);
        Matcher until = UNTIL.matcher(step);
        Matcher expires = EXPIRES.matcher(step);
        Matcher start = START.matcher(step);
        Matcher restart = RESTART.matcher(step);
        if (Page.isLength(step)) {
            run(Page.length(step));
        } else if (step.equals("our link cut") || step.equals("our link back")) {
            Behaviour behaviour = step.endsWith("cut") ? Behaviour.SILENT : Behaviour.UP;
            Settings.meant(queue, "all").forEach(it -> behaviours.put(it, behaviour));
            behaviours.put("witness", behaviour);
        } else if (start.matches()) {
            start(start.group(1));
        } else if (until.matches()) {
            until(Settings.meant(queue, until.group(1)).get(0), ServerState.valueOf(until.group(2)));
        } else if (expires.matches()) {
            expiries.put(expires.group(1), Page.length(expires.group(2)));
        } else if (restart.matches()) {
            restart(Page.length(restart.group(1)));
        } else if (is.matches()) {
            becomes(is.group(1), is.group(2));
        } else if (order.matches()) {
            order(
                    Order.Kind.valueOf(order.group(1).toUpperCase(Locale.ROOT).replace('-', '_')),
                    order.group(2),
                    order.group(3));
        } else {
            throw Page.unreadable(step, "something that can happen, like paris down, drain paris for 30m or 10m");
        }
    }

    private void becomes(String server, String what) {
        Order.Kind order =
                switch (what) {
                    case "drained" -> Order.Kind.DRAIN;
                    case "in maint" -> Order.Kind.MAINT;
                    case "forced up" -> Order.Kind.FORCE_UP;
                    case "forced down" -> Order.Kind.FORCE_DOWN;
                    default -> null;
                };
        if (order != null) {
            order(order, server, null);
        } else {
            List<String> names = server.equals("witness") ? List.of(server) : Settings.meant(queue, server);
            names.forEach(it -> behaviours.put(it, Behaviour.valueOf(what.toUpperCase(Locale.ROOT))));
        }
    }

    private void order(Order.Kind kind, String server, String length) {
        if (kind.ofServer() && server == null || length != null && !kind.lasts()) {
            throw Page.unreadable(kind.word(), "a server for an order about one, and an end only for what lasts");
        }
        Instant now = wall.instant();
        Instant until = length == null ? null : now.plus(Page.length(length));
        List<String> servers = server == null ? List.of() : Settings.meant(queue, server);
        if (servers.isEmpty()) {
            take(health.decide(health.order(new Order("chat", null, kind, now, until, ""))));
        }
        servers.forEach(it -> take(health.decide(health.order(new Order("chat", it, kind, now, until, "")))));
    }

    private void start(String record) {
        health.configure(Fixtures.configuration(queue), memory == null ? Map.of() : Map.of("chat", memory));
        said.add(record);
        adopt();
    }

    private void restart(Duration pause) {
        Instant ended = wall.instant();
        steady.pass(pause);
        wall.pass(pause);
        arrivals.clear();
        health = new Health(steady, wall);
        if (memory != null) {
            memory = later(
                    memory,
                    new QueueMemory(
                            ended, Map.of(), memory.failbacks(), memory.limited(), memory.allDown(), memory.orders()));
        }
        health.configure(Fixtures.configuration(queue), memory == null ? Map.of() : Map.of("chat", memory));
        adopt();
    }

    /** The record is read, and holds what it says. */
    private void adopt() {
        String record = said.get(said.size() - 1);
        for (RecordType type : queue.types()) {
            List<String> values = new ArrayList<>();
            for (Server it : queue.servers()) {
                boolean named = List.of(record.split(" \\+ ")).contains(Settings.plain(it.name()));
                if (named && it.addresses().containsKey(type)) {
                    values.add(it.addresses().get(type));
                }
            }
            if (record.matches("[\\d.]+") && type == RecordType.A) {
                values.add(record);
            }
            if (values.isEmpty() && queue.types().size() == 1 && !record.equals("nobody")) {
                throw Page.unreadable(record, "servers, an address or nobody");
            }
            health.adopt(Fixtures.read(Fixtures.RECORD, type, values));
        }
    }

    private void until(String server, ServerState state) {
        Instant end = steady.instant().plus(LONGEST_WAIT);
        while (state(server) != state) {
            if (!steady.instant().isBefore(end)) {
                throw new AssertionError(server + " is " + state(server) + " after ten minutes, expected " + state);
            }
            run(LATENCY);
        }
    }

    void run(Duration time) {
        Instant end = steady.instant().plus(time);
        while (true) {
            Instant tick = tick();
            Instant arrival = arrivals.isEmpty() ? Instant.MAX : arrivals.peek().at();
            Instant next = tick.isBefore(arrival) ? tick : arrival;
            if (!next.isBefore(end)) {
                pass(end);
                return;
            }
            pass(next);
            if (next.equals(arrival)) {
                List<Verdict> arrived = new ArrayList<>();
                while (!arrivals.isEmpty() && arrivals.peek().at().equals(arrival)) {
                    arrived.add(arrivals.poll().verdict());
                }
                deliver(arrived);
            } else {
                ticked = tick;
                health.due().forEach(this::probe);
            }
        }
    }

    /** The next moment at which the real loop would look for due probes, and find some. */
    private Instant tick() {
        Instant soonest = health.soonest();
        Instant now = steady.instant();
        Instant from = soonest.isBefore(now) ? now : soonest;
        if (!from.isBefore(now.plus(Duration.ofDays(1000)))) {
            return Instant.MAX;
        }
        long millis = from.toEpochMilli() + (from.getNano() % 1_000_000 == 0 ? 0 : 1);
        Instant tick = Instant.ofEpochMilli((millis + TICK - 1) / TICK * TICK);
        return tick.isAfter(ticked) ? tick : ticked.plusMillis(TICK);
    }

    private void pass(Instant to) {
        Duration time = Duration.between(steady.instant(), to);
        steady.pass(time);
        wall.pass(time);
    }

    private void probe(Server server) {
        int count = probes.merge(server.name(), 1, Integer::sum);
        switch (behaviours.getOrDefault(server.name(), Behaviour.UP)) {
            case UP -> good(server, LATENCY);
            case SLOW -> good(server, SLOW);
            case DOWN -> answer(server, ProbeOutcome.DOWN, ReasonCode.L4CON, LATENCY);
            case SILENT -> answer(server, ProbeOutcome.DOWN, ReasonCode.L4TOUT, server.timeout());
            case UNKNOWN -> answer(server, ProbeOutcome.UNKNOWN, ReasonCode.SOCKERR, Duration.ZERO);
            case LOST -> {}
            case LOSSY -> {
                if (count % 2 == 0) {
                    answer(server, ProbeOutcome.DOWN, ReasonCode.L4TOUT, server.timeout());
                } else {
                    good(server, LATENCY);
                }
            }
        }
    }

    private void good(Server server, Duration took) {
        answers.put(server.name(), steady.instant());
        answer(server, ProbeOutcome.UP, ReasonCode.L7OK, took);
    }

    private void answer(Server server, ProbeOutcome outcome, ReasonCode code, Duration took) {
        Duration left = expiries.get(server.name());
        Instant at = steady.instant().plus(took);
        Verdict verdict = new Verdict(
                server.queue(),
                server.name(),
                server.revision(),
                0,
                at,
                outcome,
                code,
                "so",
                took,
                Map.of(),
                left == null || outcome != ProbeOutcome.UP
                        ? null
                        : wall.instant().plus(took).plus(left));
        arrivals.add(new Arrival(at, verdict));
    }

    /** The next probe of {@code server} is answered like this: {@code +}, {@code -} or {@code ?}. */
    void probed(String server, String symbol) {
        behaviours.put(
                server,
                switch (symbol) {
                    case "+" -> Behaviour.UP;
                    case "-" -> Behaviour.DOWN;
                    case "?" -> Behaviour.UNKNOWN;
                    default -> throw Page.unreadable(symbol, "+, -, ? or !");
                });
        int before = probes.getOrDefault(server, 0);
        while (probes.getOrDefault(server, 0) == before) {
            run(LATENCY);
        }
        behaviours.put(server, Behaviour.LOST);
        run(LATENCY.multipliedBy(2));
    }

    /** A witness answers. */
    void witnessed() {
        deliver(List.of(
                Verdict.of(Fixtures.WITNESS, steady.instant(), ProbeOutcome.UP, ReasonCode.L4OK, "so", LATENCY)));
    }

    private void deliver(List<Verdict> verdicts) {
        take(health.decide(health.aggregate(health.stamp(verdicts))));
    }

    private void take(List<Decision> decisions) {
        for (Decision it : decisions) {
            it.events().stream().filter(Event::tell).map(Story::words).forEach(told::add);
            if (it.memory() != null) {
                memory = memory == null ? it.memory() : later(memory, it.memory());
            }
            decided = it.chosen() == null ? decided : it.chosen();
        }
        // While frozen, what is decided is not written.
        boolean frozen =
                health.views().get(0).standing().orders().stream().anyMatch(it -> it.kind() == Order.Kind.FREEZE);
        if (decided != null && !frozen && !record().equals(said.get(said.size() - 1))) {
            said.add(record());
        }
    }

    private static QueueMemory later(QueueMemory older, QueueMemory newer) {
        Map<String, QueueMemory.Remembered> servers = new HashMap<>(older.servers());
        servers.putAll(newer.servers());
        return new QueueMemory(
                newer.at(), servers, newer.failbacks(), newer.limited(), newer.allDown(), newer.orders());
    }

    /** What was decided, from the addresses: {@code paris}, or where the families differ {@code A paris / AAAA nobody}. */
    private String record() {
        Map<RecordType, String> families = new TreeMap<>();
        decided.values().forEach((type, addresses) -> families.put(type, named(type, addresses)));
        Set<String> different = new LinkedHashSet<>(families.values());
        return different.size() == 1
                ? different.iterator().next()
                : families.entrySet().stream()
                        .map(it -> it.getKey() + " " + it.getValue())
                        .collect(Collectors.joining(" / "));
    }

    private String named(RecordType type, List<String> addresses) {
        List<String> names = new ArrayList<>();
        queue.servers().stream()
                .filter(it -> addresses.contains(it.addresses().getOrDefault(type, "")))
                .forEach(it -> names.add(Settings.plain(it.name())));
        if (names.size() == addresses.size()) {
            return names.isEmpty() ? "nobody" : String.join(" + ", names);
        }
        return String.join(" + ", addresses);
    }

    /** {@code server down: tokyo}, {@code all down}. */
    private static String words(Event event) {
        String kind = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String about = event.kind() == Event.Kind.DECIDED ? event.to() : event.server();
        return kind + (about == null ? "" : " " + about);
    }
}
