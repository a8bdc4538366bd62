package dev.firstup.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a queue stands as a whole.
 *
 * @param allDown whether no server of it can be chosen, and that is known
 * @param stasis since when this monitor looks cut off, so that nothing is changed; null while it does not
 * @param limited since when the record returns to a better server only by hand, because it did so too often; null while it does
 * @param orders what people have ordered about the queue, not about one of its servers
 * @param notFirst why the record does not name the first server, in one sentence; null where it does
 */
public record QueueStanding(
        boolean allDown,
        @Nullable Instant stasis,
        @Nullable Instant limited,
        List<Order> orders,
        @Nullable String notFirst) {
    /** Nothing to remark. */
    public static final QueueStanding PLAIN = new QueueStanding(false, null, null, List.of(), null);

    public QueueStanding {
        orders = List.copyOf(orders);
    }
}
