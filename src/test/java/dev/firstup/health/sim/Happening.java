package dev.firstup.health.sim;

import dev.firstup.model.Order;

/**
 * Something that happens to the world around the monitor.
 *
 * @param at when, in ms since the history began
 * @param kind what
 * @param place the place of the server or witness; -1 where it is about none, or about all
 * @param value a percentage, or a duration in ms; what else it means says the kind
 * @param order what people order; null unless the kind is ORDER
 */
record Happening(long at, Kind kind, int place, long value, Order.Kind order) {
    enum Kind {
        UP,
        /** Refuses. */
        DOWN,
        SILENT,
        /** Answers after {@code value} ms. */
        SLOW,
        /** Loses {@code value} per cent of all probes. */
        LOSSY,
        /** Our probes of it cannot be made; of none where {@code place} is -1. */
        TROUBLE,
        /** Our link is cut. */
        CUT,
        LINK,
        WITNESS_DOWN,
        WITNESS_UP,
        /** The monitor stops, and starts again after {@code value} ms. */
        RESTART,
        /** The wall clock steps by {@code value} ms. */
        STEP,
        /** An order, which ends after {@code value} ms unless that is 0. */
        ORDER
    }

    Happening(long at, Kind kind, int place, long value) {
        this(at, kind, place, value, null);
    }

    Happening elsewhere(int other) {
        return new Happening(at, kind, other, value, order);
    }

    /** {@code 13:05:00.250}. */
    static String time(long ms) {
        return String.format("%02d:%02d:%02d.%03d", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
    }

    String describe(Scenario scenario) {
        String who = place < 0 ? "" : scenario.name(place) + " ";
        return time(at) + "  "
                + switch (kind) {
                    case UP -> who + "is up";
                    case DOWN -> who + "refuses";
                    case SILENT -> who + "is silent";
                    case SLOW -> who + "answers after " + value + " ms";
                    case LOSSY -> who + "loses " + value + " % of the probes";
                    case TROUBLE -> place < 0 ? "no probe can be made" : who + "cannot be probed";
                    case CUT -> "our link is cut";
                    case LINK -> "our link is whole; probes can be made";
                    case WITNESS_DOWN -> who + "fails";
                    case WITNESS_UP -> who + "answers";
                    case RESTART -> "the monitor stops for " + value / 1000.0 + " s";
                    case STEP -> "the wall clock steps by " + value / 1000.0 + " s";
                    case ORDER ->
                        "order: " + order.word() + " " + who + (value == 0 ? "" : "for " + value / 1000.0 + " s");
                };
    }
}
