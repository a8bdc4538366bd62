package dev.firstup;

import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The queue that tests are about: {@code chat}, with paris, tokyo and quebec behind it. */
public final class Fixtures {
    public static final String RECORD = "chat.example.org";
    public static final PublishTarget NO_IP = target("no-ip", RECORD);
    public static final Duration INTERVAL = Duration.ofSeconds(10);
    public static final Duration FAST = Duration.ofSeconds(1);
    public static final Duration DOWN = Duration.ofSeconds(30);
    public static final Duration TIMEOUT = Duration.ofSeconds(3);
    public static final int FALL = 3;

    /** Something that always answers, unless a test says otherwise. */
    public static final Server WITNESS =
            new Server("", 0, "witness", Map.of(), "probe:tcp", "192.0.2.53", 53, "", "192.0.2.53", TIMEOUT);

    private Fixtures() {}

    public static Server server(String name, String address) {
        return server(name, Map.of(RecordType.A, address));
    }

    public static Server server(String name, Map<RecordType, String> addresses) {
        return new Server("chat", 1, name, addresses, "probe:tcp", name, 5222, "", RECORD, TIMEOUT);
    }

    public static Queue queue(
            String name, long revision, Failback failback, List<PublishTarget> targets, Server... servers) {
        List<Server> own = Arrays.stream(servers)
                .map(it -> new Server(
                        name,
                        revision,
                        it.name(),
                        it.addresses(),
                        it.probe(),
                        it.host(),
                        it.port(),
                        it.path(),
                        it.publicName(),
                        it.timeout(),
                        it.conditions()))
                .toList();
        return new Queue(
                name,
                revision,
                RECORD,
                null,
                List.of(),
                Duration.ofMinutes(1),
                own,
                new Queue.Pace(INTERVAL, FAST, DOWN, TIMEOUT),
                rules(failback),
                List.of(WITNESS),
                List.of(),
                targets,
                List.of("ops"));
    }

    /** The same, with other names. */
    public static Queue named(Queue it, String record, String alias, List<String> srv) {
        return new Queue(
                it.name(),
                it.revision(),
                record,
                alias,
                srv,
                it.ttl(),
                it.servers(),
                it.pace(),
                it.rules(),
                it.witnesses(),
                it.quiet(),
                it.targets(),
                it.notifiers());
    }

    public static Rules rules(Failback failback) {
        return new Rules(FALL, 2, null, failback, AllDown.HOLD, 1, false);
    }

    /** That a queue's record should name {@code server} alone. */
    public static Choice choice(Queue queue, Server server) {
        Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
        queue.types().forEach(type -> {
            String address = server.addresses().get(type);
            values.put(type, address == null ? List.of() : List.of(address));
        });
        return new Choice(List.of(server.name()), values);
    }

    public static Configuration configuration(Queue... queues) {
        return configuration(List.of(), queues);
    }

    public static Configuration configuration(List<Event> events, Queue... queues) {
        return new Configuration(List.of(queues), List.of(), true, events);
    }

    /** That only this is to be remembered. */
    public static Decision remembering(Queue queue, QueueMemory memory, Event... events) {
        return new Decision(queue, memory.at(), memory.at(), null, null, null, null, List.of(events), memory);
    }

    /** A publication that was read, and holds {@code confirmed}. */
    public static Publication read(String record, RecordType type, List<String> confirmed) {
        return Publication.of("chat", target("no-ip", record), type, Duration.ofMinutes(1))
                .confirmed(confirmed, null)
                .done();
    }

    /** A place of which nothing is known but that it takes whatever is written. */
    public static PublishTarget target(String to, String record) {
        return target(to, record, Duration.ZERO);
    }

    public static PublishTarget target(String to, String record, Duration gap) {
        return new PublishTarget(to, record, List.of(), "fingerprint", gap, PublishTarget.Api.NONE, false, false);
    }

    public static Event event(Event.Kind kind, String server, Instant at, boolean tell) {
        return Event.of(kind, at, new Event.About("chat", RECORD, server, null), "because")
                .telling(tell);
    }
}
