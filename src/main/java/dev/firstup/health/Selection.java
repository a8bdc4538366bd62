package dev.firstup.health;

import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerHealth.Effective;
import dev.firstup.model.probe.ProbeOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which servers a record should name.
 *
 * @param kind what to do
 * @param servers those that it should name, in order; empty unless {@code kind} is STAY or MOVE
 * @param candidates how many of them must be probed again before they are named
 */
record Selection(Kind kind, List<ServerHealth> servers, int candidates) {
    /** Unknown verdicts in a row after which a server no longer holds up the choice of a worse-ranked one. */
    static final int BLIND = 3;

    static final Selection WAIT = new Selection(Kind.WAIT, List.of(), 0);
    private static final Selection NONE = new Selection(Kind.NONE, List.of(), 0);

    enum Kind {
        /** The record names the right servers. */
        STAY,
        /** Something that matters is not known yet. */
        WAIT,
        MOVE,
        /** No server can be chosen. */
        NONE
    }

    /** The rules for coming in beside or instead of a server that serves. */
    interface Door {
        /** @param better whether the record would return from a worse-ranked server that serves */
        boolean admits(ServerHealth server, boolean better);

        /** Whether the server need not be probed again first, because a person vouches for it. */
        boolean trusts(ServerHealth server);
    }

    /**
     * The first servers in order that can serve.
     *
     * @param servers all, in order
     * @param named the names of those that the record names now
     * @param answers how many it names at most
     * @param started whether a choice stands that was made in full knowledge: until then every better-ranked server must be known
     * @param proposed since when a move is proposed: only what has answered since can be moved to. Null while none is
     */
    static Selection of(
            List<ServerHealth> servers,
            Collection<String> named,
            int answers,
            boolean started,
            @Nullable Instant proposed,
            Door door) {
        boolean undrained = false;
        for (ServerHealth it : servers) {
            undrained |= it.effective() == Effective.UP;
        }
        int serving = 0;
        int last = -1;
        for (int i = 0; i < servers.size(); i++) {
            if (named.contains(servers.get(i).server().name()) && stays(servers.get(i), undrained)) {
                serving++;
                last = i;
            }
        }
        boolean leaving = serving < named.size();
        List<ServerHealth> chosen = new ArrayList<>();
        int kept = 0;
        int candidates = 0;
        for (int i = 0; i < servers.size() && chosen.size() < answers; i++) {
            ServerHealth it = servers.get(i);
            if (unclear(it) && !(started && leaving)) {
                return WAIT;
            }
            if (named.contains(it.server().name()) && stays(it, undrained)) {
                chosen.add(it);
                kept++;
                continue;
            }
            if (!eligible(it, undrained)) {
                continue;
            }
            if (serving > 0 && !door.admits(it, i < last)) {
                continue;
            }
            if (proposed != null && !door.trusts(it)) {
                if (it.last() == null || !it.last().at().isAfter(proposed)) {
                    return WAIT;
                }
                if (it.last().outcome() != ProbeOutcome.UP) {
                    continue;
                }
            }
            chosen.add(it);
            candidates += door.trusts(it) ? 0 : 1;
        }
        if (chosen.isEmpty()) {
            return NONE;
        }
        boolean same = kept == chosen.size() && kept == named.size();
        return new Selection(same ? Kind.STAY : Kind.MOVE, chosen, candidates);
    }

    /** Whether it can be named at all: a drained server only where there is no other. */
    private static boolean eligible(ServerHealth it, boolean undrained) {
        return it.effective() == Effective.UP || it.effective() == Effective.DRAIN && !undrained;
    }

    /** Whether one that is named can go on being named: also one of which only our own trouble says that nothing is known. */
    private static boolean stays(ServerHealth it, boolean undrained) {
        return eligible(it, undrained) || it.effective() == Effective.UNKNOWN;
    }

    private static boolean unclear(ServerHealth it) {
        return it.effective() == Effective.UNKNOWN && it.unknowns() < BLIND;
    }

    /** Whether nothing is known of it because its probes cannot be made. */
    static boolean blind(ServerHealth it) {
        return it.effective() == Effective.UNKNOWN && it.unknowns() >= BLIND;
    }
}
