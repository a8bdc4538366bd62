package dev.firstup.health;

import static dev.firstup.Fixtures.DOWN;
import static dev.firstup.Fixtures.FALL;
import static dev.firstup.Fixtures.FAST;
import static dev.firstup.Fixtures.INTERVAL;
import static dev.firstup.Fixtures.NO_IP;
import static dev.firstup.Fixtures.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    private static final Server TOKYO = Fixtures.server("tokyo", "192.0.2.20");
    private static final Server QUEBEC = Fixtures.server("quebec", "192.0.2.30");
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration LATENCY = Duration.ofMillis(10);

    private final World world = new World();

    private static Queue chat(Failback failback) {
        return Fixtures.queue("chat", 1, failback, List.of(NO_IP), PARIS, TOKYO, QUEBEC);
    }

    private static Queue chat() {
        return chat(Failback.AT_ONCE);
    }

    private static Queue changed(Server... servers) {
        return Fixtures.queue("chat", 2, Failback.AT_ONCE, List.of(NO_IP), servers);
    }

    /** All are up, paris is chosen, and that is known. */
    private World running(Queue queue) {
        world.configure(queue).dnsSays("192.0.2.10").seconds(15);
        world.forget();
        return world;
    }

    // How it starts

    @Test
    void nothingIsDecidedBeforeTheRecordWasHeard() {
        world.configure(chat()).seconds(20);
        assertThat(world.decisions).isEmpty();

        world.dnsSays("192.0.2.10").seconds(INTERVAL.toSecondsPart());
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void nothingIsDecidedBeforeEveryBetterServerIsKnown() {
        world.make("paris", Behaviour.LOST)
                .configure(chat())
                .dnsSays("192.0.2.20")
                .seconds(12);
        assertThat(world.decisions).isEmpty();

        world.make("paris", Behaviour.REFUSES).seconds(10);
        assertThat(world.decisions.get(world.decisions.size() - 1).chosen().label())
                .isEqualTo("tokyo");
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void aRecordThatNamesTheFirstServerIsConfirmedWithoutAMove() {
        world.configure(chat()).dnsSays("192.0.2.10").seconds(60);

        assertThat(world.decisions).hasSize(1);
        Decision decision = world.decisions.get(0);
        assertThat(decision.chosen().label()).isEqualTo("paris");
        assertThat(decision.previous().label()).isEqualTo("paris");
        assertThat(decision.events()).isEmpty();
    }

    @Test
    void aRecordThatNamesAnotherServerIsLeftAloneUntilFailback() {
        world.configure(chat(new Failback(Duration.ofMinutes(10), false))).dnsSays("192.0.2.20");

        world.run(Duration.ofMinutes(10));
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.seconds(15);
        assertThat(world.moves()).containsExactly("paris");
    }

    @Test
    void aForeignRecordIsToldAndTakenOver() {
        world.configure(chat(new Failback(Duration.ofMinutes(10), false)))
                .dnsSays("203.0.113.9")
                .seconds(5);

        assertThat(world.told()).containsExactly("FOREIGN", "DECIDED paris");
        assertThat(world.events().get(0).reason()).contains("203.0.113.9");
        assertThat(world.events().get(0).at()).isNotNull();
        assertThat(world.moves()).containsExactly("paris");
    }

    /** Before it is replaced people know what else it held: somebody may need it. */
    @Test
    void aRecordThatNamesAServerAndSomethingElseIsToldAndTakenOver() {
        world.configure(chat(new Failback(Duration.ofMinutes(10), false)))
                .dnsSays("192.0.2.10", "203.0.113.9")
                .seconds(5);

        assertThat(world.told()).containsExactly("FOREIGN", "DECIDED paris");
        assertThat(world.events().get(0).reason())
                .isEqualTo("it holds 192.0.2.10, 203.0.113.9, which is not one server of this queue");
        assertThat(world.decisions.get(0).events().get(0).kind()).isEqualTo(Event.Kind.FOREIGN);
        assertThat(world.moves()).containsExactly("paris");
    }

    @Test
    void aRecordThatNamesTwoServersIsToldAndNamesOne() {
        world.configure(chat(new Failback(Duration.ofMinutes(10), false)))
                .dnsSays("192.0.2.10", "192.0.2.20")
                .seconds(5);

        assertThat(world.told()).containsExactly("FOREIGN");
        assertThat(world.events().get(0).reason())
                .isEqualTo("it holds 192.0.2.10, 192.0.2.20, which are more servers of this queue than it is to name");
        // Of the move itself people are told once it has happened.
        assertThat(world.moves()).containsExactly("paris");
    }

    @Test
    void aRecordWithoutAnyValueIsNothingForeign() {
        world.configure(chat()).dnsSays().seconds(5);

        assertThat(world.told()).isEmpty();
        assertThat(world.moves()).containsExactly("paris");
    }

    @Test
    void allTypesAreHeardBeforeTheRecordCounts() {
        Server both = Fixtures.server("paris", Map.of(RecordType.A, "192.0.2.10", RecordType.AAAA, "2001:db8::10"));
        world.configure(changed(both, TOKYO)).dnsSays("192.0.2.20").seconds(5);
        assertThat(world.decisions).isEmpty();

        world.health.adopt(Fixtures.read(Fixtures.RECORD, RecordType.AAAA, List.of()));
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void onlyTheFirstTargetSaysWhatWasChosen() {
        Queue queue = Fixtures.queue(
                "chat", 1, Failback.AT_ONCE, List.of(Fixtures.target("he", "other.example"), NO_IP), PARIS);
        world.configure(queue).dnsSays("192.0.2.10").seconds(5);
        assertThat(world.chosen()).isNull();
    }

    @Test
    void aQueueWithoutPublishersIsDecidedAndToldAtOnce() {
        world.configure(Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(), PARIS, TOKYO))
                .seconds(5);
        assertThat(world.told()).containsExactly("DECIDED paris");
    }

    @Test
    void aServerThatCannotBeProbedHoldsNobodyUpForEver() {
        world.make("paris", Behaviour.UNPROBED).configure(chat()).dnsSays().seconds(10);
        assertThat(world.moves()).containsExactly("tokyo");
    }

    // How a move happens, and how long it takes

    @Test
    void aRefusingServerIsLeftWithinTheDocumentedTime() {
        running(chat());
        Duration bound = INTERVAL.plus(FAST.multipliedBy(FALL - 1)).plus(TIMEOUT);
        assertThat(timeToLeaveParis(Behaviour.REFUSES)).isLessThanOrEqualTo(withTicks(bound));
    }

    @Test
    void aSilentServerIsLeftWithinTheDocumentedTime() {
        running(chat());
        Duration bound = INTERVAL.plus(TIMEOUT)
                .plus(FAST.plus(TIMEOUT).multipliedBy(FALL - 1))
                .plus(TIMEOUT);
        assertThat(timeToLeaveParis(Behaviour.SILENT)).isLessThanOrEqualTo(withTicks(bound));
    }

    private Duration timeToLeaveParis(Behaviour behaviour) {
        while (world.probesOf("paris") == 0) {
            world.run(LATENCY);
        }
        Instant lastGood = world.steady.instant();
        world.run(LATENCY).make("paris", behaviour);
        while (!"tokyo".equals(world.chosen())) {
            world.run(LATENCY);
        }
        return Duration.between(lastGood, world.steady.instant());
    }

    /** Time passes in ticks here: each of the probes on the way may start one tick late. */
    private static Duration withTicks(Duration bound) {
        return bound.plus(TICK.plus(LATENCY).multipliedBy(FALL + 2));
    }

    @Test
    void aMoveToABetterServerBecauseTheOtherFailsIsNoReturn() {
        running(chat(Failback.BY_HAND));
        world.make("paris", Behaviour.REFUSES).make("tokyo", Behaviour.REFUSES).seconds(60);
        world.order(Order.Kind.FAILBACK, null, null, "");
        world.make("paris", Behaviour.UP).make("quebec", Behaviour.REFUSES).seconds(60);

        assertThat(world.moves()).containsExactly("quebec", "paris");
        assertThat(world.decisions.get(world.decisions.size() - 1).cause()).startsWith("quebec is down: ");
    }

    @Test
    void thatAllAreDownSaysOfEachWhy() {
        running(chat()).order(Order.Kind.MAINT, "tokyo", null, "new disk");
        world.make("paris", Behaviour.REFUSES).make("quebec", Behaviour.REFUSES).seconds(60);

        assertThat(world.events())
                .filteredOn(it -> it.kind() == Event.Kind.ALL_DOWN)
                .singleElement()
                .extracting(Event::reason)
                .isEqualTo("paris L4CON: refused; tokyo maint: new disk; quebec L4CON: refused");
    }

    @Test
    void theDecisionSaysWhyAndSinceWhen() {
        running(chat()).make("paris", Behaviour.REFUSES).seconds(20);

        Decision decision = world.decisions.get(world.decisions.size() - 1);
        assertThat(decision.chosen().label()).isEqualTo("tokyo");
        assertThat(decision.previous().label()).isEqualTo("paris");
        assertThat(decision.cause()).isEqualTo("paris is down: L4CON: refused");
        assertThat(decision.detected()).isEqualTo(world.server("paris").downSince());
        assertThat(decision.at())
                .isBetween(decision.detected(), decision.detected().plus(TICK.multipliedBy(3)));
        Event event = decision.events().get(decision.events().size() - 1);
        assertThat(event.kind()).isEqualTo(Event.Kind.DECIDED);
        assertThat(event.times())
                .isEqualTo(Map.of(Event.Step.DETECTED, decision.detected(), Event.Step.DECIDED, decision.at()));
    }

    /**
     * The record is to leave paris.
     *
     * @param foreseen whether the candidates are asked beside the probe that finds it down, which is still to come, or after one
     *     that took long
     */
    private void aMoveIsNear(boolean foreseen) {
        if (foreseen) {
            world.make("paris", Behaviour.REFUSES);
            while (world.server("paris").streak() > 1 - Fixtures.FALL) {
                world.run(LATENCY);
            }
        } else {
            world.make("paris", Behaviour.SILENT);
            while (world.server("paris").state() != ServerState.DOWN) {
                world.run(LATENCY);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void candidatesAreProbedAgainAndTheFirstThatPassesIsTaken(boolean foreseen) {
        running(chat());
        aMoveIsNear(foreseen);
        // Too lately for its regular probes to have seen it.
        world.make("tokyo", Behaviour.REFUSES);
        world.forget();
        world.run(foreseen ? FAST.plus(TICK.multipliedBy(2)) : Duration.ofSeconds(1));

        assertThat(world.moves()).containsExactly("quebec");
        assertThat(world.probesOf("tokyo")).isPositive();
        assertThat(world.probesOf("quebec")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "paris", "tokyo"})
    void candidatesAreAskedBesideTheProbeThatDecidesAndAgainOnlyAfterASignThatOneFails(String sign) {
        Queue queue = chat();
        running(queue);
        aMoveIsNear(true);
        pass(FAST);
        assertThat(due()).contains("paris", "tokyo", "quebec");
        pass(LATENCY);
        world.deliver(List.of(found("tokyo", ProbeOutcome.UP), found("quebec", ProbeOutcome.UP)));
        queue.servers().stream().filter(it -> it.name().equals(sign)).forEach(world.health::suspect);
        assertThat(due()).isEqualTo(sign.equals("tokyo") ? List.of("tokyo") : List.of());
        world.forget();

        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));

        if (!sign.equals("tokyo")) {
            assertThat(world.moves()).containsExactly("tokyo");
            return;
        }
        assertThat(world.moves()).isEmpty();
        pass(LATENCY);
        assertThat(due()).containsExactly("quebec");
        pass(LATENCY);
        world.deliver(List.of(found("tokyo", ProbeOutcome.DOWN), found("quebec", ProbeOutcome.UP)));
        assertThat(world.moves()).containsExactly("quebec");
    }

    @Test
    void whatACandidateSaysThatWasAskedBeforeASignDoesNotCount() {
        tokyoIsAskedJustBeforeTheOthers(
                () -> world.health.suspect(chat().servers().get(1)));
        pass(LATENCY);
        world.deliver(List.of(found("tokyo", ProbeOutcome.UP), found("quebec", ProbeOutcome.UP)));
        assertThat(due()).containsExactly("tokyo");
        pass(LATENCY);
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        assertThat(world.moves()).isEmpty();
        pass(LATENCY);
        world.deliver(List.of(found("tokyo", ProbeOutcome.DOWN), found("quebec", ProbeOutcome.UP)));
        assertThat(world.moves()).containsExactly("quebec");
    }

    @Test
    void aCandidateWhoseAnswerIsTakenInAfterItWasAskedAnewIsAskedAtOnce() {
        List<Verdict> stamped = new ArrayList<>();
        tokyoIsAskedJustBeforeTheOthers(
                () -> stamped.addAll(world.health.stamp(List.of(found("tokyo", ProbeOutcome.UP)))));
        world.health.decide(world.health.aggregate(stamped));
        pass(LATENCY);
        world.deliver(List.of(found("quebec", ProbeOutcome.UP), found("paris", ProbeOutcome.DOWN)));
        world.run(TICK.multipliedBy(2));
        assertThat(world.moves()).containsExactly("tokyo");
    }

    /** @param meanwhile happens after tokyo was asked, and before the probe that decides and the other candidates are begun */
    private void tokyoIsAskedJustBeforeTheOthers(Runnable meanwhile) {
        running(chat());
        aMoveIsNear(true);
        world.forget();
        pass(FAST.minus(LATENCY.multipliedBy(2)));
        world.health.suspect(chat().servers().get(1));
        assertThat(due()).containsExactly("tokyo");
        pass(LATENCY);
        meanwhile.run();
        pass(LATENCY);
        assertThat(due()).containsExactly("paris", "quebec");
    }

    @Test
    void afterTheFirstFailureCandidatesAreAskedBesideTheLastProbeOnly() {
        running(chat()).make("paris", Behaviour.REFUSES);
        while (world.server("paris").streak() >= 0) {
            world.run(LATENCY);
        }
        world.forget();
        while (world.moves().isEmpty()) {
            world.run(LATENCY);
        }
        assertThat(world.probesOf("tokyo")).isEqualTo(1);
        assertDecidedWhenDetected();
    }

    private void assertDecidedWhenDetected() {
        Decision move = world.decisions.get(0);
        // What comes together comes one after the other.
        assertThat(Duration.between(move.detected(), move.at())).isLessThan(Duration.ofNanos(10));
    }

    @Test
    void candidatesAreNotHuntedWhileTheOneThatIsNamedCannotBeProbed() {
        running(chat());
        aMoveIsNear(true);
        world.make("paris", Behaviour.UNPROBED);
        world.forget();
        world.run(Duration.ofMinutes(10));
        assertThat(world.moves()).isEmpty();
        assertThat(world.probesOf("tokyo")).isBetween(59L, 62L);
    }

    @Test
    void oneInDoubtThatCannotBeProbedIsNotAskedForEachAnswerOfTheOthers() {
        running(chat());
        List<String> all = List.of("paris", "tokyo", "quebec", "witness");
        all.forEach(it -> world.make(it, Behaviour.SILENT));
        world.run(Duration.ofMinutes(1));
        all.forEach(it -> world.make(it, Behaviour.UP));
        world.make("paris", Behaviour.UNPROBED).run(Duration.ofMinutes(1));
        world.forget();
        world.run(Duration.ofMinutes(10));
        assertThat(world.probesOf("paris")).isBetween(59L, 601L);
        assertThat(world.probesOf("tokyo")).isBetween(59L, 62L);
    }

    private void pass(Duration time) {
        world.steady.pass(time);
        world.wall.pass(time);
    }

    private List<String> due() {
        return world.health.due().stream()
                .map(Server::name)
                .sorted(Comparator.comparing("witness paris tokyo quebec"::indexOf))
                .toList();
    }

    private static Verdict found(String name, ProbeOutcome outcome) {
        Server server = chat().servers().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
        return outcome == ProbeOutcome.UP
                ? Verdict.of(server, Instant.EPOCH, outcome, ReasonCode.L4OK, "connected", Duration.ZERO)
                : Verdict.of(server, Instant.EPOCH, outcome, ReasonCode.L4CON, "refused", Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void candidatesThatAllFailAreNotMovedToAndNotHunted(boolean foreseen) {
        running(chat());
        aMoveIsNear(foreseen);
        world.make("tokyo", Behaviour.REFUSES).make("quebec", Behaviour.REFUSES);
        world.forget();
        world.run(Duration.ofMinutes(10));

        assertThat(world.moves()).isEmpty();
        assertThat(world.chosen()).isEqualTo("paris");
        // Three until it is down, then one an interval.
        assertThat(world.probesOf("tokyo")).isBetween(60L, 64L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFlakyCandidateIsNotAskedMoreOftenThanOneThatChangesState(boolean foreseen) {
        running(chat());
        aMoveIsNear(foreseen);
        world.make("tokyo", Behaviour.LOST).make("quebec", Behaviour.UNPROBED);
        world.forget();
        world.run(Duration.ofMinutes(1));
        assertThat(world.moves()).isEmpty();
        assertThat(world.probesOf("quebec")).isLessThanOrEqualTo(61);
    }

    // The way back

    @Test
    void failbackAtOnceFollowsTheRecovery() {
        running(chat()).make("paris", Behaviour.REFUSES).seconds(60);
        world.make("paris", Behaviour.UP).run(DOWN.plus(FAST.multipliedBy(2)).plus(TICK.multipliedBy(6)));
        assertThat(world.moves()).containsExactly("tokyo", "paris");
        Decision back = world.decisions.get(world.decisions.size() - 1);
        assertThat(back.downtime()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(100));
        assertThat(back.cause()).isEqualTo("paris is up again and preferred");
    }

    @Test
    void failbackWaitsForUnbrokenHealth() {
        running(chat(new Failback(Duration.ofMinutes(10), false)))
                .make("paris", Behaviour.REFUSES)
                .seconds(60);
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(9));
        world.make("paris", Behaviour.REFUSES).run(INTERVAL);
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(9));
        assertThat(world.moves()).containsExactly("tokyo");

        world.run(Duration.ofMinutes(2));
        assertThat(world.moves()).containsExactly("tokyo", "paris");
    }

    @Test
    void aServerThatFlapsDuringItsFailbackIsOneStory() {
        running(chat(new Failback(Duration.ofMinutes(10), false)))
                .make("paris", Behaviour.REFUSES)
                .seconds(60);
        for (int i = 0; i < 5; i++) {
            world.make("paris", Behaviour.UP).run(Duration.ofMinutes(1));
            world.make("paris", Behaviour.REFUSES).run(Duration.ofMinutes(1));
        }
        assertThat(world.told()).isEmpty();
    }

    // All down

    @Test
    void whenAllAreDownNothingMovesAndTheyAreAskedMoreOften() {
        running(chat());
        allDie();
        world.run(Duration.ofMinutes(2));
        assertThat(world.told()).containsExactly("ALL_DOWN");
        assertThat(world.events().stream().filter(it -> it.kind() == Event.Kind.ALL_DOWN))
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).contains("paris L4CON: refused", "quebec L4CON: refused"));

        world.forget();
        world.run(Duration.ofMinutes(1));
        assertThat(world.probesOf("paris")).isBetween(5L, 7L);
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void whenTheChosenServerIsBackAfterAllWereDownThatIsTold() {
        running(chat());
        allDie();
        world.run(Duration.ofMinutes(2));
        world.forget();
        world.make("paris", Behaviour.UP).seconds(30);

        assertThat(world.told()).containsExactly("RECOVERED paris");
        assertThat(world.events().stream()
                        .filter(Event::tell)
                        .findFirst()
                        .orElseThrow()
                        .downtime())
                .isGreaterThan(Duration.ofMinutes(1));
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void whenAnotherServerIsBackFirstTheRecordMovesThere() {
        running(chat());
        allDie();
        world.run(Duration.ofMinutes(2));
        world.forget();
        world.make("quebec", Behaviour.UP).seconds(30);

        assertThat(world.moves()).containsExactly("quebec");
        assertThat(world.told()).isEmpty();
        Decision move = world.decisions.get(world.decisions.size() - 1);
        // What made the difference is that it came back, not that paris had fallen long before.
        assertThat(move.detected()).isEqualTo(world.server("quebec").since());
        assertThat(move.downtime()).isGreaterThan(Duration.ofMinutes(1));
    }

    @Test
    void aServerThatCannotBeProbedIsNoHope() {
        running(changed(PARIS, TOKYO));
        world.configure(Fixtures.queue("chat", 3, Failback.AT_ONCE, List.of(NO_IP), PARIS, QUEBEC))
                .make("quebec", Behaviour.UNPROBED)
                .seconds(15);
        world.forget();
        world.make("paris", Behaviour.REFUSES).seconds(30);

        assertThat(world.told()).containsExactly("ALL_DOWN");
        world.make("paris", Behaviour.UP).seconds(30);
        assertThat(world.told()).containsExactly("ALL_DOWN", "RECOVERED paris");
    }

    /** The chosen one first: what happens to the others before that is a story of its own. */
    private void allDie() {
        world.make("paris", Behaviour.REFUSES);
        while (world.server("paris").state() != ServerState.FALLING) {
            world.run(LATENCY);
        }
        allRefuse();
    }

    private void allRefuse() {
        for (String server : List.of("paris", "tokyo", "quebec")) {
            world.make(server, Behaviour.REFUSES);
        }
    }

    // What is told

    @Test
    void theChosenServersFallIsToldWithTheMove() {
        running(chat()).make("paris", Behaviour.REFUSES).seconds(60);
        assertThat(world.told()).isEmpty();
        assertThat(world.events()).extracting(Event::kind).containsExactly(Event.Kind.SERVER_DOWN, Event.Kind.DECIDED);
    }

    @Test
    void theFallOfAServerThatCannotBeLeftIsTold() {
        running(chat());
        world.make("tokyo", Behaviour.UNPROBED).make("quebec", Behaviour.UNPROBED);
        world.seconds(30);
        world.forget();
        world.make("paris", Behaviour.REFUSES).seconds(60);
        assertThat(world.told()).isEmpty();
        world.run(Duration.ofMinutes(30));
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(world.told()).containsExactly("SERVER_DOWN paris");
    }

    @Test
    void ofALossyServerItIsSaidHowMuchItLoses() {
        running(chat());
        world.forget();
        boolean answers = false;
        for (; world.told().isEmpty(); answers = !answers) {
            world.make("tokyo", answers ? Behaviour.UP : Behaviour.REFUSES);
            long probes = world.probesOf("tokyo");
            while (world.probesOf("tokyo") == probes) {
                world.run(TICK);
            }
            world.run(TICK);
        }
        assertThat(world.events()).hasSize(1).first().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Event.Kind.SERVER_DOWN);
            assertThat(it.reason()).isEqualTo("10 of its last 20 probes failed");
        });
    }

    @Test
    void anotherServersFallAndRecoveryAreToldOnce() {
        running(chat()).make("tokyo", Behaviour.REFUSES).run(Duration.ofMinutes(3));
        assertThat(world.told()).containsExactly("SERVER_DOWN tokyo");

        world.make("tokyo", Behaviour.UP).run(Duration.ofMinutes(3));
        assertThat(world.told()).containsExactly("SERVER_DOWN tokyo", "SERVER_UP tokyo");
        Event up = world.events().get(world.events().size() - 1);
        assertThat(up.downtime()).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(4));
    }

    @Test
    void aFallThatTheMoveDoesNotTellOfIsToldAfterIt() {
        running(chat()).make("tokyo", Behaviour.LOST);
        aMoveIsNear(false);
        world.make("quebec", Behaviour.REFUSES).seconds(5);
        assertThat(world.server("quebec").state()).isEqualTo(ServerState.DOWN);
        assertThat(world.told()).isEmpty();

        world.make("tokyo", Behaviour.UP);
        world.seconds(30);
        assertThat(world.moves()).containsExactly("tokyo");
        assertThat(world.told()).containsExactly("SERVER_DOWN quebec");
    }

    @Test
    void aFirstVerdictThatIsBadIsTold() {
        world.make("tokyo", Behaviour.REFUSES)
                .configure(chat())
                .dnsSays("192.0.2.10")
                .seconds(30);
        assertThat(world.told()).containsExactly("SERVER_DOWN tokyo");
    }

    @Test
    void aRestartTellsNobodyWhatWasKnown() {
        Instant before = world.wall.instant().minusSeconds(3600);
        allRefuse();
        world.configure(Map.of("chat/paris", before, "chat/tokyo", before, "chat/quebec", before), chat())
                .dnsSays("192.0.2.10")
                .seconds(60);
        assertThat(world.told()).isEmpty();

        world.make("paris", Behaviour.UP).seconds(30);
        assertThat(world.told()).containsExactly("RECOVERED paris");
    }

    @Test
    void whatCameBackWhileTheProgramWasNotRunningIsTold() {
        Instant before = world.wall.instant().minusSeconds(3600);
        world.configure(Map.of("chat/tokyo", before), chat())
                .dnsSays("192.0.2.10")
                .seconds(30);
        assertThat(world.told()).containsExactly("SERVER_UP tokyo");
        assertThat(world.events().get(0).downtime()).isGreaterThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatCameBackBeforeTheRecordWasHeardIsToldThen() {
        Instant before = world.wall.instant().minusSeconds(3600);
        world.configure(Map.of("chat/paris", before, "chat/tokyo", before), chat())
                .seconds(30);
        assertThat(world.told()).isEmpty();

        world.dnsSays("192.0.2.10").seconds(30);
        assertThat(world.told()).containsExactly("SERVER_UP paris", "SERVER_UP tokyo");
    }

    @Test
    void aStartWithoutTroubleHasNoEvents() {
        world.configure(chat()).dnsSays("192.0.2.10").seconds(30);
        assertThat(world.events()).isEmpty();
    }

    @Test
    void ourOwnTroubleIsToldOnceForAQueue() {
        running(chat());
        for (String server : List.of("paris", "tokyo", "quebec")) {
            world.make(server, Behaviour.UNPROBED);
        }
        world.run(Duration.ofMinutes(5));
        assertThat(world.told()).hasSize(1).first().asString().startsWith("SERVER_UNKNOWN");
        assertThat(world.events()).hasSize(3);
        assertThat(world.server("paris").state()).isEqualTo(ServerState.UP);
        assertThat(world.events().get(0).reason()).isEqualTo("SOCKERR: the probe could not be made");
    }

    @Test
    void oneServersTroubleIsNotForgottenBecauseItsNeighbourIsWell() {
        running(chat()).make("paris", Behaviour.UNPROBED).run(Duration.ofMinutes(2));
        world.make("quebec", Behaviour.UNPROBED).run(Duration.ofMinutes(2));
        assertThat(world.told()).containsExactly("SERVER_UNKNOWN paris");
    }

    // Another configuration

    @Test
    void serversThatDidNotChangeKeepTheirHealth() {
        running(chat()).make("tokyo", Behaviour.REFUSES).seconds(30);
        world.configure(changed(PARIS, TOKYO));

        assertThat(world.server("paris").state()).isEqualTo(ServerState.UP);
        assertThat(world.server("tokyo").state()).isEqualTo(ServerState.DOWN);
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(world.server("paris").server().revision()).isEqualTo(2);
    }

    @Test
    void aQueueWithoutAPublisherKeepsItsChoice() {
        world.configure(Fixtures.queue("chat", 1, Failback.BY_HAND, List.of(), PARIS, TOKYO))
                .seconds(15);
        world.make("paris", Behaviour.REFUSES)
                .seconds(30)
                .make("paris", Behaviour.UP)
                .seconds(30);
        assertThat(world.chosen()).isEqualTo("tokyo");

        world.configure(Fixtures.queue("chat", 2, Failback.BY_HAND, List.of(), PARIS, TOKYO));
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void familiesThatAreApartKeepTheirChoices() {
        Queue apart = Settings.queue("families: apart, paris: ipv4 + ipv6, tokyo: ipv4 + ipv6");
        world.configure(apart);
        world.health.adopt(Fixtures.read(Fixtures.RECORD, RecordType.A, List.of("192.0.2.10")));
        world.health.adopt(Fixtures.read(Fixtures.RECORD, RecordType.AAAA, List.of("2001:db8::10")));
        world.seconds(15).make("paris/ipv6", Behaviour.REFUSES).seconds(30);
        String chosen = world.chosen();
        assertThat(chosen).isEqualTo("paris/ipv4, tokyo/ipv6");

        assertThat(world.configure(apart).chosen()).isEqualTo(chosen);
    }

    @Test
    void aServerThatKeptItsNameIsNamedThoughAnotherHasItsAddressNow() {
        running(chat());
        Server elsewhere = Fixtures.server("paris", "192.0.2.99");
        world.configure(changed(Fixtures.server("lyon", "192.0.2.10"), elsewhere, TOKYO));
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void aChosenServerThatIsRemovedIsLeft() {
        running(chat()).configure(changed(TOKYO, QUEBEC)).seconds(15);
        assertThat(world.moves()).containsExactly("tokyo");
        Decision move = world.decisions.get(world.decisions.size() - 1);
        assertThat(move.cause()).isEqualTo("paris is no longer in the queue");
        assertThat(move.previous().label()).isEqualTo("paris");
    }

    @Test
    void aServersNewAddressIsPublishedOnceItIsUpThere() {
        Server elsewhere = new Server(
                "chat",
                2,
                "paris",
                Map.of(RecordType.A, "192.0.2.99"),
                "probe:tcp",
                "192.0.2.99",
                5222,
                "",
                "x",
                TIMEOUT);
        running(chat()).configure(changed(elsewhere, TOKYO));
        assertThat(world.server("paris").state()).isEqualTo(ServerState.UNKNOWN);
        world.seconds(5);

        assertThat(world.decisions).hasSize(1);
        assertThat(world.decisions.get(0).chosen().values()).containsEntry(RecordType.A, List.of("192.0.2.99"));
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void aServersNewAddressIsNotPublishedWhereItCannotBeProbed() {
        Server elsewhere = new Server(
                "chat",
                2,
                "paris",
                Map.of(RecordType.A, "192.0.2.99"),
                "probe:tcp",
                "192.0.2.99",
                5222,
                "",
                "x",
                TIMEOUT);
        running(chat());
        world.make("paris", Behaviour.UNPROBED)
                .configure(changed(elsewhere, TOKYO))
                .seconds(60);
        assertThat(world.decisions).noneMatch(it -> it.chosen() != null);

        world.make("paris", Behaviour.UP).seconds(15);
        assertThat(world.decisions.get(world.decisions.size() - 1).chosen().values())
                .containsEntry(RecordType.A, List.of("192.0.2.99"));
    }

    @Test
    void aFurtherAddressIsNoReasonToGoBack() {
        Failback byHand = Failback.BY_HAND;
        world.configure(Fixtures.queue("chat", 1, byHand, List.of(NO_IP), PARIS, TOKYO))
                .dnsSays("192.0.2.20")
                .run(Duration.ofMinutes(3));
        Server both = Fixtures.server("paris", Map.of(RecordType.A, "192.0.2.10", RecordType.AAAA, "2001:db8::10"));
        world.configure(Fixtures.queue("chat", 2, byHand, List.of(NO_IP), both, TOKYO))
                .seconds(30);
        assertThat(world.chosen()).isEqualTo("tokyo");
        assertThat(world.decisions.get(world.decisions.size() - 1).chosen().values())
                .isEqualTo(Map.of(RecordType.A, List.of("192.0.2.20"), RecordType.AAAA, List.of()));
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void anotherRecordIsHeardBeforeAnythingIsDecidedAboutIt() {
        PublishTarget other = Fixtures.target("no-ip", "other.example");
        running(chat())
                .configure(Fixtures.queue("chat", 2, Failback.AT_ONCE, List.of(other), PARIS, TOKYO))
                .seconds(30);
        assertThat(world.decisions).isEmpty();
        assertThat(world.chosen()).isNull();
    }

    @Test
    void aRecordThatWasMovedAlongIsKnown() {
        PublishTarget other = Fixtures.target("he", "other.example");
        running(Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(NO_IP, other), PARIS, TOKYO))
                .configure(Fixtures.queue("chat", 2, Failback.AT_ONCE, List.of(other), PARIS, TOKYO));
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void aQueueThatIsGoneIsNotProbed() {
        running(chat()).configure().seconds(60);
        assertThat(world.probes).isEmpty();
        assertThat(world.health.views()).isEmpty();
    }

    // Verdicts that change nothing

    @Test
    void whileAllIsCalmAVerdictHasNothingDecided() {
        running(chat()).seconds(60);
        for (Server it : List.of(PARIS, TOKYO, QUEBEC)) {
            Verdict up = Verdict.of(
                    it, world.steady.instant(), ProbeOutcome.UP, ReasonCode.L4OK, "connected", Duration.ZERO);
            assertThat(world.health.aggregate(world.health.stamp(List.of(up)))).isEmpty();
        }
    }

    // Verdicts that do not count

    @Test
    void verdictsThatAreOldOrAboutNothingAreIgnored() {
        running(chat());
        Server paris = world.server("paris").server();
        Verdict last = world.server("paris").last();
        Verdict down = new Verdict(
                "chat",
                "paris",
                1,
                0,
                last.at(),
                ProbeOutcome.DOWN,
                last.code(),
                "late",
                Duration.ZERO,
                Map.of(),
                null);

        assertThat(world.health.aggregate(List.of(
                        down.stamped(last.sequence(), last.at()), down.stamped(last.sequence() - 1, last.at()))))
                .isEmpty();
        Verdict other = new Verdict(
                "mail",
                "paris",
                1,
                9999,
                last.at(),
                ProbeOutcome.DOWN,
                last.code(),
                "?",
                Duration.ZERO,
                Map.of(),
                null);
        assertThat(world.health.aggregate(List.of(other))).isEmpty();

        world.configure(changed(PARIS, TOKYO));
        Verdict gone = Verdict.of(QUEBEC, last.at(), ProbeOutcome.DOWN, last.code(), "gone", Duration.ZERO);
        assertThat(world.health.aggregate(world.health.stamp(List.of(down, gone))))
                .isEmpty();
        assertThat(world.server("paris").state()).isEqualTo(ServerState.UP);
        assertThat(paris.revision()).isEqualTo(1);
    }

    // Verdicts that come together

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatHappensInOneMomentIsToldWhole(boolean apart) {
        running(chat());
        if (apart) {
            world.apart();
        }
        world.make("paris", Behaviour.REFUSES)
                .make("tokyo", Behaviour.REFUSES)
                .make("quebec", Behaviour.REFUSES)
                .seconds(60);
        assertThat(world.told()).containsExactly("ALL_DOWN");
        world.make("paris", Behaviour.UP)
                .make("tokyo", Behaviour.UP)
                .make("quebec", Behaviour.UP)
                .seconds(60);
        // Whether it is the first that comes back is a matter of moments.
        assertThat(world.told().stream().map(it -> it.replace("RECOVERED", "SERVER_UP")))
                .containsExactlyInAnyOrder("ALL_DOWN", "SERVER_UP paris", "SERVER_UP tokyo", "SERVER_UP quebec");
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void theLastIsDownWhenTheFirstIsUpAgain() {
        running(chat())
                .make("paris", Behaviour.REFUSES)
                .make("tokyo", Behaviour.REFUSES)
                .seconds(60);
        world.forget();
        List<Verdict> together = new ArrayList<>();
        world.make("quebec", Behaviour.REFUSES);
        while (world.server("quebec").streak() > 1 - Fixtures.FALL) {
            world.run(LATENCY);
        }
        world.make("quebec", Behaviour.LOST).seconds(1).forget();
        together.add(verdict(QUEBEC, ProbeOutcome.DOWN, ReasonCode.L4CON));
        together.add(verdict(PARIS, ProbeOutcome.UP, ReasonCode.L4OK));
        together.add(verdict(PARIS, ProbeOutcome.UP, ReasonCode.L4OK));
        world.deliver(together);

        assertThat(world.told()).containsExactly("ALL_DOWN");
        world.make("paris", Behaviour.UP).make("quebec", Behaviour.REFUSES).seconds(60);
        assertThat(world.moves()).containsExactly("paris");
    }

    /** However verdicts are bundled, where it ends is the same. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void togetherOrApartTheSameServerIsChosen(long seed) {
        World apart = new World().apart();
        for (World it : List.of(world, apart)) {
            Random random = new Random(seed);
            it.configure(chat()).dnsSays("192.0.2.10");
            for (int i = 0; i < 200; i++) {
                String server = List.of("paris", "tokyo", "quebec").get(random.nextInt(3));
                it.make(server, Behaviour.values()[random.nextInt(4)]).seconds(1 + random.nextInt(40));
            }
        }
        assertThat(world.chosen()).isEqualTo(apart.chosen());
        assertThat(world.told()).isEqualTo(apart.told());
        assertThat(world.moves()).isEqualTo(apart.moves());
    }

    private static Verdict verdict(Server server, ProbeOutcome outcome, ReasonCode code) {
        return Verdict.of(server, Instant.EPOCH, outcome, code, "said so", Duration.ZERO);
    }

    // The schedule

    @Test
    void aServerIsNotDueWhileItsProbeIsUnderWay() {
        world.make("paris", Behaviour.LOST).configure(chat()).seconds(12);
        assertThat(world.probesOf("paris")).isEqualTo(1);
    }

    @Test
    void aProbeThatGotLostIsMadeAgain() {
        world.make("paris", Behaviour.LOST).configure(chat()).seconds(14);
        assertThat(world.probesOf("paris")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"UP", "REFUSES", "SILENT", "UNPROBED"})
    void noServerStarves(Behaviour ofTheOthers) {
        world.make("paris", ofTheOthers)
                .make("tokyo", ofTheOthers)
                .configure(chat())
                .dnsSays();
        world.run(Duration.ofMinutes(10));
        assertThat(world.probesOf("quebec")).isBetween(60L, 70L);
    }

    @Test
    void upServersKeepTheirRhythm() {
        running(chat()).run(Duration.ofMinutes(10));
        assertThat(world.probesOf("paris")).isEqualTo(60);
    }

    @Test
    void downServersAreAskedLessOften() {
        running(chat()).make("quebec", Behaviour.REFUSES).seconds(60);
        world.forget();
        world.run(Duration.ofMinutes(10));
        assertThat(world.probesOf("quebec")).isEqualTo(20);
    }

    @Test
    void fewServersAreAskedAtOnceAndManySpreadOverTime() {
        world.configure(many(200));
        // And the witness.
        assertThat(world.health.due()).hasSize(201);

        World crowded = new World().configure(many(1000));
        assertThat(crowded.health.due()).hasSizeLessThan(10);
        crowded.seconds(10);
        Map<Instant, Long> ticks =
                crowded.probes.stream().collect(Collectors.groupingBy(World.Probe::at, Collectors.counting()));
        assertThat(ticks.values()).hasSizeGreaterThan(45).allMatch(it -> it < 70);
        // Each once, and again while its state is not known.
        assertThat(crowded.probes).hasSizeBetween(2_000, 2_500);
        assertThat(crowded.probes.stream().map(it -> it.server().name()).distinct())
                .hasSizeBetween(950, 1_001);
    }

    private static Queue many(int servers) {
        return Fixtures.queue(
                "chat",
                1,
                Failback.AT_ONCE,
                List.of(NO_IP),
                IntStream.range(0, servers)
                        .mapToObj(it -> Fixtures.server("s" + it, "192.0.2.1"))
                        .toArray(Server[]::new));
    }

    @Test
    void aSignThatAServerFailsMakesItDueAndMeansNothing() {
        running(chat());
        world.seconds(11);
        Server paris = chat().servers().get(0);
        world.forget();
        assertThat(world.health.urgent()).isFalse();
        world.health.suspect(paris);
        assertThat(world.health.urgent()).isTrue();
        assertThat(world.health.urgent()).isFalse();
        assertThat(world.health.due()).extracting(Server::name).containsExactly("paris");
        // Its probe may have missed what happens while it is under way.
        world.health.suspect(paris);
        assertThat(world.health.due()).isEmpty();
        world.health.aggregate(world.health.stamp(List.of(
                Verdict.of(paris, Instant.EPOCH, ProbeOutcome.UP, ReasonCode.L7OK, "status 200", Duration.ZERO))));
        assertThat(world.health.due()).extracting(Server::name).containsExactly("paris");
        assertThat(world.server("paris").state()).isEqualTo(ServerState.UP);
        assertThat(world.events()).isEmpty();
        // Not of a server that is another one by now.
        world.health.suspect(paris.revised(99));
        world.health.suspect(Fixtures.server("nobody", "192.0.2.99"));
        assertThat(world.health.due()).isEmpty();
    }

    @Test
    void whereOneFailureIsEnoughASignHasThoseAskedWhoCouldServe() {
        oneFailureIsEnough();
        world.health.suspect(chat().servers().get(0));
        assertThat(due()).containsExactly("paris", "tokyo", "quebec");
        pass(LATENCY);
        // What it says in doubt means nothing, and another sign has nobody asked before somebody answers.
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        assertThat(due()).containsExactly("witness");
        world.health.suspect(chat().servers().get(0));
        assertThat(due()).isEmpty();
        pass(LATENCY);
        world.deliver(List.of(found("tokyo", ProbeOutcome.UP)));
        assertThat(world.health.urgent()).isTrue();
        assertThat(due()).containsExactly("paris");
        pass(LATENCY);
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        assertThat(world.moves()).containsExactly("tokyo");
    }

    @Test
    void whereOneFailureIsEnoughItHasThoseAskedWhoCouldServe() {
        oneFailureIsEnough();
        world.seconds(20);
        pass(LATENCY);
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        assertThat(due()).containsExactly("witness", "tokyo", "quebec");
        pass(LATENCY);
        world.deliver(List.of(found("tokyo", ProbeOutcome.UP)));
        assertThat(due()).containsExactly("paris");
        pass(LATENCY);
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        assertThat(world.moves()).containsExactly("tokyo");
        assertDecidedWhenDetected();
    }

    @Test
    void whoAnsweredBeforeTheFailureIsAskedAgainForThatSaysNothingOfOurLink() {
        oneFailureIsEnough();
        world.health.suspect(chat().servers().get(0));
        assertThat(due()).containsExactly("paris", "tokyo", "quebec");
        pass(LATENCY);
        world.deliver(List.of(
                found("tokyo", ProbeOutcome.UP), found("quebec", ProbeOutcome.UP), found("paris", ProbeOutcome.DOWN)));
        assertThat(due()).containsExactly("witness", "tokyo", "quebec");
    }

    @Test
    void whereOneFailureIsEnoughWhoAnswersRightAfterItIsNotAskedAgain() {
        oneFailureIsEnough();
        world.make("paris", Behaviour.REFUSES);
        while (world.server("paris").streak() >= 0) {
            world.run(LATENCY);
        }
        world.forget();
        while (world.moves().isEmpty()) {
            world.run(LATENCY);
        }
        assertThat(world.probesOf("paris")).isEqualTo(1);
        assertThat(world.probesOf("tokyo")).isZero();
        assertDecidedWhenDetected();
    }

    /** Its first probe was begun while nothing had answered, and ends when something has. */
    @Test
    void oneThatIsNoLongerInDoubtWaitsForNoTick() {
        oneFailureIsEnough();
        world.health.suspect(chat().servers().get(0));
        due();
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        pass(Settings.queue("").pace().interval());
        assertThat(due()).contains("paris");
        world.deliver(List.of(found("quebec", ProbeOutcome.UP)));
        assertThat(world.health.urgent()).isTrue();
        world.deliver(List.of(found("paris", ProbeOutcome.DOWN)));
        assertThat(world.health.urgent()).isTrue();
        assertThat(due()).contains("paris");
    }

    private void oneFailureIsEnough() {
        running(Settings.queue("fall: 1"));
        world.seconds(11);
    }

    @Test
    void onlyWhereTheQueueSaysSoAreServersGuarded() {
        Queue plain = chat();
        world.configure(plain);
        assertThat(world.health.guarded()).isEmpty();
        Queue.Pace pace = plain.pace();
        Queue guarded = new Queue(
                plain.name(),
                plain.revision() + 1,
                plain.record(),
                plain.alias(),
                plain.srv(),
                plain.ttl(),
                plain.servers(),
                new Queue.Pace(pace.interval(), pace.fast(), pace.down(), pace.timeout(), true),
                plain.rules(),
                plain.witnesses(),
                plain.quiet(),
                plain.targets(),
                plain.notifiers());
        world.configure(guarded);
        assertThat(world.health.guarded()).extracting(Server::name).containsExactly("paris", "tokyo", "quebec");
    }

    @Test
    void itSaysHowLongNobodyHasAskedForProbes() {
        assertThat(world.health.idle()).isNull();
        world.health.due();
        world.steady.pass(Duration.ofSeconds(7));
        assertThat(world.health.idle()).isEqualTo(Duration.ofSeconds(7));
    }

    // Two clocks

    @Test
    void afterTheSystemsClockWasSetPeopleReadItsTime() {
        Duration step = Duration.ofHours(3);
        running(chat());
        world.wall.pass(step);
        world.make("paris", Behaviour.REFUSES).seconds(30);

        assertThat(world.moves()).containsExactly("tokyo");
        Instant now = world.wall.instant();
        Decision decision = world.decisions.get(world.decisions.size() - 1);
        assertThat(decision.at()).isBetween(now.minusSeconds(30), now);
        assertThat(decision.detected()).isBetween(now.minusSeconds(30), now);
        assertThat(world.events())
                .allSatisfy(it -> assertThat(it.at()).isBetween(now.minusSeconds(30), now))
                .allSatisfy(it -> assertThat(it.times().values())
                        .allSatisfy(at -> assertThat(at).isBetween(now.minusSeconds(30), now)));
        assertThat(world.server("paris").downSince()).isBetween(now.minusSeconds(30), now);
        assertThat(world.health.views().get(0).at()).isEqualTo(now);
    }

    @Test
    void differencesTooSmallToMatterChangeNothing() {
        world.wall.pass(Duration.ofMillis(999));
        running(chat()).make("paris", Behaviour.REFUSES).seconds(30);
        assertThat(world.decisions.get(0).at()).isBefore(world.steady.instant());
        assertThat(world.server("paris").downSince())
                .isEqualTo(world.decisions.get(world.decisions.size() - 1).detected());
        assertThat(world.health.views().get(0).at()).isEqualTo(world.steady.instant());
    }

    @Test
    void whatWasStoredIsReadInTheSameTime() {
        world.wall.pass(Duration.ofHours(3));
        Instant before = world.wall.instant().minus(Duration.ofHours(1));
        world.configure(Map.of("chat/tokyo", before), chat())
                .dnsSays("192.0.2.10")
                .seconds(30);
        assertThat(world.events().get(0).downtime()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
    }
}
