package dev.firstup.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Something worth keeping, and often worth telling.
 *
 * @param id its number in the store; 0 before it is kept
 * @param at when it happened
 * @param queue the queue that it belongs to; empty for the program as a whole
 * @param kind what happened
 * @param record the DNS name that it is about; null where it is about none
 * @param server the server that it is about; null where it is about none
 * @param from what the record named before; null where nothing moved or it named none of ours
 * @param to what the record names now; null where nothing moved
 * @param publisher the publisher that it is about; null where it is about none
 * @param reason why, with the actual value
 * @param downtime how long the server was down that has recovered; null otherwise
 * @param times when each step of a move was reached, in order; empty where nothing moved
 * @param tell whether people are told, or it is only kept
 */
public record Event(
        long id,
        Instant at,
        String queue,
        Kind kind,
        String record,
        String server,
        String from,
        String to,
        String publisher,
        String reason,
        Duration downtime,
        Map<Step, Instant> times,
        boolean tell) {

    /** What happened. */
    public enum Kind {
        /** A server was found down. */
        SERVER_DOWN,
        /** A server that was down is up again. */
        SERVER_UP,
        /** A server's probes could not be made, several times in a row. */
        SERVER_UNKNOWN,
        /** It was decided that the record should name another server. */
        DECIDED,
        /** The record names another server: a publisher confirmed it. */
        MOVED,
        /** No server of the queue is up. */
        ALL_DOWN,
        /** After all were down, one is up again. */
        RECOVERED,
        /** A server serves, and something about it is worth a look. */
        DEGRADED,
        /** This monitor looks cut off: nothing is changed until it does not. */
        STASIS,
        /** This monitor is not cut off any more. */
        STASIS_OVER,
        /** A witness alone does not answer, and is left out. */
        WITNESS_LEFT_OUT,
        /** The record returned to a better server so often that it does so no more by itself. */
        FAILBACK_LIMITED,
        /** The record returns to a better server by itself again. */
        FAILBACK_FREE,
        /** Somebody has ordered something by hand. */
        ORDERED,
        /** What was ordered by hand has ended by itself. */
        ORDER_ENDED,
        /** The record holds something that its queue would not say: others' addresses, also beside a server's, or too many servers. */
        FOREIGN,
        /** The record cannot be read. */
        UNREADABLE,
        /** Names around the record, such as the alias, do not lead to it as they should. */
        NAMES,
        /** They do again. */
        NAMES_OK,
        /** The record was changed by somebody else. */
        DRIFT,
        /** What somebody else has changed is written again. */
        REPAIRED,
        /** A publisher's credential does not work, or nobody knows whether it still does. */
        CREDENTIAL,
        /** Without the dry run, something would have been sent to a publisher. */
        WOULD_SEND,
        /** A publisher did not take the record; it is asked again. */
        PUBLISH_WAITING,
        /** A publisher is not asked any more until somebody acts. */
        PUBLISH_STOPPED,
        /** A publisher that waited or had stopped has taken the record. */
        PUBLISH_RESUMED,
        /** A queue's file is not valid; what ran before keeps running. */
        CONFIG_REJECTED,
        /** A queue was added, changed or removed. */
        CONFIG_CHANGED
    }

    /** The steps of a move. */
    public enum Step {
        /** The verdict that made the difference. */
        DETECTED,
        DECIDED,
        /** The request went to the publisher. */
        SENT,
        /** The publisher said yes. */
        CONFIRMED,
        /** Every authoritative server that could be reached answers with the new value. */
        VISIBLE
    }

    public Event {
        EnumMap<Step, Instant> ordered = new EnumMap<>(Step.class);
        ordered.putAll(times);
        times = Collections.unmodifiableMap(ordered);
    }

    /** The same of another publication. */
    public Event about(Publication other) {
        Publication.Move move = other.wanted().move();
        return new Event(
                0,
                at,
                other.queue(),
                kind,
                other.record(),
                server,
                move == null ? null : move.from(),
                move == null ? null : move.to(),
                other.publisher(),
                reason,
                downtime,
                times,
                tell);
    }
}
