package dev.firstup.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.publish.Receipt;
import dev.firstup.publish.Publications;
import dev.firstup.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A warm-up that leads to no move has not warmed what a move needs. */
class WarmUpTest {
    private final Clock clock = Clock.fixed(Instant.parse("2025-01-31T10:15:00Z"), ZoneOffset.UTC);

    @Test
    void aMoveIsDecided() {
        List<Decision> decisions = new DecidedDeath().decisions();
        Decision last = decisions.get(decisions.size() - 1);
        assertThat(last.switches()).isTrue();
        assertThat(last.previous().label()).isEqualTo("first");
        assertThat(last.chosen().label()).isEqualTo("second");
        assertThat(last.events()).extracting(Event::kind).containsExactly(Event.Kind.SERVER_DOWN, Event.Kind.DECIDED);
    }

    @Test
    void movesToAndFroAreKept() {
        try (Store store = Store.inMemory(clock)) {
            KeptMoves.in(store, clock.instant());
            assertThat(store.publications()).singleElement().satisfies(it -> {
                assertThat(it.decided()).containsExactly(SyntheticQueue.FIRST.address());
                assertThat(it.confirmed().values()).containsExactly(SyntheticQueue.FIRST.address());
            });
            assertThat(store.events(Integer.MAX_VALUE)).hasSize(2 * WarmUp.TIMES);
        }
    }

    @Test
    void theRecordIsWritten() {
        Duration any = Duration.ofMinutes(1);
        Publications publications = new Publications(clock, any, any, any, any);
        Publication claimed = publications.claim(SyntheticQueue.publication(SyntheticQueue.SECOND));
        assertThat(claimed.ask()).isEqualTo(Publication.Ask.WRITE);
        assertThat(publications.settle(claimed, Receipt.of("NOERROR"), null).outcome())
                .isEqualTo("confirmed");
    }

    @Test
    void allOfItIsDone() {
        assertThat(new WarmUp().run()).isEqualTo(3 * WarmUp.TIMES);
    }
}
