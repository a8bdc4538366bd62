package dev.firstup.health;

import dev.firstup.model.Order;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.time.DurationText;
import java.time.Duration;
import java.util.Objects;

/** What is said of decisions. */
final class DecisionText {
    private DecisionText() {}

    /** {@code drain for 30 min: kernel}. */
    static String order(Order order) {
        String length = order.until() == null || !order.kind().lasts()
                ? ""
                : " for " + DurationText.length(Duration.between(order.since(), order.until()));
        return order.kind().word() + length + because(order);
    }

    /** What was found last; of a server that is down and yet has answered, that it loses too much. */
    static String found(ServerHealth it) {
        Verdict last = Objects.requireNonNull(it.last());
        return it.state() == ServerState.DOWN && last.outcome() == ProbeOutcome.UP
                ? Integer.bitCount(it.failures()) + " of its last " + StateTransition.WINDOW + " probes failed"
                : last.explained();
    }

    /** {@code : kernel}, or nothing. */
    static String because(Order order) {
        return order.reason() == null || order.reason().isBlank() ? "" : ": " + order.reason();
    }
}
