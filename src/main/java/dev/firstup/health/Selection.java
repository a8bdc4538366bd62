package dev.firstup.health;

import dev.firstup.model.HealthView;
import dev.firstup.model.Outcome;
import dev.firstup.model.ServerHealth;
import java.time.Duration;
import java.time.Instant;

/**
 * Which server the record should name.
 *
 * @param kind what to do
 * @param server the server to move to; null unless {@code kind} is MOVE
 */
record Selection(Kind kind, ServerHealth server) {
    /** Unknown verdicts in a row after which a server no longer holds up the choice of a worse-ranked one. */
    static final int BLIND = 3;

    private static final Selection STAY = new Selection(Kind.STAY, null);
    static final Selection WAIT = new Selection(Kind.WAIT, null);
    private static final Selection NONE = new Selection(Kind.NONE, null);

    enum Kind {
        /** The record names the right server. */
        STAY,
        /** Something that matters is not known yet. */
        WAIT,
        MOVE,
        /** No server can be chosen. */
        NONE
    }

    /**
     * The first server in order that is up, under the rule for going back.
     *
     * @param view the servers, and which of them the record names
     * @param proposed since when a move is proposed: only what has been probed again since can be moved to. Null while none is
     * @param now the time
     */
    static Selection of(HealthView view, String chosen, Instant proposed, Instant now) {
        boolean leave = chosen == null
                || view.server(chosen).map(it -> it.state().down()).orElse(true);
        for (ServerHealth it : view.servers()) {
            boolean current = it.server().name().equals(chosen);
            if (current && !leave) {
                return STAY;
            }
            switch (it.state()) {
                case UNKNOWN -> {
                    if (it.unknowns() < BLIND) {
                        return WAIT;
                    }
                }
                case DOWN, RISING -> {}
                case UP, FALLING -> {
                    if (!leave && !mayReturn(it, view.queue().rules().failback().after(), now)) {
                        continue;
                    }
                    if (proposed == null) {
                        return new Selection(Kind.MOVE, it);
                    }
                    if (!it.last().at().isAfter(proposed)) {
                        return WAIT;
                    }
                    if (it.last().outcome() == Outcome.UP) {
                        return new Selection(Kind.MOVE, it);
                    }
                }
            }
        }
        return NONE;
    }

    private static boolean mayReturn(ServerHealth server, Duration after, Instant now) {
        return server.healthySince() != null
                && !now.isBefore(server.healthySince().plus(after));
    }
}
