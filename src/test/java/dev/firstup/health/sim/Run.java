package dev.firstup.health.sim;

import dev.firstup.Fixtures;
import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plays one story against a core: the routes, the store, a publisher, and the world. It jumps from event to event. */
final class Run {
    private static final Instant BEGIN = Instant.parse("2026-01-31T12:00:00Z");
    private static final long BEGIN_MS = BEGIN.toEpochMilli();
    private static final long NEVER = Long.MAX_VALUE;
    private static final int TICK = 100;
    /** How long a record takes to be read at the start, and to be published. */
    private static final int READ = 300;

    private static final int PUBLISHED = 1_000;

    private final Story story;
    private final Core.Maker maker;
    private final Scenario scenario;
    private final Queue queue;
    private final Truth truth;
    private final Oracle oracle;
    private final Map<String, Integer> places = new HashMap<>();
    private final Server[] probed;
    private final long[] startedAt;
    private final long[] arrivesAt;
    private final Truth.Behaviour[] ending;
    private final List<Verdict> arrived = new ArrayList<>();
    private final List<String> log;

    private Core core;
    private SimClock steady;
    private SimClock wall;
    private long now;
    /** How much later than true time the steady clock of this monitor and the wall clock are. */
    private long steadyBy;

    private long wallBy;
    private long lastTick = -1;
    private long startsAt;
    private long adoptsAt = NEVER;
    private long publishesAt = NEVER;
    private Choice decided;
    private Map<RecordType, List<String>> dns;
    private QueueMemory kept;
    private long digest;
    private long probes;

    /** @param log takes what happened and what was decided, as lines; null where nobody reads it */
    Run(Story story, Core.Maker maker, List<String> log) {
        this.story = story;
        this.maker = maker;
        this.log = log;
        scenario = story.scenario();
        queue = scenario.queue();
        truth = new Truth(scenario);
        oracle = new Oracle(scenario, truth);
        int count = scenario.size() + scenario.witnesses();
        probed = new Server[count];
        startedAt = new long[count];
        arrivesAt = new long[count];
        ending = new Truth.Behaviour[count];
        Arrays.fill(arrivesAt, NEVER);
        for (int i = 0; i < count; i++) {
            places.put(scenario.name(i), i);
        }
        dns = initial();
    }

    /** What identifies all that was decided. */
    long digest() {
        return digest;
    }

    long probes() {
        return probes;
    }

    private Map<RecordType, List<String>> initial() {
        Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
        for (RecordType type : queue.types()) {
            String address =
                    scenario.dns().equals("foreign") ? type == RecordType.A ? "203.0.113.9" : "2001:db8:9::9" : null;
            for (Server it : queue.servers()) {
                if (it.name().equals(scenario.dns())) {
                    address = it.addresses().get(type);
                }
            }
            values.put(type, address == null ? List.of() : List.of(address));
        }
        return values;
    }

    /** The first breach of an invariant, or null. */
    Breach play() {
        try {
            List<Happening> happenings = story.happenings();
            int next = 0;
            while (true) {
                long at = next < happenings.size() ? happenings.get(next).at() : NEVER;
                long tick = core == null ? startsAt : nextTick();
                at = Math.min(Math.min(at, tick), Math.min(adoptsAt, publishesAt));
                for (long arrival : arrivesAt) {
                    at = Math.min(at, arrival);
                }
                if (at >= story.length()) {
                    oracle.time(story.length());
                    return oracle.breach();
                }
                oracle.time(at);
                pass(at);
                if (core != null) {
                    // Before what happens: no verdict comes at the very instant of an order that it knows nothing of.
                    hear();
                }
                while (next < happenings.size() && happenings.get(next).at() <= now) {
                    happen(happenings.get(next++));
                }
                step(tick);
                oracle.settle(now);
                if (oracle.breach() != null) {
                    if (log != null) {
                        log.add("BROKEN: " + oracle.breach());
                    }
                    return oracle.breach();
                }
            }
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            return new Breach(Invariant.SANE, now, e + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }

    private long nextTick() {
        Instant soonest = core.soonest();
        long second = soonest.getEpochSecond();
        // Instant.MIN and MAX do not fit into ms.
        long ms = second < BEGIN_MS / 2000
                ? 0
                : second > BEGIN_MS / 250
                        ? NEVER / 2
                        : second * 1000 + (soonest.getNano() + 999_999) / 1_000_000 - BEGIN_MS - steadyBy;
        return Math.max(lastTick + TICK, (ms + TICK - 1) / TICK * TICK);
    }

    private void pass(long to) {
        now = to;
        if (core != null) {
            setClocks();
        }
    }

    private void setClocks() {
        steady.set(Instant.ofEpochMilli(BEGIN_MS + now + steadyBy));
        wall.set(Instant.ofEpochMilli(BEGIN_MS + now + wallBy));
    }

    private void step(long tick) {
        if (core == null) {
            if (startsAt <= now) {
                start();
            } else {
                Arrays.fill(arrivesAt, NEVER);
                publishesAt = NEVER;
                return;
            }
        }
        if (adoptsAt <= now && !truth.whole()) {
            // What the record holds cannot be read either.
            adoptsAt = now + READ;
        }
        if (adoptsAt <= now) {
            adopt();
        }
        hear();
        if (core != null && tick <= now) {
            lastTick = now / TICK * TICK;
            for (Server server : core.due()) {
                probe(server);
            }
        }
        if (publishesAt <= now) {
            // What is decided is written once the queue is not frozen any more.
            publishesAt = oracle.frozen() ? now + PUBLISHED : NEVER;
            if (!oracle.frozen()) {
                dns = decided.values();
            }
        }
    }

    private void start() {
        steadyBy = wallBy;
        steady = new SimClock(BEGIN);
        wall = new SimClock(BEGIN);
        setClocks();
        lastTick = now / TICK * TICK - TICK;
        core = maker.make(steady, wall);
        core.configure(
                new Configuration(List.of(queue), List.of(), true, List.of()),
                kept == null ? Map.of() : Map.of(queue.name(), kept));
        startsAt = NEVER;
        adoptsAt = now + READ;
        decided = null;
        oracle.started(now, kept == null ? null : Duration.between(kept.at(), wall.instant()), core.view());
    }

    private void stop(long pause) {
        oracle.stopped(now, core.view());
        if (kept != null) {
            // The store knows how long the monitor lived.
            kept = new QueueMemory(
                    wall.instant(), kept.servers(), kept.failbacks(), kept.limited(), kept.allDown(), kept.orders());
        }
        core = null;
        startsAt = now + Math.max(pause, 1);
        adoptsAt = NEVER;
        publishesAt = NEVER;
        Arrays.fill(arrivesAt, NEVER);
    }

    private void adopt() {
        adoptsAt = NEVER;
        dns.forEach((type, values) -> core.adopt(read(queue.name(), type, queue.ttl(), values)));
        oracle.adopted(now, dns, core.view());
    }

    /** A record that was read, and holds {@code values}. */
    static Publication read(String queue, RecordType type, Duration ttl, List<String> values) {
        return Publication.of(queue, Fixtures.target("no-ip", Scenario.RECORD), type, ttl)
                .confirmed(values, null)
                .done();
    }

    private void probe(Server server) {
        int place = places.get(server.name());
        probes++;
        oracle.probed(now, place, arrivesAt[place] != NEVER);
        probed[place] = server;
        startedAt[place] = now;
        end(place, truth.probed(place, now));
    }

    private void end(int place, Truth.Behaviour how) {
        ending[place] = how;
        arrivesAt[place] = switch (how) {
            case UNPROBED -> now + 1;
            case SILENT -> startedAt[place] + scenario.timeout();
            default -> Math.min(now + truth.latency(place), startedAt[place] + scenario.timeout());
        };
    }

    private void hear() {
        arrived.clear();
        for (int i = 0; i < arrivesAt.length; i++) {
            if (arrivesAt[i] <= now) {
                arrivesAt[i] = NEVER;
                Verdict verdict = verdict(i);
                oracle.observation(now, i, verdict.outcome(), startedAt[i]);
                arrived.add(verdict);
            }
        }
        if (!arrived.isEmpty()) {
            take(core.hear(List.copyOf(arrived)));
        }
    }

    private Verdict verdict(int place) {
        ProbeOutcome outcome = ProbeOutcome.UP;
        ReasonCode code = ReasonCode.L4OK;
        String reason = "connected";
        switch (ending[place]) {
            case UNPROBED -> {
                outcome = ProbeOutcome.UNKNOWN;
                code = ReasonCode.SOCKERR;
                reason = "no descriptor";
            }
            case REFUSES -> {
                outcome = ProbeOutcome.DOWN;
                code = ReasonCode.L4CON;
                reason = "refused";
            }
            case SILENT -> {
                outcome = ProbeOutcome.DOWN;
                code = ReasonCode.L4TOUT;
                reason = "no answer";
            }
            default -> {}
        }
        Duration took = Duration.ofMillis(now - startedAt[place]);
        return Verdict.of(probed[place], steady.instant(), outcome, code, reason, took);
    }

    private void happen(Happening it) {
        if (log != null) {
            log.add(it.describe(scenario));
        }
        truth.apply(it);
        interrupt(it);
        oracle.happened(now, it);
        switch (it.kind()) {
            case RESTART -> {
                if (core != null) {
                    stop(it.value());
                }
            }
            case STEP -> {
                wallBy += it.value();
                if (core != null) {
                    setClocks();
                }
            }
            case ORDER -> {
                if (core != null) {
                    order(it);
                }
            }
            default -> {}
        }
    }

    /** A probe that is under way ends as the world is now. */
    private void interrupt(Happening it) {
        boolean cut = it.kind() == Happening.Kind.CUT;
        for (int i = 0; i < arrivesAt.length; i++) {
            if (arrivesAt[i] != NEVER && (cut || i == it.place() && truth.behaviour[i].dead())) {
                if (ending[i] != Truth.Behaviour.SILENT) {
                    end(i, cut ? Truth.Behaviour.SILENT : truth.probed(i, now));
                }
            }
        }
    }

    private void order(Happening it) {
        Instant since = wall.instant();
        Order order = new Order(
                queue.name(),
                it.place() < 0 ? null : scenario.name(it.place()),
                it.order(),
                since,
                it.value() == 0 ? null : since.plusMillis(it.value()),
                "because");
        oracle.ordered(now, it);
        take(core.order(order));
        oracle.compareOrders(now, core.view());
    }

    private void take(List<Decision> decisions) {
        for (Decision it : decisions) {
            digest = digest * 31 + it.at().hashCode();
            for (Event event : it.events()) {
                digest = digest * 31 + event.toString().hashCode();
            }
            if (log != null) {
                describe(it);
            }
            keep(it.memory());
            if (it.chosen() != null) {
                digest = digest * 31 + it.chosen().toString().hashCode();
                decided = it.chosen();
                publishesAt = Math.min(publishesAt, now + PUBLISHED);
            }
            oracle.decided(now, it);
        }
    }

    private void keep(QueueMemory news) {
        if (news == null) {
            return;
        }
        Map<String, QueueMemory.Remembered> servers = new HashMap<>(kept == null ? Map.of() : kept.servers());
        servers.putAll(news.servers());
        kept = new QueueMemory(news.at(), servers, news.failbacks(), news.limited(), news.allDown(), news.orders());
    }

    private void describe(Decision it) {
        if (it.chosen() != null) {
            log.add(Happening.time(now) + "      -> " + it.chosen().label() + ": " + it.cause());
        }
        for (Event event : it.events()) {
            log.add(Happening.time(now) + "      " + (event.tell() ? "told " : "kept ") + event.kind()
                    + (event.server() == null ? "" : " " + event.server())
                    + (event.to() == null ? "" : " from " + event.from() + " to " + event.to()) + ": "
                    + event.reason());
        }
    }
}
