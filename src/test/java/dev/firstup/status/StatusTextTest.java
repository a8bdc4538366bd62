package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.HealthView;
import dev.firstup.model.Order.Kind;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTextTest {
    @ParameterizedTest
    @CsvSource({
        "paris,UP,,UP,,ok",
        "paris,FALLING,,DOWN,,ok",
        "tokyo,UP,,UP,,degraded",
        "tokyo,DOWN,,UP,,degraded",
        "paris,DOWN,,UP,,degraded",
        "paris,DOWN,,RISING,,down",
        "paris,DOWN,,UNKNOWN,,unknown",
        ",UP,,UP,,unknown",
        // What is ordered counts, whatever is real.
        "paris,DOWN,FORCE_UP,UP,,ok",
        "paris,UP,DRAIN,DOWN,,degraded",
        "tokyo,UP,MAINT,UP,,degraded",
        "paris,UP,FORCE_DOWN,DOWN,,down",
        "paris,UP,FORCE_DOWN,UP,FORCE_DOWN,down",
        "paris,UP,MAINT,UP,MAINT,unknown"
    })
    void aQueueInOneWord(
            String chosen, ServerState first, Kind firstOrder, ServerState second, Kind secondOrder, String word) {
        HealthView view = StatusFixtures.view("chat", chosen, first, second);
        if (firstOrder != null) {
            view = StatusFixtures.ordered(view, StatusFixtures.order(firstOrder, "paris", ""));
        }
        if (secondOrder != null) {
            view = StatusFixtures.ordered(view, StatusFixtures.order(secondOrder, "tokyo", ""));
        }
        assertThat(StatusText.state(view)).isEqualTo(word);
    }

    private static String state(String chosen, QueueStanding standing) {
        return StatusText.state(
                StatusFixtures.standing(StatusFixtures.view("chat", chosen, ServerState.UP, ServerState.UP), standing));
    }

    @Test
    void howItStandsAsAWholeWins() {
        assertThat(state("paris", new QueueStanding(true, null, null, List.of(), null)))
                .isEqualTo("down");
        assertThat(state("paris", new QueueStanding(true, StatusFixtures.NOW, null, List.of(), null)))
                .isEqualTo("stasis");
        assertThat(state("paris", new QueueStanding(false, null, null, List.of(), "paris/ipv6 is down")))
                .isEqualTo("degraded");
    }

    /** As while it is frozen. */
    @Test
    void whatNobodyMayWriteIsNotPending() {
        assertThat(StatusText.state(
                        StatusFixtures.late(StatusFixtures.NOW, StatusFixtures.NOW, 0, null, true), StatusFixtures.NOW))
                .isEqualTo("held");
        assertThat(StatusText.state(
                        StatusFixtures.late(StatusFixtures.NOW, StatusFixtures.NOW, 0, null, false),
                        StatusFixtures.NOW))
                .isEqualTo("pending");
    }
}
