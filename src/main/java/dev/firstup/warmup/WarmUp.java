package dev.firstup.warmup;

import dev.firstup.model.Decision;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.Settlement;
import dev.firstup.publish.Publications;
import dev.firstup.store.Store;
import java.time.Clock;
import java.time.Duration;

/** Goes through what a server's death will ask of this program: the bean {@code firstup-warm-up} of the routes. */
public final class WarmUp {
    /**
     * How often. HotSpot compiles what was called 200 times ({@code Tier3InvocationThreshold}), and looks at every 128th call whether
     * it was.
     */
    static final int TIMES = 256;

    /**
     * Decides about deaths, keeps moves in a state that is on no disk, and claims and settles publications of which nothing is
     * sent.
     *
     * @return how many moves that were
     */
    public int run() {
        int moves = 0;
        for (int i = 0; i < TIMES; i++) {
            moves += new DecidedDeath().decisions().stream().anyMatch(Decision::switches) ? 1 : 0;
        }
        // With a clock that stands still: nothing comes before what it follows from.
        Clock now = Clock.fixed(Clock.systemUTC().instant(), Clock.systemUTC().getZone());
        try (Store store = Store.inMemory(now)) {
            KeptMoves.in(store, now.instant());
            moves += store.events(2 * TIMES).size() / 2;
        }
        Duration any = Duration.ofMinutes(1);
        Publications publications = new Publications(now, any, any, any, any);
        for (int i = 0; i < TIMES; i++) {
            Settlement settled = publications.settle(
                    publications.claim(SyntheticQueue.publication(SyntheticQueue.SECOND)), Receipt.of("NOERROR"), null);
            moves += settled.outcome().equals("confirmed") ? 1 : 0;
        }
        return moves;
    }
}
