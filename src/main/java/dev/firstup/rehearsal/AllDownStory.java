package dev.firstup.rehearsal;

import static dev.firstup.rehearsal.Stage.SECOND;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** All servers die while the witness answers: the record names a server that says sorry, until one of them is back. */
final class AllDownStory implements Story {
    private final String sorry;

    /** @param sorry the address that the queue file names for it */
    AllDownStory(String sorry) {
        this.sorry = sorry;
    }

    @Override
    public void play(Stage stage) {
        stage.awaitAllWell();
        stage.sayPublished(Stage.FIRST);

        stage.say("%nAll servers are taken down");
        Instant down = Instant.now();
        List<String> names = stage.servers().names();
        names.forEach(stage.servers()::takeDown);
        stage.await(
                () -> stage.otherwise(sorry),
                down,
                Duration.ZERO,
                () -> stage.published().equals(List.of(sorry)) ? sorry : null);
        Instant visible = Instant.now();
        Event told = stage.awaitTold(Kind.ALL_DOWN, down);
        stage.say("%s -> %s (sorry)", Rehearsal.RECORD, sorry);
        stage.say("  %-10s %,7d ms after they were taken down", "told", millis(down, told.at()));
        stage.say("  %-10s %,7d ms", "visible", millis(down, visible));

        stage.say("%n%s is brought back", SECOND);
        Instant up = Instant.now();
        stage.servers().bringUp(SECOND);
        stage.awaitPublished(SECOND);
        visible = Instant.now();
        told = stage.awaitTold(Kind.RECOVERED, up);
        stage.sayPublished(SECOND);
        stage.say("  %-10s %,7d ms after %s was brought back", "told", millis(up, told.at()), SECOND);
        stage.say("  %-10s %,7d ms", "visible", millis(up, visible));
        if (stage.since(down).stream().anyMatch(it -> it.kind() == Kind.STASIS)) {
            throw new OtherwiseException("this monitor looked cut off, though its name server answered");
        }
    }

    private static long millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }
}
