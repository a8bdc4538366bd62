package dev.firstup.status;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/**
 * What Prometheus reads: the meters of its registry, and rows that are there for this one reading. As a meter each, rows of 10,000
 * servers would cost a reading four times the garbage, and be kept until the next.
 */
final class PrometheusText {
    private final PrometheusMeterRegistry registry;
    private MetricSnapshots rows = MetricSnapshots.of();

    PrometheusText(PrometheusMeterRegistry registry) {
        this.registry = registry;
        registry.getPrometheusRegistry().register((MultiCollector) () -> rows);
    }

    /** One reading; never two at a time. */
    String scrape(String type, List<GaugeFamily> gauges) {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        gauges.forEach(it -> snapshots.metricSnapshot(snapshot(it)));
        rows = snapshots.build();
        try {
            return registry.scrape(type);
        } finally {
            rows = MetricSnapshots.of();
        }
    }

    private GaugeSnapshot snapshot(GaugeFamily gauge) {
        GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder()
                .name(registry.config().namingConvention().name(gauge.name(), Meter.Type.GAUGE, gauge.unit()))
                .help(gauge.help());
        for (GaugeFamily.Row row : gauge.rows()) {
            snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(row.labels()))
                    .value(row.value())
                    .build());
        }
        return snapshot.build();
    }
}
