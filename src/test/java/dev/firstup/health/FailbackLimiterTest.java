package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailbackLimiterTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final FailbackLimiter failbacks = new FailbackLimiter();

    private static Instant minute(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    private void limit() {
        for (int minute = 0; minute < 3; minute++) {
            assertThat(failbacks.add(minute(minute))).isFalse();
        }
        assertThat(failbacks.add(minute(3))).isTrue();
    }

    @Test
    void theFourthWithinAnHourIsTheLast() {
        assertThat(failbacks.add(START)).isFalse();
        assertThat(failbacks.add(minute(20))).isFalse();
        assertThat(failbacks.add(minute(40))).isFalse();
        assertThat(failbacks.limited()).isNull();

        Instant last = START.plus(HOUR).minusMillis(1);
        assertThat(failbacks.add(last)).isTrue();
        assertThat(failbacks.limited()).isEqualTo(last);
    }

    @Test
    void oneThatWasAnHourAgoDoesNotCount() {
        failbacks.add(START);
        failbacks.add(minute(20));
        failbacks.add(minute(40));
        assertThat(failbacks.add(minute(60))).isFalse();
        assertThat(failbacks.times()).containsExactly(minute(20), minute(40), minute(60));
    }

    @Test
    void aLimitThatHoldsIsNoNews() {
        limit();
        assertThat(failbacks.add(minute(4))).isFalse();
        assertThat(failbacks.limited()).isEqualTo(minute(3));
        assertThat(failbacks.times()).hasSize(5);
    }

    @Test
    void itEndsExactlyAnHourAfterItBegan() {
        limit();
        assertThat(failbacks.lifts(minute(63).minusMillis(1))).isFalse();
        assertThat(failbacks.limited()).isNotNull();
        assertThat(failbacks.lifts(minute(63))).isTrue();
        assertThat(failbacks.limited()).isNull();
        assertThat(failbacks.times()).isEmpty();
        assertThat(failbacks.lifts(minute(64))).isFalse();
    }

    @Test
    void aServerThatFallsBeginsTheHourAnew() {
        limit();
        assertThat(failbacks.fell(minute(60))).isTrue();
        assertThat(failbacks.lifts(minute(119))).isFalse();
        assertThat(failbacks.lifts(minute(120))).isTrue();
    }

    @Test
    void withoutALimitAFallIsNothing() {
        assertThat(failbacks.fell(START)).isFalse();
        assertThat(failbacks.limited()).isNull();
        assertThat(failbacks.lifts(minute(600))).isFalse();
    }

    @Test
    void whatIsRememberedCounts() {
        FailbackLimiter remembered = new FailbackLimiter(List.of(START, minute(1), minute(2)), null);
        assertThat(remembered.times()).containsExactly(START, minute(1), minute(2));
        assertThat(remembered.add(minute(3))).isTrue();

        FailbackLimiter limited = new FailbackLimiter(List.of(), minute(3));
        assertThat(limited.limited()).isEqualTo(minute(3));
        assertThat(limited.lifts(minute(63))).isTrue();
    }
}
