package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsProbeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Probing probing;
    private static String trusting;

    private final Queue<String> names = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder)
                .signed("good", "CN=chat.example", "-ext", "san=dns:chat.example,ip:127.0.0.1")
                .signed("other", "CN=other", "-ext", "san=dns:a.example,dns:b.example,dns:c.example,dns:d.example")
                .signed("expired", "CN=chat.example", "-startdate", "-60d", "-validity", "30")
                .signed("early", "CN=chat.example", "-startdate", "+30d", "-validity", "30")
                .add("self", "CN=chat.example", "-ext", "san=dns:chat.example")
                .add("unused", "CN=Unused", "-startdate", "-60d", "-validity", "30")
                .signed("other+unused", "CN=other", "-ext", "san=dns:other.example")
                .sending("other+unused", "unused")
                .add("self+unused", "CN=chat.example", "-ext", "san=dns:chat.example")
                .sending("self+unused", "unused")
                .signed("stale", "CN=Stale CA", "-ext", "bc:c", "-startdate", "-60d", "-validity", "30")
                .signedBy("stale", "below", "CN=chat.example", "-ext", "san=dns:chat.example")
                .sending("below", "unused")
                .signed("mid", "CN=Mid CA", "-ext", "bc:c")
                .signedBy("mid", "far", "CN=chat.example", "-ext", "san=dns:chat.example")
                .sending("far", "unused");
        probing = new Probing();
        trusting = "probe:https?ca=" + certificates.pem("ca");
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @Test
    void aValidCertificateIsUp() throws Exception {
        try (Peer peer = peer("good")) {
            Verdict verdict = probing.probe(trusting, server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: status 200");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.TLS, ProbePhase.RESPONSE);
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("good"));
            assertThat(names).containsExactly("chat.example");
        }
    }

    @Test
    void everyProbeSeesTheCertificate() throws Exception {
        try (Peer peer = peer("good")) {
            for (int i = 0; i < 5; i++) {
                assertThat(probing.probe(trusting, server(peer.port())).certificateExpires())
                        .isEqualTo(certificates.expires("good"));
            }
        }
        try (Peer peer = peer("other")) {
            assertThat(probing.probe(trusting, server(peer.port())).outcome()).isEqualTo(ProbeOutcome.DOWN);
        }
    }

    @Test
    void anAddressIsNoServerName() throws Exception {
        try (Peer peer = peer("good")) {
            Verdict verdict = probing.probe(trusting, server("127.0.0.1", peer.port(), "/", "127.0.0.1", GENEROUS));

            assertThat(verdict.explained()).isEqualTo("L7OK: status 200");
            assertThat(names).isEmpty();
        }
    }

    @Test
    void anotherNameIsDown() throws Exception {
        assertRefused(
                "other", trusting, "certificate is for a.example, b.example, c.example, ..., expected chat.example");
    }

    @Test
    void anExpiredCertificateIsDown() throws Exception {
        assertRefused("expired", trusting, "certificate expired on " + day("expired"));
    }

    @Test
    void aCertificateFromTheFutureIsDown() throws Exception {
        LocalDate start = LocalDate.ofInstant(certificates.expires("early"), ZoneOffset.UTC)
                .minusDays(30);
        assertRefused("early", trusting, "certificate is not valid before " + start);
    }

    @Test
    void anUnknownIssuerIsDown() throws Exception {
        assertRefused("good", "probe:https", "certificate is issued by CN=Test CA, which is not trusted");
        assertRefused("self", trusting, "certificate is self-signed by CN=chat.example");
    }

    @Test
    void whatHasNoPartInTheRefusalIsNotBlamed() throws Exception {
        assertRefused("other+unused", trusting, "certificate is for other.example, expected chat.example");
        assertRefused("self+unused", trusting, "certificate is self-signed by CN=chat.example");
        assertRefused("below", trusting, "certificate of CN=Stale CA expired on " + day("stale"));
        assertRefused("far", "probe:https", "certificate is issued by CN=Test CA, which is not trusted");
        try (Peer peer = peer("far")) {
            assertThat(probing.probe(trusting, server(peer.port())).explained()).isEqualTo("L7OK: status 200");
        }
    }

    @Test
    void aSelfSignedCertificateCanBeTrusted() throws Exception {
        try (Peer peer = peer("self")) {
            assertThat(probing.probe("probe:https?ca=" + certificates.pem("self"), server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: status 200");
        }
    }

    @Test
    void anyCertificateWillDoWithoutVerification() throws Exception {
        for (String alias : new String[] {"self", "expired", "other"}) {
            try (Peer peer = peer(alias)) {
                Verdict verdict = probing.probe("probe:https?verify=false", server(peer.port()));

                assertThat(verdict.explained()).isEqualTo("L7OK: status 200");
                assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires(alias));
            }
        }
    }

    @Test
    void aFileWithoutCertificatesIsAnError() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        assertThatThrownBy(() -> probing.context().getEndpoint("probe:https?ca=" + empty))
                .cause()
                .hasMessageStartingWith(
                        "probe:https: ca cannot be read, expected certificates in the PEM file " + empty);
    }

    @Test
    void aServerThatSpeaksNoTlsIsDown() throws Exception {
        try (Peer peer = Peer.of(socket -> Peer.say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            assertThat(probing.probe(trusting, server(peer.port())).explained())
                    .isEqualTo("L6RSP: 127.0.0.1:" + peer.port() + " does not speak TLS");
        }
    }

    @Test
    void aServerThatHangsUpInTheHandshakeIsDown() throws Exception {
        try (Peer peer = Peer.of(socket -> socket.getInputStream().readNBytes(100))) {
            assertThat(probing.probe(trusting, server(peer.port())).explained())
                    .matches("L6RSP: connection (closed|reset) by 127.0.0.1:" + peer.port() + " in the TLS handshake");
        }
        try (Peer peer = Peer.of(socket -> {
            socket.getInputStream().readNBytes(100);
            Peer.reset(socket);
        })) {
            assertThat(probing.probe(trusting, server(peer.port())).explained())
                    .isEqualTo("L6RSP: connection reset by 127.0.0.1:" + peer.port() + " in the TLS handshake");
        }
    }

    @Test
    void anAlertIsShown() throws Exception {
        byte[] handshakeFailure = {21, 3, 3, 0, 2, 2, 40};
        try (Peer peer = Peer.of(socket -> {
            socket.getInputStream().readNBytes(100);
            socket.getOutputStream().write(handshakeFailure);
            Peer.silent().meet(socket);
        })) {
            assertThat(probing.probe(trusting, server(peer.port())).explained())
                    .isEqualTo("L6RSP: no TLS with 127.0.0.1:" + peer.port()
                            + ": Received fatal alert: handshake_failure");
        }
    }

    @Test
    void aSilentServerIsDownAtTheDeadline() throws Exception {
        try (Peer peer = Peer.of(Peer.silent())) {
            assertThat(probing.probe(trusting, server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L6TOUT: no TLS handshake with 127.0.0.1:" + peer.port() + " within 400 ms");
        }
    }

    private void assertRefused(String alias, String uri, String reason) throws Exception {
        try (Peer peer = peer(alias)) {
            Verdict verdict = probing.probe(uri, server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained()).isEqualTo("L6RSP: " + reason);
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires(alias));
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.TLS);
        }
    }

    private Peer peer(String alias) throws Exception {
        return Peer.on(certificates.listener(alias, names), Peer.answering(OK));
    }

    private static LocalDate day(String alias) throws Exception {
        return LocalDate.ofInstant(certificates.expires(alias), ZoneOffset.UTC);
    }
}
