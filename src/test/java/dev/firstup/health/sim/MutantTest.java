package dev.firstup.health.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the simulation can fail. */
class MutantTest {
    /** Within so many histories a core that is wrong must be found out. */
    private static final int ENOUGH = 300;

    private static final int STEP = 10;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void aCoreThatIsWrongIsFoundOutByTheInvariantThatForbidsIt(Mutant mutant) {
        assertThat(found(mutant)).isEqualTo(mutant.breaks);
    }

    /** The invariant that it must break, if it breaks it; else null. */
    private static Invariant found(Mutant mutant) {
        for (long seed = 1; seed < ENOUGH; seed += STEP) {
            for (Simulation.Broken it :
                    Simulation.play(mutant::make, seed, STEP, done -> {}).broken()) {
                if (it.breach().invariant() == mutant.breaks) {
                    return mutant.breaks;
                }
            }
        }
        return null;
    }

    @Test
    void aStoryIsToldAsShortAsItCanBe() {
        Simulation.Broken broken = null;
        for (long seed = 1; broken == null; seed++) {
            broken = Simulation.play(Mutant.HASTY::make, seed, 1, done -> {}).broken().stream()
                    .filter(it -> it.breach().invariant() == Invariant.FAILBACK)
                    .findFirst()
                    .orElse(null);
        }

        Story shortest = Shrinker.shrink(Story.draw(broken.seed()), Mutant.HASTY::make, broken.breach());

        assertThat(shortest.scenario().size()).isLessThanOrEqualTo(3);
        assertThat(shortest.happenings()).hasSizeLessThanOrEqualTo(3);
        assertThat(Simulation.tell(broken, Mutant.HASTY::make))
                .contains("seed " + broken.seed())
                .contains("BROKEN: FAILBACK");
    }
}
