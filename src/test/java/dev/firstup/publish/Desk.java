package dev.firstup.publish;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.publish.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One publication on its way through claim and settle. */
public final class Desk {
    static final String PARIS = "192.0.2.10";
    static final String TOKYO = "192.0.2.20";
    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration GAP = Duration.ofMinutes(2);
    static final Duration LAG = Duration.ofMinutes(5);
    static final Duration DRIFT_CHECK = Duration.ofMinutes(5);

    public final TestClock clock = new TestClock();
    public final Publications publications = new Publications(clock, LEASE, GAP, LAG, DRIFT_CHECK);
    public final List<Event> events = new ArrayList<>();
    public Publication it = Fixtures.read(Fixtures.RECORD, RecordType.A, null);
    public String outcome;
    public boolean account;

    public Desk() {
        it = it.edit().due(clock.instant()).done();
    }

    /** A desk that has confirmed paris long ago, and has told so. */
    public static Desk settled() {
        Desk desk = new Desk();
        desk.answer(values(PARIS));
        desk.decide("paris", PARIS);
        desk.it = desk.it.edit().told(told -> told.moved(true)).done();
        desk.clock.pass(Duration.ofHours(1));
        desk.answer(values(PARIS));
        desk.events.clear();
        return desk;
    }

    /** A desk for another kind of host, which took paris an hour ago and was asked since. */
    public static Desk at(PublishTarget.Api api, Duration gap, boolean repair) {
        Desk desk = new Desk();
        PublishTarget target =
                new PublishTarget("host", Fixtures.RECORD, List.of(), "fingerprint", gap, api, repair, true);
        Instant then = desk.clock.instant();
        Publication.Move move = new Publication.Move("tokyo", "paris", "because", then, then, null);
        desk.clock.pass(Duration.ofHours(1));
        desk.it = Publication.of("chat", target, RecordType.A, Duration.ofMinutes(1))
                .wanted(move, List.of(PARIS))
                .confirmed(List.of(PARIS), then)
                .attempt(attempt -> new Attempt(null, then, 0, 0, 0))
                .proof(new Publication.Proof(then, desk.clock.instant(), then))
                .due(desk.clock.instant())
                .done();
        return desk;
    }

    public Desk decide(String server, String... values) {
        return decideFrom("paris", server, values);
    }

    /** @param from null where the record named none of the servers */
    Desk decideFrom(String from, String server, String... values) {
        Publication.Move move = new Publication.Move(from, server, "because", clock.instant(), clock.instant(), null);
        it = it.edit()
                .wanted(move, List.of(values))
                .told(told -> told.moved(false))
                .due(clock.instant())
                .done();
        return this;
    }

    /** As after a restart. */
    public Desk hold() {
        it = it.edit().held(true).due(clock.instant()).done();
        return this;
    }

    public Ask claim() {
        it = publications.claim(it);
        return it.ask();
    }

    public Desk settle(Object body, Throwable failure) {
        Settlement settlement = publications.settle(it, body, failure);
        it = settlement.publication();
        outcome = settlement.outcome();
        account = settlement.account();
        events.addAll(settlement.events());
        return this;
    }

    /** What is to be read is claimed and answered. */
    public Desk answer(RecordReading reading) {
        if (claim() != Ask.READ) {
            throw new AssertionError("expected to read, but was to " + it.ask());
        }
        return settle(reading, null);
    }

    /** What the host is asked for is answered. */
    public Desk look(Object body, Throwable failure) {
        if (claim() != Ask.LOOK) {
            throw new AssertionError("expected to look, but was to " + it.ask());
        }
        return settle(body, failure);
    }

    public Desk write(Object body, Throwable failure) {
        if (claim() != Ask.WRITE) {
            throw new AssertionError("expected to write, but was to " + it.ask());
        }
        return settle(body, failure);
    }

    public Desk pass(Duration time) {
        clock.pass(time);
        return this;
    }

    public Duration dueIn() {
        return Duration.between(clock.instant(), it.schedule().due());
    }

    public List<Event.Kind> told() {
        return events.stream().filter(Event::tell).map(Event::kind).toList();
    }

    static RecordReading values(String... values) {
        return new RecordReading(Map.of("ns1", List.of(values)), Map.of(), null);
    }

    static RecordReading unreadable(String problem) {
        return new RecordReading(Map.of(), Map.of("ns1", "no answer"), problem);
    }
}
