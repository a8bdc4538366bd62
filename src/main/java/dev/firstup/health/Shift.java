package dev.firstup.health;

import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.ServerHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
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
                        it.events().stream().map(this::apply).toList());
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
                        it.queue(), it.servers().stream().map(this::apply).toList(), it.chosen(), apply(it.at()));
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
                apply(it.downSince()),
                it.last() == null
                        ? null
                        : it.last().stamped(it.last().sequence(), it.last().at().plus(by)));
    }
}
