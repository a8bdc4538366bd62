package dev.firstup.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProbeConditionsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static Server server(int need, int of) {
        List<Server> others =
                IntStream.rangeClosed(2, of).mapToObj(it -> one("paris#" + it)).toList();
        Server first = one("paris");
        return new Server(
                first.queue(),
                first.revision(),
                first.name(),
                first.addresses(),
                first.probe(),
                first.host(),
                first.port(),
                first.path(),
                first.publicName(),
                first.timeout(),
                new ProbeConditions(need, others));
    }

    private static Server one(String name) {
        return new Server(
                "chat",
                7,
                name,
                Map.of(RecordType.A, "192.0.2.10"),
                "probe:tcp",
                "192.0.2.10",
                443,
                "",
                "chat.example.org",
                Duration.ofSeconds(3));
    }

    private static Verdict verdict(String server, ProbeOutcome outcome, ReasonCode code, int millis) {
        return new Verdict(
                "chat",
                server,
                7,
                millis,
                NOON.plusMillis(millis),
                outcome,
                code,
                server + " said " + code,
                Duration.ofMillis(millis),
                Map.of(ProbePhase.CONNECT, Duration.ofMillis(1)),
                null);
    }

    private static final Verdict GOOD = verdict("paris", ProbeOutcome.UP, ReasonCode.L7OK, 10);
    private static final Verdict GOOD_TCP = verdict("paris#2", ProbeOutcome.UP, ReasonCode.L4OK, 20);
    private static final Verdict STATUS = verdict("paris#2", ProbeOutcome.DOWN, ReasonCode.L7STS, 30);
    private static final Verdict REFUSED = verdict("paris#3", ProbeOutcome.DOWN, ReasonCode.L4CON, 5);
    private static final Verdict OURS = verdict("paris#3", ProbeOutcome.UNKNOWN, ReasonCode.SOCKERR, 1);

    @Test
    void oneProbeStaysAsItIs() {
        assertThat(ProbeConditions.combine(server(1, 1), List.of(GOOD))).isEqualTo(GOOD);
        Verdict down = verdict("paris", ProbeOutcome.DOWN, ReasonCode.L7STS, 10);
        assertThat(ProbeConditions.combine(server(1, 1), List.of(down))).isEqualTo(down);
    }

    @Test
    void allOfThem() {
        assertThat(ProbeConditions.combine(server(2, 2), List.of(GOOD, GOOD_TCP))
                        .outcome())
                .isEqualTo(ProbeOutcome.UP);
        assertThat(ProbeConditions.combine(server(2, 2), List.of(GOOD, STATUS)).outcome())
                .isEqualTo(ProbeOutcome.DOWN);
        assertThat(ProbeConditions.combine(server(2, 2), List.of(GOOD, OURS)).outcome())
                .isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(ProbeConditions.combine(server(3, 3), List.of(GOOD, STATUS, OURS))
                        .outcome())
                .as("one that failed is enough, whatever the unknown one would be")
                .isEqualTo(ProbeOutcome.DOWN);
    }

    @Test
    void anyOfThem() {
        assertThat(ProbeConditions.combine(server(1, 3), List.of(GOOD, STATUS, OURS))
                        .outcome())
                .isEqualTo(ProbeOutcome.UP);
        assertThat(ProbeConditions.combine(server(1, 2), List.of(STATUS, REFUSED))
                        .outcome())
                .isEqualTo(ProbeOutcome.DOWN);
        assertThat(ProbeConditions.combine(server(1, 2), List.of(STATUS, OURS)).outcome())
                .isEqualTo(ProbeOutcome.UNKNOWN);
    }

    @Test
    void someOfThem() {
        assertThat(ProbeConditions.combine(server(2, 3), List.of(GOOD, GOOD_TCP, REFUSED))
                        .outcome())
                .isEqualTo(ProbeOutcome.UP);
        assertThat(ProbeConditions.combine(server(2, 3), List.of(GOOD, STATUS, REFUSED))
                        .outcome())
                .isEqualTo(ProbeOutcome.DOWN);
        assertThat(ProbeConditions.combine(server(2, 3), List.of(GOOD, STATUS, OURS))
                        .outcome())
                .isEqualTo(ProbeOutcome.UNKNOWN);
    }

    @Test
    void theOneThatCameLeastFarExplainsIt() {
        Verdict down = ProbeConditions.combine(server(3, 3), List.of(GOOD, STATUS, REFUSED));
        assertThat(down.explained()).isEqualTo(REFUSED.explained());
        Verdict up = ProbeConditions.combine(server(1, 3), List.of(GOOD, STATUS, REFUSED));
        assertThat(up.explained()).isEqualTo("L7OK: paris said L7OK; 2 of 3 probes failed: L4CON: paris#3 said L4CON");
        Verdict unknown = ProbeConditions.combine(server(2, 3), List.of(GOOD, STATUS, OURS));
        assertThat(unknown.explained()).isEqualTo(OURS.explained());
    }

    @Test
    void isAboutTheServerAndAsSlowAsItsSlowest() {
        Instant soon = NOON.plusSeconds(60);
        Verdict certified = new Verdict(
                "chat",
                "paris",
                7,
                1,
                NOON,
                ProbeOutcome.UP,
                ReasonCode.L7OK,
                "status 200",
                Duration.ofMillis(4),
                Map.of(),
                soon);
        Verdict later = new Verdict(
                "chat",
                "paris#2",
                7,
                2,
                NOON,
                ProbeOutcome.UP,
                ReasonCode.L7OK,
                "status 200",
                Duration.ofMillis(4),
                Map.of(),
                soon.plusSeconds(1));
        Verdict all = ProbeConditions.combine(server(3, 3), List.of(later, certified, GOOD_TCP));
        assertThat(all.queue()).isEqualTo("chat");
        assertThat(all.server()).isEqualTo("paris");
        assertThat(all.revision()).isEqualTo(7);
        assertThat(all.sequence()).isEqualTo(20);
        assertThat(all.at()).isEqualTo(GOOD_TCP.at());
        assertThat(all.took()).isEqualTo(Duration.ofMillis(20));
        assertThat(all.certificateExpires()).isEqualTo(soon);
    }

    @Test
    void whatHasNoVerdictYetIsNotKnown() {
        Verdict waiting = ProbeConditions.combine(server(2, 3), List.of(GOOD));
        assertThat(waiting.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(waiting.explained()).isEqualTo("SOCKERR: 2 of 3 probes have no verdict yet");
        assertThat(ProbeConditions.combine(server(1, 3), List.of(GOOD)).outcome())
                .isEqualTo(ProbeOutcome.UP);
        assertThat(ProbeConditions.combine(server(3, 3), List.of(REFUSED)).outcome())
                .isEqualTo(ProbeOutcome.DOWN);
        assertThatThrownBy(() -> ProbeConditions.combine(server(1, 1), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("paris");
    }
}
