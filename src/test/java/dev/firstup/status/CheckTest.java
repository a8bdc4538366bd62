package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.RecordType;
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
}
