package dev.firstup.store;

import dev.firstup.model.MadeUp;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Server;
import dev.firstup.model.Settlement;
import java.time.Clock;
import java.util.List;

/** The made-up record, as the routes have a move of it kept. */
final class WarmUp {
    /** From so many on, Java has compiled what each goes through. */
    static final int MOVES = 60;

    private WarmUp() {}

    static void moves(Store store, Clock clock) {
        store.configure(MadeUp.configuration());
        Server named = MadeUp.FIRST;
        for (int i = 0; i < MOVES; i++) {
            Server next = named == MadeUp.FIRST ? MadeUp.SECOND : MadeUp.FIRST;
            store.keep(MadeUp.decision(named, next, clock.instant()));
            store.due().forEach(it -> carryOut(store, it, clock));
            store.untold();
            named = next;
        }
    }

    private static void carryOut(Store store, Publication it, Clock clock) {
        Publication claimed = store.claim(it.edit()
                .ask(Ask.WRITE)
                .attempted(it.decided())
                .sentAt(clock.instant())
                .done());
        store.returned(claimed);
        Publication done = claimed.edit()
                .attempted(null)
                .confirmed(claimed.decided())
                .confirmedAt(clock.instant())
                .done();
        store.settle(new Settlement(done, "confirmed", List.of()));
    }
}
