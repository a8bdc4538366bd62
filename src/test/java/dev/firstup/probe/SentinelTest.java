package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.Ports;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SentinelTest {
    private final Probing probing = new Probing();
    private final SentinelPool sentinels =
            probing.context().getComponent("probe", ProbeComponent.class).sentinels();
    private final BlockingQueue<Server> closed = new LinkedBlockingQueue<>();
    private final Queue<Socket> held = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() throws Exception {
        probing.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("probe:sentinel").process(it -> closed.add(it.getMessage().getBody(Server.class)));
            }
        });
    }

    @AfterEach
    void stop() {
        probing.close();
    }

    @Test
    void thatAConnectionClosesIsToldAtOnce() throws Exception {
        try (Peer peer = holding()) {
            Server server = server("paris", "probe:http?redirects=follow", peer.port());
            guard(server);
            await().until(() -> sentinels.count(Sentinel.State.OPEN) == 1);
            assertThat(closed).isEmpty();

            await().until(() -> held.size() == 1);
            held.remove().close();
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(server);
            // And it is opened again.
            await().until(() -> held.size() == 1);
            assertThat(closed).isEmpty();
        }
    }

    @Test
    void aResetIsAClosing() throws Exception {
        try (Peer peer = holding()) {
            guard(server("paris", "probe:tcp", peer.port()));
            await().until(() -> held.size() == 1);
            Peer.reset(held.remove());
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void aServerThatTakesNoOtherConnectionInsteadIsToldOnceMore() throws Exception {
        Socket last;
        try (ServerSocket dying = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            dying.setSoTimeout(5_000);
            guard(server("paris", "probe:tcp", dying.getLocalPort()));
            last = dying.accept();
            await().until(() -> sentinels.count(Sentinel.State.OPEN) == 1);
        }
        last.close();
        // A probe may have been quicker than its end: the one that is asked for first may have found it alive.
        assertThat(closed.poll(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(closed.poll(5, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aServerThatIsNotThereIsTriedUntilItIs() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        guard(server("paris", "probe:tcp", port));
        ServerSocket late = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        try (Peer peer = Peer.on(late, this::hold)) {
            assertThat(peer.port()).isEqualTo(port);
            await().atMost(GENEROUS).until(() -> sentinels.count(Sentinel.State.OPEN) == 1);
            assertThat(closed).isEmpty();
        }
    }

    @Test
    void thoseThatCloseByHabitAreGivenUp() throws Exception {
        AtomicInteger met = new AtomicInteger();
        try (Peer peer = Peer.of(socket -> met.incrementAndGet())) {
            guard(server("paris", "probe:tcp", peer.port()));
            await().atMost(GENEROUS).until(() -> sentinels.count(Sentinel.State.GIVEN_UP) == 1);
            await().until(() -> closed.size() == 3);
            assertThat(met.get()).isLessThanOrEqualTo(4);
            // Asked for once more, it stays so.
            guard(server("paris", "probe:tcp", peer.port()));
            assertThat(sentinels.count(Sentinel.State.GIVEN_UP)).isEqualTo(1);
        }
    }

    @Test
    void thoseThatCloseAfterAWhileAreKeptByAnotherConnectionInTime() throws Exception {
        AtomicInteger met = new AtomicInteger();
        AtomicInteger bored = new AtomicInteger();
        ProbeComponent component = probing.context().getComponent("probe", ProbeComponent.class);
        SentinelPool brief = new SentinelPool(component, Duration.ofMillis(100));
        brief.subscribe(closed::add, Runnable::run);
        try (Peer peer = Peer.of(socket -> {
            met.incrementAndGet();
            socket.setSoTimeout(4_000);
            try {
                socket.getInputStream().read();
            } catch (SocketTimeoutException e) {
                bored.incrementAndGet();
            }
        })) {
            brief.guard(List.of(server("paris", "probe:tcp", peer.port())));
            await().atMost(GENEROUS).until(() -> met.get() >= 5);
            assertThat(closed).hasSize(1);
            assertThat(bored).hasValue(1);
            assertThat(brief.count(Sentinel.State.OPEN)).isEqualTo(1);
        } finally {
            brief.guard(List.of());
        }
    }

    @Test
    void aServerThatComesAndGoesKeepsItsSentinel() throws Exception {
        int port = Ports.free();
        for (int deaths = 1; deaths <= 5; deaths++) {
            ServerSocket alive = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            try (Peer peer = Peer.on(alive, this::hold)) {
                guard(server("paris", "probe:tcp", peer.port()));
                int met = deaths;
                await().atMost(GENEROUS).until(() -> held.size() == met);
                await().atMost(GENEROUS).until(() -> sentinels.count(Sentinel.State.OPEN) == 1);
            }
            // Once for the connection, once for the next one that is refused.
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(sentinels.count(Sentinel.State.GIVEN_UP)).isZero();
        }
    }

    @Test
    void whoTalksWithoutEndIsNotListenedTo() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            OutputStream out = socket.getOutputStream();
            while (true) {
                out.write(new byte[8192]);
            }
        })) {
            guard(server("paris", "probe:tcp", peer.port()));
            await().until(() -> sentinels.count(Sentinel.State.GIVEN_UP) == 1);
            assertThat(closed).isEmpty();
        }
    }

    @Test
    void thoseThatAreNotGuardedAnyMoreAreLetGoAndTheOthersKept() throws Exception {
        try (Peer peer = holding();
                Peer other = holding()) {
            Server paris = server("paris", "probe:tcp", peer.port());
            guard(paris, server("tokyo", "probe:tcp", other.port()));
            await().until(() -> held.size() == 2);
            guard(paris.revised(9));
            await().until(() -> held.stream().filter(SentinelTest::ended).count() == 1);
            assertThat(sentinels.count(Sentinel.State.OPEN)).isEqualTo(1);
            assertThat(closed).isEmpty();

            for (Socket it : held) {
                it.close();
            }
            // It is told as it is configured now.
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(paris.revised(9));
        }
    }

    @Test
    void whatHasNoConnectionHasNoSentinel() {
        guard(server("paris", "probe:route", 0), server("tokyo", "probe:http?no-such=option", 80));
        for (Sentinel.State it : Sentinel.State.values()) {
            assertThat(sentinels.count(it)).isZero();
        }
    }

    private static boolean ended(Socket socket) {
        try {
            socket.setSoTimeout(100);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // As a reset is.
            return true;
        }
    }

    private Peer holding() throws IOException {
        return Peer.of(this::hold);
    }

    private void hold(Socket socket) throws InterruptedException {
        held.add(socket);
        // Until the test closes it.
        await().forever().until(socket::isClosed);
    }

    private void guard(Server... servers) {
        probing.context().createProducerTemplate().sendBody("probe:sentinel", List.of(servers));
    }

    private static Server server(String name, String probe, int port) {
        return new Server(
                "chat",
                7,
                name,
                Map.of(RecordType.A, "192.0.2.10"),
                probe,
                "127.0.0.1",
                port,
                "/",
                "chat.example",
                GENEROUS);
    }
}
