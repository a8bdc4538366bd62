package dev.firstup.probe;

import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.firstup.Ports;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ProbeTask;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.InvalidPayloadException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
    private static Probing probing;

    @BeforeAll
    static void start() {
        probing = new Probing();
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @Test
    void aServerThatAcceptsIsUp() throws IOException {
        try (Peer peer = Peer.of(Peer.silent())) {
            Instant before = Instant.now();
            Verdict verdict = probing.probe("probe:tcp", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UP);
            assertThat(verdict.explained()).isEqualTo("L4OK: connected to 127.0.0.1:" + peer.port());
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT);
            assertThat(verdict.took()).isGreaterThanOrEqualTo(verdict.phases().get(ProbePhase.CONNECT));
            assertThat(verdict.at()).isBetween(before, Instant.now());
            assertThat(verdict.queue()).isEqualTo("chat");
            assertThat(verdict.server()).isEqualTo("paris");
            assertThat(verdict.revision()).isEqualTo(7);
            assertThat(verdict.sequence()).isZero();
            assertThat(verdict.certificateExpires()).isNull();
        }
    }

    @Test
    void aServerOnIpv6IsUp() throws IOException {
        assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")))
                .isNotNull();
        try (Peer peer = Peer.at("::1", Peer.silent())) {
            Verdict verdict = probing.probe("probe:tcp", server("::1", peer.port(), Probing.GENEROUS));

            assertThat(verdict.explained()).isEqualTo("L4OK: connected to [::1]:" + peer.port());
        }
    }

    @Test
    void aServerThatRefusesIsDown() throws IOException {
        int port = Ports.free();

        Verdict verdict = probing.probe("probe:tcp", server(port));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
        assertThat(verdict.explained()).isEqualTo("L4CON: connection refused by 127.0.0.1:" + port);
    }

    @Test
    void aServerThatDoesNotAcceptIsDownAtTheDeadline() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            Verdict verdict = probing.probe("probe:tcp", server("127.0.0.1", hole.port(), SHORT));

            assertThat(verdict.explained())
                    .isEqualTo("L4TOUT: no answer from 127.0.0.1:" + hole.port() + " within 400 ms");
            assertThat(verdict.took()).isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void aMessageThatIsNoServerIsAnError() {
        assertThatThrownBy(() -> probing.context().createProducerTemplate().requestBody("probe:tcp", "paris"))
                .isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(InvalidPayloadException.class);
    }

    @Test
    void aServerWithoutAPortCannotBeProbed() {
        Verdict verdict = probing.probe("probe:tcp", server(0));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(verdict.explained()).isEqualTo("SOCKERR: no port is given");
    }

    @Test
    void anUnusablePortIsUnknown() {
        Verdict verdict = probing.probe("probe:tcp", server(70_000));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(verdict.reason()).contains("70000");
    }

    @Test
    void aDeadHostIsDownAndADeadNetworkIsOurs() {
        assertFailure(new NoRouteToHostException("No route to host"), "L4CON: no route to 192.0.2.1:80");
        assertFailure(new SocketException("Host is down"), "L4CON: no route to 192.0.2.1:80");
        assertFailure(new ConnectException("Connection refused"), "L4CON: connection refused by 192.0.2.1:80");
        assertFailure(new SocketException("Connection reset by peer"), "L4CON: connection reset by 192.0.2.1:80");
        assertFailure(new ConnectException("Connection timed out"), "L4TOUT: no answer from 192.0.2.1:80");
        assertFailure(
                new SocketException("Network is unreachable"),
                true,
                "L4CON: no route to the network of 192.0.2.1:80, says a router on the way");
        for (Exception ours : List.of(
                new SocketException("Network is unreachable"),
                new SocketException("No buffer space available"),
                new BindException("Cannot assign requested address"),
                new IllegalStateException("Failed to open a socket.", new SocketException("Too many open files")))) {
            Throwable root = ours.getCause() == null ? ours : ours.getCause();
            assertFailure(ours, "SOCKERR: cannot connect to 192.0.2.1:80: " + root.getMessage());
        }
    }

    @Test
    void twoThousandSilentServersAreSettledTogether() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            Server server = server("127.0.0.1", hole.port(), SHORT);
            List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                verdicts.add(probing.begin("probe:tcp", server));
            }
            CompletableFuture.allOf(verdicts.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);

            assertThat(verdicts)
                    .allSatisfy(it -> assertThat(it.join().code()).isIn(ReasonCode.L4TOUT, ReasonCode.SOCKERR));
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(it -> it.getName().startsWith("firstup-probe"))
                    .hasSizeLessThanOrEqualTo(4);
        }
    }

    private static void assertFailure(Exception failure, String expected) {
        assertFailure(failure, false, expected);
    }

    private static void assertFailure(Exception failure, boolean routed, String expected) {
        ProbeResult result = ProbeTask.unconnected(failure, "192.0.2.1:80", () -> routed);
        assertThat(result.code() + ": " + result.reason()).isEqualTo(expected);
    }

    /** A listener whose queue is full: no connection is ever answered, nor refused. */
    private static final class BlackHole implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> queued = new ArrayList<>();

        BlackHole() throws IOException {
            try {
                while (queued.size() < 16) {
                    Socket socket = new Socket();
                    queued.add(socket);
                    socket.connect(listener.getLocalSocketAddress(), 300);
                }
            } catch (SocketTimeoutException e) {
                return;
            }
            throw new IOException("this machine's queue of connections does not fill");
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }
}
