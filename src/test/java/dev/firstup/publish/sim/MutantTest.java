package dev.firstup.publish.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
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

    /** What it broke that it must break; "nothing" where it did not. */
    private static String found(Mutant mutant) {
        return LongStream.rangeClosed(1, ENOUGH)
                .boxed()
                .flatMap(seed -> broken(mutant, seed).stream())
                .findFirst()
                .orElse("nothing");
    }

    private static Optional<String> broken(Mutant mutant, long seed) {
        return Stream.of(Ways.values())
                .parallel()
                .flatMap(ways -> new Run(seed, ways, mutant::make, null).play().broken().stream())
                .filter(it -> it.contains(mutant.breaks))
                .findAny();
    }
}
