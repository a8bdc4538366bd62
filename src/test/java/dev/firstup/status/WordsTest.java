package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.HealthView;
import dev.firstup.model.Order.Kind;
import dev.firstup.model.Standing;
import dev.firstup.model.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
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
    void aQueueInOneWord(String chosen, State first, Kind firstOrder, State second, Kind secondOrder, String word) {
        HealthView view = Fixtures.view("chat", chosen, first, second);
        if (firstOrder != null) {
            view = Fixtures.ordered(view, Fixtures.order(firstOrder, "paris", ""));
        }
        if (secondOrder != null) {
            view = Fixtures.ordered(view, Fixtures.order(secondOrder, "tokyo", ""));
        }
        assertThat(Words.state(view)).isEqualTo(word);
    }

    private static String state(String chosen, Standing standing) {
        return Words.state(Fixtures.standing(Fixtures.view("chat", chosen, State.UP, State.UP), standing));
    }

    @Test
    void howItStandsAsAWholeWins() {
        assertThat(state("paris", new Standing(true, null, null, List.of(), null)))
                .isEqualTo("down");
        assertThat(state("paris", new Standing(true, Fixtures.NOW, null, List.of(), null)))
                .isEqualTo("stasis");
        assertThat(state("paris", new Standing(false, null, null, List.of(), "paris/ipv6 is down")))
                .isEqualTo("degraded");
    }

    /** As while it is frozen. */
    @Test
    void whatNobodyMayWriteIsNotPending() {
        assertThat(Words.state(Fixtures.late(Fixtures.NOW, Fixtures.NOW, 0, null, true), Fixtures.NOW))
                .isEqualTo("held");
        assertThat(Words.state(Fixtures.late(Fixtures.NOW, Fixtures.NOW, 0, null, false), Fixtures.NOW))
                .isEqualTo("pending");
    }
}
