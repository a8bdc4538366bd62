package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Degradation;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DegradationReportTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration SLOW = Duration.ofMillis(500);
    private static final Rules RULES = new Rules(3, 2, SLOW, Failback.AT_ONCE, AllDown.HOLD, 1, false);
    private static final Rules PATIENT = Fixtures.rules(Failback.AT_ONCE);
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    private static final Duration FORTNIGHT = Duration.ofDays(14);

    private final Member member = new Member(0, ServerHealth.unknown(PARIS, NOW, null), NOW);

    /** What is so after another verdict; the member remembers it. */
    private DegradationReport after(Rules rules, ProbeOutcome outcome, Duration took, Instant expires) {
        Verdict verdict =
                new Verdict("chat", "paris", 1, 1, NOW, outcome, ReasonCode.L7OK, "so", took, Map.of(), expires);
        Set<Degradation> before = member.health.degraded();
        member.health = new ServerHealth(PARIS, ServerState.UP, NOW, 1, 0, 0, NOW, null, null, verdict, null, before);
        DegradationReport degraded = DegradationReport.of(member, rules);
        member.health = member.health.with(degraded.now());
        return degraded;
    }

    private DegradationReport took(Duration took) {
        return after(RULES, ProbeOutcome.UP, took, null);
    }

    private DegradationReport left(Duration left) {
        return after(RULES, ProbeOutcome.UP, Duration.ZERO, NOW.plus(left));
    }

    @Test
    void aCertificateIsWorthALookWhenItHasLessThanFourteenDays() {
        assertThat(left(FORTNIGHT).now()).isEmpty();
        DegradationReport degraded = left(FORTNIGHT.minusNanos(1));
        assertThat(degraded.now()).containsExactly(Degradation.CERTIFICATE);
        assertThat(degraded.news()).containsExactly("its certificate expires on 2026-02-14, in 13 days");
        assertThat(left(Duration.ofDays(12)).news()).isEmpty();
        assertThat(left(FORTNIGHT).now()).isEmpty();
        assertThat(left(Duration.ofDays(13)).news()).hasSize(1);
    }

    @Test
    void aCertificateThatHasExpiredHasNoDaysLeft() {
        assertThat(left(Duration.ofDays(-3)).news())
                .containsExactly("its certificate expires on 2026-01-28, in 0 days");
    }

    @Test
    void aProbeThatSawNoCertificateChangesNothing() {
        assertThat(took(Duration.ZERO).now()).isEmpty();
        left(Duration.ofDays(1));
        DegradationReport degraded = took(Duration.ZERO);
        assertThat(degraded.now()).containsExactly(Degradation.CERTIFICATE);
        assertThat(degraded.news()).isEmpty();
    }

    @Test
    void itIsSlowAfterFallSlowProbesInARow() {
        Duration slow = SLOW.plusMillis(1);
        assertThat(took(slow).now()).isEmpty();
        assertThat(took(slow).now()).isEmpty();
        DegradationReport degraded = took(slow);
        assertThat(degraded.now()).containsExactly(Degradation.SLOW);
        assertThat(degraded.news()).containsExactly("its probes take 501 ms, expected at most 500 ms");
        assertThat(took(slow).news()).isEmpty();
    }

    @Test
    void oneThatTakesExactlySoLongIsNotSlow() {
        for (int i = 0; i < 10; i++) {
            assertThat(took(SLOW).now()).isEmpty();
        }
    }

    @Test
    void aQuickOneBreaksTheRow() {
        Duration slow = SLOW.multipliedBy(2);
        for (int i = 0; i < 10; i++) {
            assertThat(took(slow).now()).isEmpty();
            assertThat(took(slow).now()).isEmpty();
            assertThat(took(SLOW).now()).isEmpty();
        }
    }

    @Test
    void itIsOverAfterRiseQuickOnesInARow() {
        Duration slow = SLOW.multipliedBy(2);
        for (int i = 0; i < 3; i++) {
            took(slow);
        }
        assertThat(took(SLOW).now()).containsExactly(Degradation.SLOW);
        assertThat(took(slow).now()).containsExactly(Degradation.SLOW);
        assertThat(took(SLOW).now()).containsExactly(Degradation.SLOW);
        assertThat(took(SLOW).now()).isEmpty();
    }

    @Test
    void failedProbesSayNothingAboutSlowness() {
        Duration slow = SLOW.multipliedBy(2);
        took(slow);
        took(slow);
        assertThat(after(RULES, ProbeOutcome.DOWN, slow, null).now()).isEmpty();
        assertThat(after(RULES, ProbeOutcome.UNKNOWN, slow, null).now()).isEmpty();
        assertThat(took(slow).now()).containsExactly(Degradation.SLOW);
        assertThat(after(RULES, ProbeOutcome.DOWN, Duration.ZERO, null).now()).containsExactly(Degradation.SLOW);
    }

    @Test
    void withoutALimitNothingIsSlow() {
        for (int i = 0; i < 10; i++) {
            assertThat(after(PATIENT, ProbeOutcome.UP, Duration.ofHours(1), null)
                            .now())
                    .isEmpty();
        }
    }

    @Test
    void bothCanBeSo() {
        Duration slow = SLOW.multipliedBy(2);
        for (int i = 0; i < 2; i++) {
            took(slow);
        }
        DegradationReport degraded = after(RULES, ProbeOutcome.UP, slow, NOW.plus(Duration.ofDays(2)));
        assertThat(degraded.now()).containsExactlyInAnyOrder(Degradation.CERTIFICATE, Degradation.SLOW);
        assertThat(degraded.news()).hasSize(2);
    }
}
