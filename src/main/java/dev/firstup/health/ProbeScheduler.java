package dev.firstup.health;

import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.probe.ProbeOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When servers are probed if there are many: spread over their interval, for ever, and never thousands at a time. Few are probed
 * as they come.
 */
final class ProbeScheduler {
    /** So many are asked at once. */
    private static final int AT_ONCE = 200;

    /** First probes do not wait for longer intervals. */
    private static final Duration FIRST = Duration.ofSeconds(10);

    /** Who looks sooner than this does so besides the tick. */
    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** Many are looked for at every fourth tick or so. */
    private static final Duration CALM = Duration.ofMillis(190);

    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Looks besides the tick, in one second. */
    private static final int LOOKS = 50;

    private final Instant origin;
    private volatile int servers;
    private int place;
    private Duration shortest = FIRST;
    private @Nullable Instant looked;
    private Duration gap = Duration.ZERO;
    private volatile boolean urgent;
    /** Whether a look besides the tick is on its way. */
    private boolean asked;

    private @Nullable Instant counted;
    private int looks;

    ProbeScheduler(Instant now) {
        origin = now;
    }

    /** Takes the queues that there are now. */
    synchronized void configure(List<Queue> queues) {
        servers = queues.stream()
                .flatMap(it -> it.servers().stream())
                .mapToInt(it -> 1 + it.conditions().others().size())
                .sum();
        shortest = queues.stream()
                .map(Queue::pace)
                .map(it -> shorter(it.fast(), shorter(it.interval(), it.down())))
                .reduce(FIRST, ProbeScheduler::shorter);
        place = 0;
    }

    /** When one more server is probed first. */
    synchronized Instant first(Queue.Pace pace, Instant now) {
        return few()
                ? now
                : now.plus(shorter(pace.interval(), FIRST).multipliedBy(place++).dividedBy(servers));
    }

    /**
     * When a server is probed again that is settled.
     *
     * @param member it was due before {@code now}
     * @param every its interval: the next probe is no later
     */
    Instant next(Member member, Duration every, Instant now) {
        // Counted from when it was due, so that the rhythm does not drift by what probes take.
        Instant latest = member.due.plus(every).isAfter(now) ? member.due.plus(every) : now;
        if (few()) {
            return latest;
        }
        // Each has a time of its own, to which it returns: whatever made thousands due at once would else do so for
        // ever.
        long period = every.toNanos();
        long offset = Math.floorMod(mixed(member.health.server()), period);
        long passed = Duration.between(origin, now).toNanos() - offset;
        Instant own = origin.plusNanos(offset + (Math.floorDiv(passed, period) + 1) * period);
        // Where it comes to that time only later, as one that never answers may, it waits no longer for that.
        return own.isBefore(latest) ? own : latest;
    }

    /**
     * When a server is probed again that is not settled. Where many have never been, for this machine cannot probe them, it may have
     * too much to do: it does not ask more often for that.
     */
    Instant soon(Member member, Queue.Pace pace, Instant now) {
        boolean hopeless = !few()
                && member.health.state() == ServerState.UNKNOWN
                && member.last().outcome() == ProbeOutcome.UNKNOWN;
        return hopeless ? next(member, pace.interval(), now) : now.plus(pace.fast());
    }

    /** Whether somebody has looked so lately that many together are better looked for a little later: each look costs. */
    synchronized boolean rests(Instant now) {
        boolean awaited = asked || urgent;
        asked = false;
        urgent = false;
        return !few()
                && !awaited
                && looked != null
                && Duration.between(looked, now).compareTo(CALM) < 0;
    }

    /** How many may begin now. After a while in which nobody has looked, or where all are due at once, the others wait. */
    synchronized int room(Instant now) {
        Duration since = looked == null ? Duration.ZERO : Duration.between(looked, now);
        Duration usual = shorter(since, gap);
        if (looked == null || since.compareTo(BETWEEN) > 0) {
            looked = now;
            gap = since;
        }
        return few() ? Integer.MAX_VALUE : (int) Math.max(AT_ONCE, servers * usual.toNanos() / shortest.toNanos());
    }

    /** Somebody is to be probed as soon as can be. */
    void urge() {
        urgent = true;
    }

    /** Whether it is worth to look before the next tick who is due. Where many fail at once, the tick is soon enough. */
    synchronized boolean urgent(Instant now) {
        if (!urgent) {
            return false;
        }
        if (counted == null || Duration.between(counted, now).compareTo(SECOND) >= 0) {
            counted = now;
            looks = 0;
        }
        urgent = false;
        asked = ++looks <= LOOKS;
        return asked;
    }

    private boolean few() {
        return servers <= AT_ONCE;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The same for a server at any time, and evenly spread over many. */
    private static long mixed(Server server) {
        long bits =
                server.queue().hashCode() * 0x9E3779B97F4A7C15L + server.name().hashCode();
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
