package dev.firstup.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something worth keeping, and often worth telling.
 *
 * @param id its number in the store; 0 before it is kept
 * @param at when it happened
 * @param kind what happened
 * @param about what it is about
 * @param change what moved, or was to move
 * @param reason why, with the actual value
 * @param downtime how long the server was down that has recovered; null otherwise
 * @param tell whether people are told, or it is only kept
 */
public record Event(
        long id,
        Instant at,
        Kind kind,
        About about,
        Change change,
        String reason,
        @Nullable Duration downtime,
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

    /**
     * What an event is about.
     *
     * @param queue the queue that it belongs to; empty for the program as a whole
     * @param record the DNS name that it is about; null where it is about none
     * @param server the server that it is about; null where it is about none
     * @param publisher the publisher that it is about; null where it is about none
     */
    public record About(String queue, @Nullable String record, @Nullable String server, @Nullable String publisher) {
        /** The program as a whole. */
        public static final About PROGRAM = queue("", null);

        public static About queue(String queue, @Nullable String record) {
            return new About(queue, record, null, null);
        }

        public static About queue(Queue queue) {
            return queue(queue.name(), queue.record());
        }

        public static About server(Queue queue, @Nullable String server) {
            return new About(queue.name(), queue.record(), server, null);
        }

        public static About publication(Publication it) {
            return new About(it.queue(), it.record(), null, it.publisher());
        }
    }

    /**
     * What moved, or was to move.
     *
     * @param from what the record named before; null where nothing moved or it named none of ours
     * @param to what the record names now; null where nothing moved
     * @param times when each step of a move was reached, in order; empty where nothing moved
     */
    public record Change(@Nullable String from, @Nullable String to, Map<Step, Instant> times) {
        /** Nothing moved. */
        public static final Change NONE = new Change(null, null, Map.of());

        public Change {
            EnumMap<Step, Instant> ordered = new EnumMap<>(Step.class);
            ordered.putAll(times);
            times = Collections.unmodifiableMap(ordered);
        }

        /** The change that is under way, of which no step is reached yet. */
        public static Change wanted(Publication it) {
            Publication.Move move = it.wanted().move();
            return move == null ? NONE : new Change(move.from(), move.to(), Map.of());
        }

        private Change at(UnaryOperator<Instant> clock) {
            EnumMap<Step, Instant> moved = new EnumMap<>(Step.class);
            times.forEach((step, at) -> moved.put(step, clock.apply(at)));
            return new Change(from, to, moved);
        }
    }

    /** One that is only kept, and in which nothing moved. */
    public static Event of(Kind kind, Instant at, About about, String reason) {
        return new Event(0, at, kind, about, Change.NONE, reason, null, false);
    }

    public Event with(Change change) {
        return new Event(id, at, kind, about, change, reason, downtime, tell);
    }

    /** The end of so long a time of being down; null where it ends none. */
    public Event after(@Nullable Duration downtime) {
        return new Event(id, at, kind, about, change, reason, downtime, tell);
    }

    public Event telling(boolean tell) {
        return new Event(id, at, kind, about, change, reason, downtime, tell);
    }

    /** The same by another clock. */
    public Event by(UnaryOperator<Instant> clock) {
        return new Event(id, clock.apply(at), kind, about, change.at(clock), reason, downtime, tell);
    }

    /** The same of another publication, before it is kept. */
    public Event alsoOf(Publication other) {
        Change moved = Change.wanted(other);
        About also = new About(other.queue(), other.record(), server(), other.publisher());
        return new Event(0, at, kind, also, new Change(moved.from(), moved.to(), times()), reason, downtime, tell);
    }

    /** The queue that it belongs to; empty for the program as a whole. */
    public String queue() {
        return about.queue();
    }

    /** The DNS name that it is about; null where it is about none. */
    public @Nullable String record() {
        return about.record();
    }

    /** The server that it is about; null where it is about none. */
    public @Nullable String server() {
        return about.server();
    }

    /** The publisher that it is about; null where it is about none. */
    public @Nullable String publisher() {
        return about.publisher();
    }

    /** What the record named before; null where nothing moved or it named none of ours. */
    public @Nullable String from() {
        return change.from();
    }

    /** What the record names now; null where nothing moved. */
    public @Nullable String to() {
        return change.to();
    }

    /** When each step of a move was reached, in order; empty where nothing moved. */
    public Map<Step, Instant> times() {
        return change.times();
    }
}
