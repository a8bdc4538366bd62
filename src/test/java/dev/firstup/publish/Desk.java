package dev.firstup.publish;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Reading;
import dev.firstup.model.RecordType;
import dev.firstup.model.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One publication on its way through claim and settle. */
final class Desk {
    static final String PARIS = "192.0.2.10";
    static final String TOKYO = "192.0.2.20";
    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration GAP = Duration.ofMinutes(2);
    static final Duration DRIFT_CHECK = Duration.ofMinutes(5);

    final TestClock clock = new TestClock();
    final Publications publications = new Publications(clock, LEASE, GAP, DRIFT_CHECK);
    final List<Event> events = new ArrayList<>();
    Publication it = Fixtures.read(Fixtures.RECORD, RecordType.A, null);
    String outcome;

    Desk() {
        it = it.edit().due(clock.instant()).done();
    }

    /** A desk that has confirmed paris long ago, and has told so. */
    static Desk settled() {
        Desk desk = new Desk();
        desk.answer(values(PARIS));
        desk.decide("paris", PARIS);
        desk.it = desk.it.edit().told(true).done();
        desk.clock.pass(Duration.ofHours(1));
        desk.answer(values(PARIS));
        desk.events.clear();
        return desk;
    }

    Desk decide(String server, String... values) {
        return decideFrom("paris", server, values);
    }

    /** @param from null where the record named none of the servers */
    Desk decideFrom(String from, String server, String... values) {
        Publication.Move move = new Publication.Move(from, server, "because", clock.instant(), clock.instant(), null);
        it = it.edit()
                .move(move)
                .decided(List.of(values))
                .held(false)
                .told(false)
                .due(clock.instant())
                .done();
        return this;
    }

    /** As after a restart. */
    Desk hold() {
        it = it.edit().held(true).due(clock.instant()).done();
        return this;
    }

    Ask claim() {
        it = publications.claim(it);
        return it.ask();
    }

    Desk settle(Object body, Throwable failure) {
        Settlement settlement = publications.settle(it, body, failure);
        it = settlement.publication();
        outcome = settlement.outcome();
        events.addAll(settlement.events());
        return this;
    }

    /** What is to be read is claimed and answered. */
    Desk answer(Reading reading) {
        if (claim() != Ask.READ) {
            throw new AssertionError("expected to read, but was to " + it.ask());
        }
        return settle(reading, null);
    }

    Desk pass(Duration time) {
        clock.pass(time);
        return this;
    }

    Duration dueIn() {
        return Duration.between(clock.instant(), it.due());
    }

    List<Event.Kind> told() {
        return events.stream().filter(Event::tell).map(Event::kind).toList();
    }

    static Reading values(String... values) {
        return new Reading(Map.of("ns1", List.of(values)), Map.of(), null);
    }

    static Reading unreadable(String problem) {
        return new Reading(Map.of(), Map.of("ns1", "no answer"), problem);
    }
}
