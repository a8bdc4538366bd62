package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteProbeTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore entered = new Semaphore(0);
    private final CompletableFuture<Void> going = new CompletableFuture<>();
    private final BlockingQueue<Exchange> asked = new LinkedBlockingQueue<>();

    private Probing probing;

    @BeforeEach
    void start() throws Exception {
        probing = new Probing();
        probing.context().getComponent("probe", ProbeComponent.class).setRouteThreads(2);
        probing.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:quiet").process(asked::add);
                from("direct:says").setBody(constant("\n  all good  \nand more"));
                from("direct:fails").process(exchange -> {
                    throw new IllegalStateException("no quorum: 1 of 3\nat node paris");
                });
                from("direct:fails-deeply").process(exchange -> {
                    throw new IllegalStateException("no connection", new IllegalStateException("too many clients"));
                });
                from("direct:fails-mutely").process(exchange -> {
                    throw new IllegalStateException();
                });
                from("direct:forgives")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .setBody(constant("it is only busy"))
                        .end()
                        .process(exchange -> {
                            throw new IllegalStateException("busy");
                        });
                from("direct:lost").process(exchange -> {
                    throw new IOException(new UnknownHostException("db.example"));
                });
                from("direct:nowhere").toD("nothing:${variable.server.host}");
                from("direct:nested").to("direct:fails");
                from("direct:asks").setBody(variable("server")).to("probe:tcp");
                from("direct:judges").process(exchange -> exchange.getMessage()
                        .setBody(Verdict.of(
                                exchange.getVariable("server", Server.class),
                                Instant.EPOCH,
                                ProbeOutcome.DOWN,
                                ReasonCode.L7STS,
                                "status 500",
                                Duration.ZERO)));
                from("direct:hangs").process(exchange -> {
                    entered.release();
                    release.await();
                });
                from("direct:waits").process(new AsyncProcessorSupport() {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback callback) {
                        entered.release();
                        going.thenRun(() -> {
                            exchange.getMessage().setBody("here again");
                            callback.done(false);
                        });
                        return false;
                    }
                });
                from("direct:firstup-ours").setBody(constant("never blocks"));
                from("direct:stopped").routeId("stopped").autoStartup(false).setBody(constant("never"));
            }
        });
    }

    @AfterEach
    void stop() {
        release.countDown();
        going.complete(null);
        probing.close();
    }

    @Test
    void aRouteThatReturnsIsUp() throws Exception {
        Verdict verdict = probe("quiet");

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UP);
        assertThat(verdict.explained()).isEqualTo("L7OK: returned normally");
        assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESPONSE);
        Exchange exchange = asked.poll(10, TimeUnit.SECONDS);
        assertThat(exchange.getMessage().getBody()).isNull();
        assertThat(exchange.getVariable("server", Server.class).host()).isEqualTo("192.0.2.10");
    }

    @Test
    void whatItSaysIsTheReason() {
        assertThat(probe("says").explained()).isEqualTo("L7OK: all good");
    }

    @Test
    void aRouteThatThrowsIsDown() {
        assertThat(probe("fails").outcome()).isEqualTo(ProbeOutcome.DOWN);
        assertThat(probe("fails").explained()).isEqualTo("L7RSP: no quorum: 1 of 3");
        assertThat(probe("fails-deeply").explained()).isEqualTo("L7RSP: no connection: too many clients");
        assertThat(probe("nested").explained()).isEqualTo("L7RSP: no quorum: 1 of 3");
        assertThat(probe("fails-mutely").explained()).isEqualTo("L7RSP: IllegalStateException");
    }

    @Test
    void whatIsOursSaysNothingAboutTheServer() {
        assertThat(probe("lost").explained()).startsWith("SOCKERR: ");
        assertThat(probe("nowhere").explained()).startsWith("SOCKERR: ");
        assertThat(probe("lost").outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(probe("nowhere").outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
    }

    @Test
    void itsOwnErrorHandlingHolds() {
        assertThat(probe("forgives").explained()).isEqualTo("L7OK: it is only busy");
    }

    @Test
    void itsOwnVerdictCounts() {
        assertThat(probe("judges").explained()).isEqualTo("L7STS: status 500");
        assertThat(probe("judges").at()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void itMayAskAProbe() {
        assertThat(probe("asks").explained()).isEqualTo("SOCKERR: no port is given");
    }

    @Test
    void aRouteThatHangsIsDownAndKeepsItsSlot() throws Exception {
        for (int i = 0; i < 2; i++) {
            String name = "s" + i;
            Verdict verdict = probing.probe("probe:route", named(name, "hangs", SHORT));
            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained()).isEqualTo("L7TOUT: route hangs did not return within 400 ms");
            assertThat(probing.probe("probe:route", named(name, "hangs", SHORT)).explained())
                    .isEqualTo("L7TOUT: route hangs has not returned since an earlier probe of this server");
        }
        entered.acquire(2);
        assertThat(entered.availablePermits()).isZero();

        Verdict refused = probe("quiet");
        assertThat(refused.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(refused.explained()).isEqualTo("SOCKERR: no free slot among 2 for foreign probes");

        assertThat(probe("firstup-ours").explained()).isEqualTo("L7OK: never blocks");

        release.countDown();
        await().until(() -> probe("quiet").outcome() == ProbeOutcome.UP);
    }

    /** Whoever hears a verdict may ask again at once, on the very thread that tells it. */
    @Test
    void aSlotIsFreeBeforeItsVerdictIsTold() throws Exception {
        List<CompletableFuture<Verdict>> next = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Verdict>> told = new ArrayList<>();
        for (String name : List.of("paris", "tokyo")) {
            told.add(probing.begin("probe:route", named(name, "hangs", GENEROUS))
                    .whenComplete((verdict, e) ->
                            next.add(probing.begin("probe:route", named("after-" + name, "quiet", GENEROUS)))));
        }
        entered.acquire(2);

        release.countDown();

        for (CompletableFuture<Verdict> it : told) {
            it.get(10, TimeUnit.SECONDS);
        }
        for (CompletableFuture<Verdict> it : next) {
            assertThat(it.get(10, TimeUnit.SECONDS).explained()).isEqualTo("L7OK: returned normally");
        }
    }

    /** Its answer may have been lost: only a thread that is held keeps it from being asked again. */
    @Test
    void aRouteThatWaitsWithoutAThreadIsAskedAgain() {
        for (int i = 0; i < 2; i++) {
            assertThat(probing.probe("probe:route", named("paris", "waits", SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: route waits did not return within 400 ms");
        }
        assertThat(entered.availablePermits()).isEqualTo(2);
    }

    private static Server named(String name, String route, Duration timeout) {
        return new Server(
                "chat",
                7,
                name,
                Map.of(RecordType.A, "192.0.2.10"),
                "probe:route",
                route,
                0,
                "",
                "chat.example",
                timeout);
    }

    @Test
    void aRouteThatWaitsWithoutAThreadKeepsNoSlot() throws Exception {
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            verdicts.add(probing.begin("probe:route", named("s" + i, "waits", GENEROUS)));
            entered.acquire();
            // The thread is free a moment after the route has begun to wait.
            await().until(() -> probe("quiet").outcome() == ProbeOutcome.UP);
        }
        assertThat(verdicts).noneMatch(CompletableFuture::isDone);

        going.complete(null);

        for (CompletableFuture<Verdict> verdict : verdicts) {
            assertThat(verdict.get(10, TimeUnit.SECONDS).explained()).isEqualTo("L7OK: here again");
        }
    }

    @Test
    void aRouteThatIsMissingIsUnknownAtOnce() {
        for (String name : new String[] {"missing", "stopped"}) {
            Verdict verdict = probe(name);
            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
            assertThat(verdict.explained()).isEqualTo("SOCKERR: no route from direct:" + name + " is running");
        }
    }

    @Test
    void aProbeUnderWayIsUnknownWhenTheComponentStops() throws Exception {
        CompletableFuture<Verdict> verdict = probing.begin("probe:route", server("hangs", 0, GENEROUS));
        entered.acquire();

        probing.context().getComponent("probe", ProbeComponent.class).stop();

        assertThat(verdict.get(10, TimeUnit.SECONDS).explained()).isEqualTo("SOCKERR: this monitor is stopping");
    }

    private Verdict probe(String route) {
        return probing.probe("probe:route", server(route, 0, GENEROUS));
    }
}
