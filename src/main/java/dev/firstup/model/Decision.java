package dev.firstup.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a queue's record should say now, and why. There is one only when there is something to keep: another choice, or events.
 *
 * @param queue the queue
 * @param at when it was decided
 * @param detected when the verdict arrived that made the difference
 * @param chosen the server that the record should name; null where only events are kept
 * @param previous the server that it named before; null where that is not known
 * @param cause why, in one sentence
 * @param downtime how long the chosen server had been down before; null where it had not
 * @param events what happened, in order
 */
public record Decision(
        Queue queue,
        Instant at,
        Instant detected,
        Server chosen,
        Server previous,
        String cause,
        Duration downtime,
        List<Event> events) {
    public Decision {
        events = List.copyOf(events);
    }
}
