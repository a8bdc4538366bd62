package dev.firstup.health;

import static dev.firstup.Fixtures.NO_IP;
import static dev.firstup.Fixtures.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.ProbeConditions;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of which several things are asked at once. */
class RoundsTest {
    private static final Server SECOND = condition("paris#2");
    private static final Server THIRD = condition("paris#3");
    private static final Server PARIS = new Server(
            "chat",
            1,
            "paris",
            Map.of(RecordType.A, "192.0.2.10"),
            "probe:tcp",
            "paris",
            5222,
            "",
            Fixtures.RECORD,
            TIMEOUT,
            new ProbeConditions(2, List.of(SECOND, THIRD)));

    private final TestClock clock = new TestClock();
    private final Health health = new Health(clock, clock);

    private static Server condition(String name) {
        return new Server("chat", 1, name, Map.of(), "probe:http", "paris", 80, "/", Fixtures.RECORD, TIMEOUT);
    }

    @BeforeEach
    void configure() {
        health.configure(
                Fixtures.configuration(Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(NO_IP), PARIS)), Map.of());
    }

    private List<String> due() {
        return health.due().stream()
                .map(Server::name)
                .filter(it -> !it.equals("witness"))
                .toList();
    }

    private void verdict(Server server, ProbeOutcome outcome) {
        health.aggregate(health.stamp(
                List.of(Verdict.of(server, clock.instant(), outcome, ReasonCode.L4OK, "so", Duration.ZERO))));
    }

    private int streak() {
        return health.views().get(0).servers().get(0).streak();
    }

    @Test
    void allItsProbesAreMadeTogether() {
        assertThat(due()).containsExactly("paris", "paris#2", "paris#3");
        assertThat(due()).isEmpty();
    }

    @Test
    void itIsJudgedOnceAllVerdictsAreThere() {
        due();
        verdict(SECOND, ProbeOutcome.UP);
        verdict(PARIS, ProbeOutcome.UP);
        assertThat(streak()).isZero();
        verdict(THIRD, ProbeOutcome.DOWN);
        assertThat(streak()).isEqualTo(1);
        assertThat(health.views().get(0).servers())
                .extracting(ServerHealth::server)
                .containsExactly(PARIS);
    }

    @Test
    void eachVerdictTellsOfItsOwnCondition() {
        due();
        verdict(PARIS, ProbeOutcome.DOWN);
        verdict(SECOND, ProbeOutcome.UP);
        // A second one of the same condition does not stand for the third.
        verdict(SECOND, ProbeOutcome.UP);
        assertThat(streak()).isZero();
        verdict(THIRD, ProbeOutcome.UP);
        assertThat(streak()).isEqualTo(1);

        clock.pass(Duration.ofSeconds(1));
        due();
        verdict(PARIS, ProbeOutcome.UP);
        verdict(SECOND, ProbeOutcome.DOWN);
        verdict(THIRD, ProbeOutcome.DOWN);
        assertThat(streak()).isEqualTo(-1);
    }

    @Test
    void aRoundOfWhichOneVerdictIsMissingIsMadeAnew() {
        due();
        verdict(PARIS, ProbeOutcome.DOWN);
        verdict(SECOND, ProbeOutcome.DOWN);
        clock.pass(TIMEOUT.plus(Member.LOST).minusMillis(1));
        assertThat(due()).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(due()).containsExactly("paris", "paris#2", "paris#3");

        // What the round before said is forgotten.
        verdict(PARIS, ProbeOutcome.UP);
        verdict(SECOND, ProbeOutcome.UP);
        assertThat(streak()).isZero();
        verdict(THIRD, ProbeOutcome.UP);
        assertThat(streak()).isEqualTo(1);
    }

    @Test
    void verdictsOutsideARoundAreIgnored() {
        verdict(PARIS, ProbeOutcome.UP);
        verdict(SECOND, ProbeOutcome.UP);
        verdict(THIRD, ProbeOutcome.UP);
        assertThat(streak()).isZero();
    }
}
