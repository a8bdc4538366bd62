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
        long began = pass(40);
        pass(60);
        pulse.beat();
        pass(300);
        assertThat(pulse.since(began)).isZero();
        pulse.beat();
        assertThat(pulse.since(began)).isZero();
        assertThat(pulse.worst()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void whoBeganBeforeItWasLateHasLostTime() {
        long before = pass(40);
        pass(460);
        assertThat(pulse.since(before)).isEqualTo(Duration.ofMillis(400));
        pulse.beat();
        long after = pass(1);
        assertThat(pulse.since(before)).isEqualTo(Duration.ofMillis(400));
        assertThat(pulse.since(after)).isZero();
        beats(5);
        assertThat(pulse.since(before)).isEqualTo(Duration.ofMillis(400));
        assertThat(pulse.since(after)).isZero();
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
