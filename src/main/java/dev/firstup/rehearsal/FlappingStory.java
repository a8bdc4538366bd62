package dev.firstup.rehearsal;

import static dev.firstup.rehearsal.Stage.FIRST;
import static dev.firstup.rehearsal.Stage.SECOND;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Step;
import java.time.Duration;
import java.time.Instant;

/** The first server flaps: the record leaves it once, and returns only when it has been calm for long enough. */
final class FlappingStory implements Story {
    private final Duration length;
    private final Duration flap;
    private final Duration failback;
    private final Duration calm;

    /**
     * @param length how long the server flaps
     * @param flap how long it stays down, and how long up
     * @param failback what the queue file says
     * @param calm for how long nothing may happen after the way back
     */
    FlappingStory(Duration length, Duration flap, Duration failback, Duration calm) {
        this.length = length;
        this.flap = flap;
        this.failback = failback;
        this.calm = calm;
    }

    @Override
    public void play(Stage stage) {
        stage.awaitAllWell();
        stage.sayPublished(FIRST);

        stage.say(
                "%n%s goes down or comes back every %,d ms, for %,d s; failback: %,d s",
                FIRST, flap.toMillis(), length.toSeconds(), failback.toSeconds());
        int updates = stage.updates();
        Instant start = Instant.now();
        Instant up;
        int times = 0;
        do {
            stage.servers().takeDown(FIRST);
            stage.watch(Instant.now().plus(flap), () -> atMost(stage, updates, 1));
            if (times++ == 0) {
                stage.move(FIRST, SECOND, start, "after " + FIRST + " first went down");
            }
            stage.servers().bringUp(FIRST);
            up = Instant.now();
            stage.watch(up.plus(flap), () -> atMost(stage, updates, 1));
        } while (Instant.now().isBefore(start.plus(length)));
        stage.say("  moved once, while %s went down %d times", FIRST, times);

        stage.say("%n%s stays up", FIRST);
        Event back = stage.move(SECOND, FIRST, up, "after " + FIRST + " last came back", failback);
        Duration waited = Duration.between(up, back.times().getOrDefault(Step.DECIDED, back.at()));
        if (waited.compareTo(failback) < 0) {
            throw new UnexpectedOutcomeException(
                    "the record returned %,d ms after %s last came back, expected %,d ms of calm",
                    waited.toMillis(), FIRST, failback.toMillis());
        }
        stage.watch(Instant.now().plus(calm), () -> atMost(stage, updates, 2));
    }

    private static void atMost(Stage stage, int before, int moves) {
        int found = stage.updates() - before;
        if (found > moves) {
            throw new UnexpectedOutcomeException("the record was moved %d times, expected at most %d", found, moves);
        }
    }
}
