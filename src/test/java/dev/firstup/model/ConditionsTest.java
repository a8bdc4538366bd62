package dev.firstup.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConditionsTest {
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
                new Conditions(need, others));
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

    private static Verdict verdict(String server, Outcome outcome, Code code, int millis) {
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
                Map.of(Phase.CONNECT, Duration.ofMillis(1)),
                null);
    }

    private static final Verdict GOOD = verdict("paris", Outcome.UP, Code.L7OK, 10);
    private static final Verdict GOOD_TCP = verdict("paris#2", Outcome.UP, Code.L4OK, 20);
    private static final Verdict STATUS = verdict("paris#2", Outcome.DOWN, Code.L7STS, 30);
    private static final Verdict REFUSED = verdict("paris#3", Outcome.DOWN, Code.L4CON, 5);
    private static final Verdict OURS = verdict("paris#3", Outcome.UNKNOWN, Code.SOCKERR, 1);

    @Test
    void oneProbeStaysAsItIs() {
        assertThat(Conditions.combine(server(1, 1), List.of(GOOD))).isEqualTo(GOOD);
        Verdict down = verdict("paris", Outcome.DOWN, Code.L7STS, 10);
        assertThat(Conditions.combine(server(1, 1), List.of(down))).isEqualTo(down);
    }

    @Test
    void allOfThem() {
        assertThat(Conditions.combine(server(2, 2), List.of(GOOD, GOOD_TCP)).outcome())
                .isEqualTo(Outcome.UP);
        assertThat(Conditions.combine(server(2, 2), List.of(GOOD, STATUS)).outcome())
                .isEqualTo(Outcome.DOWN);
        assertThat(Conditions.combine(server(2, 2), List.of(GOOD, OURS)).outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(Conditions.combine(server(3, 3), List.of(GOOD, STATUS, OURS)).outcome())
                .as("one that failed is enough, whatever the unknown one would be")
                .isEqualTo(Outcome.DOWN);
    }

    @Test
    void anyOfThem() {
        assertThat(Conditions.combine(server(1, 3), List.of(GOOD, STATUS, OURS)).outcome())
                .isEqualTo(Outcome.UP);
        assertThat(Conditions.combine(server(1, 2), List.of(STATUS, REFUSED)).outcome())
                .isEqualTo(Outcome.DOWN);
        assertThat(Conditions.combine(server(1, 2), List.of(STATUS, OURS)).outcome())
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void someOfThem() {
        assertThat(Conditions.combine(server(2, 3), List.of(GOOD, GOOD_TCP, REFUSED))
                        .outcome())
                .isEqualTo(Outcome.UP);
        assertThat(Conditions.combine(server(2, 3), List.of(GOOD, STATUS, REFUSED))
                        .outcome())
                .isEqualTo(Outcome.DOWN);
        assertThat(Conditions.combine(server(2, 3), List.of(GOOD, STATUS, OURS)).outcome())
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void theOneThatCameLeastFarExplainsIt() {
        Verdict down = Conditions.combine(server(3, 3), List.of(GOOD, STATUS, REFUSED));
        assertThat(down.explained()).isEqualTo(REFUSED.explained());
        Verdict up = Conditions.combine(server(1, 3), List.of(GOOD, STATUS, REFUSED));
        assertThat(up.explained()).isEqualTo("L7OK: paris said L7OK; 2 of 3 probes failed: L4CON: paris#3 said L4CON");
        Verdict unknown = Conditions.combine(server(2, 3), List.of(GOOD, STATUS, OURS));
        assertThat(unknown.explained()).isEqualTo(OURS.explained());
    }

    @Test
    void isAboutTheServerAndAsSlowAsItsSlowest() {
        Instant soon = NOON.plusSeconds(60);
        Verdict certified = new Verdict(
                "chat", "paris", 7, 1, NOON, Outcome.UP, Code.L7OK, "status 200", Duration.ofMillis(4), Map.of(), soon);
        Verdict later = new Verdict(
                "chat",
                "paris#2",
                7,
                2,
                NOON,
                Outcome.UP,
                Code.L7OK,
                "status 200",
                Duration.ofMillis(4),
                Map.of(),
                soon.plusSeconds(1));
        Verdict all = Conditions.combine(server(3, 3), List.of(later, certified, GOOD_TCP));
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
        Verdict waiting = Conditions.combine(server(2, 3), List.of(GOOD));
        assertThat(waiting.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(waiting.explained()).isEqualTo("SOCKERR: 2 of 3 probes have no verdict yet");
        assertThat(Conditions.combine(server(1, 3), List.of(GOOD)).outcome()).isEqualTo(Outcome.UP);
        assertThat(Conditions.combine(server(3, 3), List.of(REFUSED)).outcome()).isEqualTo(Outcome.DOWN);
        assertThatThrownBy(() -> Conditions.combine(server(1, 1), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("paris");
    }
}
