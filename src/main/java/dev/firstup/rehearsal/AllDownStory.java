package dev.firstup.rehearsal;

import static dev.firstup.rehearsal.Stage.FIRST;
import static dev.firstup.rehearsal.Stage.SECOND;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import java.time.Duration;
import java.time.Instant;

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
        stage.sayPublished(FIRST);

        stage.say("%nAll servers are taken down");
        Instant down = Instant.now();
        stage.servers().names().forEach(stage.servers()::takeDown);
        Event told = stage.awaitTold(Kind.ALL_DOWN, down);
        stage.move(FIRST, sorry, down, "after they were taken down");
        stage.say("  %-10s %,7d ms", "told", Duration.between(down, told.at()).toMillis());

        stage.say("%n%s is brought back", SECOND);
        Instant up = Instant.now();
        stage.servers().bringUp(SECOND);
        stage.move(sorry, SECOND, up, "after " + SECOND + " was brought back");
        if (stage.since(down).stream().anyMatch(it -> it.kind() == Kind.STASIS)) {
            throw new UnexpectedOutcomeException("this monitor looked cut off, though its name server answered");
        }
    }
}
