package dev.firstup.health;

import static dev.firstup.Fixtures.NO_IP;
import static dev.firstup.Fixtures.TIMEOUT;
import static dev.firstup.Fixtures.WITNESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Event;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkMonitorTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Server OTHER =
            new Server("", 0, "other", Map.of(), "probe:tcp", "192.0.2.54", 53, "", "192.0.2.54", TIMEOUT);
    /** The interval and the time-out of the queue. */
    private static final int PATIENCE = 13;

    private static final int QUARTER = 15 * 60;

    private final LinkMonitor link = new LinkMonitor(START);
    private long sequence;

    private static Queue queue(Duration interval, Server... witnesses) {
        Queue it = Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(NO_IP), Fixtures.server("paris", "192.0.2.10"));
        return new Queue(
                it.name(),
                1,
                it.record(),
                null,
                List.of(),
                it.ttl(),
                it.servers(),
                new Queue.Pace(interval, Fixtures.FAST, Fixtures.DOWN, TIMEOUT),
                it.rules(),
                List.of(witnesses),
                List.of(),
                it.targets(),
                List.of());
    }

    private List<Server> witnesses = List.of();

    private LinkMonitor with(Server... witnesses) {
        this.witnesses = List.of(witnesses);
        link.configure(List.of(queue(Fixtures.INTERVAL, witnesses)), START);
        return link;
    }

    private static Instant at(double seconds) {
        return START.plusMillis(Math.round(seconds * 1000));
    }

    private List<String> due(double seconds) {
        List<Server> batch = new ArrayList<>();
        link.due(at(seconds), batch);
        return batch.stream().map(Server::name).toList();
    }

    /** @param who a server as {@code QUEUE/SERVER}, or a witness */
    private void answered(String who, double seconds) {
        int slash = who.indexOf('/');
        String queue = who.substring(0, Math.max(slash, 0));
        link.answered(new Verdict(
                queue,
                who.substring(slash + 1),
                1,
                1,
                at(seconds),
                ProbeOutcome.UP,
                ReasonCode.L4OK,
                "connected",
                TIMEOUT,
                Map.of(),
                null));
    }

    private boolean verdict(Server witness, ProbeOutcome outcome, double seconds) {
        Verdict it = Verdict.of(witness, START, outcome, ReasonCode.L4TOUT, "no answer", TIMEOUT);
        return link.witnessed(it.stamped(++sequence, at(seconds)));
    }

    private List<Event> news(double seconds) {
        return link.news(at(seconds));
    }

    private List<Event.Kind> kinds(double seconds) {
        return news(seconds).stream().map(Event::kind).toList();
    }

    // When witnesses are asked

    @Test
    void aWitnessIsAskedAtOnceAndThenOnceAMinute() {
        with(WITNESS);
        assertThat(due(0)).containsExactly("witness");
        assertThat(due(0)).isEmpty();
        verdict(WITNESS, ProbeOutcome.UP, 0.5);
        assertThat(due(60.499)).isEmpty();
        assertThat(link.soonest()).isEqualTo(at(60.5));
        assertThat(due(60.5)).containsExactly("witness");
    }

    @Test
    void aWitnessThatFailsWhileOthersAnswerIsNotHunted() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        // It may be our own link; but then something else answers.
        assertThat(due(3)).containsExactly("witness");
        answered("chat/paris", 4);
        verdict(WITNESS, ProbeOutcome.DOWN, 6);
        assertThat(due(65.999)).isEmpty();
        assertThat(due(66)).containsExactly("witness");
    }

    @Test
    void aProbeThatGotLostIsMadeAgainTenSecondsAfterItsTimeOut() {
        with(WITNESS);
        due(0);
        assertThat(link.soonest()).isEqualTo(at(13));
        assertThat(due(12.999)).isEmpty();
        assertThat(due(13)).containsExactly("witness");
    }

    @Test
    void inDoubtAWitnessIsAskedAtOnceButNotTwiceInASecond() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.UP, 0.1);
        link.doubt(at(0.4), witnesses);
        assertThat(link.soonest()).isEqualTo(at(1));
        assertThat(due(0.999)).isEmpty();
        assertThat(due(1)).containsExactly("witness");

        verdict(WITNESS, ProbeOutcome.UP, 1.1);
        link.doubt(at(7), witnesses);
        assertThat(due(7)).containsExactly("witness");
    }

    @Test
    void whereNothingHasAnsweredForASecondThoseOfOtherQueuesAreAskedToo() {
        with(WITNESS, OTHER);
        due(0);
        verdict(WITNESS, ProbeOutcome.UP, 0.5);
        verdict(OTHER, ProbeOutcome.UP, 0.5);
        answered("chat/paris", 0.5);
        link.doubt(at(1.4), List.of(WITNESS));
        assertThat(due(1.5)).containsExactly("witness");
        verdict(WITNESS, ProbeOutcome.UP, 1.5);

        link.doubt(at(4), List.of(WITNESS));
        assertThat(due(4)).containsExactly("witness", "other");
    }

    @Test
    void oneThatIsDueAnywayIsNotPutOff() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.UP, 0);
        assertThat(due(20)).isEmpty();
        link.doubt(at(70), witnesses);
        assertThat(link.soonest()).isEqualTo(at(60));
    }

    @Test
    void whileSomebodyDoubtsAWitnessThatFailsIsAskedEachSecond() {
        with(WITNESS);
        due(0);
        link.doubt(at(0.05), witnesses);
        verdict(WITNESS, ProbeOutcome.DOWN, 0.1);
        assertThat(due(0.999)).isEmpty();
        assertThat(due(1)).containsExactly("witness");
        verdict(WITNESS, ProbeOutcome.DOWN, 1.5);
        assertThat(due(1.999)).isEmpty();
        assertThat(due(2)).containsExactly("witness");
        verdict(WITNESS, ProbeOutcome.UP, 2.1);
        answered("witness", 2.1);
        assertThat(due(62.099)).isEmpty();
        assertThat(due(62.1)).containsExactly("witness");
    }

    @Test
    void witnessesOfSeveralQueuesAreAskedOnceAndKeptByAnotherConfiguration() {
        link.configure(List.of(queue(Fixtures.INTERVAL, WITNESS), queue(Fixtures.INTERVAL, WITNESS, OTHER)), START);
        assertThat(due(0)).containsExactly("witness", "other");
        verdict(WITNESS, ProbeOutcome.UP, 0.1);
        verdict(OTHER, ProbeOutcome.UP, 0.1);

        Server moved = new Server("", 0, "other", Map.of(), "probe:tcp", "192.0.2.55", 53, "", "192.0.2.55", TIMEOUT);
        link.configure(List.of(queue(Fixtures.INTERVAL, WITNESS, moved)), at(1));
        assertThat(due(1)).containsExactly("other");
        link.configure(List.of(), at(2));
        assertThat(due(100)).isEmpty();
    }

    @Test
    void verdictsThatAreOldOrAboutNoWitnessAreIgnored() {
        with(WITNESS);
        due(0);
        Verdict up = Verdict.of(WITNESS, START, ProbeOutcome.UP, ReasonCode.L4OK, "connected", TIMEOUT);
        assertThat(link.witnessed(up.stamped(5, at(1)))).isTrue();
        assertThat(link.witnessed(up.stamped(5, at(2)))).isFalse();
        assertThat(link.witnessed(up.stamped(4, at(2)))).isFalse();
        assertThat(link.witnessed(up.stamped(6, at(2)))).isTrue();
        sequence = 6;
        assertThat(verdict(WITNESS, ProbeOutcome.DOWN, 3)).isFalse();
        assertThat(verdict(OTHER, ProbeOutcome.UP, 3)).isFalse();
    }

    // Stasis

    @Test
    void answersAreRememberedByTheNewest() {
        answered("paris", 5);
        answered("tokyo", 3);
        assertThat(link.answeredAfter(at(4.999))).isTrue();
        assertThat(link.answeredAfter(at(5))).isFalse();
    }

    @Test
    void itIsStasisExactlyWhenIntervalAndTimeOutHavePassed() {
        with(WITNESS);
        due(0);
        link.doubt(at(2), witnesses);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        assertThat(kinds(PATIENCE - 0.001)).isEmpty();
        assertThat(link.stasis()).isNull();
        assertThat(news(PATIENCE)).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Event.Kind.STASIS);
            assertThat(it.reason()).isEqualTo("no server of any queue and no witness has answered for 13 s");
            assertThat(it.queue()).isEmpty();
            assertThat(it.at()).isEqualTo(at(PATIENCE));
            assertThat(it.tell()).isTrue();
        });
        assertThat(link.stasis()).isEqualTo(at(PATIENCE));
    }

    @Test
    void theQuickestQueueSaysHowLongThatIs() {
        link.configure(
                List.of(queue(Duration.ofSeconds(10)), queue(Duration.ofSeconds(2)), queue(Duration.ofSeconds(30))),
                START);
        link.doubt(at(1), witnesses);
        assertThat(kinds(4.999)).isEmpty();
        assertThat(kinds(5)).containsExactly(Event.Kind.STASIS);
    }

    @Test
    void aWitnessThatFailsIsDoubtEnough() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        assertThat(kinds(PATIENCE)).containsExactly(Event.Kind.STASIS);
    }

    @Test
    void withoutAnyDoubtItIsNone() {
        with(WITNESS);
        assertThat(kinds(1000)).isEmpty();
        due(1000);
        verdict(WITNESS, ProbeOutcome.DOWN, 1003);
        answered("chat/paris", 1004);
        assertThat(kinds(2000)).isEmpty();
    }

    @Test
    void everyWitnessMustHaveFailedSinceTheLastAnswer() {
        with(WITNESS, OTHER);
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        answered("paris", 4);
        link.doubt(at(5), witnesses);
        verdict(OTHER, ProbeOutcome.DOWN, 6);
        assertThat(kinds(60)).isEmpty();
        verdict(WITNESS, ProbeOutcome.DOWN, 61);
        assertThat(kinds(61)).containsExactly(Event.Kind.STASIS);
    }

    @Test
    void itIsToldAgainExactlyEachQuarterOfAnHour() {
        with();
        link.doubt(at(2), witnesses);
        assertThat(kinds(20)).containsExactly(Event.Kind.STASIS);
        assertThat(kinds(20 + QUARTER - 0.001)).isEmpty();
        assertThat(kinds(20 + QUARTER)).containsExactly(Event.Kind.STASIS);
        assertThat(kinds(20 + QUARTER + 1)).isEmpty();
        assertThat(kinds(20 + 2 * QUARTER)).containsExactly(Event.Kind.STASIS);
        assertThat(link.stasis()).isEqualTo(at(20));
    }

    @Test
    void anAnswerEndsIt() {
        with();
        link.doubt(at(2), witnesses);
        news(20);
        answered("chat/paris", 50);
        assertThat(link.stasis()).isNull();
        assertThat(news(51)).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Event.Kind.STASIS_OVER);
            assertThat(it.reason()).isEqualTo("chat/paris answers");
            assertThat(it.downtime()).isEqualTo(Duration.ofSeconds(30));
            assertThat(it.at()).isEqualTo(at(50));
        });
        assertThat(news(52)).isEmpty();
        // The next one is told at once, too.
        link.doubt(at(60), witnesses);
        assertThat(kinds(63)).containsExactly(Event.Kind.STASIS);
    }

    @Test
    void anAnswerWithoutStasisIsNoNews() {
        with();
        link.doubt(at(2), witnesses);
        answered("chat/paris", 3);
        assertThat(kinds(100)).isEmpty();
    }

    // Left out

    @Test
    void aWitnessThatFailsForMoreThanTenMinutesWhileOthersAnswerIsLeftOutOnce() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        answered("chat/paris", 600);
        verdict(WITNESS, ProbeOutcome.DOWN, 602.999);
        assertThat(kinds(602.999)).isEmpty();

        verdict(WITNESS, ProbeOutcome.DOWN, 603);
        assertThat(news(603)).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Event.Kind.WITNESS_LEFT_OUT);
            assertThat(it.reason()).isEqualTo("witness has not answered for 10 min: L4TOUT: no answer");
        });
        answered("chat/paris", 700);
        verdict(WITNESS, ProbeOutcome.DOWN, 724);
        assertThat(kinds(724)).isEmpty();
    }

    @Test
    void whatFailsTogetherWithEverythingElseIsNotAlone() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        verdict(WITNESS, ProbeOutcome.DOWN, 700);
        answered("chat/paris", 701);
        verdict(WITNESS, ProbeOutcome.DOWN, 702);
        assertThat(kinds(702)).doesNotContain(Event.Kind.WITNESS_LEFT_OUT);
        answered("chat/paris", 1299);
        verdict(WITNESS, ProbeOutcome.DOWN, 1300);
        assertThat(kinds(1300)).containsExactly(Event.Kind.WITNESS_LEFT_OUT);
    }

    private void leaveOut() {
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        answered("chat/paris", 700);
        verdict(WITNESS, ProbeOutcome.DOWN, 701);
        assertThat(kinds(701)).containsExactly(Event.Kind.WITNESS_LEFT_OUT);
    }

    @Test
    void itIsNotLeftOutWhileSomebodyDoubts() {
        with(WITNESS);
        due(0);
        verdict(WITNESS, ProbeOutcome.DOWN, 3);
        answered("chat/paris", 700);
        link.doubt(at(701), witnesses);
        verdict(WITNESS, ProbeOutcome.DOWN, 702);
        assertThat(kinds(702)).isEmpty();
    }

    @Test
    void oneThatIsLeftOutIsNotWaitedFor() {
        with(WITNESS, OTHER);
        leaveOut();
        answered("chat/paris", 710);
        link.doubt(at(712), witnesses);
        verdict(OTHER, ProbeOutcome.DOWN, 715);
        assertThat(kinds(710 + PATIENCE)).containsExactly(Event.Kind.STASIS);
    }

    @Test
    void oneThatIsLeftOutCountsAgainOnceItAnswers() {
        with(WITNESS, OTHER);
        leaveOut();
        assertThat(verdict(WITNESS, ProbeOutcome.UP, 710)).isTrue();
        answered("witness", 710);
        link.doubt(at(712), witnesses);
        verdict(OTHER, ProbeOutcome.DOWN, 715);
        assertThat(kinds(800)).isEmpty();
        verdict(WITNESS, ProbeOutcome.DOWN, 801);
        assertThat(kinds(801)).containsExactly(Event.Kind.STASIS);
    }
}
