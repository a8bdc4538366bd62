package dev.firstup.publish.sim;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.rules.Failback;
import dev.firstup.publish.sim.World.Mood;
import dev.firstup.store.Disk;
import dev.firstup.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A day of a queue whose first server flaps, played against the real store and one core: the routes, the host, the restarts. It
 * jumps from one happening to the next.
 */
final class Run {
    private static final Duration DAY = Duration.ofDays(1);
    /** What the client waits for an answer, in ms. */
    private static final int TIMEOUT = 10_000;

    private static final String FOREIGN = "203.0.113.9";
    private static final String FOREIGN6 = "2001:db8:ffff::9";
    /** Reminders come hourly, give or take a reading. */
    private static final Duration REMINDED = Duration.ofMinutes(64);
    /** How long somebody else's change may stand until it is told, at most. */
    private static final Duration DRIFT_TOLD = Duration.ofMinutes(25);

    private record Happening(Instant at, long order, Runnable what) {}

    private final Random random;
    private final Ways ways;
    private final Core.Maker maker;
    private final List<String> log;
    private final TestClock clock = new TestClock();
    private final Instant begin = clock.instant();
    private final Instant end = begin.plus(DAY);
    private final PriorityQueue<Happening> happenings =
            new PriorityQueue<>((one, other) -> one.at().equals(other.at())
                    ? Long.compare(one.order(), other.order())
                    : one.at().compareTo(other.at()));
    private final List<String> broken = new ArrayList<>();
    private final World world;
    private final Disk disk = new Disk();
    private final List<Server> servers;
    private final boolean repair;
    private final int queues;
    private final Map<String, Server> wanted = new HashMap<>();
    private final Map<String, Choice> decided = new HashMap<>();
    private final Map<String, Map<RecordType, List<String>>> answered = new HashMap<>();
    private final Map<String, Instant> quietSince = new HashMap<>();
    private final Map<String, String> belief = new HashMap<>();
    private final Map<String, Instant> stopTold = new HashMap<>();
    private final Map<String, Instant> stoppedSince = new HashMap<>();
    private final Map<String, Instant> driftTold = new HashMap<>();
    private final Set<String> moves = new HashSet<>();
    private final Set<String> writing = new HashSet<>();

    private Store store;
    /** When something is due next; null where that has to be found out. */
    private Instant nextTick;

    private Core core;
    private int fingerprint;
    private long order;
    private long lastEvent;
    /** Which start of the program it is; 0 while it does not run. */
    private int process;

    private int starts;
    private boolean mending;
    private boolean calm;
    private Instant calmSince;
    private int tampered;
    private long requests;
    private int told;

    /** @param log takes what happened, as lines; null where nobody reads it */
    Run(long seed, Ways ways, Core.Maker maker, List<String> log) {
        random = new Random(seed * 31 + ways.ordinal());
        this.ways = ways;
        this.maker = maker;
        this.log = log;
        world = new World(ways, random, clock, this::violated);
        repair = random.nextBoolean();
        queues = 1 + random.nextInt(2);
        servers = servers(random.nextBoolean());
    }

    private List<Server> servers(boolean both) {
        List<Server> all = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Map<RecordType, String> addresses = new EnumMap<>(RecordType.class);
            addresses.put(RecordType.A, "192.0.2." + i + "0");
            if (both && (!ways.withdraws() || i != 2)) {
                addresses.put(RecordType.AAAA, "2001:db8::" + i + "0");
            }
            all.add(Fixtures.server(List.of("paris", "tokyo", "quebec").get(i - 1), addresses));
        }
        return all;
    }

    List<String> broken() {
        return broken;
    }

    long requests() {
        return requests;
    }

    int told() {
        return told;
    }

    private void violated(String what) {
        String line = time(clock.instant()) + " BROKEN: " + what;
        broken.add(line);
        note("BROKEN: " + what);
    }

    private static String time(Instant at) {
        return at.toString().substring(8);
    }

    private void note(String what) {
        if (log != null) {
            log.add(time(clock.instant()) + " " + what);
        }
    }

    private void at(Instant at, Runnable what) {
        happenings.add(new Happening(at, order++, what));
    }

    private void in(long millis, Runnable what) {
        at(clock.instant().plusMillis(millis), what);
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** Of any order of magnitude between these, in ms. */
    private long spread(Duration low, Duration high) {
        double ratio = (double) high.toMillis() / low.toMillis();
        return (long) (low.toMillis() * Math.pow(ratio, random.nextDouble()));
    }

    // The day

    Run play() {
        try (disk) {
            draw();
            start(false);
            boolean over = false;
            while (!over && broken.size() < 3) {
                Instant tick = process == 0 ? end : tick();
                Happening next = happenings.peek();
                boolean happens = next != null && !next.at().isAfter(tick);
                Instant at = happens ? next.at() : tick;
                over = !at.isBefore(end);
                clock.pass(Duration.between(clock.instant(), over ? end : at));
                world.proceed();
                if (over) {
                    verify();
                } else if (happens) {
                    happenings.poll().what().run();
                } else {
                    hand();
                }
            }
        }
        return this;
    }

    /** The next second at which something is due. */
    private Instant tick() {
        if (nextTick != null && nextTick.isAfter(clock.instant())) {
            return nextTick;
        }
        Instant due = disk.due();
        Instant soonest = due == null || due.isAfter(end) ? end : due;
        Instant next = clock.instant().plusMillis(1_000 - clock.millis() % 1_000);
        long late = soonest.toEpochMilli() % 1_000;
        soonest = late == 0 ? soonest : soonest.plusMillis(1_000 - late);
        nextTick = soonest.isBefore(next) ? next : soonest;
        return nextTick;
    }

    private void draw() {
        for (int i = 0; i < queues; i++) {
            String queue = name(i);
            Server first = servers.get(random.nextInt(2));
            wanted.put(queue, first);
            belief.put(queue, first.name());
            Choice choice = Fixtures.choice(queue(i), first);
            choice.values().forEach((type, values) -> world.create(record(queue) + " " + type, values));
            long next = 0;
            Duration calmest = random.nextBoolean() ? Duration.ofHours(5) : Duration.ofHours(1);
            while (true) {
                next += spread(Duration.ofSeconds(4), calmest);
                Instant at = begin.plusMillis(next);
                if (at.isAfter(end.minus(ways.patience()).minus(Duration.ofMinutes(100)))) {
                    break;
                }
                int place = i;
                at(at, () -> flap(place));
            }
        }
        calmSince = end.minus(ways.patience()).minus(Duration.ofMinutes(95));
        at(calmSince, () -> {
            calm = true;
            world.calm = true;
            world.mood = Mood.FINE;
            world.unreadable = false;
            world.half = false;
            world.trouble = clock.instant();
            if (world.refuses()) {
                // Nobody may have noticed yet.
                world.mend();
            }
        });
        troubles();
    }

    private void troubles() {
        int kinds = Mood.values().length;
        for (int i = between(0, 8); i > 0; i--) {
            Mood mood = Mood.values()[random.nextInt(kinds)];
            period(Duration.ofMinutes(1), Duration.ofMinutes(100), on -> world.mood = on ? mood : Mood.FINE);
        }
        for (int i = between(0, 3); i > 0; i--) {
            period(Duration.ofMinutes(1), Duration.ofHours(2), on -> world.unreadable = on);
        }
        for (int i = between(0, 3); i > 0; i--) {
            // Nobody can say what came of it.
            period(Duration.ofMinutes(5), Duration.ofMinutes(40), on -> {
                world.mood = on ? Mood.DUMB : Mood.FINE;
                world.unreadable |= on;
                in(between(60_000, 3_600_000), () -> world.unreadable = false);
            });
        }
        for (int i = between(0, 2); i > 0; i--) {
            period(Duration.ofMinutes(1), Duration.ofHours(2), on -> world.half = on);
        }
        for (int i = between(0, 3); i > 0; i--) {
            int lag = between(1, 280);
            period(Duration.ofMinutes(10), Duration.ofHours(6), on -> world.lag = on ? lag : 3);
        }
        for (int i = between(0, 5); i > 0; i--) {
            sometime(() -> crash());
        }
        if (random.nextInt(3) == 0) {
            sometime(() -> {
                note("the credential is refused from now on");
                world.refuse();
            });
        }
        for (int i = between(0, 2); i > 0; i--) {
            sometime(this::tamper);
        }
    }

    private interface Switch {
        void set(boolean on);
    }

    private void period(Duration least, Duration most, Switch what) {
        sometime(() -> {
            what.set(true);
            note("begins: " + world.mood + (world.unreadable ? ", unreadable" : "") + ", lag " + world.lag);
            in(spread(least, most), () -> {
                what.set(false);
                world.trouble = clock.instant();
                note("ends: " + world.mood + (world.unreadable ? ", unreadable" : "") + ", lag " + world.lag);
            });
        });
    }

    private void sometime(Runnable what) {
        at(begin.plusMillis((long) (random.nextDouble() * DAY.toMillis())), () -> {
            if (!calm) {
                what.run();
            }
        });
    }

    private void tamper() {
        String queue = name(random.nextInt(queues));
        world.tamper(record(queue) + " " + RecordType.A, List.of(FOREIGN));
        if (servers.get(0).addresses().size() > 1) {
            world.tamper(record(queue) + " " + RecordType.AAAA, List.of(FOREIGN6));
        }
        tampered++;
        note("somebody else changes " + record(queue));
    }

    // What is decided

    private static String name(int place) {
        return place == 0 ? "chat" : "mail";
    }

    private static String record(String queue) {
        return queue + ".example.org";
    }

    private Queue queue(int place) {
        String name = name(place);
        PublishTarget target = new PublishTarget(
                "host", record(name), List.of(), "fingerprint" + fingerprint, ways.gap, ways.api(), repair, false);
        Queue queue = Fixtures.queue(name, 1, Failback.AT_ONCE, List.of(target), servers.toArray(Server[]::new));
        return queue;
    }

    private void flap(int place) {
        String queue = name(place);
        Server before = wanted.get(queue);
        Server next =
                random.nextInt(6) == 0 ? servers.get(2) : before == servers.get(0) ? servers.get(1) : servers.get(0);
        if (next == before) {
            return;
        }
        wanted.put(queue, next);
        if (decided.containsKey(queue)) {
            decide(place, decided.get(queue));
        }
    }

    /** @param previous null where the record named none of the servers */
    private void decide(int place, Choice previous) {
        verify();
        Queue queue = queue(place);
        Choice choice = Fixtures.choice(queue, wanted.get(queue.name()));
        Instant now = clock.instant();
        note(queue.name() + " is to name " + choice.label());
        decided.put(queue.name(), choice);
        if (previous == null || !previous.equals(choice)) {
            quietSince.put(queue.name(), now);
        } else {
            quietSince.putIfAbsent(queue.name(), now);
        }
        store.keep(new Decision(queue, now, now, choice, previous, "because", null, List.of(), null));
        hand();
    }

    // The program

    private void start(boolean retry) {
        process = ++starts;
        note("starts");
        store = disk.open(clock);
        store.setRetryStopped(retry);
        core = maker.make(clock);
        configure();
        hand();
    }

    private void configure() {
        List<Queue> all = new ArrayList<>();
        for (int i = 0; i < queues; i++) {
            all.add(queue(i));
        }
        store.configure(Fixtures.configuration(all.toArray(Queue[]::new)));
    }

    private void crash() {
        if (process == 0) {
            return;
        }
        verify();
        note("crashes");
        process = 0;
        decided.clear();
        answered.clear();
        quietSince.clear();
        writing.clear();
        stopTold.clear();
        stoppedSince.clear();
        in(spread(Duration.ofMillis(500), Duration.ofMinutes(10)), () -> {
            if (process == 0) {
                start(false);
            }
        });
    }

    /** What the tick and the nudge do. */
    private void hand() {
        nextTick = null;
        for (Publication it : store.due()) {
            int own = process;
            if (random.nextInt(25) == 0) {
                // All threads are busy.
                in(between(100, 20_000), () -> {
                    if (own == process) {
                        publish(it);
                    }
                });
            } else {
                publish(it);
            }
        }
    }

    private void publish(Publication due) {
        nextTick = null;
        Publication it = store.claim(core.claim(due));
        if (it == null) {
            return;
        }
        int own = process;
        Instant now = clock.instant();
        String key = World.key(it);
        boolean write = it.ask() == Ask.WRITE || it.ask() == Ask.WITHDRAW;
        if (write) {
            requests++;
            world.sent(it);
            note(key + ": " + it.ask() + " " + it.decided());
            if (!writing.add(key)) {
                violated(key + " is written twice at once");
            }
            if (random.nextInt(40) == 0 && !calm) {
                in(between(0, 300), this::crash);
            }
        }
        boolean asks = it.ask() != Ask.READ;
        boolean slow = asks && world.mood == Mood.SLOW;
        long arrives = slow ? between(5_000, TIMEOUT - 1) : between(5, 400);
        long answers = arrives + between(5, 400);
        Object[] answer = new Object[1];
        in(arrives, () -> {
            // What a program has sent that died just now may still arrive.
            if (own == process || clock.instant().isBefore(now.plusMillis(200))) {
                answer[0] = asks ? world.ask(it, now) : world.read(it);
            }
        });
        at(now.plusMillis(answers), () -> {
            if (own != process) {
                return;
            }
            boolean silent = answer[0] instanceof java.io.IOException;
            long rest = silent ? Math.max(0, TIMEOUT - answers) : 0;
            in(rest, () -> {
                if (own == process) {
                    settle(it, answer[0]);
                }
            });
        });
    }

    private void settle(Publication it, Object answer) {
        boolean failed = answer instanceof Throwable;
        String key = World.key(it);
        world.delivered(it, answer);
        boolean write = it.ask() == Ask.WRITE || it.ask() == Ask.WITHDRAW;
        if (write) {
            writing.remove(key);
        }
        Settlement settlement = core.settle(it, failed ? null : answer, failed ? (Throwable) answer : null);
        if (write || it.ask() == Ask.LOOK || !settlement.events().isEmpty()) {
            note(key + ": " + it.ask() + " -> " + answer + " -> " + settlement.outcome());
        }
        Publication now = store.settle(settlement);
        nextTick = null;
        if (!settlement.events().isEmpty()) {
            hear();
        }
        stops(now);
        adopt(now);
        if (!settlement.outcome().equals("read")) {
            hand();
        }
    }

    // What the health room does with it

    private void adopt(Publication it) {
        String queue = it.queue();
        if (decided.containsKey(queue)) {
            return;
        }
        Map<RecordType, List<String>> values = answered.computeIfAbsent(queue, name -> new EnumMap<>(RecordType.class));
        if (!it.confirmed().known()) {
            // It would wait for two minutes.
            in(Duration.ofMinutes(2).toMillis(), () -> adopted(queue, null));
            return;
        }
        boolean before = values.size() == types();
        values.put(it.type(), it.confirmed().values());
        if (!before && values.size() == types()) {
            Choice named = servers.stream()
                    .map(server -> Fixtures.choice(queue(place(queue)), server))
                    .filter(choice -> choice.values().equals(values))
                    .findFirst()
                    .orElse(null);
            int own = process;
            in(spread(Duration.ofMillis(20), Duration.ofSeconds(30)), () -> {
                if (own == process) {
                    adopted(queue, named);
                }
            });
        }
    }

    private void adopted(String queue, Choice named) {
        if (process != 0 && !decided.containsKey(queue)) {
            decide(place(queue), named);
        }
    }

    private static int place(String queue) {
        return queue.equals("chat") ? 0 : 1;
    }

    private int types() {
        return servers.get(0).addresses().size();
    }

    // What people hear and do

    private void hear() {
        List<Event> fresh = store.events(20).stream()
                .filter(it -> it.id() > lastEvent)
                .sorted((one, other) -> Long.compare(one.id(), other.id()))
                .toList();
        for (Event it : fresh) {
            lastEvent = it.id();
            note("TOLD " + it.kind() + " " + it.record() + " " + it.from() + " -> " + it.to() + ": " + it.reason());
            if (it.kind() == Kind.MOVED) {
                moved(it);
            } else if (it.kind() == Kind.PUBLISH_STOPPED) {
                stopTold.put(it.queue(), it.at());
            } else if (it.kind() == Kind.DRIFT || it.kind() == Kind.REPAIRED) {
                drifted(it);
            }
            boolean troubled = it.kind() == Kind.PUBLISH_STOPPED || it.kind() == Kind.CREDENTIAL;
            if (troubled && !mending) {
                mending = true;
                in(spread(Duration.ofMinutes(1), calm ? Duration.ofMinutes(30) : Duration.ofHours(5)), this::mend);
            }
        }
    }

    private void moved(Event it) {
        told++;
        if (!moves.add(it.queue() + it.times().get(Event.Step.DECIDED))) {
            violated("told twice that " + it.queue() + " has moved to " + it.to());
        }
        Choice choice = decided.get(it.queue());
        if (choice == null || !choice.label().equals(it.to())) {
            violated("told that " + it.queue() + " has moved to " + it.to() + ", which was not decided");
            return;
        }
        choice.values().forEach((type, values) -> {
            World.Zone zone = world.zone(it.record() + " " + type);
            if (!zone.holds().equals(values) && zone.foreign() == null) {
                violated("told that " + it.queue() + " has moved to " + it.to() + ", and its " + type + " is "
                        + zone.holds());
            }
        });
        belief.put(it.queue(), it.to());
    }

    private void drifted(Event it) {
        driftTold.put(it.queue(), it.at());
        boolean so = decided.get(it.queue()) == null
                || tampered > 0
                || !decided.get(it.queue()).values().entrySet().stream()
                        .allMatch(one -> world.zone(it.record() + " " + one.getKey())
                                .holds()
                                .equals(one.getValue()));
        if (!so || tampered == 0) {
            violated("told that somebody else changed " + it.record() + ": " + it.reason());
        }
    }

    /** A person has mended the credential or whatever it was, and says so. */
    private void mend() {
        mending = false;
        world.mend();
        if (process == 0) {
            return;
        }
        verify();
        if (random.nextBoolean()) {
            note("mended: another declaration");
            fingerprint++;
            configure();
            hand();
        } else {
            note("mended: restarted with retry-stopped");
            process = 0;
            decided.clear();
            answered.clear();
            quietSince.clear();
            writing.clear();
            stopTold.clear();
            stoppedSince.clear();
            start(true);
        }
        if (calm) {
            calmSince = clock.instant();
        }
    }

    /** A stop is told, and told again. */
    private void stops(Publication it) {
        boolean differs = it.schedule().stopped() != null && !it.wanted().held() && !it.agrees();
        String key = World.key(it);
        if (!differs) {
            stoppedSince.remove(key);
            return;
        }
        Instant now = clock.instant();
        Instant since = stoppedSince.computeIfAbsent(key, name -> now);
        Instant last = stopTold.get(it.queue());
        Instant from = last == null || last.isBefore(since) ? since : last;
        if (now.isAfter(from.plus(REMINDED))) {
            violated("was not reminded since " + from + " that " + key + " is stopped");
        }
    }

    // What must be so

    private void verify() {
        if (process == 0) {
            return;
        }
        Instant now = clock.instant();
        List<Publication> all = store.publications();
        all.forEach(this::stops);
        for (Publication it : all) {
            Instant quiet = quietSince.get(it.queue());
            if (quiet == null) {
                if (calm && now.isAfter(calmSince.plus(ways.patience()))) {
                    violated("nothing was decided about " + it.queue() + " since the start");
                }
                continue;
            }
            quiet = quiet.isBefore(world.trouble) ? world.trouble : quiet;
            if (it.schedule().stopped() != null || now.isBefore(quiet.plus(ways.patience()))) {
                continue;
            }
            World.Zone zone = world.zone(World.key(it));
            List<String> right = decided.get(it.queue()).values().get(it.type());
            if (zone.foreign() != null) {
                drift(it, zone, now);
            } else if (!zone.holds().equals(right)) {
                violated(World.key(it) + " holds " + zone.holds() + " instead of " + right + " since " + quiet + "; "
                        + it);
            } else if (!belief.get(it.queue()).equals(decided.get(it.queue()).label())
                    && all.stream()
                            .filter(other -> other.queue().equals(it.queue()))
                            .allMatch(other -> other.schedule().stopped() == null
                                    && world.zone(World.key(other)).foreign() == null)) {
                violated("nobody was told that " + it.queue() + " has moved to "
                        + decided.get(it.queue()).label() + "; " + it);
            }
        }
    }

    private void drift(Publication it, World.Zone zone, Instant now) {
        if (now.isBefore(zone.foreign().plus(DRIFT_TOLD))) {
            return;
        }
        Instant told = driftTold.get(it.queue());
        if (told == null || told.isBefore(zone.foreign())) {
            violated("nobody was told that somebody else changed " + World.key(it) + "; " + it);
        } else if (repair && it.taken().unchanged() == 0) {
            violated("nobody repaired " + World.key(it) + "; " + it);
        }
    }
}
