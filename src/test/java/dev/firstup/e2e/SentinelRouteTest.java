package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.health.Health;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By the shipped routes, and with an interval that no test would wait for. */
class SentinelRouteTest {
    private static final String QUEUE =
            """
            record: chat.world.test
            servers:
              - { name: paris, address: 192.0.2.10, probe: "probe:tcp://127.0.0.1:%d" }
              - { name: tokyo, address: 192.0.2.20, probe: "probe:tcp://127.0.0.1:%d" }
            interval: 1h
            fast-interval: 100ms
            fall: 1
            sentinel: true
            witnesses: []
            allow-private: true
            publish: []
            """;

    @TempDir
    Path folder;

    private Holder paris;
    private Holder tokyo;
    private BareContext bare;
    private Health health;

    @BeforeEach
    void begin() throws Exception {
        paris = new Holder();
        tokyo = new Holder();
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(routes.resolve("chat.queue.yaml"), QUEUE.formatted(paris.port(), tokyo.port()));
        bare = new BareContext(
                routes, Map.of("firstup.state", folder.resolve("state.db").toString()));
        health = bare.bean("firstup-health", Health.class);
        FirstupProcess.await()
                .until(() -> !health.views().isEmpty()
                        && health.views().get(0).servers().stream().allMatch(it -> it.state() == ServerState.UP));
        // By sentinels, and not by their last probes.
        FirstupProcess.await().until(() -> open() == 2);
        FirstupProcess.await().until(() -> paris.held() == 1 && tokyo.held() == 1);
    }

    @AfterEach
    void end() throws IOException {
        bare.close();
        paris.die();
        tokyo.die();
    }

    private double open() {
        MeterRegistry meters = bare.context().getRegistry().findSingleByType(MeterRegistry.class);
        return meters.get("firstup.sentinels").tag("state", "open").gauge().value();
    }

    private ServerHealth first() {
        return health.views().get(0).servers().get(0);
    }

    @Test
    void aServerThatDiesIsDownBeforeItsNextProbe() throws Exception {
        paris.die();
        FirstupProcess.await().untilAsserted(() -> assertThat(first().state()).isEqualTo(ServerState.DOWN));
        assertThat(first().last().explained()).startsWith("L4CON: connection refused");
    }

    @Test
    void aConnectionThatClosesIsNoVerdict() throws Exception {
        long before = first().last().sequence();
        paris.hangUp();
        FirstupProcess.await()
                .untilAsserted(() -> assertThat(first().last().sequence()).isGreaterThan(before));
        assertThat(first().state()).isEqualTo(ServerState.UP);
        assertThat(first().failures()).isZero();
    }

    /** Accepts what comes and says nothing, until it dies with all that it holds. */
    private static final class Holder {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

        Holder() throws IOException {
            Thread thread = new Thread(this::accept, "holder");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    sockets.add(socket);
                    if (listener.isClosed()) {
                        // It died while this one came.
                        socket.close();
                    }
                    new Thread(() -> hear(socket), "held").start();
                } catch (IOException e) {
                    // It is dead.
                    return;
                }
            }
        }

        private void hear(Socket socket) {
            try (socket) {
                while (socket.getInputStream().read() >= 0) {
                    // Probes say nothing either.
                }
            } catch (IOException e) {
                // A probe ends with a reset.
            } finally {
                sockets.remove(socket);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        int held() {
            return sockets.size();
        }

        void hangUp() throws IOException {
            for (Socket it : sockets) {
                it.close();
            }
        }

        void die() throws IOException {
            listener.close();
            hangUp();
        }
    }
}
