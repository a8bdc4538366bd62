package dev.firstup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Acknowledgement;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.HealthView;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.StateUnavailableException;
import dev.firstup.model.Verdict;
import dev.firstup.model.rules.Failback;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code watch.camel.yaml} by itself. */
class WatchFileTest extends PipelineFileSupport {
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    private static final Server TOKYO = Fixtures.server("tokyo", "192.0.2.20");
    private static final Queue QUEUE =
            Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(Fixtures.NO_IP), PARIS, TOKYO);
    private static final Instant NOW = Instant.parse("2025-01-31T10:15:07Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LinkedBlockingQueue<Object> line = new LinkedBlockingQueue<>();
    private final Rooms rooms = new Rooms();

    WatchFileTest() {
        super("watch");
    }

    /** All that the file names, but what is kept. */
    public final class Rooms {
        private final AtomicInteger failures = new AtomicInteger();
        private final List<Decision> kept = new CopyOnWriteArrayList<>();
        private volatile List<Decision> decided = List.of();
        private volatile CountDownLatch disk = new CountDownLatch(0);
        private volatile boolean urgent;
        private volatile Configuration configuration;

        public Configuration reload() {
            return configuration;
        }

        public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
            calls.add("configured");
        }

        public List<Server> guarded() {
            return List.of(TOKYO);
        }

        public void suspect(Server server) {
            calls.add("suspected: " + server.name());
        }

        public List<Server> due() {
            calls.add("due");
            return List.of(PARIS, TOKYO);
        }

        public List<Verdict> stamp(List<Verdict> verdicts) {
            calls.add("stamped");
            return verdicts;
        }

        public List<HealthView> aggregate(List<Verdict> verdicts) {
            calls.add("aggregated");
            return List.of();
        }

        public List<Decision> decide(List<HealthView> views) {
            calls.add("decided");
            return decided;
        }

        public boolean urgent() {
            return urgent;
        }

        public void run() {
            calls.add("warm");
        }
    }

    /** What is kept. It has a method of the same name as another room. */
    public final class Memories {
        public Map<String, QueueMemory> configure(Configuration configuration) {
            calls.add("remembered");
            return Map.of();
        }

        public void keep(Decision decision) throws InterruptedException {
            rooms.disk.await();
            if (rooms.failures.getAndDecrement() > 0) {
                calls.add("disk full");
                throw new StateUnavailableException("disk full", null);
            }
            calls.add("kept: " + decision.cause());
            rooms.kept.add(decision);
        }
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        List.of("firstup-queues", "firstup-health", "firstup-warm-up").forEach(it -> registry.bind(it, rooms));
        registry.bind("firstup-store", new Memories());
        registry.bind("firstup-keep-line", line);
        registry.bind("firstup-one-at-a-time", new SerialPolicy(line, 10));
        registry.bind("metricsRegistry", meters);
    }

    @BeforeEach
    void advise() throws Exception {
        byHand(
                "firstup-queues",
                "firstup-sentinel",
                "firstup-due-sooner",
                "firstup-watch",
                "firstup-verdicts",
                "firstup-warm-up");
        for (String route :
                List.of("firstup-queues", "firstup-sentinel", "firstup-due", "firstup-decide", "firstup-keep")) {
            AdviceWith.adviceWith(
                    context,
                    route,
                    it -> it.mockEndpointsAndSkip(
                            "probe:.*|seda:firstup-log.*|seda:firstup-publish.*|seda:firstup-notify.*"));
        }
        getMockEndpoint("mock:seda:firstup-publish").whenAnyExchangeReceived(it -> calls.add("nudged"));
    }

    private static Decision decision(String cause, Server from, Server to) {
        return new Decision(
                QUEUE,
                NOW,
                NOW,
                Fixtures.choice(QUEUE, to),
                Fixtures.choice(QUEUE, from),
                cause,
                null,
                List.of(),
                null);
    }

    @Test
    void whatIsDueIsProbed() throws Exception {
        context.start();
        getMockEndpoint("mock:probe:batch").expectedBodiesReceived(List.of(List.of(PARIS, TOKYO)));
        begin("firstup-watch", null);
        getMockEndpoint("mock:probe:batch").assertIsSatisfied();
        begin("firstup-due-sooner", null);
        assertThat(calls).containsExactly("due", "due");
    }

    @Test
    void verdictsBecomeDecisionsThatAreKeptInTheirOrder() throws Exception {
        rooms.decided = List.of(decision("one", PARIS, TOKYO), decision("two", TOKYO, PARIS));
        NotifyBuilder kept = done("firstup-keep", 2);
        context.start();
        begin("firstup-verdicts", List.of());
        assertThat(kept.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(calls)
                .containsExactly("stamped", "aggregated", "decided", "kept: one", "nudged", "kept: two", "nudged");
        assertThat(rooms.kept).isEqualTo(rooms.decided);
        assertThat(meters.get("firstup.switches").tag("queue", "chat").counter().count())
                .isEqualTo(2);
    }

    /** Such as one of the user's own that is full. The next tick does what it was for. */
    @Test
    void aNudgeThatFailsTakesNothingAlong() throws Exception {
        rooms.decided = List.of(decision("one", PARIS, TOKYO), decision("two", TOKYO, PARIS));
        rooms.configuration = Fixtures.configuration(QUEUE);
        for (String nudge : List.of("publish", "notify")) {
            context.getPropertiesComponent().addOverrideProperty("firstup.nudge." + nudge, "seda:full?size=1");
        }
        NotifyBuilder kept = done("firstup-keep", 2);
        context.start();
        getMockEndpoint("mock:seda:firstup-log").expectedMessageCount(3);
        getMockEndpoint("mock:probe:sentinel").expectedMessageCount(1);
        begin("firstup-verdicts", List.of());
        assertThat(kept.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        begin("firstup-queues", null);
        MockEndpoint.assertIsSatisfied(context);
        assertThat(meters.get("firstup.switches").tag("queue", "chat").counter().count())
                .isEqualTo(2);
    }

    @Test
    void whatCannotBeKeptNowIsKeptLater() throws Exception {
        rooms.decided = List.of(decision("one", PARIS, TOKYO));
        rooms.failures.set(1);
        NotifyBuilder kept = new NotifyBuilder(context)
                .fromRoute("firstup-keep")
                .whenCompleted(1)
                .create();
        context.start();
        begin("firstup-verdicts", List.of());
        assertThat(kept.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(calls).containsExactly("stamped", "aggregated", "decided", "disk full", "kept: one", "nudged");
    }

    /** And nothing else waits for the disk: not who orders, and not the next decision. */
    @Test
    void anAcknowledgementEndsWhenWhatFollowsIsKept() throws Exception {
        rooms.decided = List.of(decision("one", PARIS, TOKYO), decision("two", TOKYO, PARIS));
        rooms.disk = new CountDownLatch(1);
        NotifyBuilder kept = done("firstup-keep", 2);
        context.start();
        Acknowledgement order = new Acknowledgement();
        order.expect();
        template.send("direct:firstup-decide", it -> it.setVariable("acknowledgement", order));
        CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> {
            try {
                return order.await(PATIENCE);
            } catch (InterruptedException e) {
                return false;
            }
        });
        assertThat(calls).containsExactly("decided");
        assertThat(written).isNotDone();
        rooms.disk.countDown();
        assertThat(written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(rooms.kept).hasSize(2);
        assertThat(kept.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(getMockEndpoint("mock:seda:firstup-publish").getExchanges())
                .as("what is nudged is no part of the order")
                .hasSize(2)
                .allSatisfy(it -> assertThat(it.getVariable("acknowledgement")).isNull());
    }

    @Test
    void candidatesAreNotKeptWaiting() throws Exception {
        context.start();
        getMockEndpoint("mock:probe:due").expectedMessageCount(1);
        template.sendBody("direct:firstup-decide", List.of());
        rooms.urgent = true;
        template.sendBody("direct:firstup-decide", List.of());
        getMockEndpoint("mock:probe:due").assertIsSatisfied();
    }

    @Test
    void aClosedConnectionIsAReasonToProbe() throws Exception {
        context.start();
        getMockEndpoint("mock:probe:due").expectedMessageCount(1);
        begin("firstup-sentinel", TOKYO);
        getMockEndpoint("mock:probe:due").assertIsSatisfied();
        assertThat(calls).containsExactly("suspected: tokyo");
    }

    @Test
    void changedFilesAreTakenOver() throws Exception {
        context.start();
        begin("firstup-queues", null);
        assertThat(calls).as("nothing has changed").isEmpty();
        rooms.configuration = Fixtures.configuration(QUEUE);
        getMockEndpoint("mock:probe:sentinel").expectedBodiesReceived(List.of(List.of(TOKYO)));
        begin("firstup-queues", null);
        assertThat(calls).containsExactly("remembered", "configured", "nudged");
        getMockEndpoint("mock:probe:sentinel").assertIsSatisfied();
    }

    @Test
    void whatAMoveNeedsIsWarmedUp() throws Exception {
        context.start();
        begin("firstup-warm-up", null);
        assertThat(calls).containsExactly("warm");
    }
}
