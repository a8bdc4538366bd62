package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
    private static final Instant NOW = StatusFixtures.NOW;
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(3));
    private static final Instant FIVE_MINUTES_AGO = NOW.minus(Duration.ofMinutes(5));
    private static final Instant LONGER_AGO = FIVE_MINUTES_AGO.minusMillis(1);

    private static HealthCheck publishers(Publication... publications) {
        return HealthCheck.publishers(List.of(publications), NOW);
    }

    @Test
    void aMoveThatWaitsForTooLongIsDown() {
        assertThat(publishers(StatusFixtures.late(LONGER_AGO, LONG_AGO, 1, null, false)))
                .isEqualTo(new HealthCheck(
                        "publishers",
                        false,
                        "no-ip (chat.example.dyndns.org A) is not confirmed since 2025-01-31T10:10:06Z: answered 911"));
    }

    @Test
    void aWaitThatBeganJustNowIsUpAndSaysWhy() {
        assertThat(publishers(StatusFixtures.late(FIVE_MINUTES_AGO, LONG_AGO, 1, null, false)))
                .isEqualTo(new HealthCheck(
                        "publishers",
                        true,
                        "no-ip (chat.example.dyndns.org A) is not confirmed since 2025-01-31T10:10:07Z: answered 911"));
    }

    @Test
    void whatWasFoundAfterARestartBeginsAnew() {
        assertThat(publishers(StatusFixtures.late(LONG_AGO, FIVE_MINUTES_AGO, 1, null, false))
                        .up())
                .isTrue();
        assertThat(publishers(StatusFixtures.late(LONG_AGO, LONGER_AGO, 1, null, false))
                        .up())
                .isFalse();
    }

    @Test
    void whatIsFoundBetweenFailuresDoesNot() {
        assertThat(publishers(StatusFixtures.late(LONGER_AGO, NOW, 2, null, false))
                        .up())
                .isFalse();
    }

    @Test
    void whatIsHeldIsNotLate() {
        assertThat(publishers(StatusFixtures.late(LONG_AGO, LONG_AGO, 0, null, true)))
                .isEqualTo(new HealthCheck("publishers", true, "none has stopped or is late"));
    }

    @Test
    void anAttemptInDoubtForTooLongIsDown() {
        assertThat(publishers(StatusFixtures.late(LONG_AGO, LONG_AGO, 0, FIVE_MINUTES_AGO, true))
                        .up())
                .isTrue();
        assertThat(publishers(StatusFixtures.late(LONG_AGO, LONG_AGO, 0, LONGER_AGO, true)))
                .isEqualTo(new HealthCheck(
                        "publishers",
                        false,
                        "no-ip (chat.example.dyndns.org A) is not confirmed since 2025-01-31T10:10:06Z: answered 911"));
    }

    @Test
    void anAttemptInDoubtIsNotMadeGoodByANewDecision() {
        assertThat(publishers(StatusFixtures.late(NOW, LONG_AGO, 0, LONGER_AGO, false))
                        .up())
                .isFalse();
    }

    /** The verdict of both servers is 1.5 s before {@code NOW}; the longest pace is 30 s and the time-out 3 s. */
    private static HealthCheck loop(ServerState first, ServerState second, Duration later) {
        HealthView view = StatusFixtures.view("chat", null, first, second);
        return HealthCheck.loop(
                Duration.ZERO,
                List.of(new HealthView(view.queue(), view.servers(), null, view.standing(), NOW.plus(later))));
    }

    @Test
    void verdictsThatStopArrivingAreDown() {
        Duration last = Duration.ofMillis(30_000 + 3_000 + 30_000 - 1_500);
        assertThat(loop(ServerState.DOWN, ServerState.UP, last).up()).isTrue();
        assertThat(loop(ServerState.DOWN, ServerState.UP, last.plusMillis(1)))
                .isEqualTo(new HealthCheck(
                        "loop",
                        false,
                        "no verdict of chat/paris since 2025-01-31T10:15:05Z; chat/tokyo since 2025-01-31T10:15:05Z"));
        assertThat(loop(ServerState.UNKNOWN, ServerState.UP, last.plusMillis(1)).reason())
                .isEqualTo("no verdict of chat/tokyo since 2025-01-31T10:15:05Z");
    }

    @Test
    void beforeItsFirstVerdictNoServerIsOverdue() {
        assertThat(loop(ServerState.UNKNOWN, ServerState.UNKNOWN, Duration.ofDays(1))
                        .up())
                .isTrue();
    }

    @Test
    void whatIsAsDecidedIsUp() {
        assertThat(publishers(StatusFixtures.publication(
                                "chat", RecordType.A, List.of("192.0.2.20"), List.of("192.0.2.20")))
                        .up())
                .isTrue();
    }

    private static HealthView maint(HealthView view, String server) {
        return StatusFixtures.ordered(view, StatusFixtures.order(Order.Kind.MAINT, server, "kernel"));
    }

    private static HealthView later(HealthView view, Duration later) {
        return new HealthView(view.queue(), view.servers(), view.chosen(), view.standing(), NOW.plus(later));
    }

    @Test
    void whatIsNotProbedIsNotOverdue() {
        HealthView view =
                later(StatusFixtures.view("chat", "tokyo", ServerState.UP, ServerState.UP), Duration.ofDays(1));
        assertThat(HealthCheck.loop(Duration.ZERO, List.of(maint(view, "paris")))
                        .reason())
                .isEqualTo("no verdict of chat/tokyo since 2025-01-31T10:15:05Z");
        assertThat(HealthCheck.loop(Duration.ZERO, List.of(maint(maint(view, "paris"), "tokyo")))
                        .up())
                .isTrue();
    }

    /** Its last verdict is from before; what counts is since when it is waited for again. */
    @Test
    void whatIsProbedAgainHasItsTime() {
        ServerHealth paris = StatusFixtures.server("chat", "paris", ServerState.UP);
        ServerHealth again = new ServerHealth(
                paris.server(),
                ServerState.UNKNOWN,
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
        HealthView view = StatusFixtures.view("chat", null, List.of(again));
        Duration longest = Duration.ofDays(1).plusSeconds(30 + 3 + 30);
        assertThat(HealthCheck.loop(Duration.ZERO, List.of(later(view, longest)))
                        .up())
                .isTrue();
        assertThat(HealthCheck.loop(Duration.ZERO, List.of(later(view, longest.plusMillis(1))))
                        .up())
                .isFalse();
    }

    @Test
    void aQueueIsNotSilentWhereNothingIsProbed() {
        HealthView view = StatusFixtures.view("chat", null, ServerState.UNKNOWN, ServerState.UNKNOWN);
        HealthView half = maint(view, "paris");
        assertThat(HealthCheck.queues(List.of(half)).reason()).isEqualTo("no verdict yet in chat");
        assertThat(HealthCheck.queues(List.of(maint(half, "tokyo"))).up()).isTrue();
        assertThat(HealthCheck.queues(List.of(
                                maint(StatusFixtures.view("chat", null, ServerState.UNKNOWN, ServerState.UP), "tokyo")))
                        .reason())
                .isEqualTo("no verdict yet in chat");
    }

    @Test
    void stasisIsDown() {
        HealthView view = StatusFixtures.view("chat", "tokyo", ServerState.UP, ServerState.UP);
        assertThat(HealthCheck.link(List.of(view)).up()).isTrue();
        assertThat(HealthCheck.link(List.of(
                        view,
                        StatusFixtures.standing(
                                view, new QueueStanding(false, FIVE_MINUTES_AGO, null, List.of(), null)))))
                .isEqualTo(new HealthCheck(
                        "link",
                        false,
                        "this monitor looks cut off since 2025-01-31T10:10:07Z: no server of any queue answers and no"
                                + " witness, so nothing is changed"));
    }
}
