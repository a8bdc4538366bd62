package dev.firstup.health;

import dev.firstup.model.Decision;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From steady time to the time that people read. The two part when the system's clock is set.
 *
 * @param by how much later the wall clock is
 */
record ClockOffset(Duration by) {
    /** Below this the clocks differ by being read one after the other, and by the system's clock being slewed. */
    private static final Duration NOTICEABLE = Duration.ofSeconds(1);

    static ClockOffset between(Clock steady, Clock wall) {
        Duration by = Duration.between(steady.instant(), wall.instant());
        return new ClockOffset(by.abs().compareTo(NOTICEABLE) < 0 ? Duration.ZERO : by);
    }

    ClockOffset reversed() {
        return new ClockOffset(by.negated());
    }

    Instant apply(Instant at) {
        return at.plus(by);
    }

    private @Nullable Instant applyToAny(@Nullable Instant at) {
        return at == null ? null : apply(at);
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
                        it.events().stream().map(event -> event.by(this::apply)).toList(),
                        apply(it.memory()));
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

    private QueueStanding apply(QueueStanding it) {
        return new QueueStanding(
                it.allDown(),
                applyToAny(it.stasis()),
                applyToAny(it.limited()),
                it.orders().stream().map(this::apply).toList(),
                it.notFirst());
    }

    Order apply(Order it) {
        return by.isZero()
                ? it
                : new Order(it.queue(), it.server(), it.kind(), apply(it.since()), applyToAny(it.until()), it.reason());
    }

    @Nullable
    QueueMemory apply(@Nullable QueueMemory it) {
        if (it == null || by.isZero()) {
            return it;
        }
        Map<String, QueueMemory.Remembered> servers = new HashMap<>();
        it.servers()
                .forEach((name, server) -> servers.put(
                        name,
                        new QueueMemory.Remembered(
                                server.state(),
                                apply(server.since()),
                                applyToAny(server.healthySince()),
                                applyToAny(server.downSince()),
                                server.degraded())));
        return new QueueMemory(
                apply(it.at()),
                servers,
                it.failbacks().stream().map(this::apply).toList(),
                applyToAny(it.limited()),
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
                applyToAny(it.healthySince()),
                applyToAny(it.failingSince()),
                applyToAny(it.downSince()),
                it.last() == null
                        ? null
                        : it.last().stamped(it.last().sequence(), it.last().at().plus(by)),
                it.order() == null ? null : apply(it.order()),
                it.degraded());
    }
}
