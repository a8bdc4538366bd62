package dev.firstup.status;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Prometheus reads: the meters of its registry, and rows that are there for this one reading. As a meter each, rows of 10,000
 * servers would cost a reading four times the garbage, and be kept until the next.
 */
final class PrometheusText {
    private static final Logger LOG = LoggerFactory.getLogger("firstup");

    private final PrometheusMeterRegistry registry;
    private MetricSnapshots rows = MetricSnapshots.of();

    PrometheusText(PrometheusMeterRegistry registry) {
        this.registry = registry;
        registry.getPrometheusRegistry().register((MultiCollector) () -> rows);
    }

    /** One reading; never two at a time. */
    String scrape(String type, List<GaugeFamily> gauges) {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        Set<String> ours = new HashSet<>();
        for (GaugeFamily it : gauges) {
            snapshots.metricSnapshot(snapshot(it));
            ours.add(name(it.name(), Meter.Type.GAUGE, it.unit()));
        }
        removeOthers(ours);
        rows = snapshots.build();
        try {
            return registry.scrape(type);
        } finally {
            rows = MetricSnapshots.of();
        }
    }

    /** Prometheus refuses the whole reading where two are called the same. */
    private void removeOthers(Set<String> ours) {
        for (Meter it : registry.getMeters()) {
            Meter.Id id = it.getId();
            if (ours.contains(name(id.getName(), id.getType(), id.getBaseUnit()).replaceFirst("_total$", ""))) {
                registry.remove(it);
                LOG.warn("The meter {} is not shown: Firstup has one of this name; choose another one", id.getName());
            }
        }
    }

    private String name(String name, Meter.Type type, @Nullable String unit) {
        return registry.config().namingConvention().name(name, type, unit);
    }

    private GaugeSnapshot snapshot(GaugeFamily gauge) {
        GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder()
                .name(name(gauge.name(), Meter.Type.GAUGE, gauge.unit()))
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
