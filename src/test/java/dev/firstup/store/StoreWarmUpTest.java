package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Publication;
import dev.firstup.model.SyntheticQueue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A warm-up that keeps no move has not warmed what one needs. */
class StoreWarmUpTest extends StoreCase {
    @Test
    void itKeepsMovesToAndFro() {
        try (Store other = new Store(StateFile.inMemory(), clock)) {
            StoreWarmUp.moves(other, clock.instant());
            assertThat(other.publications()).singleElement().satisfies(it -> {
                assertThat(it.decided()).containsExactly(SyntheticQueue.FIRST.address());
                assertThat(it.confirmed().values()).containsExactly(SyntheticQueue.FIRST.address());
            });
            assertThat(other.events(Integer.MAX_VALUE)).hasSize(2 * SyntheticQueue.TIMES);
        }
    }

    @Test
    void theStateItselfKnowsNothingOfIt() {
        List<Publication> before = store.publications();
        store.warmUp();
        assertThat(store.publications()).isEqualTo(before);
        assertThat(store.events(1)).isEmpty();
    }
}
