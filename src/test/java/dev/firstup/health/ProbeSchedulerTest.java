package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand servers, a thousand queues: how their probes are spread. */
class ProbeSchedulerTest {
    private static final int SERVERS = 10_000;
    /** A fifth of them in a fifth of a second, and the witness. */
    private static final long MOST = SERVERS / 5 + 1;

    private static final Duration TICK = Duration.ofMillis(100);

    private final World world = new World();

    @Test
    @Timeout(60)
    void tenThousandAreSpreadWithinTheirInterval() {
        world.configure(queues(Fixtures.INTERVAL)).seconds(20);
        assertThat(probed(Fixtures.INTERVAL.plus(TICK))).isEqualTo(SERVERS);

        world.forget();
        world.seconds(30);
        // A thousand a second, none of them twice.
        assertThat(ticks()).allSatisfy((at, count) -> assertThat(count).isBetween(120L, 300L));
        assertThat(probes()).isEqualTo(3 * SERVERS);
        assertThat(probed(Fixtures.INTERVAL.plus(TICK))).isEqualTo(SERVERS);
    }

    @Test
    @Timeout(60)
    void aLongIntervalIsUsedWhole() {
        world.configure(queues(Duration.ofMinutes(1))).seconds(120);
        world.forget();
        world.seconds(60);
        assertThat(ticks()).allSatisfy((at, count) -> assertThat(count).isLessThan(90L));
        assertThat(probes()).isEqualTo(SERVERS);
    }

    /** The laptop's lid was closed, or a neighbour took the machine. */
    @Test
    @Timeout(60)
    void aTickThatIsLateIsNotMadeUpForAtOnce() {
        world.configure(queues(Fixtures.INTERVAL)).seconds(20);
        world.steady.pass(Duration.ofSeconds(60));
        Instant resumed = world.steady.instant();
        world.wall.pass(Duration.ofSeconds(60));
        world.forget();
        world.seconds(30);
        assertThat(ticks().values()).allSatisfy(it -> assertThat(it).isLessThanOrEqualTo(MOST));
        assertThat(probed(Fixtures.INTERVAL.plus(TICK))).isEqualTo(SERVERS);
        // And all is as it was before.
        assertThat(ticks()).allSatisfy((at, count) -> {
            if (at.isAfter(resumed.plusSeconds(15))) {
                assertThat(count).isLessThan(300L);
            }
        });
    }

    @Test
    @Timeout(60)
    void aLinkThatWasCutLeavesNoBurstsBehind() {
        Queue[] queues = queues(Fixtures.INTERVAL);
        world.configure(queues).seconds(20);
        all(queues, Behaviour.REFUSES);
        world.seconds(60);
        all(queues, Behaviour.UP);
        world.forget();
        world.seconds(30);
        assertThat(ticks().values()).allSatisfy(it -> assertThat(it).isLessThanOrEqualTo(MOST));
        world.forget();
        world.seconds(10);
        assertThat(ticks().values()).allSatisfy(it -> assertThat(it).isLessThan(300L));
    }

    /** As where it has too much to do: asked more often, it could still less. */
    @Test
    @Timeout(60)
    void aMachineThatCannotProbeManyDoesNotTryMoreOften() {
        Queue[] queues = queues(Fixtures.INTERVAL);
        world.configure(queues);
        all(queues, Behaviour.UNPROBED);
        world.seconds(20);
        world.forget();
        world.seconds(30);
        assertThat(probes()).isEqualTo(3 * SERVERS);

        all(queues, Behaviour.UP);
        world.forget();
        world.seconds(12);
        assertThat(probed(Fixtures.INTERVAL.plus(TICK))).isEqualTo(SERVERS);
    }

    @Test
    void oneThatCannotBeProbedAmongFewIsTriedSoon() {
        Queue queue = queue("q", Fixtures.INTERVAL, 3);
        world.configure(queue);
        world.make(queue.servers().get(0).name(), Behaviour.UNPROBED);
        world.seconds(20);
        world.forget();
        world.seconds(10);
        assertThat(world.probes.stream()
                        .filter(it -> it.server().equals(queue.servers().get(0))))
                .hasSizeGreaterThan(8);
    }

    @Test
    void nobodyIsForgottenWhileOthersComeFirst() {
        // Each second is more than may begin at once.
        Queue[] queues = IntStream.range(0, 50)
                .mapToObj(it -> queue("q" + it, Duration.ofSeconds(1), 20))
                .toArray(Queue[]::new);
        world.configure(queues);
        all(queues, Behaviour.REFUSES);
        world.seconds(30);
        Map<String, Long> each = world.probes.stream()
                .filter(it -> !it.server().queue().isEmpty())
                .collect(Collectors.groupingBy(it -> it.server().name(), Collectors.counting()));
        assertThat(each).hasSize(1000).allSatisfy((name, count) -> assertThat(count)
                .isGreaterThan(20));
    }

    private void all(Queue[] queues, Behaviour behaviour) {
        Stream.of(queues).forEach(it -> it.servers().forEach(server -> world.make(server.name(), behaviour)));
        world.make(Fixtures.WITNESS.name(), behaviour);
    }

    private long probes() {
        return world.probes.stream()
                .filter(it -> !it.server().queue().isEmpty())
                .count();
    }

    /** How many were probed within this time from the first of the probes that are remembered. */
    private long probed(Duration within) {
        Instant end = world.probes.get(0).at().plus(within);
        return world.probes.stream()
                .filter(it -> it.at().isBefore(end) && !it.server().queue().isEmpty())
                .map(it -> it.server().name())
                .distinct()
                .count();
    }

    private Map<Instant, Long> ticks() {
        return new HashMap<>(
                world.probes.stream().collect(Collectors.groupingBy(World.Probe::at, Collectors.counting())));
    }

    private static Queue[] queues(Duration interval) {
        return IntStream.range(0, SERVERS / 10)
                .mapToObj(it -> queue("q" + it, interval, 10))
                .toArray(Queue[]::new);
    }

    private static Queue queue(String name, Duration interval, int servers) {
        List<Server> own = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            own.add(Fixtures.server(name + "-" + i, "192.0.2." + (i + 1)));
        }
        Queue it = Fixtures.queue(name, 1, Failback.AT_ONCE, List.of(), own.toArray(Server[]::new));
        return new Queue(
                it.name(),
                it.revision(),
                it.record(),
                it.alias(),
                it.srv(),
                it.ttl(),
                it.servers(),
                new Queue.Pace(interval, Fixtures.FAST, Fixtures.DOWN, Fixtures.TIMEOUT),
                it.rules(),
                it.witnesses(),
                it.quiet(),
                it.targets(),
                it.notifiers());
    }

    @Test
    void soManyLooksBeforeTheNextTickInASecondAndNoMore() {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        ProbeScheduler scheduler = new ProbeScheduler(now);
        assertThat(scheduler.urgent(now)).isFalse();
        for (int i = 0; i < 50; i++) {
            scheduler.urge();
            assertThat(scheduler.urgent(now.plusMillis(i))).isTrue();
            assertThat(scheduler.urgent(now.plusMillis(i))).isFalse();
        }
        scheduler.urge();
        assertThat(scheduler.urgent(now.plusMillis(999))).isFalse();
        scheduler.urge();
        assertThat(scheduler.urgent(now.plusMillis(1000))).isTrue();
    }
}
