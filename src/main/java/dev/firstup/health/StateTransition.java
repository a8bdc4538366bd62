package dev.firstup.health;

import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import java.time.Instant;

/** How one verdict changes one server. */
final class StateTransition {
    /** A server that fails so many of its last {@link #WINDOW} probes is down, though never {@code fall} times in a row. */
    static final int LOSSY = 10;

    static final int WINDOW = 20;
    private static final int WINDOW_BITS = (1 << WINDOW) - 1;

    private StateTransition() {}

    /**
     * The server after {@code verdict}.
     *
     * @param doubt whether nothing anywhere has answered since this server began to fail: it may be our own link, so the server is
     *     not found down for it
     */
    static ServerHealth after(ServerHealth before, Verdict verdict, int fall, int rise, boolean doubt) {
        if (verdict.outcome() == ProbeOutcome.UNKNOWN) {
            return new ServerHealth(
                    before.server(),
                    before.state(),
                    before.since(),
                    before.streak(),
                    before.unknowns() + 1,
                    before.failures(),
                    before.healthySince(),
                    before.failingSince(),
                    before.downSince(),
                    verdict,
                    before.order(),
                    before.degraded());
        }
        boolean good = verdict.outcome() == ProbeOutcome.UP;
        Instant now = verdict.at();
        int streak = good ? Math.max(before.streak(), 0) + 1 : Math.min(before.streak(), 0) - 1;
        // The window is about losing some probes: a server that fails throughout must not have to live its past down.
        int failures = -streak >= fall ? 0 : (before.failures() << 1 | (good ? 0 : 1)) & WINDOW_BITS;
        ServerState state = next(before.state(), good, streak >= rise, -streak >= fall && !doubt);
        if (!state.down() && !doubt && Integer.bitCount(failures) >= LOSSY) {
            state = before.state().down() ? ServerState.RISING : ServerState.DOWN;
        }
        Instant healthySince = null;
        if (state == ServerState.UP) {
            healthySince = before.healthySince() == null ? now : before.healthySince();
        }
        boolean fell = state == ServerState.DOWN && !before.state().down();
        boolean knownBefore = before.state() == ServerState.UNKNOWN && before.downSince() != null;
        return new ServerHealth(
                before.server(),
                state,
                state == before.state() ? before.since() : now,
                streak,
                0,
                failures,
                healthySince,
                good ? null : before.failingSince() == null ? now : before.failingSince(),
                fell && !knownBefore ? now : before.downSince(),
                verdict,
                before.order(),
                before.degraded());
    }

    private static ServerState next(ServerState state, boolean good, boolean risen, boolean fallen) {
        return switch (state) {
            case UNKNOWN -> risen ? ServerState.UP : fallen ? ServerState.DOWN : ServerState.UNKNOWN;
            case UP, FALLING -> good ? ServerState.UP : fallen ? ServerState.DOWN : ServerState.FALLING;
            case DOWN, RISING -> !good ? ServerState.DOWN : risen ? ServerState.UP : ServerState.RISING;
        };
    }
}
