package dev.firstup.health;

import static dev.firstup.Fixtures.NO_IP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Order.Kind;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of a queue, and in which time. */
class ViewTest {
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    private static final Server TOKYO = Fixtures.server("tokyo", "192.0.2.20");
    private static final Server QUEBEC = Fixtures.server("quebec", "192.0.2.30");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final World world = new World();

    private World running(Failback failback) {
        world.configure(Fixtures.queue("chat", 1, failback, List.of(NO_IP), PARIS, TOKYO, QUEBEC))
                .dnsSays("192.0.2.10")
                .seconds(15);
        return world;
    }

    private World configured(String... names) {
        return world.configure(Stream.of(names)
                .map(it -> Fixtures.queue(it, 1, Failback.AT_ONCE, List.of(), PARIS, TOKYO))
                .toArray(Queue[]::new));
    }

    private String notFirst() {
        return world.health.views().get(0).standing().notFirst();
    }

    /** Paris has been down, and is up again; tokyo serves. */
    private World recovered(Failback failback) {
        running(failback).make("paris", Behaviour.REFUSES).seconds(30);
        return world.make("paris", Behaviour.UP).seconds(60);
    }

    // Why not the first

    @Test
    void nothingIsSaidWhileTheFirstServes() {
        running(Failback.AT_ONCE);
        assertThat(notFirst()).isNull();
    }

    @Test
    void itIsDown() {
        running(Failback.AT_ONCE).make("paris", Behaviour.REFUSES).seconds(30);
        assertThat(notFirst()).isEqualTo("paris is down: L4CON: refused");
    }

    @Test
    void itIsNotKnownToBeUp() {
        world.make("paris", Behaviour.UNPROBED)
                .configure(Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(NO_IP), PARIS, TOKYO))
                .dnsSays("192.0.2.20")
                .seconds(30);
        assertThat(notFirst()).isEqualTo("paris is not known to be up");
    }

    @Test
    void itIsTakenOutByHand() {
        running(Failback.AT_ONCE).order(Kind.DRAIN, "paris", null, "kernel").seconds(5);
        assertThat(notFirst()).isEqualTo("paris is taken out by hand: drain: kernel");
    }

    @Test
    void itWaitsForItsFailback() {
        recovered(new Failback(TEN_MINUTES, false));
        assertThat(notFirst()).matches("paris is up for \\d+ s, and the record goes back after 10 min of health");
    }

    @Test
    void failbackIsManual() {
        recovered(Failback.BY_HAND);
        assertThat(notFirst()).isEqualTo("paris is up, and failback is manual");
    }

    @Test
    void itWentBackTooOften() {
        running(Failback.AT_ONCE);
        for (int i = 0; i < 6; i++) {
            world.make("paris", Behaviour.REFUSES).seconds(30);
            world.make("paris", Behaviour.UP).seconds(60);
        }
        assertThat(world.told()).containsOnlyOnce("FAILBACK_LIMITED");
        assertThat(notFirst())
                .isEqualTo("paris is up, and the record went back too often:"
                        + " by hand, or after an hour without a server down");
        // Nobody will tell of it with a move back.
        assertThat(world.told()).contains("SERVER_UP paris");
        world.run(Duration.ofMinutes(61));
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(world.told()).containsOnlyOnce("FAILBACK_FREE");
    }

    @Test
    void itIsAboutToGoBack() {
        running(Failback.AT_ONCE).make("paris", Behaviour.REFUSES).seconds(30);
        world.make("paris", Behaviour.UP);
        while (world.server("paris").state() != ServerState.UP) {
            world.run(Duration.ofMillis(10));
        }
        assertThat(notFirst()).isEqualTo("paris is up, and the record is about to go back");
    }

    @Test
    void aLossyServersFallSaysHowMuchItLoses() {
        running(Failback.AT_ONCE);
        while (world.server("paris").state() != ServerState.DOWN) {
            boolean refuses = world.probesOf("paris") % 2 == 0;
            world.make("paris", refuses ? Behaviour.REFUSES : Behaviour.UP).run(Duration.ofMillis(100));
        }
        assertThat(world.events())
                .filteredOn(it -> it.kind() == Event.Kind.SERVER_DOWN)
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).isEqualTo("10 of its last 20 probes failed"));
    }

    // More than one queue

    @Test
    void queuesComeInTheOrderOfTheirNames() {
        configured("mail", "chat", "web", "a");
        assertThat(world.health.views())
                .extracting(HealthView::queue)
                .extracting(Queue::name)
                .containsExactly("a", "chat", "mail", "web");
    }

    // What is handed on

    /** In whatever order their queues are named, and whichever was configured first. */
    @Test
    void decisionsComeInTheOrderInWhichTheyAreMade() {
        configured("chat", "mail", "web").seconds(15);
        List<HealthView> ordered = new ArrayList<>();
        for (String queue : List.of("web", "chat", "mail")) {
            ordered.addAll(
                    world.health.order(new Order(queue, "paris", Kind.DRAIN, world.wall.instant(), null, "kernel")));
        }
        assertThat(world.health.decide(ordered))
                .extracting(it -> it.queue().name())
                .containsExactly("web", "chat", "mail");
    }

    /** Whichever answers first, and however it is. */
    @Test
    void serversComeInOrderOfPreference() {
        world.make("paris", Behaviour.REFUSES).make("tokyo", Behaviour.SILENT);
        assertThat(shown(1, QUEBEC, PARIS, TOKYO)).containsExactly("quebec", "paris", "tokyo");
        assertThat(shown(2, TOKYO, QUEBEC, PARIS)).containsExactly("tokyo", "quebec", "paris");
    }

    private List<String> shown(int revision, Server... servers) {
        world.configure(Fixtures.queue("chat", revision, Failback.AT_ONCE, List.of(NO_IP), servers))
                .seconds(30);
        return world.health.views().get(0).servers().stream()
                .map(it -> it.server().name())
                .toList();
    }

    @Test
    void aMonitorThatIsCutOffIsNotConnected() {
        running(Failback.AT_ONCE);
        assertThat(world.health.connected()).isTrue();
        for (String it : List.of("paris", "tokyo", "quebec", "witness")) {
            world.make(it, Behaviour.SILENT);
        }
        world.seconds(60);
        assertThat(world.health.connected()).isFalse();
    }

    // Two clocks

    @Test
    void whatIsRememberedIsInTheTimeThatPeopleRead() {
        Duration step = Duration.ofHours(3);
        world.wall.pass(step);
        recovered(new Failback(TEN_MINUTES, false)).order(Kind.DRAIN, "quebec", TEN_MINUTES, "kernel");
        Instant now = world.wall.instant();
        QueueMemory memory = world.memories.get("chat");
        assertThat(memory.at()).isBetween(now.minusSeconds(1), now);
        assertThat(memory.orders()).singleElement().satisfies(it -> {
            assertThat(it.since()).isEqualTo(now);
            assertThat(it.until()).isEqualTo(now.plus(TEN_MINUTES));
        });
        QueueMemory.Remembered paris = memory.servers().get("paris");
        assertThat(paris.state()).isEqualTo(ServerState.UP);
        assertThat(paris.since()).isBetween(now.minusSeconds(61), now);
        assertThat(paris.healthySince()).isEqualTo(paris.since());
        assertThat(paris.downSince()).isBetween(now.minusSeconds(90), now);

        HealthView view = world.health.views().get(0);
        assertThat(view.server("quebec").orElseThrow().order().until()).isEqualTo(now.plus(TEN_MINUTES));
        world.run(TEN_MINUTES).seconds(1);
        assertThat(world.server("quebec").order()).isNull();
    }

    @Test
    void aQueuesStandingIsInTheTimeThatPeopleRead() {
        running(Failback.AT_ONCE).order(Kind.FREEZE, null, TEN_MINUTES, "");
        for (String it : List.of("paris", "tokyo", "quebec", "witness")) {
            world.make(it, Behaviour.SILENT);
        }
        world.seconds(60);
        HealthView before = world.health.views().get(0);
        world.wall.pass(Duration.ofHours(3));

        HealthView after = world.health.views().get(0);
        assertThat(after.standing().stasis())
                .isEqualTo(before.standing().stasis().plus(Duration.ofHours(3)));
        assertThat(after.standing().orders())
                .singleElement()
                .extracting(Order::until)
                .isEqualTo(before.standing().orders().get(0).until().plus(Duration.ofHours(3)));
    }

    @Test
    void anOrderLastsAsLongAsItWasGivenForHoweverTheClockIsSet() {
        running(Failback.AT_ONCE).order(Kind.DRAIN, "paris", TEN_MINUTES, "");
        world.wall.pass(Duration.ofHours(3));
        world.run(Duration.ofMinutes(9));
        assertThat(world.chosen()).isEqualTo("tokyo");
        world.run(Duration.ofMinutes(2));
        assertThat(world.chosen()).isEqualTo("paris");
    }

    // Other configurations

    @Test
    void anOrderAboutAServerThatIsGoneIsForgotten() {
        running(Failback.AT_ONCE).order(Kind.DRAIN, "quebec", null, "");
        world.configure(Fixtures.queue("chat", 2, Failback.AT_ONCE, List.of(NO_IP), PARIS, TOKYO));
        world.configure(Fixtures.queue("chat", 3, Failback.AT_ONCE, List.of(NO_IP), PARIS, TOKYO, QUEBEC));
        assertThat(world.server("quebec").order()).isNull();
    }

    @Test
    void aServerThatIsRenamedIsStillNamed() {
        running(Failback.BY_HAND).make("paris", Behaviour.REFUSES).seconds(30);
        Server kyoto = Fixtures.server("kyoto", "192.0.2.20");
        world.forget();
        world.configure(Fixtures.queue("chat", 2, Failback.BY_HAND, List.of(NO_IP), PARIS, QUEBEC, kyoto))
                .seconds(1);
        assertThat(world.chosen()).isEqualTo("kyoto");
        assertThat(world.moves()).isEmpty();
    }

    @Test
    void whenAllAreDownEachIsAskedAgainWithinAnInterval() {
        running(Failback.AT_ONCE).make("quebec", Behaviour.REFUSES).seconds(45);
        world.make("paris", Behaviour.REFUSES).make("tokyo", Behaviour.REFUSES);
        while (!world.health.views().get(0).standing().allDown()) {
            world.run(Duration.ofMillis(10));
        }
        world.forget();
        world.run(Fixtures.INTERVAL).seconds(1);
        assertThat(world.probesOf("quebec")).isPositive();
    }
}
