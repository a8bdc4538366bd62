package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PulseTest {
    private long nanos = -5;
    private final Pulse pulse = new Pulse(() -> nanos);

    private long pass(int millis) {
        nanos += Duration.ofMillis(millis).toNanos();
        return nanos;
    }

    private void beats(int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            pass(100);
            pulse.beat();
        }
    }

    @Test
    void aThreadThatRunsIsNotLate() {
        long before = pulse.lost();
        pass(100);
        pulse.beat();
        pass(300);
        assertThat(pulse.lostSince(before)).isZero();
        pulse.beat();
        assertThat(pulse.lostSince(before)).isZero();
        assertThat(pulse.worst()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void whoBeganBeforeItWasLateHasLostTime() {
        pass(40);
        long before = pulse.lost();
        pass(460);
        assertThat(pulse.lostSince(before)).isEqualTo(Duration.ofMillis(400));
        long meanwhile = pulse.lost();
        pass(10);
        pulse.beat();
        long after = pulse.lost();
        assertThat(pulse.lostSince(before)).isEqualTo(Duration.ofMillis(410));
        assertThat(pulse.lostSince(meanwhile)).isZero();
        beats(5);
        assertThat(pulse.lostSince(before)).isEqualTo(Duration.ofMillis(410));
        assertThat(pulse.lostSince(after)).isZero();
    }

    @Test
    void whatIsLostAgainAndAgainIsLostTogether() {
        long before = pulse.lost();
        pass(2100);
        pulse.beat();
        long between = pulse.lost();
        pass(400);
        pulse.beat();
        pass(500);
        assertThat(pulse.lostSince(before)).isEqualTo(Duration.ofMillis(2700));
        assertThat(pulse.lostSince(between)).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void theWorstIsRememberedForHalfAMinuteAtLeastAndForAMinuteAtMost() {
        pass(1100);
        assertThat(pulse.worst()).isEqualTo(Duration.ofSeconds(1));
        pulse.beat();
        beats(30);
        assertThat(pulse.worst()).isEqualTo(Duration.ofSeconds(1));
        beats(30);
        assertThat(pulse.worst()).isZero();
    }
}
