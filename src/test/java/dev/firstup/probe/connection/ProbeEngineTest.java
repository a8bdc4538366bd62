package dev.firstup.probe.connection;

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
import dev.firstup.probe.Peer;
import dev.firstup.probe.ProbeComponent;
import dev.firstup.probe.Probing;
import dev.firstup.probe.engine.ProbeResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeEngineTest {
    private static final byte[] CLOSE_NOTIFY = {21, 3, 3, 0, 2, 1, 0};

    private final Probing probing = new Probing();
    private final ProbeComponent component = probing.context().getComponent("probe", ProbeComponent.class);

    @AfterEach
    void stop() {
        probing.close();
    }

    @Test
    void aDeadlineThatThisMachineMissedSaysNothing() throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        Duration timeout = Duration.ofMillis(50);
        long late = System.nanoTime() + timeout.plusMillis(300).toNanos();
        loop.execute(() -> component
                .engine()
                .deadline(loop, timeout, () -> ProbeResult.down(ReasonCode.L7TOUT, "no answer"), result::complete));
        CountDownLatch over = hold(loop);
        await().until(() -> System.nanoTime() > late);
        over.countDown();

        assertThat(result.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(result.join().reason()).matches("this machine was \\d+ ms late");
    }

    @Test
    void whatThisMachineTookIsNotTheServersTime() throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        try (Peer peer = Peer.of(Peer.silent())) {
            CompletableFuture<Verdict> verdict =
                    probing.begin("probe:http", server("127.0.0.1", peer.port(), Duration.ofSeconds(2)));
            stall(loop, Duration.ofMillis(600));

            // The deadline itself was met in time.
            assertThat(verdict.get(10, TimeUnit.SECONDS).explained())
                    .matches("SOCKERR: this machine was \\d{3,} ms late");
            assertThat(component.engine().lag()).isGreaterThan(Duration.ofMillis(400));
        }
    }

    @ParameterizedTest
    @CsvSource({"probe:http, ''", "probe:smtp, 220-wait;", "probe:http?contains=done, HTTP/1.1 200 OK;;"})
    void aServerThatHangsUpMeanwhileIsNotDown(String uri, String said) throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (Peer peer = Peer.of(socket -> {
            if (uri.startsWith("probe:http")) {
                Peer.request(socket);
            }
            asked.countDown();
            enough.await();
            Peer.say(socket, said.replace(";", "\r\n"));
        })) {
            CompletableFuture<Verdict> verdict = probing.begin(uri, server(peer.port()));
            asked.await();
            CountDownLatch over = hold(loop);
            enough.countDown();
            long end = System.nanoTime() + Duration.ofMillis(600).toNanos();
            await().until(() -> System.nanoTime() > end);
            over.countDown();
            assertThat(verdict.get(10, TimeUnit.SECONDS).explained()).matches("SOCKERR: this machine was \\d+ ms late");
        }
    }

    /** It hears of that while it connects, writes or reads, with or without TLS. */
    @ParameterizedTest
    @CsvSource({"probe:http, ''", "probe:https, ''", "probe:https, 16", "probe:smtp?security=starttls, 220 go on"})
    void aServerThatIsRudeMeanwhileIsNotDown(String uri, String when) throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        AtomicReference<CountDownLatch> over = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        try (Peer peer = Peer.of(socket -> {
            if (uri.startsWith("probe:smtp")) {
                Peer.say(socket, "220 hello\r\n");
                Peer.line(socket);
                Peer.say(socket, "250 STARTTLS\r\n");
                Peer.line(socket);
            } else if (!when.isEmpty()) {
                socket.getInputStream().readNBytes(Integer.parseInt(when));
            }
            over.set(hold(loop));
            if (uri.startsWith("probe:smtp")) {
                Peer.say(socket, when + "\r\n");
            } else if (!when.isEmpty()) {
                socket.getOutputStream().write(CLOSE_NOTIFY);
            }
            Peer.reset(socket);
            done.countDown();
        })) {
            CompletableFuture<Verdict> verdict = probing.begin(uri, server(peer.port()));
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime() + Duration.ofMillis(600).toNanos();
            await().until(() -> System.nanoTime() > end);
            over.get().countDown();
            assertThat(verdict.get(10, TimeUnit.SECONDS).explained()).matches("SOCKERR: this machine was \\d+ ms late");
        }
    }

    @Test
    void itIsNotCountedInTheTimeThatAnAnswerMayTake() throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            CountDownLatch over = hold(loop);
            Peer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
            release(over, Duration.ofMillis(600));
        })) {
            assertThat(probing.probe("probe:http?max-time=300ms", server(peer.port()))
                            .explained())
                    .matches("SOCKERR: this machine was \\d+ ms late");
        }
    }

    @Test
    void norInWhatIsLeftForTheNextOfSeveralRequests() throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        try (Peer peer = Peer.of(socket -> {
            if (Peer.request(socket).startsWith("GET / ")) {
                CountDownLatch over = hold(loop);
                Peer.say(socket, "HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n");
                release(over, Duration.ofMillis(600));
            }
            Peer.silent().meet(socket);
        })) {
            Server server = server("127.0.0.1", peer.port(), Duration.ofSeconds(2));
            assertThat(probing.probe("probe:http?redirects=follow", server).explained())
                    .matches("SOCKERR: no answer from .* within 1.\\d+ s after 1 redirect,"
                            + " and [0-9.]+ m?s before that were not the server's");
        }
    }

    @Test
    void aProbeThatBeginsTooLateIsNotMade() throws Exception {
        component.setThreads(1);
        EventLoop loop = component.engine().loop();
        AtomicInteger met = new AtomicInteger();
        try (Peer peer = Peer.of(socket -> met.incrementAndGet())) {
            CountDownLatch over = hold(loop);
            CompletableFuture<Verdict> verdict = probing.begin("probe:tcp", server(peer.port()));
            long late = System.nanoTime() + Duration.ofMillis(1100).toNanos();
            await().until(() -> System.nanoTime() > late);
            over.countDown();
            assertThat(verdict.get(10, TimeUnit.SECONDS).explained())
                    .matches("SOCKERR: this machine was 1\\d{3} ms late");
            assertThat(probing.probe("probe:tcp", server(peer.port())).outcome())
                    .isEqualTo(ProbeOutcome.UP);
            await().until(() -> met.get() > 0);
            assertThat(met).hasValue(1);
        }
    }

    @Test
    void howLateItIsCanBeRead() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        probing.context().getRegistry().bind("metricsRegistry", meters);
        component.setThreads(1);
        stall(component.engine().loop(), Duration.ofMillis(600));

        assertThat(meters.get("firstup.probe.lag").gauge().value()).isBetween(0.4, 20.0);
    }

    private static void stall(EventLoop loop, Duration time) throws InterruptedException {
        release(hold(loop), time);
    }

    private static void release(CountDownLatch held, Duration after) {
        long end = System.nanoTime() + after.toNanos();
        await().until(() -> System.nanoTime() > end);
        held.countDown();
    }

    /** A thread of the network does nothing until what this gives is counted down. */
    private static CountDownLatch hold(EventLoop loop) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        loop.execute(() -> {
            begun.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        return over;
    }

    @Test
    void aNameIsLookedUp() throws Exception {
        try (NameServer names = new NameServer(NameServer.Answer.LOOPBACK);
                Peer peer = Peer.of(Peer.silent())) {
            component.setNameserver("127.0.0.1:" + names.port());

            Verdict verdict = probing.probe("probe:tcp", server("paris.example", peer.port(), GENEROUS));

            assertThat(verdict.explained())
                    .isEqualTo("L4OK: connected to paris.example:" + peer.port() + " (127.0.0.1)");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESOLVE, ProbePhase.CONNECT);
        }
    }

    @Test
    void aNameThatDoesNotExistIsOurTrouble() throws Exception {
        try (NameServer names = new NameServer(NameServer.Answer.NXDOMAIN)) {
            component.setNameserver("127.0.0.1:" + names.port());

            Verdict verdict = probing.probe("probe:tcp", server("paris.example", 5222, GENEROUS));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
            assertThat(verdict.explained()).startsWith("SOCKERR: paris.example cannot be resolved: ");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESOLVE);
        }
    }

    @Test
    void aNameThatIsPublishedAndDoesNotExistIsDown() throws Exception {
        try (NameServer names = new NameServer(NameServer.Answer.NXDOMAIN)) {
            component.setNameserver("127.0.0.1:" + names.port());
            Server balanced = new Server(
                    "chat",
                    7,
                    "paris",
                    Map.of(RecordType.CNAME, "lb.example"),
                    "probe:tcp",
                    "lb.example",
                    5222,
                    "",
                    "chat.example",
                    GENEROUS);

            assertThat(probing.probe("probe:tcp", balanced).explained())
                    .isEqualTo("L4CON: lb.example does not exist (NXDOMAIN)");
        }
    }

    @Test
    void whatRunsOutHereIsNotTheServersFault() throws Exception {
        Dialogue broke = new Dialogue() {
            @Override
            public DialogueStep connected() {
                throw new OutOfMemoryError("Direct buffer memory");
            }

            @Override
            public DialogueStep read(ByteBuf in) {
                return DialogueStep.LISTEN;
            }

            @Override
            public ProbeResult end() {
                return null;
            }
        };
        try (Peer peer = Peer.of(Peer.silent())) {
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            component.engine().probe(server(peer.port()), NetworkProber.plain(it -> broke, 0), verdict::complete);
            assertThat(verdict.get(10, TimeUnit.SECONDS).explained())
                    .isEqualTo("SOCKERR: cannot probe 127.0.0.1: Direct buffer memory");
        }
    }

    @Test
    void aRouteThatGoesOnSlowlyHoldsUpNobody() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        CountDownLatch there = new CountDownLatch(1);
        try (Peer peer = Peer.of(Peer.silent())) {
            probing.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("seda:slow").to("probe:tcp").process(it -> {
                        there.countDown();
                        enough.await();
                    });
                    from("probe:verdicts").to("seda:verdicts");
                }
            });
            probing.context().createProducerTemplate().sendBody("seda:slow", server(peer.port()));
            there.await();
            probing.context().createProducerTemplate().sendBody("probe:batch", List.of(server(peer.port())));
            assertThat(probing.context().createConsumerTemplate().receiveBody("seda:verdicts", 10_000))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(1);
        } finally {
            enough.countDown();
        }
    }

    /** Some write down each connection that is reset. */
    @ParameterizedTest
    @CsvSource({"probe:redis, +PONG, closed", "probe:ssh, SSH-2.0-x, closed", "probe:http, HTTP/1.1 200 OK, reset"})
    void connectionsEndAsTheProtocolHasIt(String probe, String answer, String expected) throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        try (Peer peer = Peer.of(socket -> {
            Peer.say(socket, answer + "\r\n\r\n");
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                end.complete("closed");
            } catch (IOException e) {
                end.complete("reset");
            }
        })) {
            assertThat(probing.probe(probe, server(peer.port())).outcome()).isEqualTo(ProbeOutcome.UP);
            assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void aSilentResolverIsOurTrouble() throws Exception {
        try (NameServer names = new NameServer(NameServer.Answer.NONE)) {
            component.setNameserver("127.0.0.1:" + names.port());

            Verdict verdict = probing.probe("probe:tcp", server("paris.example", 5222, SHORT));

            assertThat(verdict.explained()).isEqualTo("SOCKERR: paris.example was not resolved within 400 ms");
        }
    }

    @Test
    void whatIsUnderWayIsUnknownWhenTheComponentStops() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            arrived.countDown();
            Peer.silent().meet(socket);
        })) {
            CompletableFuture<Verdict> verdict = probing.begin("probe:http", server(peer.port()));
            arrived.await();
            component.stop();

            assertThat(verdict.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
            assertThat(verdict.join().explained()).isEqualTo("SOCKERR: this monitor is stopping");
            await().until(() -> threads() == 0);
            assertThat(probing.begin("probe:http", server(peer.port()))
                            .get(10, TimeUnit.SECONDS)
                            .outcome())
                    .isEqualTo(ProbeOutcome.UNKNOWN);
        }
    }

    @Test
    void itProbesAgainAfterARestart() throws Exception {
        try (Peer peer = Peer.of(Peer.silent())) {
            for (int i = 0; i < 2; i++) {
                assertThat(probing.probe("probe:tcp", server(peer.port())).outcome())
                        .isEqualTo(ProbeOutcome.UP);
                component.stop();
                component.start();
            }
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.isAlive() && it.getName().startsWith("firstup-"))
                .count();
    }

    /** A name server on loopback with one answer to every question (RFC 1035, section 4.1). */
    private static final class NameServer implements AutoCloseable {
        enum Answer {
            NONE,
            NXDOMAIN,
            LOOPBACK
        }

        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

        NameServer(Answer answer) throws IOException {
            Thread thread = new Thread(() -> serve(answer), "name server");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve(Answer answer) {
            byte[] bytes = new byte[512];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                    socket.receive(packet);
                    if (answer != Answer.NONE) {
                        socket.send(reply(packet, answer));
                    }
                }
            } catch (IOException e) {
                socket.close();
            }
        }

        private static DatagramPacket reply(DatagramPacket question, Answer answer) {
            byte[] bytes = new byte[512];
            int end = 12;
            while (question.getData()[end] != 0) {
                end += question.getData()[end] + 1;
            }
            end += 5;
            System.arraycopy(question.getData(), 0, bytes, 0, end);
            bytes[2] = (byte) 0x81;
            bytes[3] = (byte) (answer == Answer.NXDOMAIN ? 0x83 : 0x80);
            boolean address = answer == Answer.LOOPBACK && bytes[end - 3] == 1;
            bytes[7] = (byte) (address ? 1 : 0);
            bytes[11] = 0;
            if (address) {
                byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1};
                System.arraycopy(record, 0, bytes, end, record.length);
                end += record.length;
            }
            return new DatagramPacket(bytes, end, question.getSocketAddress());
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
