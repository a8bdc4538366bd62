package dev.firstup.health;

import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Memory;
import dev.firstup.model.Order;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * From steady time to the time that people read. The two part when the system's clock is set.
 *
 * @param by how much later the wall clock is
 */
record Shift(Duration by) {
    /** Below this the clocks differ by being read one after the other, and by the system's clock being slewed. */
    private static final Duration NOTICEABLE = Duration.ofSeconds(1);

    static Shift between(Clock steady, Clock wall) {
        Duration by = Duration.between(steady.instant(), wall.instant());
        return new Shift(by.abs().compareTo(NOTICEABLE) < 0 ? Duration.ZERO : by);
    }

    Shift reversed() {
        return new Shift(by.negated());
    }

    Instant apply(Instant at) {
        return at == null ? null : at.plus(by);
    }

    Decision apply(Decision it) {
        return by.isZero()
                ? it
                : new Decision(
                        it.queue(),
                        apply(it.at()),
                        apply(it.detected()),
                        it.chosen(),
                        it.previous(),
                        it.cause(),
                        it.downtime(),
                        it.events().stream().map(this::apply).toList(),
                        apply(it.memory()));
    }

    private Event apply(Event it) {
        Map<Event.Step, Instant> times = new EnumMap<>(Event.Step.class);
        it.times().forEach((step, at) -> times.put(step, apply(at)));
        return new Event(
                it.id(),
                apply(it.at()),
                it.queue(),
                it.kind(),
                it.record(),
                it.server(),
                it.from(),
                it.to(),
                it.publisher(),
                it.reason(),
                it.downtime(),
                times,
                it.tell());
    }

    HealthView apply(HealthView it) {
        return by.isZero()
                ? it
                : new HealthView(
                        it.queue(),
                        it.servers().stream().map(this::apply).toList(),
                        it.chosen(),
                        apply(it.standing()),
                        apply(it.at()));
    }

    private Standing apply(Standing it) {
        return new Standing(
                it.allDown(),
                apply(it.stasis()),
                apply(it.limited()),
                it.orders().stream().map(this::apply).toList(),
                it.notFirst());
    }

    Order apply(Order it) {
        return it == null || by.isZero()
                ? it
                : new Order(it.queue(), it.server(), it.kind(), apply(it.since()), apply(it.until()), it.reason());
    }

    Memory apply(Memory it) {
        if (it == null || by.isZero()) {
            return it;
        }
        Map<String, Memory.Remembered> servers = new HashMap<>();
        it.servers()
                .forEach((name, server) -> servers.put(
                        name,
                        new Memory.Remembered(
                                server.state(),
                                apply(server.since()),
                                apply(server.healthySince()),
                                apply(server.downSince()),
                                server.degraded())));
        return new Memory(
                apply(it.at()),
                servers,
                it.failbacks().stream().map(this::apply).toList(),
                apply(it.limited()),
                it.allDown(),
                it.orders().stream().map(this::apply).toList());
    }

    private ServerHealth apply(ServerHealth it) {
        return new ServerHealth(
                it.server(),
                it.state(),
                apply(it.since()),
                it.streak(),
                it.unknowns(),
                it.failures(),
                apply(it.healthySince()),
                apply(it.failingSince()),
                apply(it.downSince()),
                it.last() == null
                        ? null
                        : it.last().stamped(it.last().sequence(), it.last().at().plus(by)),
                apply(it.order()),
                it.degraded());
    }
}
