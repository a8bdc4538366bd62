package dev.firstup.status;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.spi.CamelMetricsService;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is measured: the bean {@code firstup-metrics} of the routes. Counters live in the registry that Camel's components find, under
 * the name {@code metricsRegistry}; everything else is made from what is known at the moment of reading, so that no server costs
 * anything between two readings. Each further registry that is bound in Camel's gets the same.
 */
public final class Metrics implements CamelContextAware {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** Where Camel's components look for a registry of meters. */
    private static final String METERS = "metricsRegistry";

    private static final Logger LOG = LoggerFactory.getLogger("firstup");
    private static final String SWITCHES = "firstup.switches";
    private static final Map<String, String> COUNTERS = Map.of(
            SWITCHES,
            "Decisions that the record should name another server.",
            "firstup.publish",
            "What was sent to or read from publishers, by what came of it.");
    private static final Map<String, Set<String>> LABELS =
            Map.of(SWITCHES, Set.of("queue"), "firstup.publish", Set.of("queue", "publisher", "outcome"));

    private final CompositeMeterRegistry registry = new Shared();
    private final Clock clock;
    private final UserMeters users = new UserMeters();
    private @Nullable CamelContext context;
    /** Null until all files are read. */
    private @Nullable PrometheusText prometheus;

    public Metrics(Clock clock) {
        this.clock = clock;
        registry.config().meterFilter(new Plain()).meterFilter(new Reserved());
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        MeterRegistry named = context.getRegistry().lookupByNameAndType(METERS, MeterRegistry.class);
        boolean camels = "true".equals(context.resolvePropertyPlaceholders("{{camel.metrics.enabled:false}}"));
        if (!camels && (named == null || named instanceof Shared)) {
            // Beans of the user's may name it as soon as they are read.
            context.getRegistry().bind(METERS, registry);
        }
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext starting) {
                join(starting);
            }
        });
    }

    /** All files are read by now, and no component has looked for its registry yet. */
    private void join(CamelContext starting) {
        if (!starting.getRegistry().findByType(Metrics.class).contains(this)) {
            // camel-main makes the beans of a file twice, and keeps those that it made last.
            return;
        }
        PrometheusMeterRegistry own = own(starting);
        new ProcessMetrics().bindTo(own);
        registry.add(own);
        prometheus = new PrometheusText(own);
        for (MeterRegistry other : starting.getRegistry().findByType(MeterRegistry.class)) {
            if (other != registry && other != own) {
                registry.add(other);
                users.add(other);
            }
        }
        // A registry of the user's may have this name as well.
        starting.getRegistry().bind(METERS, registry);
    }

    /** Where {@code camel.metrics.enabled} has Camel count as well, what it counts is read together with ours. */
    private static PrometheusMeterRegistry own(CamelContext starting) {
        MeterRegistry named = starting.getRegistry().lookupByNameAndType(METERS, MeterRegistry.class);
        return named instanceof PrometheusMeterRegistry camels && starting.hasService(CamelMetricsService.class) != null
                ? camels
                : new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    /**
     * One reading by Prometheus. One at a time: with thousands of servers each is megabytes for a moment.
     *
     * @param all what is known now
     * @param accept what the reader wants: OpenMetrics if it is named there, else Prometheus' own text
     */
    public synchronized HttpResponse scrape(Overview all, @Nullable String accept) {
        begin(all);
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN : TEXT;
        return new HttpResponse(
                200, type, Objects.requireNonNull(prometheus).scrape(type, OverviewGauges.of(all, clock.instant())));
    }

    /** Whether the user has a registry of their own, to be shown what is known. */
    public boolean observed() {
        return !users.isEmpty();
    }

    /** What is known now, for the registries of the user's. */
    public synchronized void show(Overview all) {
        begin(all);
        users.show(OverviewGauges.of(all, clock.instant()));
    }

    /** From the first reading on, so that the first switch is an increase and not a new series. */
    private void begin(Overview all) {
        all.views().forEach(it -> registry.counter(SWITCHES, "queue", it.queue().name()));
    }

    /** Tells the registry of this class from one of the user's. */
    private static final class Shared extends CompositeMeterRegistry {}

    /** Of one name Prometheus takes one set of labels: a meter of the user's that is called as ours would take its place. */
    private static final class Reserved implements MeterFilter {
        private final Set<String> told = ConcurrentHashMap.newKeySet();

        @Override
        public MeterFilterReply accept(Meter.Id id) {
            Set<String> labels = LABELS.get(id.getName().replace('_', '.'));
            boolean other = labels != null
                    && !(id.getType() == Meter.Type.COUNTER
                            && labels.equals(
                                    id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet())));
            if (other && told.add(id.getName())) {
                LOG.warn("The meter {} is not counted: Firstup has one of this name; choose another one", id.getName());
            }
            return other ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }
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
