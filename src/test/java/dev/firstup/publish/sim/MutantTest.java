package dev.firstup.publish.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the simulation can fail. */
class MutantTest {
    /** Within so many days of each host a core that is wrong must be found out. */
    private static final int ENOUGH = 20;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void aCoreThatIsWrongIsFoundOut(Mutant mutant) {
        assertThat(found(mutant)).contains(mutant.breaks);
    }

    /** What it broke that it must break; else what it broke last. */
    private static String found(Mutant mutant) {
        String found = "nothing";
        for (long seed = 1; seed <= ENOUGH; seed++) {
            for (Ways ways : Ways.values()) {
                for (String broken :
                        new Run(seed, ways, mutant::make, null).play().broken()) {
                    found = broken;
                    if (broken.contains(mutant.breaks)) {
                        return broken;
                    }
                }
            }
        }
        return found;
    }
}
