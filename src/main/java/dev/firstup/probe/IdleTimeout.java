package dev.firstup.probe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a server that lives closes connections on which nothing is said. Most do, after a minute or some. Pure. */
final class IdleTimeout {
    /** So many closed in a row that could not be replaced in time are too many. */
    private static final int MOST = 3;

    private final Duration shortest;
    private @Nullable Duration life;
    private @Nullable Duration last;
    private int closings;

    /** @param shortest a connection that stands for less is not worth another one in its place */
    IdleTimeout(Duration shortest) {
        this.shortest = shortest;
    }

    /** The server has closed a connection that {@code stood} for so long, and taken another one at once. */
    void closed(Duration stood) {
        last = stood;
        if (stood.compareTo(shortest) < 0) {
            closings++;
        } else {
            closings = 0;
            life = stood.multipliedBy(3).dividedBy(4);
        }
    }

    /** A connection was replaced before the server closed it. */
    void renewed() {
        closings = 0;
    }

    /** The server was away: whatever was closed before, that was why. */
    void forget() {
        closings = 0;
        life = null;
    }

    /** How long a connection may stand until it is replaced; null for as long as it does. */
    @Nullable
    Duration life() {
        return life;
    }

    /** For how long the last one stood that was closed; null before the first. */
    @Nullable
    Duration last() {
        return last;
    }

    /** Whether there is no connection to be had that stands. */
    boolean hopeless() {
        return closings >= MOST;
    }
}
