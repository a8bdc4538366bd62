package dev.firstup.warmup;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Server;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.publish.Settlement;
import dev.firstup.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The made-up record, as the routes have a move of it kept. */
final class KeptMoves {
    private KeptMoves() {}

    static void in(Store store, Instant now) {
        store.configure(SyntheticQueue.configuration());
        Server named = SyntheticQueue.FIRST;
        for (int i = 0; i < WarmUp.TIMES; i++) {
            Server next = named == SyntheticQueue.FIRST ? SyntheticQueue.SECOND : SyntheticQueue.FIRST;
            store.keep(SyntheticQueue.decision(named, next, now));
            store.due().forEach(it -> carryOut(store, it, now));
            for (Notification it : store.untold()) {
                store.told(new Notification(it.id(), it.notifier(), it.event(), 1, null, null));
            }
            named = next;
        }
    }

    private static void carryOut(Store store, Publication it, Instant now) {
        Publication claimed = Objects.requireNonNull(store.claim(it.edit()
                .ask(Ask.WRITE)
                .attempt(attempt ->
                        attempt.sent(Objects.requireNonNull(it.decided()), now).found())
                .done()));
        store.returned(claimed);
        Publication done = claimed.edit()
                .attempt(Attempt::closed)
                .confirmed(claimed.decided(), now)
                .done();
        store.settle(new Settlement(done, "confirmed", List.of()));
    }
}
