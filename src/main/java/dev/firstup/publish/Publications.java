package dev.firstup.publish;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.Publication.Proof;
import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.DryRunException;
import dev.firstup.model.publish.EndpointFailures;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.time.WaitLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be done about a publication, and what came of it: the bean {@code firstup-publications} of the routes. Decided is compared
 * with confirmed, and the difference is sent, never more often than the host allows.
 */
public final class Publications {
    private final Clock clock;
    private final PublishTiming timing;
    private final ProviderOutcomes outcomes;
    private final ReadBack readings;
    private final Instant started;

    /**
     * @param clock the time
     * @param lease how long a request may take before it counts as lost
     * @param gap how long a host is left alone that does not say so itself, or has not answered
     * @param lag how long a host's name servers may show what the record held before; what is read sooner after a change is not
     *     taken for somebody else's
     * @param driftCheck how often a record is read that should not have changed
     */
    public Publications(Clock clock, Duration lease, Duration gap, Duration lag, Duration driftCheck) {
        this.clock = clock;
        timing = new PublishTiming(lease, gap, WaitLimit.atMost(lag), WaitLimit.atMost(driftCheck));
        outcomes = new ProviderOutcomes(timing);
        readings = new ReadBack(timing);
        started = clock.instant();
    }

    /** What to do about this publication now; {@code ask} says it, and the attempt is noted in it before it is made. */
    public Publication claim(Publication it) {
        Instant now = clock.instant();
        Instant notBefore = it.schedule().notBefore();
        Draft next = it.edit();
        if (setBack(it, now)) {
            // When the host may be asked again cannot be known any more.
            notBefore = now.plus(asked(it, now));
            next.notBefore(notBefore).attempt(attempt -> attempt.notAfter(now)).proof(notLater(it.proof(), now));
        }
        Attempt last = it.attempt();
        if (last.open() && last.lost() > 0 && PublishTiming.sentAt(it).isBefore(started) && !started.isAfter(now)) {
            // Written down, it may have been sent at any time until the program before this one ended, and at none
            // after.
            notBefore = started.plus(timing.gap(it));
            next.notBefore(notBefore);
        }
        List<String> decided = it.decided();
        if (it.schedule().stopped() != null || last.open() || decided == null || !it.differs()) {
            return next.ask(reading(it, now)).due(now.plus(timing.lease())).done();
        }
        if (notBefore != null && notBefore.isAfter(now)) {
            return next.ask(Ask.NOTHING).due(notBefore).done();
        }
        return next.ask(decided.isEmpty() ? Ask.WITHDRAW : Ask.WRITE)
                .attempt(attempt -> attempt.sent(decided, now))
                .taken(taken -> timing.lagging(it, now)
                        ? taken.closed()
                        : taken.closed().seen())
                // Should it be lost: it may arrive as late as that.
                .notBefore(now.plus(timing.lease()).plus(timing.gap(it)))
                .due(now.plus(timing.lease()))
                .done();
    }

    /**
     * Says what a publisher would be asked, where it cannot say itself what it would send.
     *
     * @throws DryRunException always
     */
    public void dry(Publication it) {
        throw new DryRunException("would have asked " + it.publisher() + " to "
                + (it.ask() == Ask.WITHDRAW
                        ? "withdraw " + it.record() + " " + it.type()
                        : "write " + it.record() + " " + it.ttl().toSeconds() + " " + it.type() + " "
                                + PublicationEvents.decided(it)));
    }

    /** Who is asked what the record holds. */
    private static Ask reading(Publication it, Instant now) {
        boolean byHost =
                switch (it.target().api()) {
                    case NONE -> false;
                    // Where the host does not say, its name servers may.
                    case READS ->
                        it.attempt().open()
                                ? (it.told().oddity() == null
                                                || DriftDetector.drifted(
                                                        it.told().oddity()))
                                        && !overdue(it, now)
                                : !it.wanted().held() && unread(it, now);
                    case ALONE -> true;
                };
        return byHost && it.schedule().stopped() == null && !barred(it, now) ? Ask.LOOK : Ask.READ;
    }

    /** Whether the host has been at it for longer than it should. */
    private static boolean overdue(Publication it, Instant now) {
        return it.taken().ticket() != null
                && !now.isBefore(PublishTiming.sentAt(it).plus(PublishTiming.LONGEST_WORK));
    }

    /** Whether the host has said that it is not to be asked now: a gap of our own is no reason not to read. */
    private static boolean barred(Publication it, Instant now) {
        return it.attempt().failures() > 0
                && it.attempt().lost() == 0
                && WaitLimit.pending(it.schedule().notBefore(), now);
    }

    /** Whether the host was not asked with the credential for a day. */
    private static boolean unread(Publication it, Instant now) {
        Instant read = it.proof().read();
        return read == null
                || read.isAfter(now)
                || !read.plus(PublishTiming.PROOF).isAfter(now);
    }

    /** How long the host wants to be left alone, where the clock was set back since it said so. */
    private Duration asked(Publication it, Instant now) {
        Attempt last = it.attempt();
        Instant notBefore = it.schedule().notBefore();
        boolean saidSo = last.failures() > 0 && last.lost() == 0 && notBefore != null;
        Duration asked = saidSo && last.sentAt() != null && last.sentAt().isAfter(now)
                ? WaitLimit.atMost(Duration.between(last.sentAt(), notBefore))
                : Duration.ZERO;
        return asked.compareTo(timing.gap(it)) > 0 ? asked : timing.gap(it);
    }

    private static Proof notLater(Proof proof, Instant now) {
        return proof.written() == null
                ? proof
                : new Proof(PublishTiming.earlier(proof.written(), now), proof.read(), proof.told());
    }

    /** Whether the clock was set back since this was written down. */
    private static boolean setBack(Publication it, Instant now) {
        Instant sentAt = it.attempt().sentAt();
        Instant notBefore = it.schedule().notBefore();
        return sentAt != null && sentAt.isAfter(now)
                || notBefore != null && notBefore.isAfter(now.plus(WaitLimit.LONGEST));
    }

    /**
     * What came of a claimed publication.
     *
     * @param it as it was claimed
     * @param body what the endpoint returned: a {@link RecordReading} when asked to read or to look; anything confirms when asked to
     *     write
     * @param thrown what the endpoint threw; null if it returned
     */
    public Settlement settle(Publication it, @Nullable Object body, @Nullable Throwable thrown) {
        Throwable failure = EndpointFailures.meant(thrown);
        Instant now = clock.instant();
        boolean reading = it.ask() == Ask.READ || it.ask() == Ask.LOOK;
        if (it.ask() == Ask.LOOK
                && failure instanceof WaitException wait
                && !wait.delay().isZero()) {
            return ProviderOutcomes.barred(it, wait, now);
        }
        if (it.ask() == Ask.LOOK && !it.attempt().open() && it.target().api() == Api.READS) {
            return ProviderOutcomes.proved(it, body, failure, now);
        }
        if (failure instanceof StopException stop && (!reading || it.attempt().open() || it.ask() == Ask.LOOK)) {
            return ProviderOutcomes.stopped(it, stop, now);
        }
        if (failure instanceof WaitException wait && (!reading || it.attempt().open() && wait.ambiguous())) {
            return ProviderOutcomes.refused(it, wait, now);
        }
        if (reading) {
            return readings.read(it, reading(body, failure), now);
        }
        if (failure instanceof DryRunException dry) {
            return ProviderOutcomes.dry(it, dry.getMessage(), now);
        }
        if (failure != null) {
            return outcomes.unknown(it, message(failure), now);
        }
        return outcomes.confirmed(it, body instanceof Receipt receipt ? receipt : Receipt.of("confirmed"), now);
    }

    private static RecordReading reading(@Nullable Object body, @Nullable Throwable failure) {
        return failure == null && body instanceof RecordReading reading
                ? reading
                : new RecordReading(Map.of(), Map.of(), failure == null ? "no reading came back" : message(failure));
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
