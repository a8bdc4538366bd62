package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.Publication.Proof;
import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.time.WaitLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What comes of a reading of the record, at its name servers or at the host. */
final class ReadBack {
    /** How long a write need not have been proved. */
    private static final Duration UNPROVED = Duration.ofDays(30);

    private final PublishTiming timing;
    private final DriftDetector drift;

    ReadBack(PublishTiming timing) {
        this.timing = timing;
        drift = new DriftDetector(timing);
    }

    Settlement read(Publication it, RecordReading reading, Instant now) {
        List<String> found = found(it, reading);
        List<Event> events = new ArrayList<>();
        String reported = drift.oddity(it, reading, found, now, events);
        Draft next = it.edit()
                .note(PublicationEvents.describe(reading))
                .reported(reported)
                .due(now.plus(found == null ? PublishTiming.UNREADABLE_RETRY : timing.driftCheck()));
        if (it.confirmedAt() != null) {
            next.confirmedAt(PublishTiming.earlier(it.confirmedAt(), now));
        }
        if (it.ask() == Ask.LOOK && !reading.answers().isEmpty()) {
            next.proof(new Proof(it.proof().written(), now, it.proof().told()));
            if (it.attempted() == null) {
                next.failures(0);
            }
        }
        if (shown(it, found)) {
            next.unseen(0);
        }
        if (it.attempted() != null) {
            inDoubt(it, reading, now, next, events);
        } else if (it.held()) {
            // The host said twice that it has this value, or took it just now: what its name servers say is not a
            // reason to send it again.
            boolean outdated = it.confirmed() != null && (it.unchanged() > 1 || timing.fresh(it, now));
            if (found != null && !outdated) {
                next.confirmed(found).confirmedAt(now);
            }
        } else if (it.stopped() != null && it.confirmed() == null && found != null && !timing.recent(it, now)) {
            next.confirmed(found).confirmedAt(now).due(now);
        } else if (it.stopped() != null
                && !it.agrees()
                && it.confirmed() != null
                && found != null
                && found.equals(it.decided())
                && !timing.recent(it, now)) {
            // Somebody has made it right by hand, and so has seen it: it may be tried again at the next decision.
            next.confirmed(found).confirmedAt(now).stopped(null).failures(0).due(now);
            events.addAll(PublicationEvents.resumed(it, next, PublicationEvents.describe(reading), now));
        } else if (it.stopped() != null && !it.agrees()) {
            remindOfStop(it, now, next, events);
        } else if (it.agrees() && !it.told()) {
            awaitVisible(it, reading, now, next, events);
        } else if (it.agrees()) {
            DriftDetector.repair(it, found, reported, now, next, events);
            remind(it, now, next, events);
        }
        return new Settlement(next.done(), "read", events);
    }

    /** Whether name servers show the one write that they had not shown. After a later one they would not show it for certain. */
    private static boolean shown(Publication it, List<String> found) {
        Instant written = it.proof().written();
        boolean last = written != null && it.sentAt() != null && !written.isBefore(it.sentAt());
        return it.ask() == Ask.READ
                && it.unseen() == 1
                && last
                && it.confirmed() != null
                && it.confirmed().equals(found);
    }

    /** Each hour; that another decision has nobody who carries it out is told at once. */
    private static void remindOfStop(Publication it, Instant now, Draft next, List<Event> events) {
        Instant last = it.troubleTold();
        if (last == null
                || it.move() != null && last.isBefore(it.move().decided())
                || !WaitLimit.pending(last.plus(PublishTiming.REMINDER), now)) {
            events.add(PublicationEvents.event(
                    it, Kind.PUBLISH_STOPPED, it.stopped() + PublicationEvents.advice(it), now, true));
            last = now;
        }
        next.troubleTold(last).due(last.plus(PublishTiming.REMINDER));
    }

    /** What of a reading says what the record holds. Before a proxy, name servers say nothing of it. */
    private static List<String> found(Publication it, RecordReading reading) {
        return it.target().api() == Api.ALONE && it.ask() == Ask.READ ? null : reading.agreed();
    }

    /** Whether it is time to give up finding out what became of what was sent, and this reading says enough to go on. */
    private boolean over(Publication it, List<String> found, Instant now) {
        if (now.isBefore(it.notBefore()) || now.isBefore(timing.again(it))) {
            return false;
        }
        if (found == null) {
            boolean elsewhere = it.ask() == Ask.LOOK && it.target().api() == Api.READS;
            return !it.held() && !elsewhere;
        }
        // What is right now may be made wrong in a moment by what was sent.
        boolean enough = !it.held() && !found.equals(it.decided());
        return enough || !timing.recent(it, now);
    }

    private void inDoubt(Publication it, RecordReading reading, Instant now, Draft next, List<Event> events) {
        List<String> found = found(it, reading);
        // As long as the host says that it is still at it, there is nothing to send again.
        boolean working =
                it.ticket() != null && found == null && now.isBefore(it.sentAt().plus(PublishTiming.LONGEST_WORK));
        if (it.attempted().equals(found) && !timing.fresh(it, now)) {
            // What it asked to wait for was no answer to an update that it took.
            Instant taken = it.lost() > 0
                    ? it.notBefore()
                    : it.sentAt().plus(timing.lease()).plus(timing.gap(it));
            next.confirmed(found)
                    .confirmedAt(now)
                    .attempted(null)
                    .unseen(it.ask() == Ask.READ ? 0 : it.unseen() + 1)
                    .notBefore(PublishTiming.later(it.notBefore(), taken))
                    .ticket(null)
                    .failures(0)
                    .lost(0)
                    .ambiguous(0)
                    .due(now)
                    .proof(new Proof(it.sentAt(), now, it.proof().told()));
            if (it.stopped() == null) {
                events.addAll(PublicationEvents.resumed(it, next, PublicationEvents.describe(reading), now));
            }
            if (it.ticket() != null && !it.held() && !it.told() && found.equals(it.decided())) {
                // Its own word for it: every server of its has the change.
                awaitVisible(next.done(), reading, now, next, events);
            }
        } else if (!working && over(it, found, now)) {
            // The host may hold either now: whatever is decided next is sent.
            boolean known = found != null && !timing.recent(it, now);
            next.confirmed(known ? found : null).confirmedAt(now);
            if (known && found.equals(it.decided())) {
                next.lost(0);
            }
            next.attempted(null)
                    .unseen(known ? 0 : it.unseen() + 1)
                    .ticket(null)
                    .due(now);
        } else {
            Instant soon = now.plus(timing.pause(it, now));
            Instant end = PublishTiming.later(it.notBefore(), timing.again(it));
            next.due(working || !end.isAfter(now) ? soon : PublishTiming.earlier(soon, end));
            if (!it.held() && !it.agrees() && it.troubleTold() != null && it.stopped() == null) {
                events.addAll(PublicationEvents.trouble(
                        it,
                        next,
                        "not confirmed since " + it.sentAt() + "; " + PublicationEvents.describe(reading),
                        now));
            }
        }
    }

    /** A credential that nobody has used for long may be worth nothing in the night in which it is needed. */
    private static void remind(Publication it, Instant now, Draft next, List<Event> events) {
        Proof proof = next.done().proof();
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
            events.add(PublicationEvents.event(it, Kind.CREDENTIAL, reason, now, true));
        }
    }

    private void awaitVisible(Publication it, RecordReading reading, Instant now, Draft next, List<Event> events) {
        boolean visible = it.confirmed().equals(found(it, reading));
        if (!visible && now.isBefore(it.confirmedAt().plus(PublishTiming.VISIBILITY))) {
            next.due(now.plus(PublishTiming.soon(it)));
            return;
        }
        next.told(true).due(now.plus(timing.driftCheck()));
        Publication.Move move = it.move();
        if (move == null || !PublicationEvents.moves(move)) {
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
            reason += "; not visible yet: " + PublicationEvents.describe(reading);
        } else if (!reading.failures().isEmpty()) {
            reason += "; not asked: " + PublicationEvents.failures(reading);
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
}
