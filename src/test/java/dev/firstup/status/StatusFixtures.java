package dev.firstup.status;

import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A queue with one server down and one up, and texts that want to be escaped. */
final class StatusFixtures {
    static final Instant NOW = Instant.parse("2025-01-31T10:15:07Z");
    static final String NASTY = "status 503, \"<script>alert('é')</script>\" \\ expected 200-399";

    private StatusFixtures() {}

    static HealthView view(String queue, String chosen, ServerState first, ServerState second) {
        return view(queue, chosen, List.of(server(queue, "paris", first), server(queue, "tokyo", second)));
    }

    static HealthView view(String queue, String chosen, List<ServerHealth> servers) {
        return new HealthView(
                new Queue(
                        queue,
                        1,
                        queue + ".example.dyndns.org",
                        queue.equals("chat") ? "chat.example.org" : null,
                        List.of(),
                        Duration.ofMinutes(1),
                        servers.stream().map(ServerHealth::server).toList(),
                        new Queue.Pace(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(3)),
                        new Rules(3, 2, null, Failback.AT_ONCE, AllDown.HOLD, 1, false),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                servers,
                chosen == null ? null : new Choice(List.of(chosen), Map.of()),
                QueueStanding.PLAIN,
                NOW);
    }

    static ServerHealth server(String queue, String name, ServerState state) {
        Server server = new Server(
                queue,
                1,
                name,
                name.equals("paris")
                        ? Map.of(RecordType.A, "192.0.2.10", RecordType.AAAA, "2001:db8::10")
                        : Map.of(RecordType.A, "192.0.2.20"),
                "probe:https",
                "192.0.2.10",
                443,
                "/",
                queue + ".example.org",
                Duration.ofSeconds(3));
        return new ServerHealth(
                server,
                state,
                NOW.minusSeconds(3700),
                state.up() ? 360 : -3,
                0,
                0,
                null,
                null,
                null,
                state == ServerState.UNKNOWN ? null : verdict(server, state),
                null,
                Set.of());
    }

    static Order order(Order.Kind kind, String server, String reason) {
        return new Order(
                "chat", server, kind, NOW.minusSeconds(300), kind.lasts() ? NOW.plusSeconds(1500) : null, reason);
    }

    /** {@code view} under this order: the server's, or the queue's. */
    static HealthView ordered(HealthView view, Order order) {
        boolean ofQueue = order.server() == null || order.kind() == Order.Kind.MOVE;
        QueueStanding it = view.standing();
        return new HealthView(
                view.queue(),
                view.servers().stream()
                        .map(server ->
                                !ofQueue && server.server().name().equals(order.server()) ? server.with(order) : server)
                        .toList(),
                view.chosen(),
                ofQueue
                        ? new QueueStanding(it.allDown(), it.stasis(), it.limited(), List.of(order), it.notFirst())
                        : it,
                view.at());
    }

    static HealthView standing(HealthView view, QueueStanding standing) {
        return new HealthView(view.queue(), view.servers(), view.chosen(), standing, view.at());
    }

    static Decision decision(HealthView view, Order order) {
        return new Decision(view.queue(), NOW, NOW, null, null, order.kind().word(), null, List.of(), null);
    }

    private static Verdict verdict(Server server, ServerState state) {
        return new Verdict(
                server.queue(),
                server.name(),
                1,
                7,
                NOW.minusMillis(1500),
                state.up() ? ProbeOutcome.UP : ProbeOutcome.DOWN,
                state.up() ? ReasonCode.L7OK : ReasonCode.L7STS,
                state.up() ? "status 200" : NASTY,
                Duration.ofNanos(12_345_678),
                Map.of(
                        ProbePhase.CONNECT,
                        Duration.ofNanos(1_200_000),
                        ProbePhase.TLS,
                        Duration.ofMillis(7),
                        ProbePhase.RESPONSE,
                        Duration.ofMillis(4)),
                state.up() ? Instant.parse("2025-03-01T00:00:00Z") : null);
    }

    static Publication publication(String queue, RecordType type, List<String> decided, List<String> confirmed) {
        return publication(queue, type, decided, confirmed, null, null, null);
    }

    static Publication publication(
            String queue,
            RecordType type,
            List<String> decided,
            List<String> confirmed,
            List<String> attempted,
            Instant notBefore,
            String stopped) {
        return Publication.of(
                        queue,
                        dev.firstup.Fixtures.target("no-ip", queue + ".example.dyndns.org"),
                        type,
                        Duration.ofMinutes(1))
                .wanted(null, decided)
                .confirmed(confirmed, confirmed == null ? null : NOW.minusSeconds(60))
                .attempt(attempt -> new Attempt(attempted, null, 0, 0, 0))
                .notBefore(notBefore)
                .due(NOW)
                .stopped(stopped)
                .note("answered good")
                .done();
    }

    /** One that was decided at this time, and since when is not as decided, with so many failures. */
    static Publication late(Instant decided, Instant confirmedAt, int failures, Instant inDoubtSince, boolean held) {
        return Publication.of(
                        "chat",
                        dev.firstup.Fixtures.target("no-ip", "chat.example.dyndns.org"),
                        RecordType.A,
                        Duration.ofMinutes(1))
                .wanted(
                        new Publication.Move("paris", "tokyo", "paris is down", decided, decided, null),
                        List.of("192.0.2.20"))
                .held(held)
                .confirmed(List.of("192.0.2.10"), confirmedAt)
                .attempt(attempt ->
                        new Attempt(inDoubtSince == null ? null : List.of("192.0.2.20"), inDoubtSince, failures, 0, 0))
                .due(NOW)
                .told(told -> told.moved(false))
                .note("answered 911")
                .done();
    }

    static List<Event> events(int most) {
        List<Event> events = new ArrayList<>();
        for (int i = most; i > 0; i--) {
            events.add(event(i));
        }
        return events;
    }

    private static Event event(long id) {
        return new Event(
                id,
                NOW,
                Event.Kind.MOVED,
                new Event.About("chat", "chat.example.dyndns.org", null, "no-ip"),
                new Event.Change(
                        "paris",
                        "tokyo",
                        Map.of(Event.Step.SENT, NOW.minusMillis(250), Event.Step.DETECTED, NOW.minusSeconds(1))),
                NASTY,
                Duration.ofMillis(90_500),
                true);
    }
}
