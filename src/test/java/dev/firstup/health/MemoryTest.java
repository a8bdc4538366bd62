package dev.firstup.health;

import static dev.firstup.Fixtures.NO_IP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.ServerState;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept, and that nothing is written while nothing changes. */
class MemoryTest {
    private static final Queue CHAT = Fixtures.queue(
            "chat",
            1,
            new Failback(Duration.ofMinutes(10), false),
            List.of(NO_IP),
            Fixtures.server("paris", "192.0.2.10"),
            Fixtures.server("tokyo", "192.0.2.20"));

    private final World world = new World();

    private World running() {
        return world.configure(CHAT).dnsSays("192.0.2.10").seconds(15);
    }

    /** Until {@code server} has failed once, and is up again. */
    private void fails(String server) {
        world.make(server, Behaviour.REFUSES);
        while (world.server(server).state() != ServerState.FALLING) {
            world.run(Fixtures.FAST.dividedBy(10));
        }
        world.make(server, Behaviour.UP).seconds(5);
    }

    private QueueMemory memory() {
        return world.memories.get("chat");
    }

    private QueueMemory.Remembered of(String server) {
        return memory().servers().get(server);
    }

    @Test
    void serversThatAreFoundUpAreRemembered() {
        running();
        assertThat(of("paris").state()).isEqualTo(ServerState.UP);
        assertThat(of("paris").healthySince()).isEqualTo(world.server("paris").healthySince());
        assertThat(of("tokyo").since()).isEqualTo(world.server("tokyo").since());
    }

    @Test
    void whileAllIsCalmNothingIsWritten() {
        running();
        QueueMemory before = memory();
        world.run(Duration.ofMinutes(10));
        assertThat(memory()).isSameAs(before);
    }

    @Test
    void oneFailedProbeIsNotWorthAWrite() {
        running();
        QueueMemory before = memory();
        fails("tokyo");
        assertThat(world.server("tokyo").healthySince()).isAfter(of("tokyo").healthySince());
        assertThat(memory()).isSameAs(before);
    }

    @Test
    void butItIsOfAServerThatIsReturnedTo() {
        running().make("paris", Behaviour.REFUSES).seconds(30);
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(2));
        QueueMemory before = memory();
        assertThat(of("paris").healthySince()).isEqualTo(world.server("paris").healthySince());
        world.run(Duration.ofMinutes(2));
        assertThat(memory()).isSameAs(before);

        fails("paris");
        assertThat(memory()).isNotSameAs(before);
        assertThat(of("paris").healthySince()).isEqualTo(world.server("paris").healthySince());
    }

    @Test
    void aFallIsKeptUntilItsEndIsTold() {
        running().make("tokyo", Behaviour.REFUSES).seconds(30);
        assertThat(of("tokyo").state()).isEqualTo(ServerState.DOWN);
        assertThat(of("tokyo").downSince()).isEqualTo(world.server("tokyo").downSince());
        assertThat(of("tokyo").healthySince()).isNull();
        world.make("tokyo", Behaviour.UP).run(Duration.ofMinutes(1));
        assertThat(of("tokyo").state()).isEqualTo(ServerState.UP);
        assertThat(of("tokyo").downSince()).isNull();
    }

    @Test
    void ordersAreKeptAndForgottenWhenTheyEnd() {
        running().order(Order.Kind.DRAIN, "tokyo", Duration.ofMinutes(5), "kernel");
        assertThat(memory().orders()).singleElement().satisfies(it -> assertThat(it.reason())
                .isEqualTo("kernel"));
        world.run(Duration.ofMinutes(6));
        assertThat(memory().orders()).isEmpty();
    }

    @Test
    void thatAllAreDownIsKept() {
        running()
                .make("paris", Behaviour.REFUSES)
                .make("tokyo", Behaviour.REFUSES)
                .run(Duration.ofMinutes(1));
        assertThat(memory().allDown()).isTrue();
        QueueMemory before = memory();
        world.run(Duration.ofMinutes(5));
        assertThat(memory()).isSameAs(before);
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(1));
        assertThat(memory().allDown()).isFalse();
    }

    @Test
    void returnsToABetterServerAreKept() {
        running().make("paris", Behaviour.REFUSES).seconds(30);
        assertThat(memory().failbacks()).isEmpty();
        world.make("paris", Behaviour.UP).run(Duration.ofMinutes(11));
        assertThat(world.chosen()).isEqualTo("paris");
        assertThat(memory().failbacks()).hasSize(1);
        assertThat(memory().limited()).isNull();
    }
}
