package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchProbeTest {
    private final BlockingQueue<List<?>> lists = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private Probing probing;

    @BeforeEach
    void start() throws Exception {
        probing = new Probing();
        probing.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:due").to("probe:batch");
                from("probe:verdicts").routeId("verdicts").process(exchange -> {
                    List<?> verdicts = exchange.getMessage().getBody(List.class);
                    lists.add(verdicts);
                    for (Object it : verdicts) {
                        meet(((Verdict) it).server());
                    }
                });
                from("direct:good").setBody(constant("all good"));
                from("direct:hangs").process(exchange -> release.await());
            }
        });
    }

    /** What the route does with a verdict on the server of this name. */
    private void meet(String server) throws InterruptedException {
        if (server.equals("poison")) {
            throw new IllegalStateException("no room");
        }
        if (server.equals("slow")) {
            release.await();
        }
    }

    @AfterEach
    void stop() {
        release.countDown();
        probing.close();
    }

    @Test
    void eachServerIsProbedAsItSays() throws Exception {
        try (Peer peer = Peer.saying("HTTP/1.1 204 No Content\r\n\r\n")) {
            probe(
                    server("web", "probe:http", "127.0.0.1", peer.port()),
                    server("strict", "probe:http?status=200", "127.0.0.1", peer.port()),
                    server("port", "probe:tcp", "127.0.0.1", peer.port()),
                    server("own", "probe:route", "good", 0));

            assertThat(take(4))
                    .extracting(it -> it.server() + " " + it.explained())
                    .containsExactlyInAnyOrder(
                            "web L7OK: status 204",
                            "strict L7STS: status 204, expected 200",
                            "port L4OK: connected to 127.0.0.1:" + peer.port(),
                            "own L7OK: all good");
        }
    }

    @Test
    void whatCannotBeProbedIsUnknownAndHarmsNoNeighbour() throws Exception {
        try (Peer peer = Peer.of(Peer.silent())) {
            probe(
                    server("typo", "probe:htp", "127.0.0.1", peer.port()),
                    server("option", "probe:tcp?port=80", "127.0.0.1", peer.port()),
                    server("foreign", "direct:good", "127.0.0.1", peer.port()),
                    server("batch", "probe:batch", "127.0.0.1", peer.port()),
                    server("fine", "probe:tcp", "127.0.0.1", peer.port()));

            List<Verdict> verdicts = take(5);
            assertThat(verdicts)
                    .filteredOn(it -> it.outcome() == ProbeOutcome.UP)
                    .extracting(Verdict::server)
                    .containsExactly("fine");
            assertThat(verdicts)
                    .filteredOn(it -> it.outcome() == ProbeOutcome.UNKNOWN)
                    .extracting(it -> it.server() + " " + it.explained())
                    .containsExactlyInAnyOrder(
                            "typo SOCKERR: probe:htp: unknown kind \"htp\", did you mean \"http\"?"
                                    + " Expected one of tcp, tls, http, https, smtp, imap, pop3, postgres, redis, ssh, xmpp, xmpps, xmpp-server, dns, icmp, exec, route, batch, verdicts,...",
                            "option SOCKERR: probe:tcp: unknown option \"port\". Expected one of ca, certificate-days, client-cert, client-key, expect, send, starttls, tls-min, verify",
                            "foreign SOCKERR: direct:good is not a probe of one server",
                            "batch SOCKERR: probe:batch is not a probe of one server");
        }
    }

    @Test
    void aServerThatHangsDelaysNobody() throws Exception {
        try (Peer hanging = Peer.of(Peer.silent());
                Peer quick = Peer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            probe(
                    server("hangs", "probe:http", "127.0.0.1", hanging.port()),
                    server("blocks", "probe:route", "hangs", 0),
                    server("quick", "probe:http", "127.0.0.1", quick.port()));

            assertThat(take(1)).extracting(Verdict::server).containsExactly("quick");
            assertThat(lists).isEmpty();
        }
    }

    @Test
    void verdictsThatComeMeanwhileGoTogetherAndInOrder() throws Exception {
        probe(server("slow", "probe:htp", "127.0.0.1", 1));
        await().until(() -> lists.size() == 1);
        List<String> names = IntStream.range(0, 50).mapToObj(it -> "s" + it).toList();
        probe(names.stream().map(it -> server(it, "probe:htp", "127.0.0.1", 1)).toArray(Server[]::new));
        release.countDown();

        assertThat(lists.poll(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(lists.poll(10, TimeUnit.SECONDS))
                .extracting(it -> ((Verdict) it).server())
                .isEqualTo(names);
    }

    @Test
    void aRouteThatFailsGetsTheNextVerdictsAllTheSame() throws Exception {
        probe(server("poison", "probe:htp", "127.0.0.1", 1));
        assertThat(take(1)).extracting(Verdict::server).containsExactly("poison");
        probe(server("later", "probe:htp", "127.0.0.1", 1));
        assertThat(take(1)).extracting(Verdict::server).containsExactly("later");
    }

    /** As many as there are servers at most: none of them is probed again meanwhile. */
    @Test
    void withoutAConsumerVerdictsAreHeldAndTheirServersStayInFlight() throws Exception {
        try (Peer peer = Peer.saying("HTTP/1.1 204 No Content\r\n\r\n")) {
            Server[] servers = {
                server("one", "probe:http", "127.0.0.1", peer.port()),
                server("two", "probe:http", "127.0.0.1", peer.port())
            };
            VerdictCoalescer coalescer = probing.context()
                    .getComponent("probe", ProbeComponent.class)
                    .coalescer();
            probing.context().getRouteController().stopRoute("verdicts");
            probe(servers);
            await().until(() -> coalescer.holds(servers[0]) && coalescer.holds(servers[1]));
            probe(servers);
            assertThat(lists).isEmpty();

            probing.context().getRouteController().startRoute("verdicts");
            assertThat(take(2)).extracting(Verdict::server).containsExactlyInAnyOrder("one", "two");
            assertThat(coalescer.holds(servers[0])).isFalse();
            probe(servers);
            assertThat(take(2)).extracting(Verdict::server).containsExactlyInAnyOrder("one", "two");
            assertThat(lists).isEmpty();
        }
    }

    @Test
    void verdictsHaveOneConsumer() {
        assertThatThrownBy(() -> probing.context().addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("probe:verdicts?lazyStartProducer=true").to("seda:second");
                    }
                }))
                .hasMessageContaining("stands in the from: of another route already, expected one");
    }

    /** Whoever asks does not wait, and many who ask meanwhile are heard once. */
    @Test
    void whoCannotWaitForTheTickIsHeard() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        BlockingQueue<String> looks = new LinkedBlockingQueue<>();
        probing.context().createProducerTemplate().sendBody("probe:due", "before anybody hears");
        probing.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("probe:due").process(exchange -> {
                    looks.add("look");
                    looking.await();
                });
            }
        });
        assertThat(looks.poll(10, TimeUnit.SECONDS)).isEqualTo("look");
        for (int i = 0; i < 5; i++) {
            probing.context().createProducerTemplate().sendBody("probe:due", i);
        }
        assertThat(looks).isEmpty();
        looking.countDown();
        assertThat(looks.poll(10, TimeUnit.SECONDS)).isEqualTo("look");
        probe(server("later", "probe:htp", "127.0.0.1", 1));
        assertThat(take(1)).hasSize(1);
        assertThat(looks).isEmpty();
    }

    @Test
    void whatIsUnderWayDoesNotHoldUpTheEnd() throws Exception {
        try (Peer hanging = Peer.of(Peer.silent())) {
            probe(server("hangs", "probe:http", "127.0.0.1", hanging.port()));
            long before = System.nanoTime();
            probing.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            assertThat(lists).isEmpty();
        }
    }

    private void probe(Server... servers) {
        probing.context().createProducerTemplate().sendBody("direct:due", List.of(servers));
    }

    /** The next verdicts, whatever lists they come in. */
    private List<Verdict> take(int count) throws InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        while (verdicts.size() < count) {
            List<?> list = lists.poll(10, TimeUnit.SECONDS);
            assertThat(list).as("after %s", verdicts).isNotNull();
            list.forEach(it -> verdicts.add((Verdict) it));
        }
        return verdicts;
    }

    private static Server server(String name, String probe, String host, int port) {
        return new Server(
                "chat", 7, name, Map.of(RecordType.A, "192.0.2.10"), probe, host, port, "/", "chat.example", GENEROUS);
    }
}
