package dev.firstup.status;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** One gauge while its values are gathered. */
final class GaugeFamily {
    private final GaugeSnapshot.Builder builder;

    GaugeFamily(String name, String help) {
        builder = GaugeSnapshot.builder().name(name).help(help);
    }

    /** @param labels names and values in turn */
    GaugeFamily add(double value, String... labels) {
        builder.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of(labels))
                .value(value)
                .build());
        return this;
    }

    MetricSnapshot snapshot() {
        return builder.build();
    }
}
