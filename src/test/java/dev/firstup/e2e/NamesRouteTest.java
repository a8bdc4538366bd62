package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Queue;
import dev.firstup.model.names.NamesFindings;
import dev.firstup.model.names.NamesReading;
import dev.firstup.model.names.NamesReading.Alias;
import dev.firstup.model.rules.Failback;
import dev.firstup.publish.DnsAudit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.PluginHelper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped route that looks at names, with servers that take their time, as the real component does: without a thread. */
class NamesRouteTest {
    private static final int QUEUES = 40;

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger rounds = new AtomicInteger();
    private final List<String> found = new CopyOnWriteArrayList<>();
    private volatile boolean connected = true;
    private DefaultCamelContext context;

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void thousandsAreNotAskedAtOnce() throws Exception {
        start();
        Awaitility.await().until(() -> found.size() >= 3 * QUEUES);
        assertThat(most).hasValue(2);
        // Round by round: each queue once before any of them again.
        List<String> first = found.stream().limit(QUEUES).toList();
        assertThat(first).doesNotHaveDuplicates();
        assertThat(rounds.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void nothingIsReadWhileOurOwnLinkIsCut() throws Exception {
        connected = false;
        start();
        Awaitility.await().until(() -> rounds.get() > 3);
        assertThat(most).hasValue(0);
        connected = true;
        Awaitility.await().until(() -> !found.isEmpty());
    }

    /** The rooms that the route asks. */
    public final class Rooms {
        public boolean connected() {
            rounds.incrementAndGet();
            return connected;
        }

        public List<Queue> live() {
            return IntStream.range(0, QUEUES)
                    .mapToObj(it -> Fixtures.queue(
                            "queue" + it,
                            1,
                            Failback.AT_ONCE,
                            List.of(Fixtures.NO_IP),
                            Fixtures.server("paris", "192.0.2.10")))
                    .toList();
        }

        public NamesFindings found(NamesFindings findings) {
            found.add(findings.found().get(0).queue());
            return findings;
        }
    }

    private void start() throws Exception {
        context = new DefaultCamelContext();
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "firstup.names.check", "10",
                "firstup.names.delay", "0",
                "firstup.names.servers", "",
                "firstup.nudge.notify", "seda:firstup-notify?size=1&discardWhenFull=true"));
        context.getPropertiesComponent().setInitialProperties(settings);
        Rooms rooms = new Rooms();
        List.of("firstup-health", "firstup-queues", "firstup-store")
                .forEach(it -> context.getRegistry().bind(it, rooms));
        context.getRegistry().bind("firstup-dns-audit", new DnsAudit());
        context.getRegistry().bind("firstup-names-threads", Executors.newFixedThreadPool(2));
        context.addComponent("zone", new Slow());
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:" + Path.of("routes/pipeline/names.camel.yaml")));
        context.getShutdownStrategy().setTimeout(1);
        context.start();
    }

    private final class Slow extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.clear();
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    return new DefaultAsyncProducer(this) {
                        @Override
                        public boolean process(Exchange exchange, AsyncCallback callback) {
                            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                            Queue queue = exchange.getMessage().getBody(Queue.class);
                            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)
                                    .execute(() -> {
                                        Alias alias = new Alias("alias.example.test", List.of(), Map.of(), null);
                                        exchange.getMessage()
                                                .setBody(new NamesReading(queue, List.of(), alias, List.of()));
                                        underWay.decrementAndGet();
                                        callback.done(false);
                                    });
                            return false;
                        }
                    };
                }

                @Override
                public Consumer createConsumer(Processor processor) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
