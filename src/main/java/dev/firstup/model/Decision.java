package dev.firstup.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a queue's record should say now, and why. There is one only when there is something to keep: another choice, or events.
 *
 * @param queue the queue; null where it is about this monitor as a whole
 * @param at when it was decided
 * @param detected when the verdict arrived that made the difference
 * @param chosen what the record should say; null where only events are kept
 * @param previous what it said before; null where that is not known
 * @param cause why, in one sentence
 * @param downtime how long the chosen server had been down before; null where it had not
 * @param events what happened, in order
 * @param memory what must survive a restart and has changed; null where nothing has
 */
public record Decision(
        @Nullable Queue queue,
        Instant at,
        Instant detected,
        @Nullable Choice chosen,
        @Nullable Choice previous,
        String cause,
        @Nullable Duration downtime,
        List<Event> events,
        @Nullable QueueMemory memory) {
    public Decision {
        events = List.copyOf(events);
    }

    /** Whether the record should say something else than it did. */
    public boolean switches() {
        return chosen != null && previous != null && !chosen.label().equals(previous.label());
    }
}
