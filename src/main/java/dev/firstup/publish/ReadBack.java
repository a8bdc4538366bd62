package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.About;
import dev.firstup.model.Event.Change;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Publication.Confirmed;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.Publication.Proof;
import dev.firstup.model.Publication.Taken;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
                .told(told -> told.oddity(reported))
                .due(now.plus(found == null ? PublishTiming.UNREADABLE_RETRY : timing.driftCheck()));
        Confirmed confirmed = it.confirmed();
        if (confirmed.at() != null) {
            next.confirmed(confirmed.values(), PublishTiming.earlier(confirmed.at(), now));
        }
        if (it.ask() == Ask.LOOK && !reading.answers().isEmpty()) {
            next.proof(new Proof(it.proof().written(), now, it.proof().told()));
            if (!it.attempt().open()) {
                next.attempt(Attempt::forgiven);
            }
        }
        if (shown(it, found)) {
            next.taken(Taken::seen);
        }
        List<String> sent = it.attempt().values();
        if (sent != null) {
            inDoubt(it, sent, reading, now, next, events);
        } else if (it.wanted().held()) {
            // The host said twice that it has this value, or took it just now: what its name servers say is not a
            // reason to send it again.
            boolean outdated = confirmed.known() && (it.taken().unchanged() > 1 || timing.fresh(it, now));
            if (found != null && !outdated) {
                next.confirmed(found, now);
            }
        } else if (it.schedule().stopped() != null && !confirmed.known() && found != null && !timing.recent(it, now)) {
            next.confirmed(found, now).due(now);
        } else if (it.schedule().stopped() != null
                && !it.agrees()
                && confirmed.known()
                && found != null
                && found.equals(it.decided())
                && !timing.recent(it, now)) {
            // Somebody has made it right by hand, and so has seen it: it may be tried again at the next decision.
            next.confirmed(found, now).stopped(null).attempt(Attempt::forgiven).due(now);
            events.addAll(PublicationEvents.resumed(it, next, PublicationEvents.describe(reading), now));
        } else if (it.schedule().stopped() != null && !it.agrees()) {
            remindOfStop(it, now, next, events);
        } else if (it.agrees() && !it.told().moved()) {
            awaitVisible(it, reading, now, next, events);
        } else if (it.agrees()) {
            DriftDetector.repair(it, found, reported, now, next, events);
            remind(it, now, next, events);
        }
        return new Settlement(next.done(), "read", events);
    }

    /** Whether name servers show the one write that they had not shown. After a later one they would not show it for certain. */
    private static boolean shown(Publication it, @Nullable List<String> found) {
        Instant written = it.proof().written();
        Instant sentAt = it.attempt().sentAt();
        boolean last = written != null && sentAt != null && !written.isBefore(sentAt);
        List<String> confirmed = it.confirmed().values();
        return it.ask() == Ask.READ && it.taken().unseen() == 1 && last && confirmed != null && confirmed.equals(found);
    }

    /** Each hour; that another decision has nobody who carries it out is told at once. */
    private static void remindOfStop(Publication it, Instant now, Draft next, List<Event> events) {
        Instant last = it.told().trouble();
        Publication.Move move = it.wanted().move();
        if (last == null
                || move != null && last.isBefore(move.decided())
                || !WaitLimit.pending(last.plus(PublishTiming.REMINDER), now)) {
            String reason = it.schedule().stopped() + PublicationEvents.advice(it);
            events.add(PublicationEvents.event(it, Kind.PUBLISH_STOPPED, reason, now, true));
            next.told(told -> told.trouble(now)).due(now.plus(PublishTiming.REMINDER));
        } else {
            next.due(last.plus(PublishTiming.REMINDER));
        }
    }

    /** What of a reading says what the record holds. Before a proxy, name servers say nothing of it. */
    private static @Nullable List<String> found(Publication it, RecordReading reading) {
        return it.target().api() == Api.ALONE && it.ask() == Ask.READ ? null : reading.agreed();
    }

    /** Whether it is time to give up finding out what became of what was sent, and this reading says enough to go on. */
    private boolean over(Publication it, @Nullable List<String> found, Instant now) {
        if (now.isBefore(it.schedule().notBefore()) || now.isBefore(timing.again(it))) {
            return false;
        }
        if (found == null) {
            boolean elsewhere = it.ask() == Ask.LOOK && it.target().api() == Api.READS;
            return !it.wanted().held() && !elsewhere;
        }
        // What is right now may be made wrong in a moment by what was sent.
        boolean enough = !it.wanted().held() && !found.equals(it.decided());
        return enough || !timing.recent(it, now);
    }

    /** @param sent the values that are not answered for */
    private void inDoubt(
            Publication it, List<String> sent, RecordReading reading, Instant now, Draft next, List<Event> events) {
        List<String> found = found(it, reading);
        // As long as the host says that it is still at it, there is nothing to send again.
        Attempt last = it.attempt();
        boolean ticket = it.taken().ticket() != null;
        boolean working =
                ticket && found == null && now.isBefore(PublishTiming.sentAt(it).plus(PublishTiming.LONGEST_WORK));
        if (found != null && sent.equals(found) && !timing.fresh(it, now)) {
            // What it asked to wait for was no answer to an update that it took.
            Instant notBefore = it.schedule().notBefore();
            Instant free = last.lost() > 0
                    ? notBefore
                    : PublishTiming.later(
                            notBefore,
                            PublishTiming.sentAt(it).plus(timing.lease()).plus(timing.gap(it)));
            next.confirmed(found, now)
                    .attempt(attempt -> attempt.succeeded().closed())
                    .taken(taken -> it.ask() == Ask.READ ? seen(it) : unseen(it))
                    .notBefore(free)
                    .due(now)
                    .proof(new Proof(last.sentAt(), now, it.proof().told()));
            if (it.schedule().stopped() == null) {
                events.addAll(PublicationEvents.resumed(it, next, PublicationEvents.describe(reading), now));
            }
            if (ticket && !it.wanted().held() && !it.told().moved() && found.equals(it.decided())) {
                // Its own word for it: every server of its has the change.
                awaitVisible(next.done(), reading, now, next, events);
            }
        } else if (!working && over(it, found, now)) {
            // The host may hold either now: whatever is decided next is sent.
            List<String> known = timing.recent(it, now) ? null : found;
            next.confirmed(known, now);
            if (known != null && known.equals(it.decided())) {
                next.attempt(Attempt::found);
            }
            next.attempt(Attempt::closed)
                    .taken(taken -> known != null ? seen(it) : unseen(it))
                    .due(now);
        } else {
            Instant soon = now.plus(timing.pause(it, now));
            Instant end = PublishTiming.later(it.schedule().notBefore(), timing.again(it));
            next.due(working || !end.isAfter(now) ? soon : PublishTiming.earlier(soon, end));
            if (!it.wanted().held()
                    && !it.agrees()
                    && it.told().trouble() != null
                    && it.schedule().stopped() == null) {
                events.addAll(PublicationEvents.trouble(
                        it,
                        next,
                        "not confirmed since " + last.sentAt() + "; " + PublicationEvents.describe(reading),
                        now));
            }
        }
    }

    private static Taken seen(Publication it) {
        return it.taken().closed().seen();
    }

    private static Taken unseen(Publication it) {
        return it.taken().closed().another();
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
        Confirmed confirmed = it.confirmed();
        List<String> found = found(it, reading);
        boolean visible = found != null && found.equals(confirmed.values());
        if (!visible && now.isBefore(Objects.requireNonNull(confirmed.at()).plus(PublishTiming.VISIBILITY))) {
            next.due(now.plus(PublishTiming.soon(it)));
            return;
        }
        next.told(told -> told.moved(true)).due(now.plus(timing.driftCheck()));
        Publication.Move move = it.wanted().move();
        if (move == null || !PublicationEvents.moves(move)) {
            return;
        }
        Map<Step, Instant> times = new EnumMap<>(Step.class);
        times.put(Step.DETECTED, move.detected());
        times.put(Step.DECIDED, move.decided());
        Instant sentAt = it.attempt().sentAt();
        if (sentAt != null && !sentAt.isBefore(move.decided())) {
            times.put(Step.SENT, sentAt);
        }
        times.put(Step.CONFIRMED, confirmed.at());
        if (visible) {
            times.put(Step.VISIBLE, now);
        }
        String reason = move.cause();
        if (!visible) {
            reason += "; not visible yet: " + PublicationEvents.describe(reading);
        } else if (!reading.failures().isEmpty()) {
            reason += "; not asked: " + PublicationEvents.failures(reading);
        }
        // A record that named no server of ours before has a beginning, and that is no news.
        events.add(Event.of(Kind.MOVED, now, new About(it.queue(), it.record(), move.to(), it.publisher()), reason)
                .with(new Change(move.from(), move.to(), times))
                .after(move.downtime())
                .telling(move.from() != null));
    }
}
