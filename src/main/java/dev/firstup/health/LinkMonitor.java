package dev.firstup.health;

import dev.firstup.model.Event;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * This monitor's own link to the world: whether what fails may be our own fault. Whatever answers, a server or a witness, is proof
 * that it is not.
 */
final class LinkMonitor {
    private static final Duration CALM = Duration.ofMinutes(1);
    private static final Duration DOUBTFUL = Duration.ofSeconds(1);
    private static final Duration REMINDER = Duration.ofMinutes(15);
    /** How long a witness may fail while others answer, before it counts no more. */
    private static final Duration ALONE = Duration.ofMinutes(10);

    private Map<String, Witness> witnesses = Map.of();
    /** For so long nothing must have answered until it may be stasis. */
    private Duration patience = Duration.ofDays(1);

    private volatile Instant answered;
    /** Whether something failed, and nothing has answered since. */
    private volatile boolean doubted;

    private volatile @Nullable Instant stasis;
    private @Nullable Instant told;
    /** When all witnesses were last asked for because nothing had answered. */
    private @Nullable Instant asked;

    private Instant soonest;
    private List<Event> news = new ArrayList<>();

    LinkMonitor(Instant now) {
        this.answered = now;
        this.soonest = now;
    }

    /** Takes the witnesses of all queues; what is known of those that stay is kept. */
    synchronized void configure(List<Queue> queues, Instant now) {
        Map<String, Witness> next = new LinkedHashMap<>();
        for (Queue queue : queues) {
            for (Server it : queue.witnesses()) {
                Witness known = witnesses.get(it.name());
                next.putIfAbsent(it.name(), known != null && known.server.equals(it) ? known : new Witness(it, now));
            }
        }
        witnesses = next;
        patience = queues.stream()
                .map(it -> it.pace().interval().plus(it.pace().timeout()))
                .min(Duration::compareTo)
                .orElse(patience);
        soonest = now;
    }

    /** Adds the witnesses whose probe is due, and counts those probes as under way. */
    synchronized void due(Instant now, List<Server> batch) {
        if (soonest.isAfter(now)) {
            return;
        }
        soonest = Instant.MAX;
        for (Witness it : witnesses.values()) {
            if (!it.next().isAfter(now)) {
                it.begin(now);
                batch.add(it.server);
            }
            soonest = soonest.isBefore(it.next()) ? soonest : it.next();
        }
    }

    synchronized Instant soonest() {
        return soonest;
    }

    /** Whether anything has answered after {@code at}. */
    boolean answeredAfter(Instant at) {
        return answered.isAfter(at);
    }

    /** Whether something fails, and nothing has answered since: it may be our own link. */
    boolean doubted() {
        return doubted;
    }

    /** Since when this monitor looks cut off; null while it does not. */
    @Nullable
    Instant stasis() {
        return stasis;
    }

    /** A server or a witness has answered. */
    void answered(Verdict by) {
        Instant at = by.at();
        if (at.isAfter(answered)) {
            answered = at;
        }
        if (!doubted) {
            return;
        }
        synchronized (this) {
            doubted = false;
            if (stasis != null) {
                String who = by.queue().isEmpty() ? by.server() : by.queue() + "/" + by.server();
                news.add(event(Event.Kind.STASIS_OVER, who + " answers", Duration.between(stasis, at), at));
                stasis = null;
                told = null;
            }
        }
    }

    /**
     * A server's probe failed or could not be made, and nothing has answered since it began to: its witnesses are asked, and those
     * of all queues if nothing at all has answered within the last second.
     *
     * @param own the witnesses of its queue
     */
    synchronized void doubt(Instant now, List<Server> own) {
        doubted = true;
        // While the configuration changes, a queue may still have others than are known here.
        own.stream()
                .map(it -> witnesses.get(it.name()))
                .filter(Objects::nonNull)
                .forEach(it -> hasten(it, now));
        boolean silent = !answered.isAfter(now.minus(DOUBTFUL));
        // Those who were asked just now ask again by themselves until somebody answers: thousands of servers that
        // fail at once are no reason to go through thousands of witnesses for each.
        if (silent && (asked == null || !asked.isAfter(now.minus(DOUBTFUL)))) {
            asked = now;
            witnesses.values().forEach(it -> hasten(it, now));
        }
    }

    private void hasten(Witness it, Instant now) {
        it.hasten(now, DOUBTFUL);
        soonest = soonest.isBefore(it.next()) ? soonest : it.next();
    }

    /** Takes the verdict on a witness in; true if it has answered. */
    boolean witnessed(Verdict verdict) {
        boolean up = verdict.outcome() == ProbeOutcome.UP;
        synchronized (this) {
            Witness it = witnesses.get(verdict.server());
            Instant now = verdict.at();
            Duration silence = patience.compareTo(CALM) > 0 ? patience : CALM;
            boolean others = now.isBefore(answered.plus(silence));
            if (it == null || !it.take(verdict, now.plus(doubted && !up ? DOUBTFUL : CALM), others)) {
                return false;
            }
            if (!up && !answered.isAfter(it.failingSince())) {
                // Also where all servers are down, so that nobody doubts about them.
                doubt(now, List.of(it.server));
            }
            soonest = soonest.isBefore(it.next()) ? soonest : it.next();
            if (!up) {
                leaveOut(it, verdict);
            }
        }
        return up;
    }

    private void leaveOut(Witness it, Verdict last) {
        Instant now = last.at();
        boolean alone = !doubted
                && answered.isAfter(it.aloneSince())
                && !now.isBefore(it.aloneSince().plus(ALONE));
        if (alone && it.counts()) {
            it.leaveOut();
            String reason = it.server.name() + " has not answered for "
                    + DurationText.length(Duration.between(it.aloneSince(), now)) + ": "
                    + last.explained();
            news.add(event(Event.Kind.WITNESS_LEFT_OUT, reason, null, now));
        }
    }

    /** What is to be told about the monitor as a whole. */
    List<Event> news(Instant now) {
        if (!doubted && news.isEmpty()) {
            return List.of();
        }
        synchronized (this) {
            if (doubted) {
                watch(now);
            }
            List<Event> taken = news;
            news = new ArrayList<>();
            return taken;
        }
    }

    private void watch(Instant now) {
        boolean silent = !now.isBefore(answered.plus(patience))
                && witnesses.values().stream().allMatch(it -> !it.counts() || it.failedSince(answered));
        if (stasis == null && silent) {
            stasis = now;
        }
        if (stasis != null && (told == null || !now.isBefore(told.plus(REMINDER)))) {
            told = now;
            String reason = "no server of any queue and no witness has answered for "
                    + DurationText.length(Duration.between(answered, now));
            news.add(event(Event.Kind.STASIS, reason, null, now));
        }
    }

    private static Event event(Event.Kind kind, String reason, @Nullable Duration downtime, Instant at) {
        return Event.of(kind, at, Event.About.PROGRAM, reason).after(downtime).telling(true);
    }
}
