package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleTimeoutTest {
    private final IdleTimeout idleTimeout = new IdleTimeout(Duration.ofSeconds(10));

    @Test
    void whatClosesAfterAMinuteIsReplacedBefore() {
        assertThat(idleTimeout.life()).isNull();
        closed(60);
        assertThat(idleTimeout.life()).isEqualTo(Duration.ofSeconds(45));
        idleTimeout.renewed();
        closed(40);
        assertThat(idleTimeout.life()).isEqualTo(Duration.ofSeconds(30));
        assertThat(idleTimeout.hopeless()).isFalse();
    }

    @Test
    void whatClosesSoonThreeTimesIsHopeless() {
        closed(9);
        closed(1);
        assertThat(idleTimeout.hopeless()).isFalse();
        closed(0);
        assertThat(idleTimeout.hopeless()).isTrue();
        assertThat(idleTimeout.last()).isEqualTo(Duration.ZERO);
    }

    @Test
    void whatClosesSoonNowAndThenIsNot() {
        closed(60);
        for (int i = 0; i < 9; i++) {
            closed(1);
            idleTimeout.renewed();
        }
        assertThat(idleTimeout.hopeless()).isFalse();
        assertThat(idleTimeout.life()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void whoWasAwayHadAReason() {
        closed(60);
        closed(1);
        closed(1);
        idleTimeout.forget();
        closed(1);
        assertThat(idleTimeout.hopeless()).isFalse();
        assertThat(idleTimeout.life()).isNull();
    }

    private void closed(int seconds) {
        idleTimeout.closed(Duration.ofSeconds(seconds));
    }
}
