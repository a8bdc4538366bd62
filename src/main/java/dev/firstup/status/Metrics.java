package dev.firstup.status;

import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.names.Finding;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Prometheus reads: the bean {@code firstup-metrics} of the routes. Counters live in {@link #registry()}; everything else is made
 * from what is known at the moment of reading, so that no server costs anything between two readings.
 */
public final class Metrics {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final String SWITCHES = "firstup.switches";
    private static final Map<String, String> COUNTERS = Map.of(
            SWITCHES,
            "Decisions that the record should name another server.",
            "firstup.publish",
            "What was sent to or read from publishers, by what came of it.");

    private final PrometheusMeterRegistry registry;
    private final Clock clock;
    private MetricSnapshots gauges = MetricSnapshots.of();

    /** @param registry from {@link #registry()} */
    public Metrics(PrometheusMeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        registry.getPrometheusRegistry().register((MultiCollector) () -> gauges);
    }

    /** Where the endpoints {@code micrometer:} count; Camel looks for it under the name {@code metricsRegistry}. */
    public static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(new Plain());
        return registry;
    }

    /**
     * One reading. One at a time: with thousands of servers each is megabytes for a moment.
     *
     * @param all what is known now
     * @param accept what the reader wants: OpenMetrics if it is named there, else Prometheus' own text
     */
    public synchronized HttpResponse scrape(Overview all, String accept) {
        // From the first reading on, so that the first switch is an increase and not a new series.
        all.views().forEach(it -> registry.counter(SWITCHES, "queue", it.queue().name()));
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN : TEXT;
        gauges = snapshot(all);
        try {
            return new HttpResponse(200, type, registry.scrape(type));
        } finally {
            gauges = MetricSnapshots.of();
        }
    }

    private MetricSnapshots snapshot(Overview all) {
        GaugeFamily up = new GaugeFamily(
                "firstup_server_up",
                "Whether the server counts as up, by its probes or by order; absent while that is not known, and in maint.");
        GaugeFamily took = new GaugeFamily("firstup_probe_duration_seconds", "How long the server's last probe took.");
        GaugeFamily expiry = new GaugeFamily(
                "firstup_certificate_expiry_timestamp_seconds",
                "When the certificate expires that the server showed last, in Unix time.");
        GaugeFamily position = new GaugeFamily(
                "firstup_queue_position",
                "The place of the chosen server in its queue, from 1; 0 where none is chosen.");
        GaugeFamily order = new GaugeFamily("firstup_server_order", "1 for what people have ordered about the server.");
        GaugeFamily degraded =
                new GaugeFamily("firstup_server_degraded", "1 for what is worth a look, though the server is up.");
        GaugeFamily frozen = new GaugeFamily("firstup_queue_frozen", "Whether nothing is written, by order.");
        GaugeFamily limited = new GaugeFamily(
                "firstup_failback_limited",
                "Whether the record returns to a better server only by hand, because it did so too often.");
        GaugeFamily named = new GaugeFamily(
                "firstup_name_findings",
                "How much is not as it should be about the names around the record: alias, SRV records, the TTL that is served.");
        Map<String, Long> found =
                all.findings().stream().collect(Collectors.groupingBy(Finding::queue, Collectors.counting()));
        boolean stasis = false;
        for (HealthView view : all.views()) {
            String queue = view.queue().name();
            named.add(found.getOrDefault(queue, 0L), "queue", queue);
            position.add(StatusText.position(view), "queue", queue);
            limited.add(view.standing().limited() == null ? 0 : 1, "queue", queue);
            frozen.add(StatusText.frozen(view) ? 1 : 0, "queue", queue);
            stasis |= view.standing().stasis() != null;
            for (ServerHealth health : view.servers()) {
                String[] labels = {"queue", queue, "server", health.server().name()};
                switch (health.effective()) {
                    case UP, DRAIN -> up.add(1, labels);
                    case DOWN -> up.add(0, labels);
                    case UNKNOWN, MAINT -> {}
                }
                if (health.order() != null) {
                    order.add(
                            1,
                            "queue",
                            queue,
                            "server",
                            health.server().name(),
                            "kind",
                            health.order().kind().word());
                }
                for (String reason : StatusText.degraded(health)) {
                    degraded.add(1, "queue", queue, "server", health.server().name(), "reason", reason);
                }
                if (health.last() != null) {
                    took.add(seconds(health.last().took()), labels);
                    if (health.last().certificateExpires() != null) {
                        expiry.add((double) health.last().certificateExpires().getEpochSecond(), labels);
                    }
                }
            }
        }
        GaugeFamily stopped = new GaugeFamily(
                "firstup_publication_stopped", "Whether the publisher is not asked any more until somebody acts.");
        Map<List<String>, Boolean> stops =
                new TreeMap<>((one, other) -> String.join("\0", one).compareTo(String.join("\0", other)));
        GaugeFamily state = new GaugeFamily(
                "firstup_publication_state",
                "1 for how far the record is from what was decided: confirmed held pending waiting accepted stopped unknown.");
        GaugeFamily written = new GaugeFamily(
                "firstup_publication_last_write_timestamp_seconds",
                "When the publisher last took a write of the record, in Unix time; absent where it never did.");
        Instant now = clock.instant();
        for (Publication it : StatusText.configured(all.publications())) {
            stops.merge(List.of(it.queue(), it.publisher()), it.schedule().stopped() != null, Boolean::logicalOr);
            state.add(1, labels(it, "state", StatusText.state(it, now)));
            if (it.proof().written() != null) {
                written.add(it.proof().written().toEpochMilli() / 1e3, labels(it));
            }
        }
        stops.forEach((key, stop) -> stopped.add(stop ? 1 : 0, "queue", key.get(0), "publisher", key.get(1)));
        GaugeFamily lag = new GaugeFamily(
                "firstup_schedule_lag_seconds",
                "How long ago due probes were last asked for: seconds mean that the loop stalls.");
        if (all.idle() != null) {
            lag.add(seconds(all.idle()));
        }
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        List.of(
                        up,
                        took,
                        expiry,
                        position,
                        named,
                        order,
                        degraded,
                        frozen,
                        limited,
                        new GaugeFamily(
                                        "firstup_stasis",
                                        "Whether this monitor looks cut off, so that nothing is changed.")
                                .add(stasis ? 1 : 0),
                        stopped,
                        state,
                        written,
                        lag,
                        new GaugeFamily(
                                        "firstup_config_last_reload_successful",
                                        "Whether every queue file was taken as it is now.")
                                .add(all.problems().stream().anyMatch(StatusText::isError) ? 0 : 1),
                        new GaugeFamily(
                                        "firstup_config_problems",
                                        "Errors and warnings of the queue files as they are now.")
                                .add(all.problems().size()),
                        new GaugeFamily("firstup_notices_waiting", "Messages that wait to be told.").add(all.backlog()))
                .forEach(it -> snapshots.metricSnapshot(it.snapshot()));
        ProcessMetrics.snapshots().forEach(snapshots::metricSnapshot);
        return snapshots.build();
    }

    private static String[] labels(Publication it, String... more) {
        return Stream.concat(
                        Stream.of(
                                "queue",
                                it.queue(),
                                "publisher",
                                it.publisher(),
                                "record",
                                it.record(),
                                "type",
                                it.type().name()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Camel tags every meter with the name of its context, which says nothing here; and YAML needs no help texts. */
    private static final class Plain implements MeterFilter {
        @Override
        public Meter.Id map(Meter.Id id) {
            return new Meter.Id(
                    id.getName(),
                    Tags.of(id.getTags().stream()
                            .filter(tag -> !tag.getKey().equals("camelContext"))
                            .toList()),
                    id.getBaseUnit(),
                    COUNTERS.getOrDefault(id.getName(), id.getDescription()),
                    id.getType());
        }
    }
}
