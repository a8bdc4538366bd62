package dev.firstup.health;

import dev.firstup.model.Outcome;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import java.time.Duration;
import java.time.Instant;

/** One thing that should always be up, and what is known of it. */
final class Witness {
    final Server server;
    /** When it is to be probed. */
    private Instant due;
    /** When its last probe was begun. */
    private Instant begun;

    private boolean underWay;
    private Instant failingSince;
    private Verdict last;
    private boolean leftOut;

    Witness(Server server, Instant now) {
        this.server = server;
        this.due = now;
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

    /** Takes a verdict in; false if it is older than what is known. */
    boolean take(Verdict verdict, Instant next) {
        if (last != null && verdict.sequence() <= last.sequence()) {
            return false;
        }
        last = verdict;
        underWay = false;
        due = next;
        if (verdict.outcome() == Outcome.UP) {
            failingSince = null;
            leftOut = false;
        } else if (failingSince == null) {
            failingSince = verdict.at();
        }
        return true;
    }

    /** Whether it has been asked since {@code at}, and has not answered. */
    boolean failedSince(Instant at) {
        return failingSince != null && last.at().isAfter(at);
    }

    boolean counts() {
        return !leftOut;
    }

    Instant failingSince() {
        return failingSince;
    }

    Verdict last() {
        return last;
    }

    void leaveOut() {
        leftOut = true;
    }
}
