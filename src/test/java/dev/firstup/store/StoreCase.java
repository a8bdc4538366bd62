package dev.firstup.store;

import static dev.firstup.Fixtures.NO_IP;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.rules.Failback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store with a file of its own, which can crash. */
abstract class StoreCase {
    static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    static final Server TOKYO = Fixtures.server("tokyo", "192.0.2.20");
    static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    final TestClock clock = new TestClock();
    Path file;
    Store store;

    @BeforeEach
    void open() {
        file = folder.resolve("state/firstup.db");
        store = new Store(file.toString(), clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** What a crash leaves: the files as they are, and nobody who tidies them up. */
    void crash() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy" + clock.millis() + System.nanoTime()));
        try (var files = Files.list(file.getParent())) {
            for (Path it : files.toList()) {
                Files.copy(it, copy.resolve(it.getFileName()));
            }
        }
        store.close();
        file = copy.resolve(file.getFileName());
        store = new Store(file.toString(), clock);
    }

    static Queue chat(Server... servers) {
        return Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(NO_IP), servers);
    }

    Decision decision(Queue queue, Server previous, Server chosen, Event... events) {
        Instant now = clock.instant();
        return new Decision(
                queue,
                now,
                now,
                chosen == null ? null : Fixtures.choice(queue, chosen),
                previous == null ? null : Fixtures.choice(queue, previous),
                "because",
                null,
                List.of(events),
                null);
    }

    Publication only() {
        return store.publications().get(0);
    }

    /** As claimed by the publish room, to write. */
    Publication claim(Publication it, Ask ask) {
        boolean write = ask == Ask.WRITE;
        return copy(
                it,
                it.confirmed().values(),
                it.confirmed().at(),
                write ? it.decided() : it.attempt().values(),
                clock.instant().plus(MINUTE),
                it.attempt().failures(),
                it.schedule().stopped(),
                it.told().moved(),
                ask);
    }

    Publication confirmed(Publication it, boolean told) {
        return copy(
                it,
                it.attempt().values(),
                clock.instant(),
                null,
                clock.instant().plus(MINUTE),
                0,
                null,
                told,
                Ask.NOTHING);
    }

    static Publication copy(
            Publication it,
            List<String> confirmed,
            Instant confirmedAt,
            List<String> attempted,
            Instant due,
            int failures,
            String stopped,
            boolean told,
            Ask ask) {
        return it.edit()
                .confirmed(confirmed, confirmedAt)
                .attempt(last -> new Attempt(
                        attempted,
                        ask == Ask.WRITE ? due.minus(MINUTE) : last.sentAt(),
                        failures,
                        last.lost(),
                        last.ambiguous()))
                .due(due)
                .stopped(stopped)
                .told(before -> before.moved(told))
                .ask(ask)
                .done();
    }

    void settle(Publication it, Event... events) {
        store.settle(new Settlement(it, "confirmed", List.of(events)));
    }

    Event moved() {
        return Fixtures.event(Kind.MOVED, "tokyo", clock.instant(), true);
    }
}
