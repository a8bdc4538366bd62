package dev.firstup.probe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventLoopMonitorTest {
    private long nanos = -5;
    private final EventLoopMonitor loopMonitor = new EventLoopMonitor(() -> nanos);

    private long pass(int millis) {
        nanos += Duration.ofMillis(millis).toNanos();
        return nanos;
    }

    private void beats(int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            pass(100);
            loopMonitor.beat();
        }
    }

    @Test
    void aThreadThatRunsIsNotLate() {
        long before = loopMonitor.lost();
        pass(100);
        loopMonitor.beat();
        pass(300);
        assertThat(loopMonitor.lostSince(before)).isZero();
        loopMonitor.beat();
        assertThat(loopMonitor.lostSince(before)).isZero();
        assertThat(loopMonitor.worst()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void whoBeganBeforeItWasLateHasLostTime() {
        pass(40);
        long before = loopMonitor.lost();
        pass(460);
        assertThat(loopMonitor.lostSince(before)).isEqualTo(Duration.ofMillis(400));
        long meanwhile = loopMonitor.lost();
        pass(10);
        loopMonitor.beat();
        long after = loopMonitor.lost();
        assertThat(loopMonitor.lostSince(before)).isEqualTo(Duration.ofMillis(410));
        assertThat(loopMonitor.lostSince(meanwhile)).isZero();
        beats(5);
        assertThat(loopMonitor.lostSince(before)).isEqualTo(Duration.ofMillis(410));
        assertThat(loopMonitor.lostSince(after)).isZero();
    }

    @Test
    void whatIsLostAgainAndAgainIsLostTogether() {
        long before = loopMonitor.lost();
        pass(2100);
        loopMonitor.beat();
        long between = loopMonitor.lost();
        pass(400);
        loopMonitor.beat();
        pass(500);
        assertThat(loopMonitor.lostSince(before)).isEqualTo(Duration.ofMillis(2700));
        assertThat(loopMonitor.lostSince(between)).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void theWorstIsRememberedForHalfAMinuteAtLeastAndForAMinuteAtMost() {
        pass(1100);
        assertThat(loopMonitor.worst()).isEqualTo(Duration.ofSeconds(1));
        loopMonitor.beat();
        beats(30);
        assertThat(loopMonitor.worst()).isEqualTo(Duration.ofSeconds(1));
        beats(30);
        assertThat(loopMonitor.worst()).isZero();
    }
}
