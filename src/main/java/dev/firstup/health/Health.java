package dev.firstup.health;

import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.HealthView;
import dev.firstup.model.Memory;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The health of all queues: the bean {@code health} of the routes. Each queue is worked on by one thread at a time; queues do
 * not wait for one another.
 */
public final class Health {
    /** First probes are spread over time from this many on: below, everything is asked at once. */
    private static final int AT_ONCE = 200;

    private static final Duration SPREAD = Duration.ofSeconds(10);

    private final Clock steady;
    private final Clock wall;
    private final ConcurrentMap<String, QueueHealth> queues = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private volatile Instant looked;

    /**
     * @param steady one that does not jump: intervals are measured with it
     * @param wall the time that people read, and that is stored
     */
    public Health(Clock steady, Clock wall) {
        this.steady = steady;
        this.wall = wall;
    }

    /**
     * Takes the queues as they are configured now; what is known of those that did not change is kept.
     *
     * @param configuration all queues
     * @param memories for a queue's name, what was known of it when the program ended; those that run already know better
     */
    public void configure(Configuration configuration, Map<String, Memory> memories) {
        Instant now = steady.instant();
        Shift stored = Shift.between(steady, wall).reversed();
        int servers = configuration.queues().stream()
                .mapToInt(queue -> queue.servers().size())
                .sum();
        AtomicInteger place = new AtomicInteger();
        Function<Server, Instant> due = server -> now.plus(offset(place.getAndIncrement(), servers));
        Set<String> kept = new HashSet<>();
        for (Queue queue : configuration.queues()) {
            kept.add(queue.name());
            Memory memory = memories.get(queue.name());
            Function<String, Instant> down =
                    server -> memory == null || !memory.servers().containsKey(server)
                            ? null
                            : stored.apply(memory.servers().get(server).downSince());
            QueueHealth health = queues.get(queue.name());
            if (health == null) {
                queues.put(queue.name(), new QueueHealth(queue, down, due, now));
            } else if (health.queue().revision() != queue.revision()) {
                health.configure(queue, name -> null, due, now);
            }
        }
        queues.keySet().retainAll(kept);
    }

    private static Duration offset(int place, int servers) {
        return servers <= AT_ONCE ? Duration.ZERO : SPREAD.multipliedBy(place).dividedBy(servers);
    }

    /** The servers whose probe is due now, none of which has one under way. */
    public List<Server> due() {
        Instant now = steady.instant();
        looked = now;
        List<Server> batch = new ArrayList<>();
        queues.values().forEach(queue -> queue.due(now, batch));
        return batch;
    }

    /** Verdicts as they came from probes, each with its place in the order of verdicts and the time on this monitor's clock. */
    public List<Verdict> stamp(List<Verdict> verdicts) {
        Instant now = steady.instant();
        return verdicts.stream()
                .map(it -> it.stamped(sequence.incrementAndGet(), now))
                .toList();
    }

    /** Takes verdicts in: the views of the queues that learn something new from them, each as it is after the last one. */
    public List<HealthView> aggregate(List<Verdict> verdicts) {
        Set<QueueHealth> changed = new LinkedHashSet<>();
        for (Verdict verdict : verdicts) {
            QueueHealth queue = queues.get(verdict.queue());
            if (queue != null && queue.aggregate(verdict)) {
                changed.add(queue);
            }
        }
        Instant now = steady.instant();
        return changed.stream().map(queue -> queue.view(now)).toList();
    }

    /** What the records of these queues should say now, where there is anything to keep. */
    public List<Decision> decide(List<HealthView> views) {
        List<Decision> decisions = new ArrayList<>();
        for (HealthView view : views) {
            QueueHealth queue = queues.get(view.queue().name());
            Decision decision = queue == null ? null : queue.decide(steady.instant());
            if (decision != null) {
                decisions.add(Shift.between(steady, wall).apply(decision));
            }
        }
        return decisions;
    }

    /** Takes what somebody has ordered by hand, and decides what follows from it. */
    public List<Decision> order(Order order) {
        throw new UnsupportedOperationException("not yet: " + order);
    }

    /** Hears what a record holds; until then nothing is decided about it. */
    public void adopt(Publication publication) {
        QueueHealth queue = queues.get(publication.queue());
        if (queue != null) {
            queue.adopt(publication, steady.instant());
        }
    }

    /** All queues as they stand, in the order of their names. */
    public List<HealthView> views() {
        Instant now = steady.instant();
        Shift shift = Shift.between(steady, wall);
        return queues.values().stream()
                .map(queue -> shift.apply(queue.view(now)))
                .sorted((one, other) ->
                        one.queue().name().compareTo(other.queue().name()))
                .toList();
    }

    /** How long ago due probes were last asked for: seconds mean that the loop stalls. Null before the first time. */
    public Duration idle() {
        Instant last = looked;
        return last == null ? null : Duration.between(last, steady.instant());
    }
}
