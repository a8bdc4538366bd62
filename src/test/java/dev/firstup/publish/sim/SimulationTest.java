package dev.firstup.publish.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("firstup.simulate.seed", 1);
    /** Days of each kind of host. */
    private static final int DAYS = Integer.getInteger("firstup.simulate.publishing", 8);

    private static final int TOLD = 3;

    @Test
    void nothingIsSentTwiceNobodyIsBannedAndTheRecordEndsRight() {
        Simulate.Outcome outcome = Simulate.play(Core::real, FIRST_SEED, DAYS);

        assertThat(outcome.broken()).as(() -> told(outcome)).isEmpty();
        assertThat(outcome.requests()).isGreaterThan(100L * DAYS);
        assertThat(outcome.told()).isGreaterThan(50L * DAYS);
    }

    private static String told(Simulate.Outcome outcome) {
        StringBuilder text = new StringBuilder();
        outcome.broken().stream().limit(TOLD).forEach(it -> text.append(Simulate.tell(it, Core::real)));
        return text.toString();
    }
}
