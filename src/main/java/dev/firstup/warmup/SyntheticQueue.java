package dev.firstup.warmup;

import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A queue of two servers that there is not. */
final class SyntheticQueue {
    static final Server FIRST = server("first", "192.0.2.1");
    static final Server SECOND = server("second", "192.0.2.2");

    private static final Duration TTL = Duration.ofMinutes(1);
    private static final PublishTarget NOBODY = new PublishTarget(
            "nobody", FIRST.publicName(), List.of(), "", Duration.ZERO, PublishTarget.Api.NONE, false, false);

    static final Queue QUEUE = new Queue(
            FIRST.queue(),
            FIRST.revision(),
            FIRST.publicName(),
            null,
            List.of(),
            TTL,
            List.of(FIRST, SECOND),
            new Queue.Pace(
                    Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30), FIRST.timeout(), true),
            new Rules(1, 1, null, Failback.BY_HAND, AllDown.HOLD, 1, false),
            List.of(),
            List.of(),
            List.of(NOBODY),
            List.of(NOBODY.to()));

    private SyntheticQueue() {}

    private static Server server(String name, String address) {
        return new Server(
                "made-up",
                1,
                name,
                Map.of(RecordType.A, address),
                "probe:tcp",
                address,
                0,
                "",
                "made-up.invalid",
                Duration.ofSeconds(3));
    }

    /** That there is this queue and no other. */
    static Configuration configuration() {
        return new Configuration(List.of(QUEUE), List.of(), true, List.of());
    }

    /** Its record, which names the first server and should name {@code next}. */
    static Publication publication(Server next) {
        return Publication.of(QUEUE.name(), NOBODY, RecordType.A, TTL)
                .confirmed(List.of(FIRST.address()), null)
                .wanted(null, List.of(next.address()))
                .ask(Publication.Ask.WRITE)
                .done();
    }

    /** That its record should name {@code next} instead of {@code failed}. */
    static Decision decision(Server failed, Server next, Instant now) {
        String cause = failed.name() + " is down";
        return new Decision(
                QUEUE,
                now,
                now,
                choice(next),
                choice(failed),
                cause,
                null,
                List.of(event(Event.Kind.SERVER_DOWN, failed, cause, now), event(Event.Kind.DECIDED, next, cause, now)),
                new QueueMemory(
                        now,
                        Map.of(failed.name(), new QueueMemory.Remembered(ServerState.DOWN, now, null, now, List.of())),
                        List.of(),
                        null,
                        false,
                        List.of()));
    }

    private static Choice choice(Server server) {
        return new Choice(List.of(server.name()), Map.of(RecordType.A, List.of(server.address())));
    }

    private static Event event(Event.Kind kind, Server server, String reason, Instant now) {
        return Event.of(kind, now, Event.About.server(QUEUE, server.name()), reason)
                .telling(true);
    }
}
