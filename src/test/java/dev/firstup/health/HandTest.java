package dev.firstup.health;

import static dev.firstup.Fixtures.FAST;
import static dev.firstup.Fixtures.NO_IP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Event;
import dev.firstup.model.Order.Kind;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth.Effective;
import dev.firstup.model.ServerState;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people order, and what follows. */
class HandTest {
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    private static final Server TOKYO = Fixtures.server("tokyo", "192.0.2.20");
    private static final Server QUEBEC = Fixtures.server("quebec", "192.0.2.30");
    private static final Queue CHAT = Fixtures.queue(
            "chat", 1, new Failback(Duration.ofMinutes(10), false), List.of(NO_IP), PARIS, TOKYO, QUEBEC);
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final World world = new World();

    private World running() {
        world.configure(CHAT).dnsSays("192.0.2.10").run(Duration.ofMinutes(11));
        world.forget();
        return world;
    }

    @Test
    void aDrainedServerIsLeftWithinOneFastIntervalAndComesBackByItself() {
        running().order(Kind.DRAIN, "paris", HALF_AN_HOUR, "kernel").run(FAST);
        assertThat(world.chosen()).isEqualTo("tokyo");
        assertThat(world.decisions.get(world.decisions.size() - 1).cause())
                .isEqualTo("paris is taken out by hand: drain for 30 min: kernel");
        assertThat(world.server("paris").state()).isEqualTo(ServerState.UP);
        assertThat(world.server("paris").effective()).isEqualTo(Effective.DRAIN);
        assertThat(world.told()).isEmpty();

        world.run(HALF_AN_HOUR).seconds(2);
        assertThat(world.moves()).containsExactly("tokyo", "paris");
        assertThat(world.server("paris").order()).isNull();
        assertThat(world.events()).extracting(Event::kind).contains(Event.Kind.ORDERED, Event.Kind.ORDER_ENDED);
        assertThat(world.told()).isEmpty();
    }

    @Test
    void aDrainSurvivesARestart() {
        running().order(Kind.DRAIN, "paris", HALF_AN_HOUR, "kernel").seconds(5);
        world.restart(Duration.ofSeconds(20), CHAT).dnsSays("192.0.2.20").run(Duration.ofMinutes(25));
        assertThat(world.chosen()).isEqualTo("tokyo");
        assertThat(world.server("paris").order().reason()).isEqualTo("kernel");

        world.run(Duration.ofMinutes(6));
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(world.told()).isEmpty();
    }

    @Test
    void aDrainedServerServesWhereNoOtherIsUp() {
        running().order(Kind.DRAIN, "paris", null, "").seconds(5);
        world.make("tokyo", Behaviour.REFUSES).make("quebec", Behaviour.REFUSES).seconds(30);
        assertThat(world.chosen()).isEqualTo("paris");

        world.make("quebec", Behaviour.UP).seconds(60);
        assertThat(world.chosen()).isEqualTo("quebec");
    }

    @Test
    void aServerInMaintenanceIsNeitherProbedNorChosenAndStartsAnewAfterwards() {
        running().order(Kind.MAINT, "paris", null, "disk").seconds(2);
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.forget();
        world.run(Duration.ofMinutes(5));
        assertThat(world.probesOf("paris")).isZero();

        world.order(Kind.READY, "paris", null, "").run(Duration.ofMinutes(9));
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.run(Duration.ofMinutes(2));
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(world.told()).isEmpty();
    }

    @Test
    void everythingInMaintenanceMovesNothingAndIsNoOutage() {
        running();
        for (String server : List.of("paris", "tokyo", "quebec")) {
            world.order(Kind.MAINT, server, null, "");
        }
        world.run(Duration.ofMinutes(5));
        assertThat(world.told()).isEmpty();
        assertThat(world.health.views().get(0).standing().allDown()).isFalse();
    }

    @Test
    void theEndOfAnOrderDoesNotWaitForServersThatNobodyProbes() {
        running();
        for (String server : List.of("paris", "tokyo", "quebec")) {
            world.order(Kind.MAINT, server, null, "");
        }
        world.order(Kind.FREEZE, null, Duration.ofMinutes(5), "").run(Duration.ofMinutes(5));
        world.run(Duration.ofMinutes(1)).seconds(1);
        assertThat(world.events()).extracting(Event::kind).contains(Event.Kind.ORDER_ENDED);
        assertThat(world.memories.get("chat").orders()).noneMatch(it -> it.kind() == Kind.FREEZE);
    }

    /** While it was named nobody needed to know how long it had been healthy. */
    @Test
    void aRestartDoesNotForgetThatTheServerThatWasLeftHadFailed() {
        running().make("paris", Behaviour.REFUSES);
        while (world.server("paris").state() != ServerState.FALLING) {
            world.run(Duration.ofMillis(10));
        }
        world.make("paris", Behaviour.UP).seconds(5);
        assertThat(world.chosen()).isEqualTo("paris");
        world.order(Kind.FORCE_DOWN, "paris", Duration.ofMinutes(2), "").seconds(60);
        world.restart(Duration.ofSeconds(5), CHAT).dnsSays("192.0.2.20").run(Duration.ofMinutes(6));
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.run(Duration.ofMinutes(4));
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void aServerForcedUpStaysThoughItIsDown() {
        running().order(Kind.FORCE_UP, "paris", null, "the probe is wrong").seconds(1);
        world.make("paris", Behaviour.REFUSES).run(Duration.ofMinutes(2));
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(world.server("paris").state()).isEqualTo(ServerState.DOWN);
        assertThat(world.server("paris").effective()).isEqualTo(Effective.UP);

        world.order(Kind.READY, "paris", null, "").seconds(2);
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void aServerForcedUpIsTakenWithoutBeingProbedAgain() {
        running().make("tokyo", Behaviour.REFUSES).seconds(60);
        world.order(Kind.FORCE_UP, "tokyo", null, "")
                .make("paris", Behaviour.REFUSES)
                .seconds(20);
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void aServerForcedDownIsLeft() {
        running().order(Kind.FORCE_DOWN, "paris", null, "").run(FAST);
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void aMoveIsDoneAtOnceAndLastsUntilItIsLifted() {
        running().order(Kind.MOVE, "quebec", null, "test");
        assertThat(world.chosen()).isEqualTo("quebec");
        world.run(Duration.ofMinutes(30));
        assertThat(world.chosen()).isEqualTo("quebec");
        assertThat(world.health.views().get(0).standing().notFirst())
                .isEqualTo("paris comes after quebec by hand: move: test");

        world.order(Kind.READY, null, null, "").run(FAST);
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void aServerThatWasMovedToIsLeftWhenItFalls() {
        running().order(Kind.MOVE, "quebec", null, "").seconds(5);
        world.make("quebec", Behaviour.REFUSES).seconds(20);
        assertThat(world.chosen()).isEqualTo("paris");

        // It comes first in the queue now, and is returned to as such.
        world.make("quebec", Behaviour.UP).run(Duration.ofMinutes(9));
        assertThat(world.chosen()).isEqualTo("paris");
        world.run(Duration.ofMinutes(3));
        assertThat(world.chosen()).isEqualTo("quebec");
    }

    @Test
    void aMoveToTheServerThatIsNamedIsDone() {
        running().order(Kind.MOVE, "paris", null, "stay there").seconds(30);
        world.make("paris", Behaviour.REFUSES).seconds(60);
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(5));
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.run(Duration.ofMinutes(7));
        assertThat(world.moves()).containsExactly("tokyo", "paris");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"MOVE", "DRAIN", "READY"})
    void anOrderAboutAServerThatHasJustLeftTheQueueIsNone(Kind kind) {
        running().order(kind, "lisbon", null, "").seconds(30);
        assertThat(world.events()).isEmpty();
        assertThat(world.memories.get("chat").orders()).isEmpty();
    }

    @Test
    void thatAForcedServerEndsAnOutageIsSaidAndWhy() {
        running();
        for (String server : List.of("paris", "tokyo", "quebec")) {
            world.make(server, Behaviour.REFUSES);
        }
        world.seconds(60).forget();
        world.order(Kind.FORCE_UP, "paris", null, "the probe is wrong").seconds(10);
        assertThat(world.events()).filteredOn(Event::tell).hasSize(1).first().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Event.Kind.RECOVERED);
            assertThat(it.reason()).isEqualTo("force-up: the probe is wrong");
        });
    }

    @Test
    void aFailbackByHandDoesNotWait() {
        running().make("paris", Behaviour.REFUSES).seconds(30);
        world.make("paris", Behaviour.UP).seconds(45);
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.order(Kind.FAILBACK, null, null, "").run(FAST);
        assertThat(world.chosen()).isEqualTo("paris");
    }

    @Test
    void aFailbackByHandIsDoneOnceAndNotLater() {
        running().make("paris", Behaviour.REFUSES).seconds(30);
        world.order(Kind.FAILBACK, null, null, "").seconds(10);
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(5));
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void whileFrozenWhatIsDecidedIsTold() {
        running()
                .order(Kind.FREEZE, null, null, "migration")
                .make("paris", Behaviour.REFUSES)
                .seconds(20);
        assertThat(world.told()).containsExactly("DECIDED tokyo");
        assertThat(world.events()).filteredOn(Event::tell).first().satisfies(it -> assertThat(it.reason())
                .endsWith("; nothing is written: freeze by hand: migration"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DRAIN", "MAINT", "FORCE_DOWN"})
    void whatTakesAServerOutHoldsOverARestart(Kind kind) {
        running().order(kind, "paris", null, "").seconds(5);
        world.forget();
        world.restart(Duration.ofMinutes(20), CHAT).dnsSays("192.0.2.20").run(Duration.ofMinutes(20));
        assertThat(world.chosen()).isEqualTo("tokyo");
        assertThat(world.moves()).isEmpty();
        assertThat(world.told()).isEmpty();
    }
}
