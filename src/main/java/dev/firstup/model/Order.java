package dev.firstup.model;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants of a server or a queue, whatever the probes say.
 *
 * @param queue the queue
 * @param server the server; null where it is about the queue as a whole
 * @param kind what is wanted
 * @param since when it was ordered
 * @param until when it ends by itself; null for not before {@link Kind#READY}
 * @param reason why, in the person's words; empty where none was given
 */
public record Order(
        String queue, @Nullable String server, Kind kind, Instant since, @Nullable Instant until, String reason) {

    /** What can be ordered. */
    public enum Kind {
        /** Not chosen while another server is up. */
        DRAIN,
        /** Neither probed nor chosen. */
        MAINT,
        /** Counts as up, whatever its probes say. */
        FORCE_UP,
        /** Counts as down, whatever its probes say. */
        FORCE_DOWN,
        /** The server comes first in the queue, and the record names it now. */
        MOVE,
        /** The queue is watched and decided about, and nothing is written. */
        FREEZE,
        /** The record returns to the best server now, whatever {@code failback} says. Done once. */
        FAILBACK,
        /** Ends what was ordered about the server, or without one about the queue. */
        READY;

        /** Whether it is about one server. */
        public boolean ofServer() {
            return this == DRAIN || this == MAINT || this == FORCE_UP || this == FORCE_DOWN || this == MOVE;
        }

        /** Whether it may name an end of its own. */
        public boolean lasts() {
            return this != FAILBACK && this != READY;
        }

        /** As people write it: {@code force-up}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
