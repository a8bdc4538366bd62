package dev.firstup.model;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server as it stands in the health view.
 *
 * @param server the server
 * @param state what its verdicts amount to, whatever people have ordered
 * @param since when that state was entered
 * @param streak known verdicts in a row that said the same: so many good ones, or minus so many failed ones
 * @param unknowns unknown verdicts in a row
 * @param failures the last 20 known verdicts, the newest in bit 0: 1 is a failed one. Cleared while it fails throughout
 * @param healthySince since when it has been up without one failed probe; null while it is not
 * @param failingSince when the first of the failed verdicts in a row came; null while there is none
 * @param downSince when it was last found down; null when it was not, or once its recovery is no longer news
 * @param last the newest verdict; null before the first
 * @param order what people have ordered about it; null where that is nothing
 * @param degraded what is worth a look, though it is up
 */
public record ServerHealth(
        Server server,
        ServerState state,
        Instant since,
        int streak,
        int unknowns,
        int failures,
        @Nullable Instant healthySince,
        @Nullable Instant failingSince,
        @Nullable Instant downSince,
        @Nullable Verdict last,
        @Nullable Order order,
        Set<Degradation> degraded) {

    /** A server of which nothing is known but, at most, since when it is down. */
    public static ServerHealth unknown(Server server, Instant since, @Nullable Instant downSince) {
        return new ServerHealth(
                server, ServerState.UNKNOWN, since, 0, 0, 0, null, null, downSince, null, null, Set.of());
    }

    /** What the state and the order together amount to. */
    public enum Effective {
        UP,
        DOWN,
        UNKNOWN,
        /** Up, and chosen only where no other server is. */
        DRAIN,
        /** Neither probed nor chosen. */
        MAINT
    }

    /** What this server counts as. */
    public Effective effective() {
        if (order != null) {
            switch (order.kind()) {
                case FORCE_UP -> {
                    return Effective.UP;
                }
                case FORCE_DOWN -> {
                    return Effective.DOWN;
                }
                case MAINT -> {
                    return Effective.MAINT;
                }
                case DRAIN -> {
                    return state.up() ? Effective.DRAIN : plain();
                }
                default -> {}
            }
        }
        return plain();
    }

    private Effective plain() {
        return state.up() ? Effective.UP : state.down() ? Effective.DOWN : Effective.UNKNOWN;
    }

    /** This server as it stands, as another configuration has it. */
    public ServerHealth with(Server other) {
        return copy(other, healthySince, downSince, order, degraded);
    }

    /** This server, under {@code other} or, if that is null, no order. */
    public ServerHealth with(@Nullable Order other) {
        return copy(server, healthySince, downSince, other, degraded);
    }

    /** This server, with this worth a look. */
    public ServerHealth with(Set<Degradation> other) {
        return copy(server, healthySince, downSince, order, other);
    }

    /** This server, whose having been down is no longer news. */
    public ServerHealth toldUp() {
        return copy(server, healthySince, null, order, degraded);
    }

    /** This server, of which it is not known that it was healthy before {@code from}. */
    public ServerHealth healthyFrom(Instant from) {
        return copy(server, healthySince == null ? null : from, downSince, order, degraded);
    }

    private ServerHealth copy(
            Server server,
            @Nullable Instant healthySince,
            @Nullable Instant downSince,
            @Nullable Order order,
            Set<Degradation> degraded) {
        return new ServerHealth(
                server,
                state,
                since,
                streak,
                unknowns,
                failures,
                healthySince,
                failingSince,
                downSince,
                last,
                order,
                degraded);
    }
}
