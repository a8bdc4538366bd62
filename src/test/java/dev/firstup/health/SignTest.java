package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is asked, and who is not, where one failure or a sign of it is enough. */
class SignTest {
    private static final Duration LATENCY = Duration.ofMillis(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final World world = new World();
    private Queue queue;

    private void running(String settings, String... named) {
        queue = Settings.queue(settings);
        world.configure(queue).dnsSays(named).seconds(15);
        world.forget();
        world.seconds(11);
    }

    private void pass(Duration time) {
        world.steady.pass(time);
        world.wall.pass(time);
    }

    private Server server(String name) {
        return queue.servers().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> due() {
        return world.health.due().stream().map(Server::name).sorted().toList();
    }

    private Verdict up(String name) {
        return Verdict.of(server(name), Instant.EPOCH, ProbeOutcome.UP, ReasonCode.L4OK, "connected", LATENCY);
    }

    private Verdict down(String name, Duration took) {
        return Verdict.of(server(name), Instant.EPOCH, ProbeOutcome.DOWN, ReasonCode.L4TOUT, "no answer", took);
    }

    @Test
    void aSilentOneIsFoundDownOneTimeoutAfterSomebodyHasAnswered() {
        running("fall: 1, answers: 2", "192.0.2.10", "192.0.2.20");
        world.health.suspect(server("paris"));
        assertThat(due()).contains("paris");
        pass(LATENCY);
        world.deliver(List.of(up("tokyo"), up("quebec")));
        pass(TIMEOUT.minus(LATENCY));
        world.deliver(List.of(down("paris", TIMEOUT)));
        assertThat(due()).containsExactly("quebec", "tokyo", "witness");
        pass(LATENCY);
        world.deliver(List.of(down("tokyo", LATENCY)));
        assertThat(due()).as("in doubt").isEmpty();
        pass(LATENCY);
        world.deliver(List.of(up("quebec")));
        assertThat(due()).contains("paris");
        pass(TIMEOUT);
        world.deliver(List.of(down("paris", TIMEOUT)));
        assertThat(world.server("paris").state()).isEqualTo(ServerState.DOWN);
    }

    @Test
    void oneInDoubtIsNotAskedForASignOfAnotherNamedOne() {
        running("fall: 1, answers: 2", "192.0.2.10", "192.0.2.20");
        Duration pause = Duration.ofMillis(600);
        world.health.suspect(server("paris"));
        assertThat(due()).contains("paris");
        pass(pause);
        world.deliver(List.of(up("tokyo"), up("quebec"), down("paris", pause)));
        assertThat(due()).doesNotContain("paris");
        pass(pause);
        world.health.suspect(server("tokyo"));
        assertThat(due()).doesNotContain("paris");
    }

    @Test
    void candidatesAreAskedOnceMoreWhereTheirAnswersWouldBeOldByThen() {
        running("fall: 1", "192.0.2.10");
        Duration slow = Duration.ofMillis(700);
        world.seconds(30);
        assertThat(due()).isEmpty();
        pass(slow);
        world.deliver(List.of(up("tokyo"), up("quebec")));
        world.deliver(List.of(down("paris", slow)));
        assertThat(due()).containsExactly("quebec", "tokyo", "witness");
        pass(Duration.ofMillis(400));
        world.deliver(List.of(up("tokyo"), up("quebec")));
        assertThat(due()).containsExactly("paris", "quebec", "tokyo");
        pass(Duration.ofMillis(400));
        world.deliver(List.of(up("tokyo"), up("quebec")));
        pass(Duration.ofMillis(300));
        world.deliver(List.of(down("paris", slow)));
        assertThat(world.moves()).containsExactly("tokyo");
    }

    /** By a clock that stands still: what was said before is not said after. */
    @Test
    void whatCameInAnEarlierBatchProvesNothing() {
        running("fall: 1", "192.0.2.10");
        world.health.suspect(server("paris"));
        assertThat(due()).contains("paris");
        pass(LATENCY);
        world.deliver(List.of(up("tokyo")));
        world.deliver(List.of(down("paris", LATENCY), down("quebec", LATENCY)));
        assertThat(due()).doesNotContain("paris");
        pass(LATENCY);
        world.deliver(List.of(down("paris", LATENCY)));
        assertThat(world.server("paris").state()).isEqualTo(ServerState.FALLING);
    }

    @Test
    void aSignOfOneThatIsForcedUpHasNobodyElseAsked() {
        running("fall: 1", "192.0.2.10");
        world.order(Order.Kind.FORCE_UP, "paris", null, null);
        world.seconds(3);
        world.health.suspect(server("paris"));
        assertThat(due()).containsExactly("paris");
    }

    /** It is still named, for nobody else has passed. */
    @Test
    void aSignOfOneThatIsMaintainedHasNobodyAsked() {
        running("fall: 1", "192.0.2.10");
        world.order(Order.Kind.MAINT, "paris", null, null);
        assertThat(due()).contains("tokyo", "quebec");
        pass(LATENCY);
        world.deliver(List.of(down("tokyo", LATENCY), down("quebec", LATENCY)));
        assertThat(due()).doesNotContain("tokyo", "quebec");
        pass(Duration.ofMillis(700));
        world.health.suspect(server("paris"));
        assertThat(due()).isEmpty();
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void signsOfANamedOneAndOfACandidateInTurnFloodNobody() {
        running("fall: 1", "192.0.2.10");
        world.forget();
        for (int i = 0; i < 100; i++) {
            world.health.suspect(server("paris"));
            world.health.suspect(server("tokyo"));
            List<String> asked = due();
            assertThat(asked).doesNotContain("witness");
            if (i > 0 && i < 90) {
                assertThat(asked).doesNotContain("quebec");
            }
            pass(LATENCY);
            world.deliver(asked.stream().map(this::up).toList());
        }
    }
}
