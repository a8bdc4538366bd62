package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.Failback;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of queues, and thousands of servers in one. The limits are many times what it takes, and a fraction of what squares take. */
class LargeTest {
    private final World world = new World();

    private static Server witness(String queue) {
        return new Server(
                "",
                0,
                "witness of " + queue,
                Map.of(),
                "probe:tcp",
                "192.0.2.53",
                53,
                "",
                "192.0.2.53",
                Fixtures.TIMEOUT);
    }

    private static Queue queue(String name, int servers) {
        Server[] own = IntStream.range(0, servers)
                .mapToObj(it -> Fixtures.server(
                        name + "-" + it,
                        Map.of(RecordType.A, "10." + it / 65536 + "." + it / 256 % 256 + "." + it % 256)))
                .toArray(Server[]::new);
        Queue queue = Fixtures.queue(name, 1, Failback.AT_ONCE, List.of(), own);
        return new Queue(
                queue.name(),
                queue.revision(),
                queue.record(),
                queue.alias(),
                queue.srv(),
                queue.ttl(),
                queue.servers(),
                queue.pace(),
                queue.rules(),
                List.of(witness(name)),
                queue.quiet(),
                queue.targets(),
                queue.notifiers());
    }

    @Test
    @Timeout(20)
    void aLinkThatIsCutForThousandsOfQueuesIsNotGoneThroughForEachOfTheirServers() {
        Queue[] queues =
                IntStream.range(0, 5000).mapToObj(it -> queue("q" + it, 2)).toArray(Queue[]::new);
        world.configure(queues).seconds(15);
        world.forget();
        for (Queue it : queues) {
            it.servers().forEach(server -> world.make(server.name(), Behaviour.REFUSES));
            world.make(it.witnesses().get(0).name(), Behaviour.REFUSES);
        }
        world.seconds(25);
        assertThat(world.told()).containsExactly("STASIS");
    }

    @Test
    @Timeout(20)
    void thousandsOfServersOfOneQueueAreNotGoneThroughForEachOfThem() {
        Queue big = queue("big", 5000);
        world.configure(big).seconds(25);
        big.servers().forEach(server -> world.make(server.name(), Behaviour.REFUSES));
        world.seconds(40);
        assertThat(world.told()).contains("ALL_DOWN");
        big.servers().forEach(server -> world.make(server.name(), Behaviour.UP));
        world.seconds(30);
        assertThat(world.chosen()).isEqualTo("big-0");
    }

    @Test
    void oneFailureIsNoReasonToAskTheWitnessesOfAllQueues() {
        // So many that one of them answers at any time.
        world.configure(queue("one", 2), queue("other", 300)).seconds(30);
        world.forget();
        for (int i = 0; i < 20; i++) {
            world.make("one-0", Behaviour.REFUSES).seconds(11);
            world.make("one-0", Behaviour.UP).seconds(14);
        }
        assertThat(world.probesOf("witness of one")).isGreaterThan(11);
        assertThat(world.probesOf("witness of other")).isLessThan(11);
    }
}
