package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.RecordType;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Standing;
import dev.firstup.model.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTest {
    private static final Instant NOW = Fixtures.NOW;
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(3));
    private static final Instant FIVE_MINUTES_AGO = NOW.minus(Duration.ofMinutes(5));
    private static final Instant LONGER_AGO = FIVE_MINUTES_AGO.minusMillis(1);

    private static Check publishers(Publication... publications) {
        return Check.publishers(List.of(publications), NOW);
    }

    @Test
    void aMoveThatWaitsForTooLongIsDown() {
        assertThat(publishers(Fixtures.late(LONGER_AGO, LONG_AGO, 1, null, false)))
                .isEqualTo(new Check(
                        "publishers",
                        false,
                        "no-ip (chat.example.dyndns.org A) is not confirmed since 2025-01-31T10:10:06Z: answered 911"));
    }

    @Test
    void aWaitThatBeganJustNowIsUpAndSaysWhy() {
        assertThat(publishers(Fixtures.late(FIVE_MINUTES_AGO, LONG_AGO, 1, null, false)))
                .isEqualTo(new Check(
                        "publishers",
                        true,
                        "no-ip (chat.example.dyndns.org A) is not confirmed since 2025-01-31T10:10:07Z: answered 911"));
    }

    @Test
    void whatWasFoundAfterARestartBeginsAnew() {
        assertThat(publishers(Fixtures.late(LONG_AGO, FIVE_MINUTES_AGO, 1, null, false))
                        .up())
                .isTrue();
        assertThat(publishers(Fixtures.late(LONG_AGO, LONGER_AGO, 1, null, false))
                        .up())
                .isFalse();
    }

    @Test
    void whatIsFoundBetweenFailuresDoesNot() {
        assertThat(publishers(Fixtures.late(LONGER_AGO, NOW, 2, null, false)).up())
                .isFalse();
    }

    @Test
    void whatIsHeldIsNotLate() {
        assertThat(publishers(Fixtures.late(LONG_AGO, LONG_AGO, 0, null, true)))
                .isEqualTo(new Check("publishers", true, "none has stopped or is late"));
    }

    @Test
    void anAttemptInDoubtForTooLongIsDown() {
        assertThat(publishers(Fixtures.late(LONG_AGO, LONG_AGO, 0, FIVE_MINUTES_AGO, true))
                        .up())
                .isTrue();
        assertThat(publishers(Fixtures.late(LONG_AGO, LONG_AGO, 0, LONGER_AGO, true)))
                .isEqualTo(new Check(
                        "publishers",
                        false,
                        "no-ip (chat.example.dyndns.org A) is not confirmed since 2025-01-31T10:10:06Z: answered 911"));
    }

    @Test
    void anAttemptInDoubtIsNotMadeGoodByANewDecision() {
        assertThat(publishers(Fixtures.late(NOW, LONG_AGO, 0, LONGER_AGO, false))
                        .up())
                .isFalse();
    }

    /** The verdict of both servers is 1.5 s before {@code NOW}; the longest pace is 30 s and the time-out 3 s. */
    private static Check loop(State first, State second, Duration later) {
        HealthView view = Fixtures.view("chat", null, first, second);
        return Check.loop(
                Duration.ZERO,
                List.of(new HealthView(view.queue(), view.servers(), null, view.standing(), NOW.plus(later))));
    }

    @Test
    void verdictsThatStopArrivingAreDown() {
        Duration last = Duration.ofMillis(30_000 + 3_000 + 30_000 - 1_500);
        assertThat(loop(State.DOWN, State.UP, last).up()).isTrue();
        assertThat(loop(State.DOWN, State.UP, last.plusMillis(1)))
                .isEqualTo(new Check(
                        "loop",
                        false,
                        "no verdict of chat/paris since 2025-01-31T10:15:05Z; chat/tokyo since 2025-01-31T10:15:05Z"));
        assertThat(loop(State.UNKNOWN, State.UP, last.plusMillis(1)).reason())
                .isEqualTo("no verdict of chat/tokyo since 2025-01-31T10:15:05Z");
    }

    @Test
    void beforeItsFirstVerdictNoServerIsOverdue() {
        assertThat(loop(State.UNKNOWN, State.UNKNOWN, Duration.ofDays(1)).up()).isTrue();
    }

    @Test
    void whatIsAsDecidedIsUp() {
        assertThat(publishers(Fixtures.publication("chat", RecordType.A, List.of("192.0.2.20"), List.of("192.0.2.20")))
                        .up())
                .isTrue();
    }

    private static HealthView maint(HealthView view, String server) {
        return Fixtures.ordered(view, Fixtures.order(Order.Kind.MAINT, server, "kernel"));
    }

    private static HealthView later(HealthView view, Duration later) {
        return new HealthView(view.queue(), view.servers(), view.chosen(), view.standing(), NOW.plus(later));
    }

    @Test
    void whatIsNotProbedIsNotOverdue() {
        HealthView view = later(Fixtures.view("chat", "tokyo", State.UP, State.UP), Duration.ofDays(1));
        assertThat(Check.loop(Duration.ZERO, List.of(maint(view, "paris"))).reason())
                .isEqualTo("no verdict of chat/tokyo since 2025-01-31T10:15:05Z");
        assertThat(Check.loop(Duration.ZERO, List.of(maint(maint(view, "paris"), "tokyo")))
                        .up())
                .isTrue();
    }

    /** Its last verdict is from before; what counts is since when it is waited for again. */
    @Test
    void whatIsProbedAgainHasItsTime() {
        ServerHealth paris = Fixtures.server("chat", "paris", State.UP);
        ServerHealth again = new ServerHealth(
                paris.server(),
                State.UNKNOWN,
                NOW.plus(Duration.ofDays(1)),
                0,
                0,
                0,
                null,
                null,
                null,
                paris.last(),
                null,
                paris.degraded());
        HealthView view = Fixtures.view("chat", null, List.of(again));
        Duration longest = Duration.ofDays(1).plusSeconds(30 + 3 + 30);
        assertThat(Check.loop(Duration.ZERO, List.of(later(view, longest))).up())
                .isTrue();
        assertThat(Check.loop(Duration.ZERO, List.of(later(view, longest.plusMillis(1))))
                        .up())
                .isFalse();
    }

    @Test
    void aQueueIsNotSilentWhereNothingIsProbed() {
        HealthView view = Fixtures.view("chat", null, State.UNKNOWN, State.UNKNOWN);
        HealthView half = maint(view, "paris");
        assertThat(Check.queues(List.of(half)).reason()).isEqualTo("no verdict yet in chat");
        assertThat(Check.queues(List.of(maint(half, "tokyo"))).up()).isTrue();
        assertThat(Check.queues(List.of(maint(Fixtures.view("chat", null, State.UNKNOWN, State.UP), "tokyo")))
                        .reason())
                .isEqualTo("no verdict yet in chat");
    }

    @Test
    void stasisIsDown() {
        HealthView view = Fixtures.view("chat", "tokyo", State.UP, State.UP);
        assertThat(Check.link(List.of(view)).up()).isTrue();
        assertThat(Check.link(List.of(
                        view, Fixtures.standing(view, new Standing(false, FIVE_MINUTES_AGO, null, List.of(), null)))))
                .isEqualTo(new Check(
                        "link",
                        false,
                        "this monitor looks cut off since 2025-01-31T10:10:07Z: no server of any queue answers and no"
                                + " witness, so nothing is changed"));
    }
}
