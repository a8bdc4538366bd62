package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HabitTest {
    private final Habit habit = new Habit(Duration.ofSeconds(10));

    @Test
    void whatClosesAfterAMinuteIsReplacedBefore() {
        assertThat(habit.life()).isNull();
        closed(60);
        assertThat(habit.life()).isEqualTo(Duration.ofSeconds(45));
        habit.renewed();
        closed(40);
        assertThat(habit.life()).isEqualTo(Duration.ofSeconds(30));
        assertThat(habit.hopeless()).isFalse();
    }

    @Test
    void whatClosesSoonThreeTimesIsHopeless() {
        closed(9);
        closed(1);
        assertThat(habit.hopeless()).isFalse();
        closed(0);
        assertThat(habit.hopeless()).isTrue();
        assertThat(habit.last()).isEqualTo(Duration.ZERO);
    }

    @Test
    void whatClosesSoonNowAndThenIsNot() {
        closed(60);
        for (int i = 0; i < 9; i++) {
            closed(1);
            habit.renewed();
        }
        assertThat(habit.hopeless()).isFalse();
        assertThat(habit.life()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void whoWasAwayHadAReason() {
        closed(60);
        closed(1);
        closed(1);
        habit.forget();
        closed(1);
        assertThat(habit.hopeless()).isFalse();
        assertThat(habit.life()).isNull();
    }

    private void closed(int seconds) {
        habit.closed(Duration.ofSeconds(seconds));
    }
}
