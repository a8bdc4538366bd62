package dev.firstup.publish;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.time.WaitLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long what is waited for.
 *
 * @param lease how long a request may take before it counts as lost
 * @param gap how long a host is left alone that does not say so itself, or has not answered
 * @param lag how long a host's name servers may show what the record held before; what is read sooner after a change is not taken
 *     for somebody else's
 * @param driftCheck how often a record is read that should not have changed
 */
record PublishTiming(Duration lease, Duration gap, Duration lag, Duration driftCheck) {
    /** How long authoritative servers have to show a change before people are told that some do not. */
    static final Duration VISIBILITY = Duration.ofSeconds(60);

    /** How long a host may be at it, by its own account. */
    static final Duration LONGEST_WORK = Duration.ofMinutes(5);

    /** How often the host is asked with the credential, to see that it still works. */
    static final Duration PROOF = Duration.ofDays(1);

    static final Duration SOON = Duration.ofSeconds(1);
    static final Duration UNHURRIED = Duration.ofSeconds(5);
    static final Duration UNREADABLE_RETRY = Duration.ofSeconds(30);
    static final Duration REMINDER = Duration.ofHours(1);

    /** So long at most the same is not sent again to a host that does not answer: the record may name a dead server meanwhile. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);

    /** How long the host is left alone about the record after something was sent. */
    Duration gap(Publication it) {
        Duration own = it.target().gap();
        return own.isZero() ? gap : WaitLimit.atMost(own);
    }

    static Duration backoff(Duration first, int failures, Duration longest) {
        Duration delay = first.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    /** Whether name servers, which are asked here, may still say what the record held before the host last took a write. */
    boolean fresh(Publication it, Instant now) {
        return it.ask() == Ask.READ && lagging(it, now);
    }

    /** Whether there are writes that name servers may not show yet. */
    boolean lagging(Publication it, Instant now) {
        Instant written = it.proof().written();
        return it.taken().unseen() > 0
                && (sentLately(it, now) || written != null && WaitLimit.pending(written.plus(lag), now));
    }

    private boolean sentLately(Publication it, Instant now) {
        Instant sentAt = it.attempt().sentAt();
        return sentAt != null && WaitLimit.pending(sentAt.plus(lag), now);
    }

    /** Whether what was last sent may still make a difference: name servers lag, and a host may take its time as well. */
    boolean recent(Publication it, Instant now) {
        return fresh(it, now) || sentLately(it, now);
    }

    /** When something was last sent, once something was. */
    static Instant sentAt(Publication it) {
        return Objects.requireNonNull(it.attempt().sentAt());
    }

    /** When the same is sent again of which nobody knows what became: later each time. Another decision waits for the gap only. */
    Instant again(Publication it) {
        Attempt last = it.attempt();
        return last.lost() > 0 && Objects.requireNonNull(last.values()).equals(it.decided())
                ? sentAt(it).plus(backoff(gap(it), last.lost() - 1, longest(gap(it))))
                : sentAt(it);
    }

    private static Duration longest(Duration gap) {
        return gap.compareTo(LONGEST_SILENCE) > 0 ? gap : LONGEST_SILENCE;
    }

    /** Late answers come soon or not at all; what is left of a wait is no reason to press the name servers. */
    Duration pause(Publication it, Instant now) {
        Duration sinceSent = Duration.between(sentAt(it), now);
        if (sinceSent.compareTo(VISIBILITY) < 0) {
            return soon(it);
        }
        return sinceSent.compareTo(lag) < 0 ? UNREADABLE_RETRY : driftCheck;
    }

    static Instant later(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Hosts count what they are asked; name servers do not. */
    static Duration soon(Publication it) {
        return it.ask() == Ask.LOOK ? UNHURRIED : SOON;
    }
}
