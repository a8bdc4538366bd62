package dev.firstup.rehearsal;

import dev.firstup.model.Choice;
import dev.firstup.model.HealthView;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Views of the rehearsal's queue, as the pipeline would have them. */
final class Views {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private Views() {}

    static HealthView view(String chosen, ServerHealth... servers) {
        return view(chosen, QueueStanding.PLAIN, servers);
    }

    /** The same while this monitor looks cut off. */
    static HealthView stasis(String chosen, ServerHealth... servers) {
        return view(chosen, new QueueStanding(false, NOW, null, List.of(), null), servers);
    }

    private static HealthView view(String chosen, QueueStanding standing, ServerHealth... servers) {
        Duration second = Duration.ofSeconds(1);
        Queue queue = new Queue(
                "chat",
                1,
                Rehearsal.RECORD,
                null,
                List.of(),
                second,
                List.of(servers).stream().map(ServerHealth::server).toList(),
                new Queue.Pace(second, second, second, second),
                new Rules(3, 2, null, Failback.AT_ONCE, AllDown.HOLD, 1, false),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        Choice choice = chosen == null ? null : new Choice(List.of(chosen), Map.of());
        return new HealthView(queue, List.of(servers), choice, standing, NOW);
    }

    static ServerHealth health(String name, ServerState state, String reason) {
        Server server = new Server(
                "chat",
                1,
                name,
                Map.of(RecordType.A, "192.0.2.10"),
                "probe:http",
                "127.0.0.1",
                80,
                "/",
                name,
                Duration.ofSeconds(1));
        Verdict last = state == ServerState.UP
                ? Verdict.of(server, NOW, ProbeOutcome.UP, ReasonCode.L7OK, reason, Duration.ofMillis(3))
                : Verdict.of(server, NOW, ProbeOutcome.DOWN, ReasonCode.L4CON, reason, Duration.ofMillis(3));
        return new ServerHealth(server, state, NOW, 1, 0, 0, NOW, null, null, last, null, Set.of());
    }
}
