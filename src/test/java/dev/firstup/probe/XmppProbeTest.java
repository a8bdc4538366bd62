package dev.firstup.probe;

import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbePhase;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every answer that a server may give, from peers that say what they are told to, whatever they hear. */
class XmppProbeTest {
    private static final String HEADER =
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
                    + " id='1' from='chat.example' version='1.0'>";
    private static final String STARTTLS =
            "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";
    private static final String PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
    private static final String SUCCESS = "<success xmlns='" + SASL + "'/>";
    private static final String BIND =
            "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";
    private static final String BOUND = "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            + "<jid>monitor@chat.example/1</jid></bind></iq>";
    private static final String ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
    private static final String TLS = "TLS";
    private static final String PASSWORD = "correct-horse-battery";

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Probing probing;
    private static String ca;
    private static String login;

    private final Queue<String> names = new ConcurrentLinkedQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder).signed("good", "CN=chat.example", "-ext", "san=dns:chat.example");
        Files.writeString(folder.resolve("monitor"), PASSWORD);
        System.setProperty("firstup.secrets", folder.toString());
        probing = new Probing();
        ca = "?ca=" + certificates.pem("ca");
        login = ca + "&username=monitor&password=file:monitor";
    }

    @AfterAll
    static void stop() {
        System.clearProperty("firstup.secrets");
        probing.close();
    }

    @Test
    void theWholeDialogueIsSpoken() throws Exception {
        try (Peer peer = peer(HEADER + STARTTLS, PROCEED, TLS, HEADER + mechanisms("SCRAM-SHA-1"))) {
            Verdict verdict = probing.probe("probe:xmpp" + ca, server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: XMPP server of chat.example, logins by SCRAM-SHA-1");
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("good"));
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.TLS, ProbePhase.RESPONSE);
            assertThat(names).containsExactly("chat.example");
            String header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
                    + " xmlns:stream='http://etherx.jabber.org/streams' to='chat.example' version='1.0' xml:lang='en'>";
            Awaitility.await().untilAsserted(() -> assertThat(heard)
                    .containsExactly(
                            header, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", header, "</stream:stream>"));
        }
    }

    @Test
    void serversSayWhoTheyAre() throws Exception {
        try (Peer peer = peer(HEADER + STARTTLS, PROCEED, TLS, HEADER + mechanisms("EXTERNAL"))) {
            assertThat(probing.probe("probe:xmpp-server" + ca + "&from=my.example", server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: XMPP server of chat.example for other servers, by SASL EXTERNAL");
            assertThat(heard.peek()).contains(" xmlns='jabber:server' ", " from='my.example' to='chat.example' ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "HTTP/1.1 400 Bad Request | L7RSP: expected an XMPP stream, received \"HTTP/1.1 400 Bad Request\"",
                "<html> | L7RSP: expected an XMPP stream, received <html>",
                "<!DOCTYPE html> | L7RSP: expected an XMPP stream, received a comment or a document type: \"<!D\"",
                "HEADER</stream:stream> | L7RSP: the server ended the stream",
                "HEADER<message/> | L7RSP: expected stream features, received <message>",
                "HEADER<stream:features/> | L7RSP: no STARTTLS is offered, only nothing",
                "HEADER<stream:features><a/><b/></stream:features> | L7RSP: no STARTTLS is offered, only a, b",
                "HEADERERROR(host-unknown) | L7STS: stream error host-unknown, \"because\"",
                "HEADERERROR(system-shutdown) | L7STS: stream error system-shutdown, \"because\"",
                "HEADERERROR(internal-server-error) | L7STS: stream error internal-server-error, \"because\"",
                "HEADERERROR(resource-constraint) | L7STS: stream error resource-constraint, \"because\"",
                "HEADERERROR(not-authorized) | L7STS: stream error not-authorized, \"because\"",
                "HEADER<stream:error/> | L7STS: stream error without a known condition",
                "HEADERELSEWHERE | L7STS: see-other-host, to \"[2001:db8::1]:9090\"",
            })
    void whatIsSaidFirstIsJudged(String said, String verdict) throws Exception {
        try (Peer peer = peer(text(said))) {
            for (String kind : new String[] {"probe:xmpp", "probe:xmpp-server"}) {
                assertThat(probing.probe(kind + ca, server(peer.port())).explained())
                        .isEqualTo(verdict);
            }
        }
    }

    @Test
    void aServerMayWantTlsAtOnce() throws Exception {
        try (Peer peer = Peer.on(certificates.listener("good", names), Peer.silent())) {
            assertThat(probing.probe("probe:xmpp" + ca, server(peer.port())).explained())
                    .isEqualTo("L7RSP: expected an XMPP stream, received a TLS alert: the server wants TLS at once");
        }
    }

    @Test
    void aServerMaySendItsUsersElsewhere() throws Exception {
        try (Peer peer = peer(text("HEADERELSEWHERE"))) {
            assertThat(probing.probe("probe:xmpp" + ca + "&seeOtherHost=up", server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: see-other-host, to \"[2001:db8::1]:9090\"");
        }
    }

    @Test
    void startTlsMayFail() throws Exception {
        String failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>";
        assertFound("probe:xmpp" + ca, "L7STS: STARTTLS failed", HEADER + STARTTLS, failure);
        assertFound("probe:xmpp" + ca, "L7RSP: expected <proceed>, received <a>", HEADER + STARTTLS, "<a/>");
        try (Peer peer = peer(HEADER + STARTTLS, PROCEED + "<iq/>")) {
            assertThat(probing.probe("probe:xmpp" + ca, server(peer.port())).explained())
                    .isEqualTo("L7RSP: 127.0.0.1:" + peer.port() + " says more in clear after it agreed to TLS");
        }
        try (Peer peer = Peer.of(socket -> {
            hear(socket);
            Peer.say(socket, HEADER + STARTTLS);
            hear(socket);
            Peer.say(socket, PROCEED);
            socket.getInputStream().read();
            Peer.say(socket, "HTTP/1.1 400 Bad Request\r\n");
        })) {
            assertThat(probing.probe("probe:xmpp" + ca, server(peer.port())).explained())
                    .isEqualTo("L6RSP: 127.0.0.1:" + peer.port() + " does not speak TLS");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "HTTP/1.1 400 Bad Request | L7RSP: expected an XMPP stream, received \"HTTP/1.1 400 Bad Request\"",
                "HEADER<stream:features/> | L7RSP: no login is offered under TLS, only nothing",
                "HEADERERROR(host-unknown) | L7STS: stream error host-unknown, \"because\"",
                "HEADERERROR(not-authorized) | L7STS: stream error not-authorized, \"because\"",
                "HEADERELSEWHERE | L7STS: see-other-host, to \"[2001:db8::1]:9090\"",
                "HEADER</stream:stream> | L7RSP: the server ended the stream",
            })
    void whatIsSaidUnderTlsIsJudged(String said, String verdict) throws Exception {
        assertFound("probe:xmpp" + ca, verdict, HEADER + STARTTLS, PROCEED, TLS, text(said));
        assertFound("probe:xmpps" + ca, verdict, TLS, text(said));
    }

    @Test
    void whatComesInPiecesIsRead() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            hear(socket);
            for (char it : (HEADER + "<stream:features/>").toCharArray()) {
                Peer.say(socket, String.valueOf(it));
            }
            hear(socket);
        })) {
            assertThat(probing.probe("probe:xmpp" + ca, server(peer.port())).explained())
                    .isEqualTo("L7RSP: no STARTTLS is offered, only nothing");
        }
    }

    @Test
    void aServerThatNeverStopsIsDown() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            Peer.say(socket, HEADER + "<a>");
            while (true) {
                Peer.say(socket, "x".repeat(1000));
            }
        })) {
            assertThat(probing.probe("probe:xmpp" + ca, server(peer.port())).explained())
                    .isEqualTo("L7RSP: more than 64 KiB were received");
        }
    }

    @Test
    void aServerThatFallsSilentIsDownAtTheDeadline() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            Peer.say(socket, HEADER);
            Peer.silent().meet(socket);
        })) {
            assertThat(probing.probe("probe:xmpp" + ca, server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: no complete answer from 127.0.0.1:" + peer.port()
                            + " within 400 ms, expected stream features, received " + HEADER.length() + " bytes");
        }
    }

    @Test
    void aLoginIsFollowedToItsPing() throws Exception {
        String pong = "<presence/><iq type='result' id='ping'/>";
        assertLogin("L7OK: logged in at chat.example by PLAIN, ping answered", SUCCESS, HEADER + BIND, BOUND, pong);
        assertThat(heard)
                .contains(
                        "<auth xmlns='" + SASL + "' mechanism='PLAIN'>" + base64("\0monitor\0" + PASSWORD) + "</auth>")
                .contains("<iq type='get' id='ping' to='chat.example'><ping xmlns='urn:xmpp:ping'/></iq>");
    }

    @Test
    void eachStepOfALoginFailsWithItsOwnSentence() throws Exception {
        String wrong = "<iq type='error' id='%s'><error type='cancel'>"
                + "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
        assertLogin(
                "L7STS: login by PLAIN was refused: temporary-auth-failure",
                "<failure xmlns='" + SASL + "'><temporary-auth-failure/><text>" + PASSWORD + "</text></failure>");
        assertLogin("L7STS: stream error system-shutdown", text("ERROR(system-shutdown)"));
        assertLogin("L7RSP: expected the outcome of a login, received something else", "<" + PASSWORD + "/>");
        assertLogin(
                "L7STS: login by PLAIN was refused: without a known condition",
                "<failure xmlns='" + SASL + "'><" + PASSWORD + "/></failure>");
        assertLogin(
                "L7RSP: no binding of a resource is offered after login, only something else",
                SUCCESS,
                HEADER + "<stream:features><" + PASSWORD + "/></stream:features>");
        assertLogin("L7RSP: expected an XMPP stream, received something else", SUCCESS, PASSWORD);
        assertLogin(
                "L7STS: binding of a resource was refused: conflict",
                SUCCESS,
                HEADER + BIND,
                wrong.formatted("bind", "conflict"));
        assertLogin(
                "L7STS: ping was refused: internal-server-error",
                SUCCESS,
                HEADER + BIND,
                BOUND,
                wrong.formatted("ping", "internal-server-error"));
        assertLogin(
                "L7OK: logged in at chat.example by PLAIN, ping answered with service-unavailable",
                SUCCESS,
                HEADER + BIND,
                BOUND,
                wrong.formatted("ping", "service-unavailable"));
    }

    @Test
    void aSessionIsBegunWhereItMustBe() throws Exception {
        String bind = HEADER
                + BIND.replace("</stream:features>", "<session xmlns='" + SESSION + "'>%s</session></stream:features>");
        String begun = "<iq type='result' id='session'/>";
        String pong = "<iq type='result' id='ping'/>";
        String request = "<iq type='set' id='session'><session xmlns='" + SESSION + "'/></iq>";
        String up = "L7OK: logged in at chat.example by PLAIN, ping answered";
        assertLogin(up, SUCCESS, bind.formatted("<optional/>"), BOUND, pong);
        assertThat(heard).doesNotContain(request);
        assertLogin(up, SUCCESS, bind.formatted(""), BOUND, begun, pong);
        assertThat(heard).contains(request);
        assertLogin(
                "L7STS: a session was refused: forbidden",
                SUCCESS,
                bind.formatted(""),
                BOUND,
                "<iq type='error' id='session'><error type='auth'>"
                        + "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    }

    /** However a server repeats a password, or a part of it: what it says of its own is not shown. */
    @Test
    void onlyConditionsOfTheStandardAreShown() throws Exception {
        assertLogin(
                "L7STS: login by PLAIN was refused: without a known condition",
                "<failure xmlns='" + SASL + "'><" + PASSWORD.substring(1) + "/></failure>");
    }

    @Test
    void whoTrustsCertificatesOnlyHasNothingToOffer() throws Exception {
        String neither = "neither SASL EXTERNAL nor dialback is offered under TLS";
        assertFound(
                "probe:xmpp-server" + ca,
                "L7OK: XMPP server of chat.example for other servers, those with a certificate: " + neither,
                HEADER + STARTTLS,
                PROCEED,
                TLS,
                HEADER + "<stream:features/>");
        assertFound(
                "probe:xmpp-server" + ca,
                "L7RSP: " + neither + ", only mechanisms",
                HEADER + STARTTLS,
                PROCEED,
                TLS,
                HEADER + mechanisms("PLAIN"));
    }

    @Test
    void aServerMustProveThatItKnowsTheAccount() throws Exception {
        assertFound(
                "probe:xmpps" + login,
                "L7RSP: login was accepted by a server that does not prove that it knows the account",
                TLS,
                HEADER + mechanisms("SCRAM-SHA-1"),
                SUCCESS);
        assertFound(
                "probe:xmpps" + login,
                "L7RSP: the SCRAM challenge is not for this login",
                TLS,
                HEADER + mechanisms("SCRAM-SHA-256"),
                "<challenge xmlns='" + SASL + "'>" + base64("r=other,s=c2FsdA==,i=4096") + "</challenge>");
    }

    @Test
    void aLoginNeedsAWayThatIsKnown() throws Exception {
        assertFound(
                "probe:xmpps" + login,
                "SOCKERR: logins are tried by SCRAM (SHA-512, SHA-256, SHA-1) or PLAIN only, offered is GSSAPI",
                TLS,
                HEADER + mechanisms("GSSAPI"));
    }

    /** After a login by PLAIN was asked for. */
    private void assertLogin(String verdict, String... script) throws Exception {
        String[] whole = new String[script.length + 2];
        whole[0] = TLS;
        whole[1] = HEADER + mechanisms("PLAIN");
        System.arraycopy(script, 0, whole, 2, script.length);
        assertFound("probe:xmpps" + login, verdict, whole);
    }

    private void assertFound(String uri, String verdict, String... script) throws Exception {
        try (Peer peer = peer(script)) {
            assertThat(probing.probe(uri, server(peer.port())).explained()).isEqualTo(verdict);
        }
    }

    /** Hears one thing before each that it says. */
    private Peer peer(String... script) throws Exception {
        return Peer.of(socket -> {
            Socket now = socket;
            for (String said : script) {
                if (said.equals(TLS)) {
                    now = certificates.server("good", socket, names);
                } else {
                    heard.add(hear(now));
                    Peer.say(now, said);
                }
            }
            heard.add(hear(now));
            Peer.silent().meet(now);
        });
    }

    /** One thing that the client says. */
    private static String hear(Socket socket) throws IOException {
        StringBuilder heard = new StringBuilder();
        while (!heard.toString()
                .matches(
                        "(?s).*(xml:lang='en'>|</auth>|</response>|</iq>|</stream:stream>|<(starttls|response)[^>]*/>)")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no more to hear after " + heard);
            }
            heard.append((char) next);
        }
        return heard.toString();
    }

    private static String text(String script) {
        return script.replace("HEADER", HEADER)
                .replace(
                        "ELSEWHERE",
                        "<stream:error><see-other-host xmlns='" + ERRORS
                                + "'>[2001:db8::1]:9090</see-other-host></stream:error>")
                .replaceAll(
                        "ERROR\\((.*)\\)",
                        "<stream:error><$1 xmlns='" + ERRORS + "'/><text xmlns='" + ERRORS
                                + "' xml:lang='en'>because</text></stream:error></stream:stream>");
    }

    private static String mechanisms(String name) {
        return "<stream:features><mechanisms xmlns='" + SASL + "'><mechanism>" + name
                + "</mechanism></mechanisms></stream:features>";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
