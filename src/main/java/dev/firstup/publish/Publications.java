package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Reading;
import dev.firstup.model.Receipt;
import dev.firstup.model.Settlement;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What may be done about a publication, and what came of it: the bean {@code publications} of the routes. Decided is compared
 * with confirmed, and the difference is sent, never more often than the host allows.
 */
public final class Publications {
    /** How long authoritative servers have to show a change before people are told that some do not. */
    private static final Duration VISIBILITY = Duration.ofSeconds(60);

    /** Replicas of a host may lag: what is read sooner after a change is not taken for somebody else's. */
    private static final Duration REPLICATION = Duration.ofMinutes(5);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration UNREADABLE_RETRY = Duration.ofSeconds(30);
    private static final Duration REMINDER = Duration.ofHours(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);

    private final Clock clock;
    private final Duration lease;
    private final Duration gap;
    private final Duration driftCheck;

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
        this.driftCheck = driftCheck;
    }

    /** What to do about this publication now; {@code ask} says it, and the attempt is noted in it before it is made. */
    public Publication claim(Publication it) {
        Instant now = clock.instant();
        boolean differs = !it.held() && it.decided() != null && !it.agrees();
        if (it.stopped() != null || it.attempted() != null || it.held() || !differs) {
            return draft(it).ask(Ask.READ).due(now.plus(lease)).publication();
        }
        if (it.notBefore() != null && it.notBefore().isAfter(now)) {
            return draft(it).ask(Ask.NOTHING).due(it.notBefore()).publication();
        }
        return draft(it)
                .ask(it.decided().isEmpty() ? Ask.WITHDRAW : Ask.WRITE)
                .attempted(it.decided())
                .sentAt(now)
                .notBefore(now.plus(gap))
                .due(now.plus(lease))
                .publication();
    }

    /**
     * What came of a claimed publication.
     *
     * @param it as it was claimed
     * @param body what the endpoint returned: a {@link Reading} when asked to read; anything confirms when asked to write
     * @param failure what the endpoint threw; null if it returned
     */
    public Settlement settle(Publication it, Object body, Throwable failure) {
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
            return waiting(it, wait.delay(), wait.getMessage(), now);
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
        Draft next = draft(it)
                .confirmed(it.attempted(), now)
                .attempted(null)
                .notBefore(now.plus(receipt.gap()))
                .failures(0)
                .unchanged(receipt.unchanged() ? it.unchanged() + 1 : 0)
                .note(receipt.answer())
                .due(now);
        List<Event> events = new ArrayList<>();
        if (it.failures() > 0) {
            events.add(event(it, Kind.PUBLISH_RESUMED, receipt.answer(), now, false));
        }
        return new Settlement(next.publication(), receipt.unchanged() ? "unchanged" : "confirmed", events);
    }

    private Settlement stopped(Publication it, String reason, Instant now) {
        Draft next = draft(it)
                .attempted(null)
                .failures(it.failures() + 1)
                .stopped(reason)
                .note(reason)
                .due(now.plus(REMINDER));
        return new Settlement(
                next.publication(), "stopped", List.of(event(it, Kind.PUBLISH_STOPPED, reason, now, true)));
    }

    private Settlement waiting(Publication it, Duration asked, String reason, Instant now) {
        Duration delay = asked.isZero() ? backoff(FIRST_WAIT, it.failures()) : asked;
        Draft next = draft(it)
                .attempted(null)
                .failures(it.failures() + 1)
                .notBefore(now.plus(delay))
                .note(reason)
                .due(now.plus(delay));
        return new Settlement(next.publication(), "waiting", firstFailure(it, reason, now));
    }

    /** The request may have arrived: the record is read before anything is sent again. */
    private Settlement unknown(Publication it, String reason, Instant now) {
        Draft next = draft(it)
                .failures(it.failures() + 1)
                .notBefore(it.sentAt().plus(backoff(gap, it.failures())))
                .note(reason)
                .due(now.plus(SOON));
        return new Settlement(next.publication(), "unknown", firstFailure(it, reason, now));
    }

    private List<Event> firstFailure(Publication it, String reason, Instant now) {
        return it.failures() > 0 ? List.of() : List.of(event(it, Kind.PUBLISH_WAITING, reason, now, true));
    }

    private static Duration backoff(Duration first, int failures) {
        Duration delay = first.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
    }

    private Settlement read(Publication it, Reading reading, Instant now) {
        List<String> found = reading.agreed();
        List<Event> events = new ArrayList<>();
        Draft next = draft(it).note(describe(reading));
        next.reported(oddity(it, reading, now, events));

        if (it.attempted() != null) {
            inDoubt(it, found, now, next);
        } else if (it.held()) {
            // The host said twice that it has this value: what its name servers say is not a reason to send it again.
            if (found != null && it.unchanged() < 2) {
                next.confirmed(found, now);
            }
            next.due(now.plus(found == null ? UNREADABLE_RETRY : driftCheck));
        } else if (it.stopped() != null) {
            if (found != null && found.equals(it.decided())) {
                next.confirmed(found, now).due(now.plus(driftCheck));
            } else {
                events.add(event(it, Kind.PUBLISH_STOPPED, it.stopped(), now, true));
                next.due(now.plus(REMINDER));
            }
        } else if (it.agrees() && !it.told()) {
            awaitVisible(it, reading, found, now, next, events);
        } else {
            next.due(now.plus(found == null ? UNREADABLE_RETRY : driftCheck));
        }
        return new Settlement(next.publication(), "read", events);
    }

    private void inDoubt(Publication it, List<String> found, Instant now, Draft next) {
        if (it.attempted().equals(found)) {
            next.confirmed(found, now).attempted(null).failures(0).due(now);
        } else if (!now.isBefore(it.notBefore())) {
            if (found != null) {
                next.confirmed(found, now);
            }
            next.attempted(null).due(now);
        } else {
            next.due(now.plus(SOON));
        }
    }

    private void awaitVisible(
            Publication it, Reading reading, List<String> found, Instant now, Draft next, List<Event> events) {
        boolean visible = it.confirmed().equals(found);
        if (!visible && now.isBefore(it.confirmedAt().plus(VISIBILITY))) {
            next.due(now.plus(SOON));
            return;
        }
        next.told(true).due(now.plus(driftCheck));
        Publication.Move move = it.move();
        if (move == null || move.to() == null || move.to().equals(move.from())) {
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
        String reason = visible ? move.cause() : move.cause() + "; not visible yet: " + describe(reading);
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
                true));
    }

    /** Says once what is odd about the record; what still is, or null. */
    private String oddity(Publication it, Reading reading, Instant now, List<Event> events) {
        List<String> found = reading.agreed();
        if (reading.problem() != null) {
            if (it.reported() == null) {
                events.add(event(it, Kind.UNREADABLE, reading.problem(), now, true));
            }
            return reading.problem();
        }
        boolean settled =
                it.confirmedAt() != null && now.isAfter(it.confirmedAt().plus(REPLICATION));
        boolean idle = !it.held() && it.told() && it.attempted() == null && it.agrees() && settled;
        if (!idle || found == null) {
            return it.held() || it.agrees() && found != null ? null : it.reported();
        }
        if (found.equals(it.confirmed())) {
            return null;
        }
        String drift = "it holds " + values(found) + " instead of " + values(it.confirmed())
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
        StringBuilder text = new StringBuilder();
        if (reading.problem() != null) {
            text.append(reading.problem());
        }
        reading.answers().forEach((server, values) -> text.append(text.isEmpty() ? "" : "; ")
                .append(server)
                .append(" answers ")
                .append(values(values)));
        reading.failures().forEach((server, why) -> text.append(text.isEmpty() ? "" : "; ")
                .append(server)
                .append(": ")
                .append(why));
        return text.toString();
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

    private static Draft draft(Publication it) {
        return new Draft(it);
    }

    /** A publication with some of its fields changed. */
    private static final class Draft {
        private final Publication it;
        private List<String> confirmed;
        private Instant confirmedAt;
        private List<String> attempted;
        private Instant sentAt;
        private Instant notBefore;
        private Instant due;
        private int failures;
        private int unchanged;
        private String stopped;
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
            unchanged = it.unchanged();
            stopped = it.stopped();
            told = it.told();
            reported = it.reported();
            note = it.note();
            ask = it.ask();
        }

        private Draft confirmed(List<String> values, Instant at) {
            confirmed = values;
            confirmedAt = at;
            return this;
        }

        private Draft attempted(List<String> values) {
            attempted = values;
            return this;
        }

        private Draft sentAt(Instant at) {
            sentAt = at;
            return this;
        }

        private Draft notBefore(Instant at) {
            notBefore = at;
            return this;
        }

        private Draft due(Instant at) {
            due = at;
            return this;
        }

        private Draft failures(int count) {
            failures = count;
            return this;
        }

        private Draft unchanged(int count) {
            unchanged = count;
            return this;
        }

        private Draft stopped(String reason) {
            stopped = reason;
            return this;
        }

        private Draft told(boolean value) {
            told = value;
            return this;
        }

        private Draft reported(String oddity) {
            reported = oddity;
            return this;
        }

        private Draft note(String text) {
            note = text;
            return this;
        }

        private Draft ask(Ask value) {
            ask = value;
            return this;
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
                    unchanged,
                    stopped,
                    told,
                    reported,
                    note,
                    ask);
        }
    }
}
