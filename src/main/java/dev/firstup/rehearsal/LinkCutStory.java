package dev.firstup.rehearsal;

import static dev.firstup.rehearsal.Stage.FIRST;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** Our own link is cut, so that everything seems to be down at once; it is whole again, and nothing has been done. */
final class LinkCutStory implements Story {
    private static final Duration AGAIN = Duration.ofMinutes(15);

    private final Duration length;
    private final Duration calm;

    /**
     * @param length how long the link is cut
     * @param calm for how long afterwards nothing may happen either
     */
    LinkCutStory(Duration length, Duration calm) {
        this.length = length;
        this.calm = calm;
    }

    @Override
    public void play(Stage stage) {
        stage.awaitAllWell();
        stage.sayPublished(FIRST);

        stage.say("%nThis monitor's own link is cut, for %,d s", length.toSeconds());
        int updates = stage.updates();
        Set<Kind> expected = EnumSet.of(Kind.STASIS);
        Instant cut = Instant.now();
        Runnable rule = () -> nothingElse(stage, cut, updates, expected);
        stage.link().cut();
        awaitTold(stage, Kind.STASIS, cut, rule, "after the link was cut: this monitor looks cut off");
        stage.awaitStasis(true);
        stage.watch(cut.plus(length), rule);

        stage.say("%nThe link is whole again");
        expected.add(Kind.STASIS_OVER);
        Instant whole = Instant.now();
        stage.link().restore();
        awaitTold(stage, Kind.STASIS_OVER, whole, rule, "after the link was whole again: it does no more");
        stage.awaitStasis(false);
        stage.watch(Instant.now().plus(calm), rule);
        stage.awaitAllWell();
        rule.run();
        long times = stage.told(Kind.STASIS, cut).count();
        if (times > 1 + length.dividedBy(AGAIN)) {
            throw new UnexpectedOutcomeException("that this monitor looks cut off was told %d times", times);
        }
        stage.sayPublished(FIRST);
        stage.say("  no update at the service, and no other message");
    }

    private static void awaitTold(Stage stage, Kind kind, Instant since, Runnable rule, String after) {
        Event event = stage.await(() -> "nobody was told of " + kind, since, Duration.ZERO, () -> {
            rule.run();
            return stage.told(kind, since).findFirst().orElse(null);
        });
        stage.say(
                "  %-10s %,7d ms %s",
                "told", Duration.between(since, event.at()).toMillis(), after);
    }

    private static void nothingElse(Stage stage, Instant cut, int updates, Set<Kind> expected) {
        if (stage.updates() != updates) {
            throw new UnexpectedOutcomeException("an update was sent to the service while nothing was to be done");
        }
        for (Event event : stage.since(cut)) {
            boolean decided = event.kind() == Kind.DECIDED || event.kind() == Kind.SERVER_DOWN;
            if ((event.tell() || decided) && !expected.contains(event.kind())) {
                throw new UnexpectedOutcomeException(
                        "%s: %s, expected %s only", event.kind(), event.reason(), expected);
            }
        }
    }
}
