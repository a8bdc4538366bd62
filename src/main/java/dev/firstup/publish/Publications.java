package dev.firstup.publish;

import dev.firstup.model.DryRunException;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.Failures;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.Publication.Proof;
import dev.firstup.model.Reading;
import dev.firstup.model.Receipt;
import dev.firstup.model.Settlement;
import dev.firstup.model.StopException;
import dev.firstup.model.Target.Api;
import dev.firstup.model.WaitException;
import dev.firstup.model.Waits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may be done about a publication, and what came of it: the bean {@code publications} of the routes. Decided is compared
 * with confirmed, and the difference is sent, never more often than the host allows.
 */
public final class Publications {
    /** How long authoritative servers have to show a change before people are told that some do not. */
    private static final Duration VISIBILITY = Duration.ofSeconds(60);

    /** How long a host may be at it, by its own account. */
    private static final Duration LONGEST_WORK = Duration.ofMinutes(5);

    /** How long an ambiguous answer is waited for, before the second, third and fourth attempt; then it is a stop. */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

    /** How often the host is asked with the credential, to see that it still works. */
    private static final Duration PROOF = Duration.ofDays(1);

    /** How long a write need not have been proved. */
    private static final Duration UNPROVED = Duration.ofDays(30);

    /** So often within a day what somebody else has changed is written again. */
    private static final int MOST_REPAIRS = 2;

    private static final Duration REPAIRS_WITHIN = Duration.ofDays(1);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration UNHURRIED = Duration.ofSeconds(5);
    private static final Duration UNREADABLE_RETRY = Duration.ofSeconds(30);
    private static final Duration REMINDER = Duration.ofHours(1);
    /** So long at most the same is not sent again to a host that does not answer: the record may name a dead server meanwhile. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_UNREACHABLE = Duration.ofMinutes(2);

    /** How the report of a record that somebody else changed begins. */
    private static final String DRIFTED = "it holds ";

    /** How the report of a record that could not be read once begins. */
    private static final String DOUBTFUL = "once: ";

    private final Clock clock;
    private final Duration lease;
    private final Duration gap;
    private final Duration lag;
    private final Duration driftCheck;
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
        this.lease = lease;
        this.gap = gap;
        this.lag = Waits.atMost(lag);
        this.driftCheck = Waits.atMost(driftCheck);
        started = clock.instant();
    }

    /** What to do about this publication now; {@code ask} says it, and the attempt is noted in it before it is made. */
    public Publication claim(Publication it) {
        Instant now = clock.instant();
        boolean differs = !it.held() && it.decided() != null && !it.agrees();
        Instant notBefore = it.notBefore();
        Draft next = it.edit();
        if (setBack(it, now)) {
            // When the host may be asked again cannot be known any more.
            notBefore = now.plus(asked(it, now));
            next.notBefore(notBefore)
                    .sentAt(it.sentAt() == null ? null : earlier(it.sentAt(), now))
                    .proof(notLater(it.proof(), now));
        }
        if (it.attempted() != null && it.lost() > 0 && it.sentAt().isBefore(started) && !started.isAfter(now)) {
            // Written down, it may have been sent at any time until the program before this one ended, and at none
            // after.
            notBefore = started.plus(gap(it));
            next.notBefore(notBefore);
        }
        if (it.stopped() != null || it.attempted() != null || !differs) {
            return next.ask(reading(it, now)).due(now.plus(lease)).done();
        }
        if (notBefore != null && notBefore.isAfter(now)) {
            return next.ask(Ask.NOTHING).due(notBefore).done();
        }
        return next.ask(it.decided().isEmpty() ? Ask.WITHDRAW : Ask.WRITE)
                .attempted(it.decided())
                .ticket(null)
                .unseen(recent(it, now) ? it.unseen() : 0)
                .sentAt(now)
                // Should it be lost: it may arrive as late as that.
                .notBefore(now.plus(lease).plus(gap(it)))
                .lost(it.lost() + 1)
                .due(now.plus(lease))
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
                                + values(it.decided())));
    }

    /** Who is asked what the record holds. */
    private static Ask reading(Publication it, Instant now) {
        boolean byHost =
                switch (it.target().api()) {
                    case NONE -> false;
                    // Where the host does not say, its name servers may.
                    case READS ->
                        it.attempted() == null
                                ? !it.held() && unread(it, now)
                                : (it.reported() == null || drifted(it.reported())) && !overdue(it, now);
                    case ALONE -> true;
                };
        return byHost && it.stopped() == null && !barred(it, now) ? Ask.LOOK : Ask.READ;
    }

    /** Whether the host has been at it for longer than it should. */
    private static boolean overdue(Publication it, Instant now) {
        return it.ticket() != null && !now.isBefore(it.sentAt().plus(LONGEST_WORK));
    }

    /** Whether the host has said that it is not to be asked now: a gap of our own is no reason not to read. */
    private static boolean barred(Publication it, Instant now) {
        return it.failures() > 0 && it.lost() == 0 && Waits.pending(it.notBefore(), now);
    }

    /** Whether the host was not asked with the credential for a day. */
    private static boolean unread(Publication it, Instant now) {
        Instant read = it.proof().read();
        return read == null || read.isAfter(now) || !read.plus(PROOF).isAfter(now);
    }

    /** How long the host is left alone about the record after something was sent. */
    private Duration gap(Publication it) {
        Duration own = it.target().gap();
        return own.isZero() ? gap : Waits.atMost(own);
    }

    /** How long the host wants to be left alone, where the clock was set back since it said so. */
    private Duration asked(Publication it, Instant now) {
        boolean saidSo = it.failures() > 0 && it.lost() == 0 && it.notBefore() != null;
        Duration asked = saidSo && it.sentAt() != null && it.sentAt().isAfter(now)
                ? Waits.atMost(Duration.between(it.sentAt(), it.notBefore()))
                : Duration.ZERO;
        return asked.compareTo(gap(it)) > 0 ? asked : gap(it);
    }

    private static Proof notLater(Proof proof, Instant now) {
        return proof.written() == null ? proof : new Proof(earlier(proof.written(), now), proof.read(), proof.told());
    }

    /** Whether the clock was set back since this was written down. */
    private static boolean setBack(Publication it, Instant now) {
        return it.sentAt() != null && it.sentAt().isAfter(now)
                || it.notBefore() != null && it.notBefore().isAfter(now.plus(Waits.LONGEST));
    }

    /**
     * What came of a claimed publication.
     *
     * @param it as it was claimed
     * @param body what the endpoint returned: a {@link Reading} when asked to read or to look; anything confirms when asked to
     *     write
     * @param thrown what the endpoint threw; null if it returned
     */
    public Settlement settle(Publication it, Object body, Throwable thrown) {
        Throwable failure = Failures.meant(thrown);
        Instant now = clock.instant();
        boolean reading = it.ask() == Ask.READ || it.ask() == Ask.LOOK;
        if (it.ask() == Ask.LOOK
                && failure instanceof WaitException wait
                && !wait.delay().isZero()) {
            return barred(it, wait, now);
        }
        if (it.ask() == Ask.LOOK && it.attempted() == null && it.target().api() == Api.READS) {
            return proved(it, body, failure, now);
        }
        if (failure instanceof StopException stop && (!reading || it.attempted() != null || it.ask() == Ask.LOOK)) {
            return stopped(it, stop, now);
        }
        if (failure instanceof WaitException wait && (!reading || it.attempted() != null && wait.ambiguous())) {
            return refused(it, wait, now);
        }
        if (reading) {
            return read(it, reading(body, failure), now);
        }
        if (failure instanceof DryRunException dry) {
            return dry(it, dry.getMessage(), now);
        }
        if (failure != null) {
            return unknown(it, message(failure), now);
        }
        return confirmed(it, body instanceof Receipt receipt ? receipt : Receipt.of("confirmed"), now);
    }

    private static Reading reading(Object body, Throwable failure) {
        return failure == null && body instanceof Reading reading
                ? reading
                : new Reading(Map.of(), Map.of(), failure == null ? "no reading came back" : message(failure));
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private Settlement confirmed(Publication it, Receipt receipt, Instant now) {
        Draft next = it.edit()
                .failures(0)
                .lost(0)
                .ambiguous(0)
                .notBefore(now.plus(gap(it)))
                .proof(new Proof(now, now, it.proof().told()))
                .note(receipt.answer());
        if (receipt.ticket() != null) {
            // Taken, and not done: what the host says of it later counts.
            return settlement(next.ticket(receipt.ticket()).due(now.plus(SOON)), "accepted", List.of());
        }
        next.confirmed(it.attempted())
                .confirmedAt(now)
                .attempted(null)
                .unseen(it.unseen() + 1)
                .unchanged(receipt.unchanged() ? it.unchanged() + 1 : 0)
                .due(now);
        List<Event> events = resumed(it, next, receipt.answer(), now);
        return settlement(next, receipt.unchanged() ? "unchanged" : "confirmed", events);
    }

    private static Settlement settlement(Draft next, String outcome, List<Event> events) {
        return new Settlement(next.done(), outcome, events);
    }

    /** Nothing was sent, and nothing will be until something else is decided. */
    private static Settlement dry(Publication it, String what, Instant now) {
        Draft next = it.edit()
                .attempted(null)
                .lost(0)
                .notBefore(null)
                .note("dry run: " + what)
                .due(now.plus(Waits.LONGEST));
        return settlement(next, "dry", List.of(event(it, Kind.WOULD_SEND, what, now, false)));
    }

    /** The host was asked with the credential only to see that it still works. */
    private static Settlement proved(Publication it, Object body, Throwable failure, Instant now) {
        boolean refused = failure instanceof StopException;
        boolean settled = refused || failure == null && body instanceof Reading;
        // What is only a trouble of the moment is tried again sooner.
        Instant at = settled ? now : now.minus(PROOF).plus(REMINDER);
        Draft next = it.edit()
                .proof(new Proof(it.proof().written(), at, it.proof().told()))
                .due(now);
        if (!refused) {
            return settlement(next, "read", List.of());
        }
        boolean account = failure instanceof StopException stop && stop.account();
        String reason = "the host was asked what the record holds, to see that the credential works: "
                + failure.getMessage() + "; mend it before the next move needs it";
        Event event = event(it, Kind.CREDENTIAL, reason, now, true);
        return new Settlement(next.note(reason).done(), "read", List.of(event), account);
    }

    /** The host does not want to be read now: what was to be read is still to be, and what it is doing it may still do. */
    private static Settlement barred(Publication it, WaitException wait, Instant now) {
        Instant until = now.plus(Waits.atMost(wait.delay()));
        Draft next = it.edit()
                .failures(it.failures() + 1)
                .lost(0)
                .notBefore(it.notBefore() != null && it.notBefore().isAfter(until) ? it.notBefore() : until)
                .note(wait.getMessage())
                .due(earlier(until, now.plus(REMINDER)));
        boolean missed = it.attempted() != null && !it.held() && !it.agrees();
        return settlement(next, "waiting", missed ? trouble(it, next, wait.getMessage(), now) : List.of());
    }

    /** Who was told of the trouble is told of its end, by the event that the record has moved where there will be one. */
    private static List<Event> resumed(Publication it, Draft next, String reason, Instant now) {
        next.troubleTold(null);
        boolean moving = !it.told() && it.move() != null && it.move().from() != null && moves(it.move());
        return it.troubleTold() == null ? List.of() : List.of(event(it, Kind.PUBLISH_RESUMED, reason, now, !moving));
    }

    private static boolean moves(Publication.Move move) {
        return move.to() != null && !move.to().equals(move.from());
    }

    private static Settlement stopped(Publication it, StopException stop, Instant now) {
        return stopped(it, stop.getMessage(), stop.account(), now);
    }

    private static Settlement stopped(Publication it, String reason, boolean account, Instant now) {
        // It says nothing of what was sent before: what became of that is still found out.
        boolean doubt = it.ask() == Ask.LOOK && it.attempted() != null || it.lost() > 1 || it.ambiguous() > 0;
        Draft next = it.edit()
                .attempted(doubt ? it.attempted() : null)
                .ticket(null)
                .failures(it.failures() + 1)
                .lost(0)
                .ambiguous(0)
                .stopped(reason)
                .troubleTold(now)
                .note(reason)
                .due(now.plus(doubt ? UNREADABLE_RETRY : REMINDER));
        Event event = event(it, Kind.PUBLISH_STOPPED, reason + advice(it), now, true);
        return new Settlement(next.done(), "stopped", List.of(event), account);
    }

    /** What to do about a stop: who is told of it at night has not read the manual. */
    private static String advice(Publication it) {
        return "; when it is mended, change the declaration or say ./firstup publish " + it.queue() + " --retry";
    }

    private static Settlement refused(Publication it, WaitException wait, Instant now) {
        if (wait.ambiguous()) {
            return ambiguous(it, wait.getMessage(), now);
        }
        return wait.delay().isZero()
                ? unreachable(it, wait.getMessage(), now)
                : waiting(it, wait.delay(), 0, wait.getMessage(), now);
    }

    private static Settlement ambiguous(Publication it, String reason, Instant now) {
        return it.ambiguous() < PATIENCE.size()
                ? waiting(it, PATIENCE.get(it.ambiguous()), it.ambiguous() + 1, reason, now)
                : stopped(it, reason + ", " + (it.ambiguous() + 1) + " times in a row", false, now);
    }

    /** The host may have taken what it answered with an error: as after a time-out, the record is read before the next attempt. */
    private static Settlement waiting(Publication it, Duration asked, int ambiguous, String reason, Instant now) {
        // A host's own gap counts whatever it said last.
        Duration own = it.target().gap();
        Instant notBefore = now.plus(Waits.atMost(asked.compareTo(own) < 0 ? own : asked));
        Draft next = it.edit()
                .ticket(null)
                .failures(it.failures() + 1)
                .lost(0)
                .ambiguous(ambiguous)
                .notBefore(notBefore)
                .note(reason)
                .due(earlier(notBefore, now.plus(REMINDER)));
        return settlement(next, "waiting", trouble(it, next, reason, now));
    }

    /** The host was certainly not told, and forbids nothing: another decision does not wait for the next attempt. */
    private static Settlement unreachable(Publication it, String reason, Instant now) {
        // Where an attempt before this one got lost, the record is read before the next.
        boolean doubt = it.confirmed() == null;
        Draft next = it.edit()
                .attempted(doubt ? it.attempted() : null)
                .failures(it.failures() + 1)
                .lost(0)
                .ambiguous(0)
                .notBefore(doubt ? now : null)
                .note(reason)
                .due(now.plus(backoff(FIRST_WAIT, it.failures(), LONGEST_UNREACHABLE)));
        return settlement(next, "waiting", trouble(it, next, reason, now));
    }

    /** The request may have arrived: the record is read before anything is sent again. */
    private Settlement unknown(Publication it, String reason, Instant now) {
        Draft next = it.edit()
                .failures(it.failures() + 1)
                .ambiguous(0)
                .notBefore(now.plus(gap(it)))
                .note(reason)
                .due(now.plus(SOON));
        return settlement(next, "unknown", trouble(it, next, reason, now));
    }

    /** Trouble is told at once, and again every hour for as long as it lasts. */
    private static List<Event> trouble(Publication it, Draft next, String reason, Instant now) {
        if (it.troubleTold() != null && Waits.pending(it.troubleTold().plus(REMINDER), now)) {
            return List.of();
        }
        next.troubleTold(now);
        return List.of(event(it, Kind.PUBLISH_WAITING, reason, now, true));
    }

    private static Duration backoff(Duration first, int failures, Duration longest) {
        Duration delay = first.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    private Settlement read(Publication it, Reading reading, Instant now) {
        List<String> found = found(it, reading);
        List<Event> events = new ArrayList<>();
        String reported = oddity(it, reading, now, events);
        Draft next = it.edit()
                .note(describe(reading))
                .reported(reported)
                .due(now.plus(found == null ? UNREADABLE_RETRY : driftCheck));
        if (it.confirmedAt() != null) {
            next.confirmedAt(earlier(it.confirmedAt(), now));
        }
        if (it.ask() == Ask.LOOK && !reading.answers().isEmpty()) {
            next.proof(new Proof(it.proof().written(), now, it.proof().told()));
            if (it.attempted() == null) {
                next.failures(0);
            }
        }
        if (it.ask() == Ask.READ
                && it.unseen() == 1
                && it.confirmed() != null
                && it.confirmed().equals(found)) {
            next.unseen(0);
        }
        if (it.attempted() != null) {
            inDoubt(it, reading, now, next, events);
        } else if (it.held()) {
            // The host said twice that it has this value, or took it just now: what its name servers say is not a
            // reason to send it again.
            boolean outdated = it.confirmed() != null && (it.unchanged() > 1 || fresh(it, now));
            if (found != null && !outdated) {
                next.confirmed(found).confirmedAt(now);
            }
        } else if (it.stopped() != null && it.confirmed() == null && found != null && !recent(it, now)) {
            next.confirmed(found).confirmedAt(now).due(now);
        } else if (it.stopped() != null
                && !it.agrees()
                && it.confirmed() != null
                && found != null
                && found.equals(it.decided())
                && !recent(it, now)) {
            // Somebody has made it right by hand, and so has seen it: it may be tried again at the next decision.
            next.confirmed(found).confirmedAt(now).stopped(null).failures(0).due(now);
            events.addAll(resumed(it, next, describe(reading), now));
        } else if (it.stopped() != null && !it.agrees()) {
            remindOfStop(it, now, next, events);
        } else if (it.agrees() && !it.told()) {
            awaitVisible(it, reading, now, next, events);
        } else if (it.agrees()) {
            repair(it, found, reported, now, next, events);
            remind(it, now, next, events);
        }
        return settlement(next, "read", events);
    }

    /** Each hour; that another decision has nobody who carries it out is told at once. */
    private static void remindOfStop(Publication it, Instant now, Draft next, List<Event> events) {
        Instant last = it.troubleTold();
        if (last == null
                || it.move() != null && last.isBefore(it.move().decided())
                || !Waits.pending(last.plus(REMINDER), now)) {
            events.add(event(it, Kind.PUBLISH_STOPPED, it.stopped() + advice(it), now, true));
            last = now;
        }
        next.troubleTold(last).due(last.plus(REMINDER));
    }

    /** What of a reading says what the record holds. Before a proxy, name servers say nothing of it. */
    private static List<String> found(Publication it, Reading reading) {
        return it.target().api() == Api.ALONE && it.ask() == Ask.READ ? null : reading.agreed();
    }

    /** Whether name servers may still say what the record held before the host last took a write. */
    private boolean fresh(Publication it, Instant now) {
        return it.ask() == Ask.READ
                && it.unseen() > 0
                && it.proof().written() != null
                && Waits.pending(it.proof().written().plus(lag), now);
    }

    /** Whether what was last sent may still make a difference: name servers lag, and a host may take its time as well. */
    private boolean recent(Publication it, Instant now) {
        return fresh(it, now)
                || it.sentAt() != null && Waits.pending(it.sentAt().plus(lag), now);
    }

    /** When the same is sent again of which nobody knows what became: later each time. Another decision waits for the gap only. */
    private Instant again(Publication it) {
        return it.lost() > 0 && it.attempted().equals(it.decided())
                ? it.sentAt().plus(backoff(gap(it), it.lost() - 1, longest(gap(it))))
                : it.sentAt();
    }

    private static Duration longest(Duration gap) {
        return gap.compareTo(LONGEST_SILENCE) > 0 ? gap : LONGEST_SILENCE;
    }

    /** Whether it is time to give up finding out what became of what was sent, and this reading says enough to go on. */
    private boolean over(Publication it, List<String> found, Instant now) {
        if (now.isBefore(it.notBefore()) || now.isBefore(again(it))) {
            return false;
        }
        if (found == null) {
            boolean elsewhere = it.ask() == Ask.LOOK && it.target().api() == Api.READS;
            return !it.held() && !elsewhere;
        }
        // What is right now may be made wrong in a moment by what was sent.
        boolean enough = !it.held() && !found.equals(it.decided());
        return enough || !recent(it, now);
    }

    private void inDoubt(Publication it, Reading reading, Instant now, Draft next, List<Event> events) {
        List<String> found = found(it, reading);
        // As long as the host says that it is still at it, there is nothing to send again.
        boolean working =
                it.ticket() != null && found == null && now.isBefore(it.sentAt().plus(LONGEST_WORK));
        if (it.attempted().equals(found) && !fresh(it, now)) {
            // What it asked to wait for was no answer to an update that it took.
            Instant taken =
                    it.lost() > 0 ? it.notBefore() : it.sentAt().plus(lease).plus(gap(it));
            next.confirmed(found)
                    .confirmedAt(now)
                    .attempted(null)
                    .unseen(it.ask() == Ask.READ ? 0 : it.unseen() + 1)
                    .notBefore(later(it.notBefore(), taken))
                    .ticket(null)
                    .failures(0)
                    .lost(0)
                    .ambiguous(0)
                    .due(now)
                    .proof(new Proof(it.sentAt(), now, it.proof().told()));
            if (it.stopped() == null) {
                events.addAll(resumed(it, next, describe(reading), now));
            }
            if (it.ticket() != null && !it.held() && !it.told() && found.equals(it.decided())) {
                // Its own word for it: every server of its has the change.
                awaitVisible(next.done(), reading, now, next, events);
            }
        } else if (!working && over(it, found, now)) {
            // The host may hold either now: whatever is decided next is sent.
            boolean known = found != null && !recent(it, now);
            next.confirmed(known ? found : null).confirmedAt(now);
            if (known && found.equals(it.decided())) {
                next.lost(0);
            }
            next.attempted(null)
                    .unseen(known ? 0 : it.unseen() + 1)
                    .ticket(null)
                    .due(now);
        } else {
            Instant soon = now.plus(pause(it, now));
            Instant end = later(it.notBefore(), again(it));
            next.due(working || !end.isAfter(now) ? soon : earlier(soon, end));
            if (!it.held() && !it.agrees() && it.troubleTold() != null && it.stopped() == null) {
                events.addAll(trouble(it, next, "not confirmed since " + it.sentAt() + "; " + describe(reading), now));
            }
        }
    }

    /** What somebody else has changed is written again after two readings that agree, and seldom: two programs that fight over a record are banned. */
    private static void repair(
            Publication it, List<String> found, String reported, Instant now, Draft next, List<Event> events) {
        List<Instant> recent = it.repairs().stream()
                .map(at -> earlier(at, now))
                .filter(at -> at.plus(REPAIRS_WITHIN).isAfter(now))
                .toList();
        next.repairs(recent);
        // A host that says it has the value already is not to be told it again.
        if (found == null
                || it.stopped() != null
                || !it.target().repair()
                || !drifted(reported)
                || recent.size() >= MOST_REPAIRS
                || it.unchanged() > 0) {
            return;
        }
        if (!reported.equals(it.reported())) {
            next.due(now.plus(UNREADABLE_RETRY));
            return;
        }
        next.confirmed(found)
                .confirmedAt(now)
                .due(now)
                .reported(null)
                .repairs(Stream.concat(recent.stream(), Stream.of(now)).toList());
        String reason = reported + "; " + values(it.decided()) + " is written again (" + (recent.size() + 1) + " of "
                + MOST_REPAIRS + " times in a day)";
        events.add(event(it, Kind.REPAIRED, reason, now, true));
    }

    /** A credential that nobody has used for long may be worth nothing in the night in which it is needed. */
    private static void remind(Publication it, Instant now, Draft next, List<Event> events) {
        Proof proof = it.proof();
        Instant since = proof.told();
        if (since == null || proof.written() != null && proof.written().isAfter(since)) {
            since = proof.written();
        }
        if (since == null || since.isAfter(now)) {
            next.proof(new Proof(proof.written(), proof.read(), now));
        } else if (!since.plus(UNPROVED).isAfter(now)) {
            next.proof(new Proof(proof.written(), proof.read(), now));
            String reason = (proof.written() == null
                            ? "the host has never taken a write yet"
                            : "the host last took a write on " + proof.written())
                    + ": say ./firstup drill " + it.queue()
                    + " to see that it still would";
            events.add(event(it, Kind.CREDENTIAL, reason, now, true));
        }
    }

    /** Late answers come soon or not at all; what is left of a wait is no reason to press the name servers. */
    private Duration pause(Publication it, Instant now) {
        Duration sinceSent = Duration.between(it.sentAt(), now);
        if (sinceSent.compareTo(VISIBILITY) < 0) {
            return soon(it);
        }
        return sinceSent.compareTo(lag) < 0 ? UNREADABLE_RETRY : driftCheck;
    }

    private static Instant later(Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Hosts count what they are asked; name servers do not. */
    private static Duration soon(Publication it) {
        return it.ask() == Ask.LOOK ? UNHURRIED : SOON;
    }

    private void awaitVisible(Publication it, Reading reading, Instant now, Draft next, List<Event> events) {
        boolean visible = it.confirmed().equals(found(it, reading));
        if (!visible && now.isBefore(it.confirmedAt().plus(VISIBILITY))) {
            next.due(now.plus(soon(it)));
            return;
        }
        next.told(true).due(now.plus(driftCheck));
        Publication.Move move = it.move();
        if (move == null || !moves(move)) {
            return;
        }
        Map<Step, Instant> times = new EnumMap<>(Step.class);
        times.put(Step.DETECTED, move.detected());
        times.put(Step.DECIDED, move.decided());
        if (it.sentAt() != null && !it.sentAt().isBefore(move.decided())) {
            times.put(Step.SENT, it.sentAt());
        }
        times.put(Step.CONFIRMED, it.confirmedAt());
        if (visible) {
            times.put(Step.VISIBLE, now);
        }
        String reason = move.cause();
        if (!visible) {
            reason += "; not visible yet: " + describe(reading);
        } else if (!reading.failures().isEmpty()) {
            reason += "; not asked: " + failures(reading);
        }
        events.add(new Event(
                0,
                now,
                it.queue(),
                Kind.MOVED,
                it.record(),
                move.to(),
                move.from(),
                move.to(),
                it.publisher(),
                reason,
                move.downtime(),
                times,
                // A record that named no server of ours before has a beginning, and that is no news.
                move.from() != null));
    }

    /** Says once what is odd about the record; what still is, or null. */
    private String oddity(Publication it, Reading reading, Instant now, List<Event> events) {
        List<String> found = found(it, reading);
        boolean drifted = drifted(it.reported());
        if (reading.problem() != null) {
            boolean doubtful = it.reported() != null && it.reported().startsWith(DOUBTFUL);
            boolean isNew = it.reported() == null || drifted;
            if (isNew && reading.answers().isEmpty()) {
                // It may be our own link, or theirs for a moment: that is told once it is read again.
                return DOUBTFUL + reading.problem();
            }
            if (isNew || doubtful) {
                events.add(event(it, Kind.UNREADABLE, reading.problem(), now, true));
            }
            return reading.problem();
        }
        if (found == null) {
            return it.reported();
        }
        boolean idle = !it.held() && it.told() && it.attempted() == null && it.agrees();
        if (!idle
                || found.equals(it.confirmed())
                || !now.isAfter(it.confirmedAt().plus(lag))) {
            return null;
        }
        String drift = DRIFTED + values(found) + " instead of " + values(it.confirmed())
                + ", and Firstup has not written that";
        if (!drift.equals(it.reported())) {
            events.add(event(it, Kind.DRIFT, drift, now, true));
        }
        return drift;
    }

    private static boolean drifted(String reported) {
        return reported != null && reported.startsWith(DRIFTED);
    }

    private static String values(List<String> values) {
        return values.isEmpty() ? "nothing" : String.join(", ", values);
    }

    private static String describe(Reading reading) {
        List<String> parts = new ArrayList<>();
        if (reading.problem() != null) {
            parts.add(reading.problem());
        }
        reading.answers().forEach((server, values) -> parts.add(server + " answers " + values(values)));
        if (!reading.failures().isEmpty()) {
            parts.add(failures(reading));
        }
        return String.join("; ", parts);
    }

    private static String failures(Reading reading) {
        return reading.failures().entrySet().stream()
                .map(it -> it.getKey() + ": " + it.getValue())
                .collect(Collectors.joining("; "));
    }

    private static Event event(Publication it, Kind kind, String reason, Instant now, boolean tell) {
        Publication.Move move = it.move();
        return new Event(
                0,
                now,
                it.queue(),
                kind,
                it.record(),
                null,
                move == null ? null : move.from(),
                move == null ? null : move.to(),
                it.publisher(),
                reason,
                null,
                Map.of(),
                tell);
    }
}
