package dev.firstup.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a queue after a restart, so that the restart changes nothing.
 *
 * @param at when this was last known to be so
 * @param servers by name; in a decision only those of which something changed
 * @param failbacks when the record last returned to a better server by itself, the oldest first
 * @param limited since when it does so no more, because it did too often; null while it does
 * @param allDown whether people know that all servers are down
 * @param orders what people have ordered and still holds
 */
public record QueueMemory(
        Instant at,
        Map<String, Remembered> servers,
        List<Instant> failbacks,
        @Nullable Instant limited,
        boolean allDown,
        List<Order> orders) {
    public QueueMemory {
        servers = Map.copyOf(servers);
        failbacks = List.copyOf(failbacks);
        orders = List.copyOf(orders);
    }

    /**
     * What is remembered of one server.
     *
     * @param state settled: UNKNOWN, UP or DOWN
     * @param since when that state was entered
     * @param healthySince since when it has been up without one failed probe; null while it is not
     * @param downSince when it was last found down; null once its recovery is no longer news
     * @param degraded what people were told is not as it should be, though it is up
     */
    public record Remembered(
            ServerState state,
            Instant since,
            @Nullable Instant healthySince,
            @Nullable Instant downSince,
            List<Degradation> degraded) {
        public Remembered {
            degraded = List.copyOf(degraded);
        }
    }
}
