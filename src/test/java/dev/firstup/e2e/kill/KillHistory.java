package dev.firstup.e2e.kill;

import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One state and one record that are moved, killed and started again, over and over; and what must never be. */
final class KillHistory {
    /** Longer than a start: otherwise nothing could come too early after one. */
    private static final Duration GAP = Duration.ofSeconds(2);

    /** Longer than any move takes that does not hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ACCOUNTS =
            """
            - route:
                id: dyn
                from:
                  uri: direct:dyn
                  steps:
                    - to:
                        uri: kamelet:dyndns2
                        parameters: { url: "%s", username: me, password: "file:dyn", gap: %d }
            """;

    /** What the kill waits for, and then a random while longer. */
    private enum Moment {
        START,
        ORDER,
        ANY,
        /** The second of two moves. */
        AGAIN,
        ARRIVED,
        TAKEN,
        ANSWERED
    }

    private final Random random;
    private final Path folder;
    private final Launcher launcher;
    private final Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
    private final List<String> story = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private Host host;
    private Server decided;

    /** @param folder an empty one */
    KillHistory(long seed, Path folder, Launcher launcher) {
        this.random = new Random(seed);
        this.folder = folder;
        this.launcher = launcher;
        story.add("seed " + seed);
    }

    /** Plays it to its end: killed so many times, then left alone. */
    KillHistory play(int kills) throws IOException, InterruptedException, SQLException {
        try (Host it = new Host()) {
            host = it;
            Files.writeString(folder.resolve("dyn"), "secret\n");
            Files.writeString(folder.resolve("accounts.camel.yaml"), ACCOUNTS.formatted(host.url(), GAP.toSeconds()));
            for (int i = 0; i < kills && broken.isEmpty(); i++) {
                die();
            }
            if (broken.isEmpty()) {
                live();
            }
            checkArrivals();
        }
        return this;
    }

    /** What must not be, and was. */
    List<String> broken() {
        return broken;
    }

    /** In which phases it was killed, how often. */
    Map<Phase, Integer> phases() {
        return phases;
    }

    @Override
    public String toString() {
        return String.join("\n  ", story) + "\n  broken: " + broken;
    }

    private void die() throws IOException, InterruptedException, SQLException {
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        Visit visit = new Visit(
                way(),
                moment == Moment.ARRIVED ? Visit.FOR_GOOD : random.nextInt(50),
                moment == Moment.TAKEN ? Visit.FOR_GOOD : random.nextInt(50),
                random.nextBoolean());
        // Shorter than the gap: a host that shows later what it took is told twice by anybody.
        Duration lag = Duration.ofMillis(random.nextInt(3) > 0 ? 0 : random.nextInt(1_500));
        host.expect(visit, lag);
        Server before = decided;
        Life life = start();
        if (moment != Moment.START) {
            expect(Mover.READY, life.hear());
            // Some of the time it reads the record first.
            pass(life, random.nextBoolean() ? 0 : 200_000);
        }
        switch (moment) {
            case START -> pass(life, 1_000_000);
            case ORDER -> {
                order(life, true);
                pass(life, 50_000);
            }
            case ANY -> {
                order(life, random.nextBoolean());
                pass(life, 3_000_000);
            }
            case AGAIN -> {
                order(life, true);
                await(visit.answered, life, 10_000);
                visit = new Visit(way(), random.nextInt(50), random.nextInt(50), random.nextBoolean());
                host.expect(visit, lag);
                order(life, true);
                pass(life, 3_000_000);
            }
            case ARRIVED -> {
                order(life, true);
                await(visit.arrived, life, 10_000);
            }
            case TAKEN -> {
                order(life, true);
                await(visit.taken, life, 10_000);
            }
            case ANSWERED -> {
                order(life, true);
                await(visit.answered, life, 50_000);
            }
            default -> throw new AssertionError(moment);
        }
        life.kill();
        // What becomes of a request that is on its way is not how far it was.
        boolean arrived = visit.arrived.getCount() == 0;
        boolean taken = visit.taken.getCount() == 0;
        boolean answered = visit.answered.getCount() == 0;
        visit.end();
        host.awaitEnd();
        Phase phase = inspect(moment != Moment.START, arrived, taken, answered);
        phases.merge(phase, 1, Integer::sum);
        story.add(Instant.now() + " " + (before == null ? "nobody" : before.name()) + " -> "
                + (decided == null ? "nobody" : decided.name()) + ", killed at " + moment + ": " + phase + ", lag "
                + lag
                + ", late " + visit + ", record " + host.value());
    }

    /** Shorter than the gap, as networks are. */
    private int way() {
        return random.nextInt(3) > 0 ? 0 : random.nextInt(1_900);
    }

    private Life start() throws IOException {
        return new Life(launcher.start(folder, host.nameServer(), GAP.toMillis() + "ms"));
    }

    /** @param other whether what is decided is not what the record holds, nor perhaps what was decided before */
    private void order(Life life, boolean other) {
        if (other || decided == null) {
            List<Server> others = Mover.SERVERS.stream()
                    .filter(it -> !it.addresses().get(RecordType.A).equals(host.value()))
                    .toList();
            decided = others.get(random.nextInt(others.size()));
        }
        life.say(decided.name());
    }

    private void expect(String expected, String found) {
        if (!expected.equals(found)) {
            broken.add("it says " + found + ", expected " + expected + ": " + errors());
        }
    }

    /** What its lives printed about their errors. */
    private String errors() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (IOException e) {
            return "none can be read: " + e.getMessage();
        }
    }

    private void await(CountDownLatch reached, Life life, int micros) throws InterruptedException {
        if (!reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            broken.add("nothing comes of what was decided");
        }
        pass(life, micros);
    }

    /** Lets up to so much time pass. */
    private void pass(Life life, int micros) throws InterruptedException {
        if (life.ends(micros == 0 ? 0 : random.nextInt(micros))) {
            broken.add("it ends by itself: " + errors());
        }
    }

    private void live() throws IOException, InterruptedException, SQLException {
        host.expect(new Visit(0, 0, 0, false), Duration.ZERO);
        Life life = start();
        try {
            expect(Mover.READY, life.hear());
            order(life, false);
            String said = Mover.BUSY;
            for (Instant end = Instant.now().plus(PATIENCE);
                    said.equals(Mover.BUSY) && Instant.now().isBefore(end); ) {
                pass(life, 100_000);
                life.say(Mover.STANDING);
                said = String.valueOf(life.hear());
            }
            expect(Mover.QUIET, said);
            if (life.end() != 0) {
                broken.add("it does not end: " + errors());
            }
        } finally {
            life.kill();
        }
        if (!decided.addresses().get(RecordType.A).equals(host.value())) {
            broken.add("the record is " + host.value() + ", decided was " + decided.name());
        }
        inspect(true, true, true, true);
    }

    /** Looks at the state as the dead one left it, in a copy. */
    private Phase inspect(boolean ordered, boolean arrived, boolean taken, boolean answered)
            throws IOException, SQLException {
        Path copy = Files.createTempDirectory(folder, "copy");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path it : files.toList()) {
                String name = it.getFileName().toString();
                if (name.startsWith("state.db")) {
                    Files.copy(it, copy.resolve(name));
                }
            }
        }
        Path state = copy.resolve("state.db");
        if (!Files.exists(state)) {
            return Phase.STARTING;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state);
                ResultSet found = connection.createStatement().executeQuery("PRAGMA integrity_check")) {
            found.next();
            if (!found.getString(1).equals("ok")) {
                broken.add("the state is damaged: " + found.getString(1));
            }
        }
        try (Store store = new Store(state.toString(), Clock.systemUTC())) {
            checkMoves(store.events(1000));
            List<Publication> all = store.publications();
            return all.isEmpty() || !ordered ? Phase.STARTING : phase(all.get(0), arrived, taken, answered);
        } finally {
            for (Path it : List.of(folder, copy)) {
                try (Stream<Path> files = Files.list(it)) {
                    files.filter(file -> file.toString().contains("unreadable"))
                            .forEach(file -> broken.add("the state was set aside as " + file.getFileName()));
                }
            }
        }
    }

    private Phase phase(Publication it, boolean arrived, boolean taken, boolean answered) {
        List<String> wanted = List.of(decided.addresses().get(RecordType.A));
        if (it.wanted().held() || !wanted.equals(it.decided())) {
            return Phase.STARTING;
        }
        if (it.attempt().open() && !it.attempt().values().equals(wanted)) {
            return Phase.IN_DOUBT;
        }
        if (it.attempt().open()) {
            return answered ? Phase.ANSWERED : taken ? Phase.TAKEN : arrived ? Phase.ON_ITS_WAY : Phase.CLAIMED;
        }
        if (!it.agrees()) {
            return Phase.DECIDED;
        }
        return it.told().moved() ? Phase.DONE : Phase.CONFIRMED;
    }

    /** A move is told once. */
    private void checkMoves(List<Event> events) {
        Set<Instant> told = new HashSet<>();
        for (Event it : events) {
            if (it.kind() == Event.Kind.MOVED && !told.add(it.times().get(Event.Step.DECIDED))) {
                broken.add("told twice: " + it);
            }
        }
    }

    private void checkArrivals() {
        List<Host.Arrival> arrivals = host.arrivals();
        for (int i = 1; i < arrivals.size(); i++) {
            Host.Arrival one = arrivals.get(i - 1);
            Host.Arrival next = arrivals.get(i);
            Duration between = Duration.between(one.at(), next.at());
            if (between.compareTo(GAP) < 0) {
                broken.add(one + " and " + next + ": " + between + " between them, less than " + GAP);
            }
            boolean unseen = host.looks().stream()
                    .anyMatch(it -> it.at().isAfter(one.at())
                            && it.at().isBefore(next.at())
                            && !it.values().contains(one.value()));
            if (one.value().equals(next.value()) && !unseen) {
                broken.add(one + " and " + next + ": sent again, and nothing was read that says otherwise");
            }
        }
        arrivals.forEach(it -> story.add(it.toString()));
    }
}
