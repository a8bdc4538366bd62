package dev.firstup.health;

import dev.firstup.model.Order;
import dev.firstup.model.ProbeOutcome;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import java.time.Duration;

/** What is said of decisions. */
final class DecisionText {
    private DecisionText() {}

    /** {@code 90 s}, {@code 30 min}, {@code 2 h 5 min}. */
    static String length(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        long minutes = seconds / 60 % 60;
        return seconds / 3600 + " h" + (minutes == 0 ? "" : " " + minutes + " min");
    }

    /** {@code drain for 30 min: kernel}. */
    static String order(Order order) {
        String length = order.until() == null || !order.kind().lasts()
                ? ""
                : " for " + length(Duration.between(order.since(), order.until()));
        return order.kind().word() + length + because(order);
    }

    /** What was found last; of a server that is down and yet has answered, that it loses too much. */
    static String found(ServerHealth it) {
        return it.state() == ServerState.DOWN && it.last().outcome() == ProbeOutcome.UP
                ? Integer.bitCount(it.failures()) + " of its last " + StateTransition.WINDOW + " probes failed"
                : it.last().explained();
    }

    /** {@code : kernel}, or nothing. */
    static String because(Order order) {
        return order.reason() == null || order.reason().isBlank() ? "" : ": " + order.reason();
    }
}
