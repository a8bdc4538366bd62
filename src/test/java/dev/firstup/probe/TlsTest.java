package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.Ports;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.probe.tls.TlsClient;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two that speak TLS, and what each of them knows. */
class TlsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static String trusting;

    /** One for each test: a server that is Java's is remembered by its port, which another test may have had. */
    private final Probing probing = new Probing();

    private final AtomicInteger connections = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        if (!OpenSsl.isAvailable()) {
            Daemon.missing("BoringSSL does not load here: " + OpenSsl.unavailabilityCause());
        }
        certificates = new Certificates(folder);
        for (String key : new String[] {"RSA", "secp256r1", "secp384r1", "secp521r1", "Ed25519"}) {
            certificates.signed(key, "CN=chat.example", "-ext", "san=dns:chat.example", "-keyalg", key);
        }
        certificates.add("edwards", "CN=Edwards CA", "-ext", "bc:c", "-keyalg", "Ed25519");
        trusting = "probe:https?ca=" + certificates.pem("ca");
    }

    @BeforeEach
    void takeSecrets() {
        probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", folder.toString());
    }

    @AfterEach
    void stop() {
        probing.close();
    }

    @ParameterizedTest
    @CsvSource({
        "secp256r1, TLSv1.3, TLS_AES_128_GCM_SHA256,                true",
        "secp256r1, TLSv1.3, TLS_CHACHA20_POLY1305_SHA256,          true",
        "secp256r1, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true",
        "secp384r1, TLSv1.3, TLS_AES_256_GCM_SHA384,                true",
        "RSA,       TLSv1.3, TLS_AES_128_GCM_SHA256,                true",
        "RSA,       TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,    true",
        "RSA,       TLSv1.2, TLS_RSA_WITH_AES_128_CBC_SHA,          true",
        "RSA,       TLSv1.2, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,   false",
        "RSA,       TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384, false",
        "secp521r1, TLSv1.3, TLS_AES_128_GCM_SHA256,                false",
        "Ed25519,   TLSv1.3, TLS_AES_128_GCM_SHA256,                false",
        "Ed25519,   TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, false"
    })
    void whatOneDoesNotKnowTheOtherIsAskedFromThenOn(String key, String version, String cipher, boolean known)
            throws Exception {
        SSLServerSocket listener = (SSLServerSocket) certificates.listener(key, new ConcurrentLinkedQueue<>());
        listener.setEnabledProtocols(new String[] {version});
        listener.setEnabledCipherSuites(new String[] {cipher});
        try (Peer peer = Peer.on(listener, counting(Peer.answering(OK)))) {
            assertUp(key, probing.probe(trusting, server(peer.port())));
            assertThat(connections).hasValue(known ? 1 : 2);
            assertUp(key, probing.probe(trusting, server(peer.port())));
            assertThat(connections).hasValue(known ? 2 : 3);
        }
    }

    private static void assertUp(String key, Verdict verdict) throws Exception {
        assertThat(verdict.explained()).isEqualTo("L7OK: status 200");
        assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires(key));
        assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.TLS, ProbePhase.RESPONSE);
    }

    private Peer.Manner counting(Peer.Manner manner) {
        return socket -> {
            connections.incrementAndGet();
            manner.meet(socket);
        };
    }

    @Test
    void aServerThatFailsBothIsAskedByBothEachTime() throws Exception {
        try (Peer peer = Peer.of(counting(TlsTest::refuse))) {
            String reason = "L6RSP: no TLS with 127.0.0.1:" + peer.port() + ": Received fatal alert: handshake_failure";

            assertThat(probing.probe(trusting, server(peer.port())).explained()).isEqualTo(reason);
            assertThat(connections).hasValue(2);
            assertThat(probing.probe(trusting, server(peer.port())).explained()).isEqualTo(reason);
            assertThat(connections).hasValue(4);
        }
    }

    private static void refuse(Socket socket) throws Exception {
        socket.getInputStream().readNBytes(100);
        socket.getOutputStream().write(HANDSHAKE_FAILURE);
        Peer.silent().meet(socket);
    }

    @ParameterizedTest
    @CsvSource({
        "true,  no TLS with SERVER: Received fatal alert: handshake_failure",
        "false, connection reset by SERVER in the TLS handshake"
    })
    void whereTheTimeDoesNotSufficeForBothTheNextProbeIsJavas(boolean alert, String failure) throws Exception {
        Duration timeout = Duration.ofSeconds(2);
        try (Peer peer = Peer.of(counting(socket -> {
            switch (connections.get()) {
                case 1 -> {
                    socket.getInputStream().readNBytes(100);
                    if (alert) {
                        socket.getOutputStream().write(HANDSHAKE_FAILURE);
                        Peer.silent().meet(socket);
                    }
                    Peer.reset(socket);
                }
                case 3 ->
                    Peer.answering(OK).meet(certificates.server("Ed25519", socket, new ConcurrentLinkedQueue<>()));
                default -> Peer.silent().meet(socket);
            }
        }))) {
            String where = "127.0.0.1:" + peer.port();
            assertThat(probing.probe(trusting, server("127.0.0.1", peer.port(), timeout))
                            .explained())
                    .isEqualTo("SOCKERR: " + failure.replace("SERVER", where)
                            + "; Java's TLS is asked next time, for which too little was left of 2 s");
            assertThat(connections).hasValue(2);
            assertUp("Ed25519", probing.probe(trusting, server("127.0.0.1", peer.port(), GENEROUS)));
            assertThat(connections).hasValue(3);
            assertThat(probing.probe(trusting, server("127.0.0.1", peer.port(), timeout))
                            .explained())
                    .isEqualTo("L6TOUT: no TLS handshake with " + where + " within 2 s");
            assertThat(connections).hasValue(4);
        }
    }

    @Test
    void whereTheAnswerHasNoTimeAfterTwoHandshakesTheNextProbeIsJavas() throws Exception {
        try (Peer peer = Peer.of(counting(socket -> {
            if (connections.get() == 1) {
                socket.getInputStream().readNBytes(100);
                Peer.reset(socket);
            }
            SSLSocket tls = certificates.server("RSA", socket, new ConcurrentLinkedQueue<>());
            (connections.get() == 2 ? Peer.silent() : Peer.answering(OK)).meet(tls);
        }))) {
            assertThat(probing.probe(trusting, server("127.0.0.1", peer.port(), Duration.ofSeconds(2)))
                            .explained())
                    .isEqualTo("SOCKERR: connection reset by 127.0.0.1:" + peer.port() + " in the TLS handshake; "
                            + "Java's TLS is asked next time, for which too little was left of 2 s");
            assertUp("RSA", probing.probe(trusting, server(peer.port())));
            assertThat(connections).hasValue(3);
        }
    }

    @Test
    void aConnectionThatBreaksMakesNoServerJavas() throws Exception {
        try (Peer peer = Peer.of(counting(socket -> {
            if (connections.get() % 2 == 1) {
                socket.getInputStream().readNBytes(100);
                Peer.reset(socket);
            } else {
                Peer.answering(OK).meet(certificates.server("RSA", socket, new ConcurrentLinkedQueue<>()));
            }
        }))) {
            assertUp("RSA", probing.probe(trusting, server(peer.port())));
            assertThat(connections).hasValue(2);
            assertUp("RSA", probing.probe(trusting, server(peer.port())));
            assertThat(connections).hasValue(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheFirstTryTookIsNotTheServersTime(boolean broken) throws Exception {
        Duration most = Duration.ofSeconds(2);
        try (Peer peer = Peer.of(counting(socket -> {
            if (connections.get() == 1) {
                long enough = System.nanoTime() + most.toNanos();
                await().until(() -> System.nanoTime() > enough);
                if (broken) {
                    Peer.reset(socket);
                } else {
                    refuse(socket);
                }
            } else {
                Peer.answering(OK).meet(certificates.server("Ed25519", socket, new ConcurrentLinkedQueue<>()));
            }
        }))) {
            Verdict verdict = probing.probe(trusting + "&max-time=2s", server("127.0.0.1", peer.port(), GENEROUS));
            assertUp("Ed25519", verdict);
            assertThat(verdict.took()).isLessThan(most);
            assertThat(connections).hasValue(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void aChainThatOnlyJavaKnowsIsJudgedByJava(String version, boolean expired) throws Exception {
        certificates.signedBy(
                "edwards",
                "of-edwards",
                "CN=chat.example",
                "-ext",
                "san=dns:chat.example",
                "-startdate",
                "-60d",
                "-validity",
                expired ? "30" : "90");
        SSLServerSocket listener = (SSLServerSocket) certificates.listener("of-edwards", new ConcurrentLinkedQueue<>());
        listener.setEnabledProtocols(new String[] {version});
        try (Peer peer = Peer.on(listener, Peer.answering(OK))) {
            Verdict verdict = probing.probe("probe:https?ca=" + certificates.pem("edwards"), server(peer.port()));
            assertThat(verdict.explained()).startsWith(expired ? "L6RSP: certificate expired on " : "L7OK: status 200");
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("of-edwards"));
        }
    }

    /** As servers do that send it whatever the client knows, and some of it twice. */
    @ParameterizedTest
    @CsvSource({"-tls1_2, false", "-tls1_2, true", "-tls1_3, false", "-tls1_3, true"})
    void aChainThatOnlyJavaKnowsMayBeSentAllTheSame(String version, boolean twice) throws Exception {
        certificates.signedBy("edwards", "of-edwards", "CN=chat.example", "-ext", "san=dns:chat.example");
        String chain = Files.readString(certificates.pem("edwards"));
        if (twice) {
            chain = Files.readString(certificates.pem("of-edwards")) + chain;
        }
        Path sent = Files.writeString(folder.resolve("sent.pem"), chain);
        int port = Ports.free();
        Process process = openssl(port, "of-edwards", "-cert_chain", sent.toString(), version, "-www");
        try (BufferedReader out = process.inputReader()) {
            read(out, "ACCEPT");
            Verdict verdict = probing.probe("probe:https?ca=" + certificates.pem("edwards"), server(port));
            assertThat(verdict.explained()).isEqualTo("L7OK: status 200");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Process openssl(int port, String alias, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Daemon.require("openssl", "/usr/bin/openssl"),
                "s_server",
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                certificates.pem(alias).toString(),
                "-key",
                certificates.key(alias).toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA,       TLSv1.2",
        "RSA,       TLSv1.3",
        "secp521r1, TLSv1.2",
        "secp521r1, TLSv1.3",
        "Ed25519,   TLSv1.2",
        "Ed25519,   TLSv1.3"
    })
    void showsACertificateOfItsOwn(String key, String version) throws Exception {
        SSLServerSocket listener =
                (SSLServerSocket) certificates.listener("secp256r1", new ConcurrentLinkedQueue<>(), "ca");
        listener.setNeedClientAuth(true);
        listener.setEnabledProtocols(new String[] {version});
        try (Peer peer = Peer.on(listener, Peer.answering(OK))) {
            assertUp("secp256r1", probing.probe(trusting + own(key), server(peer.port())));
            assertThat(probing.probe(trusting, server(peer.port())).outcome()).isEqualTo(ProbeOutcome.DOWN);
        }
    }

    /** By servers that say in HTTP that they miss one. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void showsAlsoACertificateWhoseSignatureOneDoesNotKnow(String version) throws Exception {
        certificates.signedBy("edwards", "own-of-edwards", "CN=monitor", "-keyalg", "RSA");
        SSLServerSocket listener =
                (SSLServerSocket) certificates.listener("secp256r1", new ConcurrentLinkedQueue<>(), "edwards");
        listener.setWantClientAuth(true);
        listener.setEnabledProtocols(new String[] {version});
        try (Peer peer = Peer.on(listener, socket -> {
            Peer.answering(showsOne(socket) ? OK : "HTTP/1.1 400 No required SSL certificate was sent\r\n\r\n")
                    .meet(socket);
        })) {
            assertUp("secp256r1", probing.probe(trusting + own("own-of-edwards"), server(peer.port())));
        }
    }

    private static boolean showsOne(Socket socket) {
        try {
            return ((SSLSocket) socket).getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    /** It may be for the signature that one makes, and not for the certificate. */
    @Test
    void whoRefusesItOfOneIsShownItByTheOther() throws Exception {
        certificates.add("stranger", "CN=monitor");
        SSLServerSocket listener =
                (SSLServerSocket) certificates.listener("secp256r1", new ConcurrentLinkedQueue<>(), "ca");
        listener.setNeedClientAuth(true);
        listener.setEnabledProtocols(new String[] {"TLSv1.3"});
        try (Peer peer = Peer.on(listener, Peer.answering(OK))) {
            String uri = trusting + own("stranger");
            String failed = "TLS with 127.0.0.1:" + peer.port() + " failed: Received fatal alert: bad_certificate";
            assertThat(probing.probe(uri, server(peer.port())).explained())
                    .isEqualTo("SOCKERR: " + failed + "; Java's TLS is asked next time");
            assertThat(probing.probe(uri, server(peer.port())).explained()).isEqualTo("L6RSP: " + failed);
        }
    }

    private static String own(String key) throws Exception {
        return "&client-cert=" + certificates.pem(key) + "&client-key=file:"
                + certificates.key(key).getFileName();
    }

    /** As servers do that want a certificate for some of their pages only. */
    @Test
    void showsItsCertificateAlsoInARenegotiation() throws Exception {
        int port = Ports.free();
        Process process =
                openssl(port, "secp256r1", "-CAfile", certificates.pem("ca").toString(), "-tls1_2", "-naccept", "1");
        try (BufferedReader out = process.inputReader();
                Writer in = process.outputWriter()) {
            read(out, "ACCEPT");
            CompletableFuture<Verdict> verdict = probing.begin(
                    "probe:tls?send=hi%0a&expect=hello&ca=" + certificates.pem("ca") + own("RSA"),
                    server("127.0.0.1", port, GENEROUS));
            read(out, "hi");
            // What is typed as R makes it ask for a certificate.
            in.write("R\n");
            in.flush();
            read(out, "SSL_do_handshake -> 1");
            in.write("hello\n");
            in.flush();
            assertThat(verdict.get(1, TimeUnit.MINUTES).explained()).isEqualTo("L7OK: received \"hello\"");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void read(BufferedReader out, String line) throws IOException {
        String next = "";
        while (!next.equals(line)) {
            next = out.readLine();
            assertThat(next).as("expected " + line).isNotNull();
        }
    }

    @Test
    void whatOneDoesNotUnderstandAfterTheHandshakeTheOtherIsAsked() throws Exception {
        SSLServerSocket listener = (SSLServerSocket) certificates.listener("RSA", new ConcurrentLinkedQueue<>());
        listener.setEnabledProtocols(new String[] {"TLSv1.2"});
        try (Peer peer = Peer.on(listener, socket -> {
            Peer.request(socket);
            // It goes on talking until the client is ready for another handshake.
            ((SSLSocket) socket).startHandshake();
            Peer.say(socket, OK);
            Peer.silent().meet(socket);
        })) {
            assertThat(probing.probe(trusting, server(peer.port())).explained())
                    .isEqualTo("SOCKERR: TLS with 127.0.0.1:" + peer.port()
                            + " failed: unexpected record; Java's TLS is asked next time");
            assertUp("RSA", probing.probe(trusting, server(peer.port())));
        }
    }

    @Test
    void aCertificateThatOnlyTheFirstWasShownIsKnown() throws Exception {
        try (Peer peer = Peer.of(counting(socket -> {
            if (connections.get() == 1) {
                SSLSocket tls = certificates.server("RSA", socket, new ConcurrentLinkedQueue<>());
                tls.setEnabledProtocols(new String[] {"TLSv1.2"});
                tls.setNeedClientAuth(true);
                tls.startHandshake();
            }
            Peer.silent().meet(socket);
        }))) {
            Verdict verdict = probing.probe(trusting, server("127.0.0.1", peer.port(), Duration.ofSeconds(1)));
            assertThat(verdict.explained()).contains("Received fatal alert: ");
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("RSA"));
            assertThat(connections).hasValue(2);
        }
    }

    @Test
    void aServerThatIsGoneForTheSecondIsDown() throws Exception {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        try (Peer peer = Peer.on(listener, socket -> {
            socket.getInputStream().readNBytes(100);
            listener.close();
            // Not as long as somebody waits at it.
            await().until(() -> refuses(listener.getLocalPort()));
            Peer.reset(socket);
        })) {
            assertThat(probing.probe(trusting, server(peer.port())).explained())
                    .isEqualTo("L4CON: connection refused by 127.0.0.1:" + peer.port());
        }
    }

    private static boolean refuses(int port) throws IOException {
        try {
            new Socket("127.0.0.1", port).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void aDialogueBeginsAnew() throws Exception {
        try (Peer peer = Peer.of(counting(socket -> {
            Peer.say(socket, "220 hello\r\n");
            Peer.line(socket);
            Peer.say(socket, "250 STARTTLS\r\n");
            Peer.line(socket);
            Peer.say(socket, "220 go on\r\n");
            SSLSocket tls = certificates.server("Ed25519", socket, new ConcurrentLinkedQueue<>());
            Peer.line(tls);
            Peer.say(tls, "250 me\r\n");
            Peer.silent().meet(tls);
        }))) {
            Verdict verdict = probing.probe(
                    "probe:smtp?security=starttls&ca=" + certificates.pem("ca"),
                    server("127.0.0.1", peer.port(), GENEROUS));
            assertThat(verdict.explained()).isEqualTo("L7OK: \"220 hello\"");
            assertThat(connections).hasValue(2);
        }
    }

    @Test
    void aServerIsNotJavasForEver() throws Exception {
        TlsClient tls = tls();
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", 1);

        tls.atLeast(server, TlsClient.WHILE);
        tls.atLeast(server, 1);
        tls.atLeast(new InetSocketAddress("127.0.0.1", 2), 1);
        tls.atMost(new InetSocketAddress("127.0.0.1", 2), 0);

        for (int i = 0; i < TlsClient.WHILE; i++) {
            assertThat(isNative(tls, server)).isFalse();
        }
        assertThat(isNative(tls, server)).isTrue();
        assertThat(isNative(tls, new InetSocketAddress("127.0.0.1", 2))).isTrue();
    }

    @Test
    void aServerThatFailsJavaTooIsNotItsForLong() throws Exception {
        TlsClient tls = tls();
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", 1);

        tls.atLeast(server, TlsClient.WHILE);
        tls.atMost(server, 2);
        tls.atMost(new InetSocketAddress("127.0.0.1", 2), 2);

        assertThat(isNative(tls, server)).isFalse();
        assertThat(isNative(tls, server)).isFalse();
        assertThat(isNative(tls, server)).isTrue();
        assertThat(isNative(tls, new InetSocketAddress("127.0.0.1", 2))).isTrue();
    }

    @Test
    void newServersThatAreJavasAreRememberedHoweverManyThereWere() throws Exception {
        TlsClient tls = tls();
        for (int i = 0; i < 20_000; i++) {
            tls.atLeast(new InetSocketAddress("127.1.0." + i / 200, 1 + i % 200), 1);
        }
        tls.atLeast(new InetSocketAddress("127.0.0.1", 1), 1);

        assertThat(isNative(tls, new InetSocketAddress("127.0.0.1", 1))).isFalse();
        // One too many is not the end of all.
        assertThat(IntStream.range(0, 20_000)
                        .filter(it -> it % 100 == 0)
                        .filter(it -> !isNative(tls, new InetSocketAddress("127.1.0." + it / 200, 1 + it % 200))))
                .hasSizeGreaterThan(50);
    }

    private static TlsClient tls() throws GeneralSecurityException {
        return TlsClient.blind(null, new TlsClient.Least(0, null, List.of(), false));
    }

    private static SslHandler handler(TlsClient tls, InetSocketAddress server) {
        return tls.handler("chat.example", server, false, UnpooledByteBufAllocator.DEFAULT);
    }

    private static boolean isNative(TlsClient tls, InetSocketAddress server) {
        SSLEngine engine = handler(tls, server).engine();
        return engine instanceof ReferenceCountedOpenSslEngine it && it.release();
    }

    @Test
    void whatAConnectionHoldsOutsideTheHeapIsGivenBack() throws Exception {
        SslHandler handler = handler(tls(), new InetSocketAddress("127.0.0.1", 1));
        ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) handler.engine();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        assertThat(engine.refCnt()).isEqualTo(1);

        channel.unsafe().close(channel.voidPromise());
        channel.runPendingTasks();

        assertThat(engine.refCnt()).isZero();
    }
}
