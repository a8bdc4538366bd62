package dev.firstup.rehearsal;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Plays the rehearsal without anybody: the first server goes down, the record moves, it comes back, the record returns. */
public final class Script {
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String FIRST = "paris";
    private static final String SECOND = "tokyo";

    private final ToyServers servers;
    private final Map<String, String> addresses;
    private final Supplier<List<String>> dns;
    private final Supplier<List<Event>> events;
    private final PrintWriter out;
    private final Duration deadline;

    /**
     * @param rehearsal the world that it is played in
     * @param events all events so far, in order
     * @param out gets the times of each step, and what went otherwise
     */
    public Script(Rehearsal rehearsal, Supplier<List<Event>> events, PrintWriter out) {
        this(rehearsal.servers(), rehearsal.addresses(), rehearsal::published, events, out, STEP);
    }

    Script(
            ToyServers servers,
            Map<String, String> addresses,
            Supplier<List<String>> dns,
            Supplier<List<Event>> events,
            PrintWriter out,
            Duration deadline) {
        this.servers = servers;
        this.addresses = addresses;
        this.dns = dns;
        this.events = events;
        this.out = out;
        this.deadline = deadline;
    }

    /**
     * Plays it, and waits at most 30 seconds for each step.
     *
     * @return 0 if everything went as it should, otherwise 1
     */
    public int run() {
        try {
            Instant start = Instant.EPOCH;
            await(FIRST, start, () -> published(FIRST) ? start : null);
            say("%s -> %s (%s)", Rehearsal.RECORD, addresses.get(FIRST), FIRST);

            say("%n%s is taken down", FIRST);
            Instant down = Instant.now();
            servers.takeDown(FIRST);
            move(FIRST, SECOND, down, "after " + FIRST + " was taken down");

            say("%n%s is brought back", FIRST);
            Instant up = Instant.now();
            servers.bringUp(FIRST);
            Event back = move(SECOND, FIRST, up, "after " + FIRST + " was brought back");
            if (back.downtime() != null) {
                say("  %s had been down for %,d ms", FIRST, back.downtime().toMillis());
            }
            say("%nThe rehearsal went as it should.");
            return 0;
        } catch (OtherwiseException | IllegalStateException e) {
            say("%nThe rehearsal went otherwise: %s", e.getMessage());
            return 1;
        } finally {
            out.flush();
        }
    }

    private Event move(String from, String to, Instant since, String after) {
        Seen moved = await(to, since, () -> {
            Event event = moved(from, to, since);
            return event != null && published(to) ? new Seen(event, Instant.now()) : null;
        });
        say("%s -> %s (%s)", Rehearsal.RECORD, addresses.get(to), to);
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

    private Event moved(String from, String to, Instant since) {
        Event moved = null;
        for (Event event : events.get()) {
            if (event.kind() == Kind.MOVED && !event.at().isBefore(since)) {
                if (to.equals(event.to())) {
                    moved = event;
                } else if (!from.equals(event.to())) {
                    // A move to where it stands already is only told late: DNS showed it before the publisher answered.
                    throw new OtherwiseException(
                            "the record moved to " + event.to() + ", expected " + to + ": " + event.reason());
                }
            }
        }
        return moved;
    }

    private boolean published(String server) {
        return dns.get().equals(List.of(addresses.get(server)));
    }

    private <T> T await(String expected, Instant since, Supplier<T> condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            T met = condition.get();
            if (met != null) {
                return met;
            }
            Event trouble = trouble(since);
            if (trouble != null && trouble.kind() == Kind.PUBLISH_STOPPED) {
                throw new OtherwiseException("publishing is stopped: " + trouble.reason());
            }
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new OtherwiseException("after " + deadline.toMillis() + " ms " + Rehearsal.RECORD + " says "
                        + (dns.get().isEmpty() ? "nothing" : String.join(", ", dns.get())) + ", expected "
                        + addresses.get(expected) + " (" + expected + ")"
                        + (trouble == null ? "" : "; " + trouble.kind() + ": " + trouble.reason()));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** The newest event that explains why nothing moves. */
    private Event trouble(Instant since) {
        return events.get().stream()
                .filter(it -> !it.at().isBefore(since))
                .filter(it -> switch (it.kind()) {
                    case PUBLISH_STOPPED, PUBLISH_WAITING, ALL_DOWN, UNREADABLE, CONFIG_REJECTED -> true;
                    default -> false;
                })
                .reduce((first, second) -> second)
                .orElse(null);
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
        out.flush();
    }

    private record Seen(Event event, Instant at) {}

    private static final class OtherwiseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherwiseException(String message) {
            super(message, null, false, false);
        }
    }
}
