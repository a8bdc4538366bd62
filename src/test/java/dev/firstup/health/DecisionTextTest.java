package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Order;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DecisionTextTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

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
