package dev.firstup.health;

import static dev.firstup.Fixtures.NO_IP;
import static dev.firstup.Fixtures.RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordObservationTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<RecordType> A = Set.of(RecordType.A);
    private static final Set<RecordType> BOTH = Set.of(RecordType.A, RecordType.AAAA);
    private static final Queue ONE = queue(List.of(NO_IP), Map.of(RecordType.A, "192.0.2.10"));
    private static final Queue TWO =
            queue(List.of(NO_IP), Map.of(RecordType.A, "192.0.2.10", RecordType.AAAA, "2001:db8::10"));

    private final RecordObservation observation = new RecordObservation();

    private static Queue queue(List<PublishTarget> targets, Map<RecordType, String> addresses) {
        return Fixtures.queue("chat", 1, Failback.AT_ONCE, targets, Fixtures.server("paris", addresses));
    }

    private boolean hear(Queue queue, RecordType type, List<String> values, Instant at) {
        return observation.complete(Fixtures.read(RECORD, type, values), queue, at);
    }

    @Test
    void itIsHeardOnceItsTypesAre() {
        assertThat(hear(TWO, RecordType.A, List.of("192.0.2.10"), NOW)).isFalse();
        assertThat(observation.adopted).isFalse();
        assertThat(hear(TWO, RecordType.AAAA, List.of(), NOW)).isTrue();
        assertThat(observation.adopted).isTrue();
        assertThat(observation.values())
                .isEqualTo(Map.of(RecordType.A, List.of("192.0.2.10"), RecordType.AAAA, List.of()));
        // Later on it is what was decided that counts.
        assertThat(hear(TWO, RecordType.A, List.of("192.0.2.99"), NOW)).isFalse();
        assertThat(observation.values()).containsEntry(RecordType.A, List.of("192.0.2.10"));
    }

    @Test
    void onlyTheFirstTargetsOwnRecordCounts() {
        assertThat(observation.complete(Fixtures.read("other.example", RecordType.A, List.of()), ONE, NOW))
                .isFalse();
        PublishTarget he = Fixtures.target("he", RECORD);
        Queue elsewhere = queue(List.of(he, NO_IP), Map.of(RecordType.A, "192.0.2.10"));
        assertThat(hear(elsewhere, RecordType.A, List.of(), NOW)).isFalse();
        Queue nowhere = queue(List.of(), Map.of(RecordType.A, "192.0.2.10"));
        assertThat(hear(nowhere, RecordType.A, List.of(), NOW)).isFalse();
        assertThat(observation.values()).isEmpty();
        assertThat(hear(ONE, RecordType.A, List.of(), NOW)).isTrue();
    }

    @Test
    void oneThatCannotBeReadIsAskedForExactlyTwoMinutes() {
        assertThat(hear(ONE, RecordType.A, null, NOW)).isFalse();
        assertThat(hear(ONE, RecordType.A, null, NOW.plus(PATIENCE).minusNanos(1)))
                .isFalse();
        assertThat(observation.values()).isEmpty();
        assertThat(hear(ONE, RecordType.A, null, NOW.plus(PATIENCE))).isTrue();
        assertThat(observation.unreadable(A)).isTrue();
        assertThat(observation.holdsAnything(A)).isFalse();
        assertThat(observation.mayHoldAnything()).isTrue();
        assertThat(observation.found(ONE)).isEqualTo("could not be read");
    }

    @Test
    void whatIsForgottenIsHeardAnew() {
        hear(ONE, RecordType.A, null, NOW);
        observation.forget();
        assertThat(hear(ONE, RecordType.A, null, NOW.plus(PATIENCE))).isFalse();
        assertThat(hear(ONE, RecordType.A, List.of("192.0.2.10"), NOW)).isTrue();
        observation.forget();
        assertThat(observation.adopted).isFalse();
        assertThat(observation.values()).isEmpty();
        assertThat(hear(ONE, RecordType.A, List.of(), NOW)).isTrue();
    }

    @Test
    void itSaysWhatItHolds() {
        hear(TWO, RecordType.AAAA, List.of("2001:db8::9"), NOW);
        hear(TWO, RecordType.A, List.of("203.0.113.8", "203.0.113.9"), NOW);
        assertThat(observation).hasToString("203.0.113.8, 203.0.113.9, 2001:db8::9");
        assertThat(observation.found(TWO)).isEqualTo("held 203.0.113.8, 203.0.113.9, 2001:db8::9");
        assertThat(observation.holdsAnything(BOTH)).isTrue();
        assertThat(observation.mayHoldAnything()).isTrue();
        assertThat(observation.unreadable(BOTH)).isFalse();
        assertThat(observation.found(queue(List.of(), Map.of()))).isEqualTo("is moved by nobody");
    }

    @Test
    void oneThatIsEmptyHoldsNothing() {
        hear(ONE, RecordType.A, List.of(), NOW);
        assertThat(observation.holdsAnything(A)).isFalse();
        assertThat(observation.mayHoldAnything()).isFalse();
        assertThat(observation.found(ONE)).isEqualTo("was empty");
    }

    @Test
    void whetherItHoldsExactlyThisInWhateverOrder() {
        Map<RecordType, List<String>> expected =
                Map.of(RecordType.A, List.of("192.0.2.10", "192.0.2.20"), RecordType.AAAA, List.of());
        hear(TWO, RecordType.A, List.of("192.0.2.20", "192.0.2.10"), NOW);
        assertThat(observation.holds(A, expected)).isTrue();
        assertThat(observation.holds(BOTH, expected)).isFalse();
        hear(TWO, RecordType.AAAA, List.of(), NOW);
        assertThat(observation.holds(BOTH, expected)).isTrue();
        assertThat(observation.holds(A, Map.of(RecordType.A, List.of("192.0.2.10"))))
                .isFalse();
    }
}
