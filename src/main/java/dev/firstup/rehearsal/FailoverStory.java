package dev.firstup.rehearsal;

import static dev.firstup.rehearsal.Stage.FIRST;
import static dev.firstup.rehearsal.Stage.SECOND;

import dev.firstup.model.Event;
import java.time.Instant;

/** The first server goes down, the record moves, it comes back, the record returns. */
final class FailoverStory implements Story {
    @Override
    public void play(Stage stage) {
        stage.awaitPublished(FIRST);
        stage.sayPublished(FIRST);

        stage.say("%n%s is taken down", FIRST);
        Instant down = Instant.now();
        stage.servers().takeDown(FIRST);
        stage.move(FIRST, SECOND, down, "after " + FIRST + " was taken down");

        stage.say("%n%s is brought back", FIRST);
        Instant up = Instant.now();
        stage.servers().bringUp(FIRST);
        Event back = stage.move(SECOND, FIRST, up, "after " + FIRST + " was brought back");
        if (back.downtime() != null) {
            stage.say("  %s had been down for %,d ms", FIRST, back.downtime().toMillis());
        }
    }
}
