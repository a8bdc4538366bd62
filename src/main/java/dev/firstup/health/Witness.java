package dev.firstup.health;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One thing that should always be up, and what is known of it. */
final class Witness {
    final Server server;
    /** When it is to be probed. */
    private Instant due;
    /** When its last probe was begun. */
    private Instant begun;

    private boolean underWay;
    private @Nullable Instant failingSince;
    /** Since when it fails although others answer. */
    private Instant aloneSince;

    private @Nullable Verdict last;
    private boolean leftOut;

    Witness(Server server, Instant now) {
        this.server = server;
        this.due = now;
        this.aloneSince = now;
        this.begun = now.minus(Duration.ofDays(1));
    }

    /** Not sooner than {@code apart} after the last time. */
    void hasten(Instant now, Duration apart) {
        Instant soonest = begun.plus(apart).isAfter(now) ? begun.plus(apart) : now;
        due = due.isBefore(soonest) ? due : soonest;
    }

    Instant next() {
        return underWay ? begun.plus(server.timeout()).plus(Member.LOST) : due;
    }

    void begin(Instant now) {
        begun = now;
        underWay = true;
    }

    /**
     * Takes a verdict in; false if it is older than what is known.
     *
     * @param others whether others answer
     */
    boolean take(Verdict verdict, Instant next, boolean others) {
        if (last != null && verdict.sequence() <= last.sequence()) {
            return false;
        }
        // What fails together with everything else is not alone.
        aloneSince = others && failingSince != null ? aloneSince : verdict.at();
        last = verdict;
        underWay = false;
        due = next;
        if (verdict.outcome() == ProbeOutcome.UP) {
            failingSince = null;
            leftOut = false;
        } else if (failingSince == null) {
            failingSince = verdict.at();
        }
        return true;
    }

    /** Whether it has been asked since {@code at}, and has not answered. */
    boolean failedSince(Instant at) {
        return failingSince != null && last != null && last.at().isAfter(at);
    }

    boolean counts() {
        return !leftOut;
    }

    @Nullable
    Instant failingSince() {
        return failingSince;
    }

    Instant aloneSince() {
        return aloneSince;
    }

    void leaveOut() {
        leftOut = true;
    }
}
