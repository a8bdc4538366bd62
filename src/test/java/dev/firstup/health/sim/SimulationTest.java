package dev.firstup.health.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("firstup.simulate.seed", 1);
    private static final int HISTORIES = Integer.getInteger("firstup.simulate", 2_000);
    private static final int TOLD = 3;

    @Test
    void noHistoryBreaksAnInvariant() {
        Simulation simulation = Simulation.play(RealCore::new, FIRST_SEED, HISTORIES, it -> {});

        assertThat(simulation.broken())
                .as(() -> "of seeds " + FIRST_SEED + " to " + (FIRST_SEED + HISTORIES - 1) + ":\n" + told(simulation))
                .isEmpty();
        assertThat(simulation.serverDays()).isGreaterThanOrEqualTo(3L * HISTORIES);
    }

    private static String told(Simulation simulation) {
        StringBuilder text = new StringBuilder();
        simulation.broken().stream().limit(TOLD).forEach(it -> text.append(Simulation.tell(it, RealCore::new)));
        return text.toString();
    }
}
