package dev.firstup.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gauges in the registries of the user's, whose readers come when they like: each row is a meter there, and says what it said when
 * the gauges were read last.
 */
final class UserMeters {
    private final CompositeMeterRegistry registries = new CompositeMeterRegistry();
    private final Map<String, MultiGauge> gauges = new HashMap<>();

    void add(MeterRegistry registry) {
        registries.add(registry);
    }

    boolean isEmpty() {
        return registries.getRegistries().isEmpty();
    }

    /** What was a row before and is none now is gone. */
    void show(List<GaugeFamily> families) {
        for (GaugeFamily family : families) {
            gauges.computeIfAbsent(family.name(), name -> MultiGauge.builder(name)
                            .baseUnit(family.unit())
                            .description(family.help())
                            .register(registries))
                    .register(
                            family.rows().stream()
                                    .map(it -> Row.of(Tags.of(it.labels()), it.value()))
                                    .toList(),
                            true);
        }
    }
}
