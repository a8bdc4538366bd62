package dev.firstup.rehearsal;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.HealthView;
import dev.firstup.model.ServerState;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The toy world as a story sees it: what can be done there, waited for and said. */
final class Stage {
    static final String FIRST = "paris";
    static final String SECOND = "tokyo";

    private static final Duration POLL = Duration.ofMillis(20);
    /** Nobody waits for what must not happen. */
    private static final Duration WATCH = Duration.ofMillis(100);

    private final Rehearsal rehearsal;
    private final Supplier<@Nullable HealthView> view;
    private final Supplier<List<Event>> events;
    private final PrintWriter out;
    private final Duration deadline;

    /**
     * @param view the queue as it stands now; null before the first view
     * @param events all events so far, in order
     * @param deadline how long a step may take
     */
    Stage(
            Rehearsal rehearsal,
            Supplier<@Nullable HealthView> view,
            Supplier<List<Event>> events,
            PrintWriter out,
            Duration deadline) {
        this.rehearsal = rehearsal;
        this.view = view;
        this.events = events;
        this.out = out;
        this.deadline = deadline;
    }

    ToyServers servers() {
        return rehearsal.servers();
    }

    SimulatedLink link() {
        return rehearsal.link();
    }

    /** How often the service was asked to change the record. */
    int updates() {
        return rehearsal.service().updates().size();
    }

    List<Event> since(Instant instant) {
        return events.get().stream().filter(it -> !it.at().isBefore(instant)).toList();
    }

    void say(String format, @Nullable Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
        out.flush();
    }

    void sayPublished(String label) {
        say("%s -> %s", Rehearsal.RECORD, shown(label));
    }

    void awaitPublished(String server) {
        await(() -> otherwise(shown(server)), Instant.EPOCH, Duration.ZERO, () -> published(server) ? server : null);
    }

    /** Waits until the record names the first server, which is known to the pipeline, and all servers are up. */
    void awaitAllWell() {
        awaitPublished(FIRST);
        await(
                () -> "not all servers are up, or that the record names " + FIRST + " was not noticed",
                Instant.EPOCH,
                Duration.ZERO,
                () -> allUp() && moved(FIRST, FIRST, Instant.EPOCH) != null ? FIRST : null);
    }

    /** Waits until the view says that the monitor looks cut off, or that it does not. */
    void awaitStasis(boolean expected) {
        await(
                () -> "the view " + (expected ? "does not say" : "says") + " that this monitor looks cut off",
                Instant.EPOCH,
                Duration.ZERO,
                () -> {
                    HealthView now = view.get();
                    return now != null && expected == (now.standing().stasis() != null) ? now : null;
                });
    }

    /** The first event of that kind that people are told, once there is one. */
    Event awaitTold(Kind kind, Instant since) {
        return await(() -> "nobody was told of " + kind, since, Duration.ZERO, () -> told(kind, since)
                .findFirst()
                .orElse(null));
    }

    /** The events of that kind that people are told. */
    Stream<Event> told(Kind kind, Instant since) {
        return since(since).stream().filter(it -> it.kind() == kind && it.tell());
    }

    Event move(String from, String to, Instant since, String after) {
        return move(from, to, since, after, Duration.ZERO);
    }

    /** Waits for the record to move, and says when each step of that was reached. */
    Event move(String from, String to, Instant since, String after, Duration later) {
        Seen moved = await(() -> otherwise(shown(to)), since, later, () -> {
            Event event = moved(from, to, since);
            return event != null && published(to) ? new Seen(event, Instant.now()) : null;
        });
        sayPublished(to);
        for (Step step : Step.values()) {
            Instant at = moved.event.times().get(step);
            // The event may have been told before every name server had the value; this script asks for itself.
            at = at == null && step == Step.VISIBLE ? moved.at : at;
            if (at != null) {
                say(
                        "  %-10s %,7d ms %s",
                        step.name().toLowerCase(Locale.ROOT),
                        Duration.between(since, at).toMillis(),
                        step == Step.DETECTED ? after : "");
            }
        }
        return moved.event;
    }

    /** Looks again and again until {@code end} whether {@code rule} is kept, which throws if it is not. */
    void watch(Instant end, Runnable rule) {
        do {
            rule.run();
            LockSupport.parkNanos(WATCH.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new UnexpectedOutcomeException("it was interrupted");
            }
        } while (Instant.now().isBefore(end));
    }

    /**
     * Waits for {@code condition} to give something.
     *
     * @param otherwise what is said if it never does
     * @param since from when on events can explain that
     * @param later how much longer than usual this may take
     */
    <T> T await(Supplier<String> otherwise, Instant since, Duration later, Supplier<@Nullable T> condition) {
        Duration most = deadline.plus(later);
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            T met = condition.get();
            if (met != null) {
                return met;
            }
            Event trouble = trouble(since);
            if (trouble != null && trouble.kind() == Kind.PUBLISH_STOPPED) {
                throw new UnexpectedOutcomeException("publishing is stopped: %s", trouble.reason());
            }
            if (trouble != null && trouble.kind() == Kind.CONFIG_REJECTED) {
                throw new UnexpectedOutcomeException("the queue file is not valid: %s", trouble.reason());
            }
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new UnexpectedOutcomeException(
                        "after %d ms %s%s",
                        most.toMillis(),
                        otherwise.get(),
                        trouble == null ? "" : "; " + trouble.kind() + ": " + trouble.reason());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** What DNS says instead. */
    private String otherwise(String expected) {
        List<String> found = rehearsal.published();
        return Rehearsal.RECORD + " says " + (found.isEmpty() ? "nothing" : String.join(", ", found)) + ", expected "
                + expected;
    }

    private @Nullable Event moved(String from, String to, Instant since) {
        Event moved = null;
        for (Event event : since(since)) {
            if (event.kind() == Kind.MOVED) {
                if (to.equals(event.to())) {
                    moved = event;
                } else if (!from.equals(event.to())) {
                    // A move to where it stands already is only told late: DNS showed it before the publisher answered.
                    throw new UnexpectedOutcomeException(
                            "the record moved to %s, expected %s: %s", event.to(), to, event.reason());
                }
            }
        }
        return moved;
    }

    private boolean allUp() {
        HealthView now = view.get();
        return now != null && now.servers().stream().allMatch(it -> it.state() == ServerState.UP);
    }

    private boolean published(String server) {
        return rehearsal.published().equals(List.of(address(server)));
    }

    /** What is published for a server, or is nobody's and says sorry. */
    private String address(String label) {
        return rehearsal.addresses().getOrDefault(label, label);
    }

    private String shown(String label) {
        return address(label) + " (" + (rehearsal.addresses().containsKey(label) ? label : "sorry") + ")";
    }

    /** The newest event that explains why nothing moves. */
    private @Nullable Event trouble(Instant since) {
        return since(since).stream()
                .filter(it -> switch (it.kind()) {
                    case PUBLISH_STOPPED, PUBLISH_WAITING, ALL_DOWN, UNREADABLE, CONFIG_REJECTED -> true;
                    default -> false;
                })
                .reduce((first, second) -> second)
                .orElse(null);
    }

    private record Seen(Event event, Instant at) {}
}
