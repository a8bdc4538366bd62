package dev.firstup.health;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
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
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Plays the routes around {@link Health}: ticks, probes that take their time, verdicts, decisions. */
final class World {
    enum Behaviour {
        UP,
        REFUSES,
        SILENT,
        /** The probe cannot be made. */
        UNPROBED,
        /** The probe's verdict gets lost. */
        LOST
    }

    record Probe(Instant at, Server server) {}

    private record Arrival(Instant at, Verdict verdict) {}

    private static final Duration STEP = Duration.ofMillis(10);
    private static final int TICK = 10;
    private static final Duration LONG = Duration.ofHours(1);

    final TestClock steady = new TestClock();
    final TestClock wall = new TestClock();
    final Map<String, QueueMemory> memories = new HashMap<>();
    Health health = new Health(steady, wall);
    final List<Probe> probes = new ArrayList<>();
    final List<Decision> decisions = new ArrayList<>();
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>(Comparator.comparing(Arrival::at));
    private boolean apart;
    private long steps;

    World configure(Queue... queues) {
        return configure(Map.of(), queues);
    }

    /** @param downSince for {@code QUEUE/SERVER}, what was known when the program ended */
    World configure(Map<String, Instant> downSince, Queue... queues) {
        Configuration configuration = Fixtures.configuration(queues);
        Map<String, QueueMemory> memories = new HashMap<>();
        for (Queue queue : queues) {
            Map<String, QueueMemory.Remembered> servers = new HashMap<>();
            downSince.forEach((key, since) -> {
                if (key.startsWith(queue.name() + "/")) {
                    servers.put(
                            key.substring(queue.name().length() + 1),
                            new QueueMemory.Remembered(ServerState.UNKNOWN, since, null, since, List.of()));
                }
            });
            memories.put(queue.name(), new QueueMemory(wall.instant(), servers, List.of(), null, false, List.of()));
        }
        health.configure(configuration, memories);
        return this;
    }

    /** From now on verdicts come one by one, not together with those of the same moment. */
    World apart() {
        apart = true;
        return this;
    }

    World dnsSays(String... addresses) {
        health.adopt(Fixtures.read(Fixtures.RECORD, RecordType.A, List.of(addresses)));
        return this;
    }

    World make(String server, Behaviour behaviour) {
        behaviours.put(server, behaviour);
        return this;
    }

    World run(Duration time) {
        long left = steps(time);
        while (left > 0) {
            if (steps % TICK == 0) {
                health.due().forEach(this::probe);
            }
            long idle = Math.min(left, idle());
            left -= idle;
            steps += idle;
            steady.pass(STEP.multipliedBy(idle));
            wall.pass(STEP.multipliedBy(idle));
            List<Verdict> arrived = new ArrayList<>();
            while (!arrivals.isEmpty() && !arrivals.peek().at().isAfter(steady.instant())) {
                arrived.add(arrivals.poll().verdict());
            }
            if (arrived.isEmpty()) {
                continue;
            }
            if (apart) {
                arrived.forEach(verdict -> deliver(List.of(verdict)));
            } else {
                deliver(arrived);
            }
        }
        return this;
    }

    /** How many steps there are, at least one, to the next in which anything can happen. */
    private long idle() {
        Instant now = steady.instant();
        Instant soonest = health.soonest().isAfter(now.plus(LONG)) ? now.plus(LONG) : health.soonest();
        long due = steps(Duration.between(now, soonest.isBefore(now) ? now : soonest));
        long tick = TICK - steps % TICK;
        // What is due before the next tick waits for it.
        long look = tick + Math.max(0, due - tick + TICK - 1) / TICK * TICK;
        long arrival = arrivals.isEmpty()
                ? Long.MAX_VALUE
                : steps(Duration.between(now, arrivals.peek().at()));
        return Math.max(1, Math.min(look, arrival));
    }

    private static long steps(Duration time) {
        return (time.toMillis() + STEP.toMillis() - 1) / STEP.toMillis();
    }

    World seconds(int seconds) {
        return run(Duration.ofSeconds(seconds));
    }

    private void probe(Server server) {
        Instant now = steady.instant();
        probes.add(new Probe(now, server));
        switch (behaviours.getOrDefault(server.name(), Behaviour.UP)) {
            case UP -> answer(server, ProbeOutcome.UP, ReasonCode.L4OK, "connected", STEP);
            case REFUSES -> answer(server, ProbeOutcome.DOWN, ReasonCode.L4CON, "refused", STEP);
            case SILENT -> answer(server, ProbeOutcome.DOWN, ReasonCode.L4TOUT, "no answer", server.timeout());
            case UNPROBED ->
                answer(server, ProbeOutcome.UNKNOWN, ReasonCode.SOCKERR, "the probe could not be made", Duration.ZERO);
            case LOST -> {}
        }
    }

    private void answer(Server server, ProbeOutcome outcome, ReasonCode code, String reason, Duration took) {
        Instant at = steady.instant().plus(took);
        arrivals.add(new Arrival(at, Verdict.of(server, at, outcome, code, reason, took)));
    }

    void deliver(List<Verdict> verdicts) {
        take(health.decide(health.aggregate(health.stamp(verdicts))));
    }

    /** What somebody orders by hand. */
    World order(Order.Kind kind, String server, Duration length, String reason) {
        Instant now = wall.instant();
        take(health.decide(
                health.order(new Order("chat", server, kind, now, length == null ? null : now.plus(length), reason))));
        return this;
    }

    private void take(List<Decision> taken) {
        for (Decision it : taken) {
            if (it.memory() != null) {
                memories.merge(it.queue().name(), it.memory(), World::later);
            }
            if (it.chosen() != null || !it.events().isEmpty()) {
                decisions.add(it);
            }
        }
    }

    private static QueueMemory later(QueueMemory older, QueueMemory newer) {
        Map<String, QueueMemory.Remembered> servers = new HashMap<>(older.servers());
        servers.putAll(newer.servers());
        return new QueueMemory(
                newer.at(), servers, newer.failbacks(), newer.limited(), newer.allDown(), newer.orders());
    }

    /** Ends the program, and starts it again after {@code pause} with what it has kept. */
    World restart(Duration pause, Queue... queues) {
        Instant ended = wall.instant();
        steady.pass(pause);
        wall.pass(pause);
        arrivals.clear();
        health = new Health(steady, wall);
        memories.replaceAll((name, it) ->
                later(it, new QueueMemory(ended, Map.of(), it.failbacks(), it.limited(), it.allDown(), it.orders())));
        health.configure(Fixtures.configuration(queues), memories);
        return this;
    }

    String chosen() {
        Choice chosen = health.views().get(0).chosen();
        return chosen == null ? null : chosen.label();
    }

    ServerHealth server(String name) {
        return health.views().get(0).server(name).orElseThrow();
    }

    /** The servers that it was decided to name, in order. */
    List<String> moves() {
        return events().stream()
                .filter(it -> it.kind() == Event.Kind.DECIDED)
                .map(Event::to)
                .toList();
    }

    List<Event> events() {
        return decisions.stream().flatMap(it -> it.events().stream()).toList();
    }

    /** What people were told: kinds and servers. */
    List<String> told() {
        return events().stream()
                .filter(Event::tell)
                .map(it -> it.kind() + (it.server() == null ? "" : " " + it.server()))
                .toList();
    }

    long probesOf(String server) {
        return probes.stream().filter(it -> it.server().name().equals(server)).count();
    }

    void forget() {
        decisions.clear();
        probes.clear();
    }
}
