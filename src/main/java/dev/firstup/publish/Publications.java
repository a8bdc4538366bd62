package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.Failures;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Reading;
import dev.firstup.model.Receipt;
import dev.firstup.model.Settlement;
import dev.firstup.model.StopException;
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

/**
 * What may be done about a publication, and what came of it: the bean {@code publications} of the routes. Decided is compared
 * with confirmed, and the difference is sent, never more often than the host allows.
 */
public final class Publications {
    /** How long authoritative servers have to show a change before people are told that some do not. */
    private static final Duration VISIBILITY = Duration.ofSeconds(60);

    /** Replicas of a host may lag: what is read sooner after a change is not taken for somebody else's. */
    private static final Duration REPLICATION = Duration.ofMinutes(5);

    /** How long an ambiguous answer is waited for, before the second, third and fourth attempt; then it is a stop. */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

    /** What to do about a stop: who is told of it at night has not read the manual. */
    private static final String ADVICE =
            "; when it is mended, change the declaration or start with ./firstup run --retry";

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration UNREADABLE_RETRY = Duration.ofSeconds(30);
    private static final Duration REMINDER = Duration.ofHours(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_UNREACHABLE = Duration.ofMinutes(2);

    /** How the report of a record that somebody else changed begins. */
    private static final String DRIFTED = "it holds ";

    /** How the report of a record that could not be read once begins. */
    private static final String DOUBTFUL = "once: ";

    private final Clock clock;
    private final Duration lease;
    private final Duration gap;
    private final Duration driftCheck;
    private final Instant started;

    /**
     * @param clock the time
     * @param lease how long a request may take before it counts as lost
     * @param gap how long a host is left alone that does not say so itself, or has not answered
     * @param driftCheck how often a record is read that should not have changed
     */
    public Publications(Clock clock, Duration lease, Duration gap, Duration driftCheck) {
        this.clock = clock;
        this.lease = lease;
        this.gap = gap;
        this.driftCheck = Waits.atMost(driftCheck);
        started = clock.instant();
    }

    /** What to do about this publication now; {@code ask} says it, and the attempt is noted in it before it is made. */
    public Publication claim(Publication it) {
        Instant now = clock.instant();
        boolean differs = !it.held() && it.decided() != null && !it.agrees();
        Draft next = new Draft(it);
        if (setBack(it, now)) {
            // How long the host was to be left alone cannot be known any more.
            next.notBefore = now.plus(gap);
            next.sentAt = it.sentAt() == null ? null : earlier(it.sentAt(), now);
        }
        if (next.attempted != null && next.sentAt.isBefore(started) && !started.isAfter(now)) {
            // Written down, it may have been sent at any time until the program before this one ended.
            next.notBefore = later(next.notBefore, started.plus(gap));
        }
        if (it.stopped() != null || it.attempted() != null || !differs) {
            next.ask = Ask.READ;
            next.due = now.plus(lease);
        } else if (next.notBefore != null && next.notBefore.isAfter(now)) {
            next.ask = Ask.NOTHING;
            next.due = next.notBefore;
        } else {
            next.ask = it.decided().isEmpty() ? Ask.WITHDRAW : Ask.WRITE;
            next.attempted = it.decided();
            next.sentAt = now;
            next.notBefore = now.plus(gap);
            next.due = now.plus(lease);
        }
        return next.publication();
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
     * @param body what the endpoint returned: a {@link Reading} when asked to read; anything confirms when asked to write
     * @param thrown what the endpoint threw; null if it returned
     */
    public Settlement settle(Publication it, Object body, Throwable thrown) {
        Throwable failure = Failures.meant(thrown);
        Instant now = clock.instant();
        if (it.ask() == Ask.READ) {
            Reading reading = failure == null && body instanceof Reading read
                    ? read
                    : new Reading(Map.of(), Map.of(), failure == null ? "no reading came back" : message(failure));
            return read(it, reading, now);
        }
        if (failure instanceof StopException stop) {
            return stopped(it, stop.getMessage(), now);
        }
        if (failure instanceof WaitException wait) {
            return refused(it, wait, now);
        }
        if (failure != null) {
            return unknown(it, message(failure), now);
        }
        return confirmed(it, body instanceof Receipt receipt ? receipt : new Receipt(false, gap, "confirmed"), now);
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private Settlement confirmed(Publication it, Receipt receipt, Instant now) {
        Draft next = new Draft(it);
        next.confirm(it.attempted(), now);
        next.attempted = null;
        next.notBefore = now.plus(Waits.atMost(receipt.gap()));
        next.failures = 0;
        next.ambiguous = 0;
        next.unchanged = receipt.unchanged() ? it.unchanged() + 1 : 0;
        next.note = receipt.answer();
        next.due = now;
        List<Event> events = resumed(it, next, receipt.answer(), now);
        return new Settlement(next.publication(), receipt.unchanged() ? "unchanged" : "confirmed", events);
    }

    /** Who was told of the trouble is told of its end, by the event that the record has moved where there will be one. */
    private static List<Event> resumed(Publication it, Draft next, String reason, Instant now) {
        next.troubleTold = null;
        boolean moving = !it.told() && it.move() != null && it.move().from() != null && moves(it.move());
        return it.troubleTold() == null ? List.of() : List.of(event(it, Kind.PUBLISH_RESUMED, reason, now, !moving));
    }

    private static boolean moves(Publication.Move move) {
        return move.to() != null && !move.to().equals(move.from());
    }

    private Settlement stopped(Publication it, String reason, Instant now) {
        Draft next = new Draft(it);
        next.attempted = null;
        next.failures = it.failures() + 1;
        next.ambiguous = 0;
        next.stopped = reason;
        next.troubleTold = now;
        next.note = reason;
        next.due = now.plus(REMINDER);
        return new Settlement(
                next.publication(), "stopped", List.of(event(it, Kind.PUBLISH_STOPPED, reason + ADVICE, now, true)));
    }

    private Settlement refused(Publication it, WaitException wait, Instant now) {
        if (wait.ambiguous()) {
            return ambiguous(it, wait.getMessage(), now);
        }
        return wait.delay().isZero()
                ? unreachable(it, wait.getMessage(), now)
                : waiting(it, wait.delay(), 0, wait.getMessage(), now);
    }

    private Settlement ambiguous(Publication it, String reason, Instant now) {
        return it.ambiguous() < PATIENCE.size()
                ? waiting(it, PATIENCE.get(it.ambiguous()), it.ambiguous() + 1, reason, now)
                : stopped(it, reason + ", " + (it.ambiguous() + 1) + " times in a row", now);
    }

    /** The host may have taken what it answered with an error: as after a time-out, the record is read before the next attempt. */
    private Settlement waiting(Publication it, Duration asked, int ambiguous, String reason, Instant now) {
        Draft next = new Draft(it);
        next.failures = it.failures() + 1;
        next.ambiguous = ambiguous;
        next.notBefore = now.plus(Waits.atMost(asked));
        next.note = reason;
        next.due = earlier(next.notBefore, now.plus(REMINDER));
        List<Event> events = trouble(it, next, reason, now);
        return new Settlement(next.publication(), "waiting", events);
    }

    /** The host was certainly not told, and forbids nothing: another decision does not wait for the next attempt. */
    private Settlement unreachable(Publication it, String reason, Instant now) {
        Draft next = new Draft(it);
        next.attempted = null;
        next.failures = it.failures() + 1;
        next.ambiguous = 0;
        next.notBefore = null;
        next.note = reason;
        next.due = now.plus(backoff(FIRST_WAIT, it.failures(), LONGEST_UNREACHABLE));
        List<Event> events = trouble(it, next, reason, now);
        return new Settlement(next.publication(), "waiting", events);
    }

    /** The request may have arrived: the record is read before anything is sent again. */
    private Settlement unknown(Publication it, String reason, Instant now) {
        Draft next = new Draft(it);
        next.failures = it.failures() + 1;
        next.ambiguous = 0;
        // It was written down before it was sent: the host may have got it only now.
        next.notBefore = now.plus(backoff(gap, it.failures(), LONGEST_WAIT));
        next.note = reason;
        next.due = now.plus(SOON);
        List<Event> events = trouble(it, next, reason, now);
        return new Settlement(next.publication(), "unknown", events);
    }

    /** Trouble is told at once, and again every hour for as long as it lasts. */
    private static List<Event> trouble(Publication it, Draft next, String reason, Instant now) {
        if (it.troubleTold() != null && Waits.pending(it.troubleTold().plus(REMINDER), now)) {
            return List.of();
        }
        next.troubleTold = now;
        return List.of(event(it, Kind.PUBLISH_WAITING, reason, now, true));
    }

    private static Duration backoff(Duration first, int failures, Duration longest) {
        Duration delay = first.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    private Settlement read(Publication it, Reading reading, Instant now) {
        List<String> found = reading.agreed();
        List<Event> events = new ArrayList<>();
        Draft next = new Draft(it);
        if (it.confirmedAt() != null) {
            next.confirmedAt = earlier(it.confirmedAt(), now);
        }
        next.note = describe(reading);
        next.reported = oddity(it, reading, now, events);
        next.due = now.plus(found == null ? UNREADABLE_RETRY : driftCheck);
        if (it.attempted() != null) {
            inDoubt(it, found, now, next, events);
        } else if (it.held()) {
            // The host said twice that it has this value, or took it a moment ago: what its name servers say is not a
            // reason to
            // send it again.
            if (found != null && it.unchanged() < 2 && !justTaken(it, now)) {
                next.confirm(found, now);
            }
        } else if (it.stopped() != null && found != null && found.equals(it.decided())) {
            // The record is right, whoever made it so: it may be tried again at the next decision.
            if (!it.agrees()) {
                next.confirm(found, now);
            }
            next.stopped = null;
            next.failures = 0;
            next.due = now;
            events.addAll(resumed(it, next, next.note, now));
        } else if (it.stopped() != null && !it.agrees()) {
            events.add(event(it, Kind.PUBLISH_STOPPED, it.stopped() + ADVICE, now, true));
            next.troubleTold = now;
            next.due = now.plus(REMINDER);
        } else if (it.agrees() && !it.told()) {
            awaitVisible(it, reading, now, next, events);
        }
        return new Settlement(next.publication(), "read", events);
    }

    private static boolean justTaken(Publication it, Instant now) {
        return it.agrees() && it.sentAt() != null && now.isBefore(it.sentAt().plus(REPLICATION));
    }

    private void inDoubt(Publication it, List<String> found, Instant now, Draft next, List<Event> events) {
        if (it.attempted().equals(found)) {
            next.confirm(found, now);
            next.attempted = null;
            next.failures = 0;
            next.ambiguous = 0;
            next.due = now;
            events.addAll(resumed(it, next, next.note, now));
        } else if (!now.isBefore(it.notBefore())) {
            if (found != null) {
                next.confirm(found, now);
            }
            next.attempted = null;
            next.due = now;
        } else {
            next.due = earlier(now.plus(pause(Duration.between(it.sentAt(), now))), it.notBefore());
            if (!it.held() && !it.agrees() && it.troubleTold() != null) {
                events.addAll(trouble(it, next, "not confirmed since " + it.sentAt() + "; " + next.note, now));
            }
        }
    }

    /** Late answers come soon or not at all; what is left of a wait is no reason to press the name servers. */
    private Duration pause(Duration sinceSent) {
        if (sinceSent.compareTo(VISIBILITY) < 0) {
            return SOON;
        }
        return sinceSent.compareTo(REPLICATION) < 0 ? UNREADABLE_RETRY : driftCheck;
    }

    private static Instant later(Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void awaitVisible(Publication it, Reading reading, Instant now, Draft next, List<Event> events) {
        boolean visible = it.confirmed().equals(reading.agreed());
        if (!visible && now.isBefore(it.confirmedAt().plus(VISIBILITY))) {
            next.due = now.plus(SOON);
            return;
        }
        next.told = true;
        next.due = now.plus(driftCheck);
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
        List<String> found = reading.agreed();
        boolean drifted = it.reported() != null && it.reported().startsWith(DRIFTED);
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
                || !now.isAfter(it.confirmedAt().plus(REPLICATION))) {
            return null;
        }
        String drift = DRIFTED + values(found) + " instead of " + values(it.confirmed())
                + ", and Firstup has not written that";
        if (!drift.equals(it.reported())) {
            events.add(event(it, Kind.DRIFT, drift, now, true));
        }
        return drift;
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

    /** A publication of which some fields are being changed. */
    private static final class Draft {
        private final Publication it;
        private List<String> confirmed;
        private Instant confirmedAt;
        private List<String> attempted;
        private Instant sentAt;
        private Instant notBefore;
        private Instant due;
        private int failures;
        private int ambiguous;
        private int unchanged;
        private String stopped;
        private Instant troubleTold;
        private boolean told;
        private String reported;
        private String note;
        private Ask ask;

        private Draft(Publication it) {
            this.it = it;
            confirmed = it.confirmed();
            confirmedAt = it.confirmedAt();
            attempted = it.attempted();
            sentAt = it.sentAt();
            notBefore = it.notBefore();
            due = it.due();
            failures = it.failures();
            ambiguous = it.ambiguous();
            unchanged = it.unchanged();
            stopped = it.stopped();
            troubleTold = it.troubleTold();
            told = it.told();
            reported = it.reported();
            note = it.note();
            ask = it.ask();
        }

        private void confirm(List<String> values, Instant at) {
            confirmed = values;
            confirmedAt = at;
        }

        private Publication publication() {
            return new Publication(
                    it.queue(),
                    it.publisher(),
                    it.record(),
                    it.type(),
                    it.ttl(),
                    it.nameservers(),
                    it.fingerprint(),
                    it.move(),
                    it.decided(),
                    it.held(),
                    confirmed,
                    confirmedAt,
                    attempted,
                    sentAt,
                    notBefore,
                    due,
                    failures,
                    ambiguous,
                    unchanged,
                    stopped,
                    troubleTold,
                    told,
                    reported,
                    note,
                    ask);
        }
    }
}
