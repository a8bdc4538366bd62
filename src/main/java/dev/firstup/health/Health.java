package dev.firstup.health;

import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The health of all queues: the bean {@code firstup-health} of the routes. Each queue is worked on by one thread at a time; queues do
 * not wait for one another.
 */
public final class Health {
    private final Clock steady;
    private final Clock wall;
    private final LinkMonitor link;
    private final ProbeScheduler scheduler;
    private final ConcurrentMap<String, QueueHealth> queues = new ConcurrentHashMap<>();
    /** Those where a server would be down, were it not that nothing at all has answered since. */
    private final Set<QueueHealth> doubtful = ConcurrentHashMap.newKeySet();

    /** Those to decide about with the next verdict, whatever it is about: until they are. */
    private final Set<QueueHealth> open = ConcurrentHashMap.newKeySet();

    private final AtomicLong sequence = new AtomicLong();
    /** The time of the last verdict. */
    private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);

    private volatile @Nullable Instant looked;
    /** The queues as they are gone through, and where that begins. */
    private volatile List<QueueHealth> round = List.of();

    private int first;

    /**
     * @param steady one that does not jump: intervals are measured with it
     * @param wall the time that people read, and that is stored
     */
    public Health(Clock steady, Clock wall) {
        this.steady = steady;
        this.wall = wall;
        this.link = new LinkMonitor(steady.instant());
        this.scheduler = new ProbeScheduler(steady.instant());
    }

    /**
     * Takes the queues as they are configured now; what is known of those that did not change is kept.
     *
     * @param configuration all queues
     * @param memories for a queue's name, what was known of it when the program ended; those that run already know better
     */
    public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
        Instant now = steady.instant();
        ClockOffset stored = offset().reversed();
        scheduler.configure(configuration.queues());
        link.configure(configuration.queues(), now);
        Set<String> kept = new HashSet<>();
        for (Queue queue : configuration.queues()) {
            kept.add(queue.name());
            Function<Server, Instant> due = server -> scheduler.first(queue.pace(), now);
            QueueHealth health = queues.get(queue.name());
            if (health == null) {
                QueueMemory memory = stored.apply(memories.get(queue.name()));
                queues.put(queue.name(), new QueueHealth(queue, link, scheduler, memory, due, now));
            } else if (health.queue().revision() != queue.revision()) {
                health.configure(queue, due, now);
            }
        }
        queues.keySet().retainAll(kept);
        doubtful.retainAll(queues.values());
        round = List.copyOf(queues.values());
    }

    private ClockOffset offset() {
        return ClockOffset.between(steady, wall);
    }

    /** What is to be probed now, servers and witnesses, none of which has a probe under way. */
    public synchronized List<Server> due() {
        Instant now = steady.instant();
        looked = now;
        if (scheduler.rests(now)) {
            return List.of();
        }
        List<Server> batch = new ArrayList<>();
        link.due(now, batch);
        int most = batch.size() + Math.min(scheduler.room(now), Integer.MAX_VALUE - batch.size());
        List<QueueHealth> all = round;
        int from = first;
        for (int i = 0; i < all.size(); i++) {
            int place = (from + i) % all.size();
            boolean full = batch.size() >= most;
            if (all.get(place).due(now, batch, most)) {
                open.add(all.get(place));
            }
            if (!full && batch.size() >= most) {
                // What has to wait comes first the next time.
                first = place;
            }
        }
        return batch;
    }

    /** Whether somebody is to be probed before the next tick. */
    public boolean urgent() {
        return scheduler.urgent(steady.instant());
    }

    /** The servers to each of which a connection is to be held open. */
    public List<Server> guarded() {
        return queues.values().stream()
                .map(QueueHealth::queue)
                .filter(it -> it.pace().sentinel())
                .flatMap(it -> it.servers().stream())
                .toList();
    }

    /** Takes a sign that a server fails, which by itself means nothing: the server is due now. */
    public void suspect(Server server) {
        QueueHealth queue = queues.get(server.queue());
        if (queue != null) {
            queue.suspect(server, steady.instant());
        }
    }

    /** Before this time of the steady clock nothing is due. */
    Instant soonest() {
        Instant soonest = link.soonest();
        for (QueueHealth it : queues.values()) {
            soonest = it.soonest().isBefore(soonest) ? it.soonest() : soonest;
        }
        return soonest;
    }

    /**
     * Verdicts as they came from probes, each with its place in the order of verdicts and the time on this monitor's clock. Those
     * that came together came one after the other.
     */
    public List<Verdict> stamp(List<Verdict> verdicts) {
        Instant now = steady.instant();
        List<Verdict> stamped = new ArrayList<>(verdicts.size());
        for (Verdict it : verdicts) {
            Instant at = now.minusNanos(verdicts.size() - 1L - stamped.size());
            // What came before comes before, also by a clock that is not that exact.
            stamped.add(it.stamped(sequence.incrementAndGet(), latest.accumulateAndGet(at, Decider::later)));
        }
        return stamped;
    }

    /** Takes verdicts in: the views of the queues about which anything may follow, each as it is after the last one. */
    public List<HealthView> aggregate(List<Verdict> verdicts) {
        Set<QueueHealth> changed = new LinkedHashSet<>();
        for (Verdict verdict : verdicts) {
            QueueHealth queue = queues.get(verdict.queue());
            if (queue != null) {
                if (verdict.outcome() == ProbeOutcome.UP) {
                    answered(verdict);
                }
                if (queue.aggregate(verdict)) {
                    changed.add(queue);
                }
                if (verdict.outcome() != ProbeOutcome.UP && queue.doubts(verdict)) {
                    doubtful.add(queue);
                }
            } else if (verdict.queue().isEmpty() && link.witnessed(verdict)) {
                answered(verdict);
            }
        }
        if (!open.isEmpty()) {
            changed.addAll(open);
        }
        Instant now = steady.instant();
        List<HealthView> views = new ArrayList<>(changed.size());
        changed.forEach(it -> views.add(it.view(now)));
        return views;
    }

    /** Somebody has answered: our link is whole, and what was in doubt is asked again. */
    private void answered(Verdict verdict) {
        link.answered(verdict);
        if (!doubtful.isEmpty()) {
            doubtful.forEach(it -> it.undoubt(verdict.at()));
            doubtful.clear();
        }
    }

    /**
     * What the records of these queues should say now, and what happened, where there is anything to keep. Called by one thread at
     * a time, which hands on what is decided before the next one is let in: about one queue, what was decided later is kept later.
     * A queue that is left out is decided about with the next verdict, whatever it is about.
     *
     * @throws RuntimeException what kept a queue from being decided about, where nothing was decided about the others: these never
     *     lose what was decided to it, and that queue is decided about again with the next verdict
     */
    public List<Decision> decide(List<HealthView> views) {
        Instant now = steady.instant();
        List<Decision> decisions = new ArrayList<>();
        List<Event> news = link.news(now);
        if (!news.isEmpty()) {
            decisions.add(new Decision(null, now, now, null, null, "nothing moves", null, news, null));
        }
        RuntimeException failure = null;
        for (HealthView view : views) {
            QueueHealth queue = queues.get(view.queue().name());
            if (queue == null) {
                continue;
            }
            open.remove(queue);
            try {
                Decision decision = queue.decide(now);
                if (decision != null) {
                    decisions.add(decision);
                }
            } catch (RuntimeException e) {
                open.add(queue);
                failure = e;
            }
        }
        if (decisions.isEmpty()) {
            if (failure != null) {
                throw failure;
            }
            return decisions;
        }
        ClockOffset offset = offset();
        return decisions.stream().map(offset::apply).toList();
    }

    /**
     * Takes what somebody has ordered by hand.
     *
     * @param order about a queue, and a server of it, that there is
     * @return the view of its queue, to be decided about
     */
    public List<HealthView> order(Order order) {
        QueueHealth queue = queues.get(order.queue());
        if (queue == null) {
            return List.of();
        }
        Instant now = steady.instant();
        queue.order(offset().reversed().apply(order), now);
        // Should it be left out now, it is decided about with the next verdict.
        open.add(queue);
        return List.of(queue.view(now));
    }

    /** Hears what a record holds; until then nothing is decided about it, and then with the next verdict on one of its servers. */
    public void adopt(Publication publication) {
        QueueHealth queue = queues.get(publication.queue());
        if (queue != null) {
            queue.adopt(publication, steady.instant());
        }
    }

    /** All queues as they stand, in the order of their names. */
    public List<HealthView> views() {
        Instant now = steady.instant();
        ClockOffset offset = offset();
        return queues.values().stream()
                .map(queue -> offset.apply(queue.view(now)))
                .sorted((one, other) ->
                        one.queue().name().compareTo(other.queue().name()))
                .toList();
    }

    /** Whether this monitor looks connected to the world: otherwise nothing is changed. */
    public boolean connected() {
        return link.stasis() == null;
    }

    /** How long ago due probes were last asked for: seconds mean that the loop stalls. Null before the first time. */
    public @Nullable Duration idle() {
        Instant last = looked;
        return last == null ? null : Duration.between(last, steady.instant());
    }
}
