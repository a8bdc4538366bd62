package dev.firstup.store;

import static dev.firstup.store.PublicationTable.key;

import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.time.WaitLimit;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Publications on their way: handed out, claimed, and not settled yet. Within a transaction of the store. */
final class Claims {
    private final PublicationTable publications;
    private final EventTable events;
    private final Clock clock;
    private final HandedOut<String> out = new HandedOut<>();
    private final OpenCalls calls = new OpenCalls();

    /** Until when what was handed out for sending or reading is waited for. */
    private final Map<String, Instant> leases = new HashMap<>();

    Claims(PublicationTable publications, EventTable events, Clock clock) {
        this.publications = publications;
        this.events = events;
        this.clock = clock;
    }

    /** @param most so many calls at once to one publisher */
    void limit(int most) {
        calls.limit(most);
    }

    /** Those that are to be looked at now. */
    List<Publication> due() throws SQLException {
        return publications.due(calls.full());
    }

    /** Those of {@code due} that are not handed out yet; from now on, they are. */
    List<Publication> handOut(List<Publication> due) {
        return out.handOut(due, PublicationTable::key, clock.instant());
    }

    /** What waits for a thread knows nothing of what has happened to it: it may be handed out again. */
    void changed(Publication it) {
        out.back(key(it));
    }

    /** @return the same; empty if it may not be sent or read now */
    Optional<Publication> claim(Publication claimed) throws SQLException {
        Instant time = clock.instant();
        Publication now = publications.now(claimed);
        if (now == null
                || now.schedule().due() == null
                || WaitLimit.pending(now.schedule().due(), time) && !sentLater(now, time)
                || WaitLimit.pending(leases.get(key(now)), time)
                || superseded(now, claimed)
                || settled(now, claimed)
                || calls.full(claimed)) {
            return Optional.empty();
        }
        publications.write(claimed, claimed.schedule().due());
        if (claimed.ask() == Ask.NOTHING) {
            return Optional.empty();
        }
        leases.put(key(now), claimed.schedule().due());
        calls.begin(claimed);
        return Optional.of(claimed);
    }

    /** It has come back from its publisher, whatever came of it. */
    void returned(Publication claimed) {
        calls.end(claimed);
    }

    /** @return the publication as it stands now */
    Publication settle(Settlement settlement, Map<String, Queue> queues) throws SQLException {
        Publication settled = settlement.publication();
        Publication now = publications.now(settled);
        if (now == null) {
            return settled;
        }
        if (overtaken(now, settled)) {
            return now;
        }
        if (now.schedule().stopped() != null
                && settled.schedule().stopped() == null
                && now.attempt().open()) {
            // Its account was refused meanwhile: a stop that a person mended is seen when nothing is in doubt only.
            settled = settled.edit().stopped(now.schedule().stopped()).done();
        }
        leases.remove(key(settled));
        boolean superseded = superseded(now, settled);
        boolean retried = retried(now, settlement);
        // A freeze since then changes nothing about what became of it.
        boolean overruled = !sameDecision(now, settled)
                || settled.wanted().held() && !now.wanted().held();
        boolean twin = settlement.events().stream().anyMatch(it -> it.kind() == Event.Kind.UNREADABLE)
                && publications.reportedOfAnotherType(settled);
        boolean reminds = !Objects.equals(now.proof().told(), settled.proof().told());
        publications.write(
                settled,
                now.schedule().due() == null
                        ? null
                        : superseded || retried
                                ? clock.instant()
                                : settled.schedule().due());
        if (overruled) {
            // This is only what became of what was asked before: what was decided meanwhile is still to be told.
            publications.keepTold(now);
        }
        if (reconfigured(now, settled) || retried) {
            publications.keepStop(now);
        }
        for (Event event : settlement.events()) {
            boolean moved = event.kind() == Event.Kind.MOVED;
            boolean again = event.kind() == Event.Kind.UNREADABLE && twin
                    || event.kind() == Event.Kind.CREDENTIAL && reminds && events.insertedWithinTheHour(event)
                    || event.kind() == Event.Kind.PUBLISH_STOPPED && retried;
            if (!again && (!moved || !overruled && publications.complete(settled))) {
                events.insert(event, queues);
                if (moved) {
                    publications.shown(event);
                }
            }
        }
        if (settlement.account() && settled.schedule().stopped() != null && !reconfigured(now, settled)) {
            refused(settled, settlement.events().get(0), queues);
        }
        boolean proof = settled.ask() == Ask.LOOK && settled.target().api() != PublishTarget.Api.ALONE;
        if (proof && !settled.attempt().open() && settled.proof().read() != null) {
            publications.proved(settled);
        }
        // A row that was there when this transaction began is still there.
        return Objects.requireNonNull(publications.now(settled));
    }

    /** Whether a decision was kept, the queue was frozen or thawed, or the configuration changed, since {@code older} was read. */
    private static boolean superseded(Publication now, Publication older) {
        return now.wanted().held() != older.wanted().held() || !sameDecision(now, older);
    }

    private static boolean sameDecision(Publication now, Publication older) {
        return Objects.equals(now.wanted().move(), older.wanted().move()) && !reconfigured(now, older);
    }

    private static boolean reconfigured(Publication now, Publication older) {
        return !now.fingerprint().equals(older.fingerprint());
    }

    /** Whether it was read as one that had stopped, and somebody has had that forgotten meanwhile: nothing stops by being read. */
    private static boolean retried(Publication now, Settlement settlement) {
        return now.schedule().stopped() == null
                && settlement.publication().schedule().stopped() != null
                && settlement.outcome().equals("read");
    }

    /** The clock was set back since. */
    private static boolean sentLater(Publication it, Instant time) {
        return it.attempt().sentAt() != null && it.attempt().sentAt().isAfter(time);
    }

    /** Whether its lease ended and another attempt was sent, or another claim settled: what that says is newer. */
    private boolean overtaken(Publication now, Publication settled) {
        Instant latest = now.attempt().sentAt();
        Instant sent = settled.attempt().sentAt();
        boolean sentSince = latest != null && (sent == null || latest.toEpochMilli() != sent.toEpochMilli());
        boolean reading = settled.ask() == Ask.READ || settled.ask() == Ask.LOOK;
        return sentSince || reading && !leases.containsKey(key(settled));
    }

    /** Whether an attempt was settled since {@code older} was read. */
    private static boolean settled(Publication now, Publication older) {
        return now.attempt().failures() != older.attempt().failures()
                || !Objects.equals(now.confirmed().at(), older.confirmed().at())
                || !Objects.equals(now.schedule().stopped(), older.schedule().stopped());
    }

    /** What else needs an account that was refused is not tried: each try may be the one that has it banned. */
    private void refused(Publication it, Event refusal, Map<String, Queue> queues) throws SQLException {
        for (Publication other : publications.sharing(it)) {
            stop(other, it, refusal, queues);
        }
    }

    private void stop(Publication other, Publication it, Event stop, Map<String, Queue> queues) throws SQLException {
        Instant now = clock.instant();
        out.back(key(other));
        if (!other.attempt().open()) {
            // What is being read was asked for before, and knows nothing of this.
            leases.remove(key(other));
        }
        boolean differs = other.differs();
        Publication.Draft next =
                other.edit().stopped(it.schedule().stopped()).note(it.schedule().stopped());
        if (differs) {
            next.told(told -> told.trouble(now));
        }
        publications.write(
                next.done(),
                differs && !other.attempt().open()
                        ? it.schedule().due()
                        : other.schedule().due());
        // Who is told of one record of a queue knows of its other types.
        if (differs && !other.queue().equals(it.queue())) {
            events.insert(stop.alsoOf(other), queues);
        }
    }
}
