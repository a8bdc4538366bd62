package dev.firstup.store;

import dev.firstup.model.MadeUp;
import dev.firstup.model.Notice;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Server;
import dev.firstup.model.Settlement;
import java.time.Instant;
import java.util.List;

/** The made-up record, as the routes have a move of it kept. */
final class WarmUp {
    private WarmUp() {}

    static void moves(Store store, Instant now) {
        store.configure(MadeUp.configuration());
        Server named = MadeUp.FIRST;
        for (int i = 0; i < MadeUp.TIMES; i++) {
            Server next = named == MadeUp.FIRST ? MadeUp.SECOND : MadeUp.FIRST;
            store.keep(MadeUp.decision(named, next, now));
            store.due().forEach(it -> carryOut(store, it, now));
            for (Notice it : store.untold()) {
                store.told(new Notice(it.id(), it.notifier(), it.event(), 1, null, null));
            }
            named = next;
        }
    }

    private static void carryOut(Store store, Publication it, Instant now) {
        Publication claimed = store.claim(
                it.edit().ask(Ask.WRITE).attempted(it.decided()).sentAt(now).done());
        store.returned(claimed);
        Publication done = claimed.edit()
                .attempted(null)
                .confirmed(claimed.decided())
                .confirmedAt(now)
                .done();
        store.settle(new Settlement(done, "confirmed", List.of()));
    }
}
