package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A warm-up that leads to no move has not warmed what a move needs. */
class HealthWarmUpTest {
    @Test
    void itLeadsToAMove() {
        List<Decision> decisions = HealthWarmUp.death();
        Decision last = decisions.get(decisions.size() - 1);
        assertThat(last.switches()).isTrue();
        assertThat(last.previous().label()).isEqualTo("first");
        assertThat(last.chosen().label()).isEqualTo("second");
        assertThat(last.events()).extracting(Event::kind).containsExactly(Event.Kind.SERVER_DOWN, Event.Kind.DECIDED);
    }
}
