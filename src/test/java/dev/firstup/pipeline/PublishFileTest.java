package dev.firstup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.publish.Settlement;
import dev.firstup.publish.Publications;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code publish.camel.yaml} by itself. */
class PublishFileTest extends PipelineFileSupport {
    private static final String PARIS = "192.0.2.10";
    private static final String TOKYO = "192.0.2.20";

    private final TestClock clock = new TestClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final Rooms rooms = new Rooms();
    /** What the user's route was given. */
    private final List<Publication> given = new CopyOnWriteArrayList<>();

    private RuntimeException refusal;

    PublishFileTest() {
        super("publish");
    }

    /** Everything that is not publishing. */
    public final class Rooms {
        private final List<Publication> due = new ArrayList<>();
        private final List<Settlement> settled = new CopyOnWriteArrayList<>();
        private boolean connected = true;
        private boolean another;

        public boolean connected() {
            return connected;
        }

        public List<Publication> due() {
            List<Publication> now = List.copyOf(due);
            due.clear();
            return now;
        }

        public Publication claim(Publication claimed) {
            calls.add("written down: " + claimed.ask());
            return another ? null : claimed;
        }

        public void returned(Publication claimed) {
            calls.add("returned");
        }

        public Publication settle(Settlement settlement) {
            calls.add("settled: " + settlement.outcome());
            settled.add(settlement);
            return settlement.publication();
        }

        public List<HealthView> adopt(Publication publication) {
            calls.add("adopted");
            return List.of();
        }

        public void alive() {
            calls.add("alive");
        }
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("firstup-store", rooms);
        registry.bind("firstup-health", rooms);
        registry.bind(
                "firstup-publications",
                new Publications(
                        clock,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5)));
        registry.bind("firstup-publish-threads", threads);
        registry.bind("metricsRegistry", meters);
    }

    @BeforeEach
    void advise() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:no-ip").routeId("no-ip").process(it -> {
                    calls.add("sent");
                    given.add(it.getMessage().getBody(Publication.class));
                    if (refusal != null) {
                        throw refusal;
                    }
                    it.getMessage().setBody(Receipt.of("good"));
                });
            }
        });
        byHand("firstup-publish-tick", "firstup-alive");
        AdviceWith.adviceWith(
                context,
                "firstup-publish",
                it -> it.mockEndpointsAndSkip(
                        "zone:.*|direct:firstup-decide|seda:firstup-notify.*|seda:firstup-log.*"));
        getMockEndpoint("mock:zone:read").whenAnyExchangeReceived(it -> {
            calls.add("read");
            it.getMessage().setBody(new RecordReading(Map.of("ns1", List.of(PARIS)), Map.of(), null));
        });
    }

    @AfterEach
    void end() {
        // Before its own turn: what is on its way may still need the threads.
        context.stop();
        threads.shutdownNow();
    }

    /** Tokyo is to be written where paris is confirmed. */
    private static Publication differing() {
        Publication read = Fixtures.read(Fixtures.RECORD, RecordType.A, List.of(PARIS));
        return read.edit().wanted(read.wanted().move(), List.of(TOKYO)).done();
    }

    /** One tick, and what it nudges. */
    private void tick(Publication... due) {
        rooms.due.addAll(List.of(due));
        begin("firstup-publish-tick", null);
    }

    private double counted(String outcome) {
        return meters.get("firstup.publish")
                .tags("queue", "chat", "publisher", "no-ip", "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void anAttemptIsWrittenDownThenMadeThenSettled() throws Exception {
        NotifyBuilder nudged = done("firstup-publish-nudge", 1);
        context.start();
        tick(differing());
        assertThat(calls).containsExactly("written down: WRITE", "sent", "returned", "settled: confirmed", "adopted");
        assertThat(given).singleElement().satisfies(it -> {
            assertThat(it.ask()).isEqualTo(Publication.Ask.WRITE);
            assertThat(it.decided()).containsExactly(TOKYO);
            assertThat(it.attempt().values()).containsExactly(TOKYO);
        });
        assertThat(counted("confirmed")).isEqualTo(1);
        getMockEndpoint("mock:seda:firstup-log").expectedBodiesReceived(List.copyOf(rooms.settled));
        for (String endpoint : List.of("seda:firstup-log", "seda:firstup-notify")) {
            getMockEndpoint("mock:" + endpoint).expectedMessageCount(1);
            getMockEndpoint("mock:" + endpoint).assertIsSatisfied();
        }
        assertThat(nudged.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("looked at again at once")
                .isTrue();
    }

    /** Such as one of the user's own that is full. */
    @Test
    void aNudgeThatFailsTakesNothingAlong() throws Exception {
        context.getPropertiesComponent().addOverrideProperty("firstup.nudge.notify", "seda:full?size=1");
        NotifyBuilder nudged = done("firstup-publish-nudge", 1);
        context.start();
        template.sendBody("seda:full?size=1", null);
        getMockEndpoint("mock:seda:firstup-log").expectedMessageCount(1);
        tick(differing());
        getMockEndpoint("mock:seda:firstup-log").assertIsSatisfied();
        assertThat(counted("confirmed")).isEqualTo(1);
        assertThat(nudged.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatAPublisherRefusesIsSettledWithItsReason() throws Exception {
        refusal = new StopException("answered badauth");
        context.start();
        tick(differing());
        assertThat(calls).containsExactly("written down: WRITE", "sent", "returned", "settled: stopped", "adopted");
        assertThat(rooms.settled.get(0).publication().schedule().stopped()).isEqualTo("answered badauth");
        assertThat(counted("stopped")).isEqualTo(1);
    }

    /** What failed in the message that gave the nudge has not failed here. */
    @Test
    void aFailureElsewhereIsNone() throws Exception {
        NotifyBuilder nudged = done("firstup-publish-nudge", 1);
        context.start();
        rooms.due.add(differing());
        template.send(
                "seda:firstup-publish?size=1&discardWhenFull=true",
                it -> it.setVariable("failure", new StopException("answered badauth")));
        assertThat(nudged.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(rooms.settled).extracting(Settlement::outcome).containsExactly("confirmed");
    }

    @Test
    void whatIsOnlyToBeReadGoesToNoPublisher() throws Exception {
        NotifyBuilder nudged = done("firstup-publish-nudge", 1);
        context.start();
        Publication agreeing = differing();
        tick(agreeing.edit().wanted(agreeing.wanted().move(), List.of(PARIS)).done());
        assertThat(calls).containsExactly("written down: READ", "read", "returned", "settled: read", "adopted");
        assertThat(nudged.matches()).as("what was read needs no other look").isFalse();
    }

    @Test
    void aDryRunSendsNothing() throws Exception {
        context.getPropertiesComponent().addOverrideProperty("firstup.publish.dry-run", "true");
        context.start();
        tick(differing());
        assertThat(calls).containsExactly("written down: WRITE", "returned", "settled: dry", "adopted");
        assertThat(given).isEmpty();
        assertThat(rooms.settled.get(0).publication().note()).contains("would have asked no-ip to write");
    }

    @Test
    void whatAnotherHasClaimedIsLeftToIt() throws Exception {
        rooms.another = true;
        context.start();
        tick(differing());
        assertThat(calls).containsExactly("written down: WRITE");
    }

    @Test
    void nothingIsDueWhileOurOwnLinkIsCut() throws Exception {
        rooms.connected = false;
        context.start();
        tick(differing());
        assertThat(calls).isEmpty();
        assertThat(rooms.due).hasSize(1);
    }

    @Test
    void thatTheProgramRunsIsWrittenDown() throws Exception {
        context.start();
        begin("firstup-alive", null);
        assertThat(calls).containsExactly("alive");
    }
}
