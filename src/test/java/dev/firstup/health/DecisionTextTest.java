package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Order;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTextTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "-5, 0 s",
        "0, 0 s",
        "119, 119 s",
        "120, 2 min",
        "179, 2 min",
        "7199, 119 min",
        "7200, 2 h",
        "7259, 2 h",
        "7260, 2 h 1 min",
        "10799, 2 h 59 min",
        "10800, 3 h",
    })
    void lengthsAreReadable(long seconds, String expected) {
        assertThat(DecisionText.length(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }

    private static String order(Order.Kind kind, Instant until, String reason) {
        return DecisionText.order(new Order("chat", "paris", kind, NOW, until, reason));
    }

    @Test
    void ordersSayHowLongAndWhy() {
        assertThat(order(Order.Kind.FORCE_UP, null, "")).isEqualTo("force-up");
        assertThat(order(Order.Kind.DRAIN, NOW.plusSeconds(1800), "kernel")).isEqualTo("drain for 30 min: kernel");
        assertThat(order(Order.Kind.DRAIN, null, " ")).isEqualTo("drain");
        assertThat(order(Order.Kind.DRAIN, null, null)).isEqualTo("drain");
        assertThat(order(Order.Kind.READY, NOW.plusSeconds(1800), "done")).isEqualTo("ready: done");
    }
}
