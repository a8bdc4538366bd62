package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Nginx;
import dev.firstup.Ports;
import dev.firstup.model.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found about a real Prosody, state by state. */
class XmppProsodyTest {
    private static final Verdicts TABLE = new Verdicts("Prosody");

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Probing probing;
    private static Prosody prosody;
    private static String ca;
    private static String self;

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder)
                .signed("chat.example", "CN=chat.example", "-ext", "san=dns:chat.example")
                .signed("plain.example", "CN=plain.example", "-ext", "san=dns:plain.example")
                .signed("other.example", "CN=a.example", "-ext", "san=dns:a.example")
                .signed("expired.example", "CN=expired.example", "-startdate", "-60d", "-validity", "30")
                .signed("older.example", "CN=older.example", "-ext", "san=dns:older.example")
                .add("self.example", "CN=self.example", "-ext", "san=dns:self.example");
        ca = "ca=" + certificates.pem("ca");
        self = "ca=" + certificates.pem("self.example");
        Path data = Files.createDirectories(folder.resolve("prosody"));
        Files.writeString(folder.resolve("good"), "correct horse\n");
        Files.writeString(folder.resolve("bad"), "wrong horse\n");
        Prosody.account(data, "chat.example", "monitor", "correct horse");
        Prosody.account(data, "older.example", "monitor", "correct horse");
        Prosody.account(data, "plain.example", "monitor", "correct horse");
        prosody = new Prosody(
                data,
                host("chat.example", "")
                        + host("plain.example", "disable_sasl_mechanisms = { \"SCRAM-SHA-1\", \"SCRAM-SHA-256\" }")
                        + host("older.example", "disable_sasl_mechanisms = { \"SCRAM-SHA-256\", \"PLAIN\" }")
                        + host("other.example", "")
                        + host("expired.example", "")
                        + host("self.example", ""));
        probing = new Probing();
        System.setProperty("firstup.secrets", folder.toString());
    }

    @AfterAll
    static void stop() {
        System.clearProperty("firstup.secrets");
        TABLE.print();
        if (prosody != null) {
            prosody.close();
        }
        if (probing != null) {
            probing.close();
        }
    }

    private static String host(String domain, String more) throws Exception {
        return """
                VirtualHost "%1$s"
                  authentication = "internal_plain"
                  ssl = { certificate = "%2$s", key = "%2$s" }
                  c2s_direct_tls_ssl = { certificate = "%2$s", key = "%2$s" }
                  %3$s
                """
                .formatted(domain, certificates.pemWithKey(domain), more);
    }

    @Test
    void aDomainOfItsOwnIsUp() throws Exception {
        assertThat(found("its own domain", "probe:xmpp?" + ca, "chat.example"))
                .isEqualTo("L7OK: XMPP server of chat.example, logins by PLAIN, SCRAM-SHA-1, SCRAM-SHA-256");
        assertThat(found("its own domain, TLS at once", "probe:xmpps?" + ca, "chat.example"))
                .startsWith("L7OK: XMPP server of chat.example, logins by ");
        assertThat(found("its own domain, for servers", "probe:xmpp-server?" + ca, "chat.example"))
                .isEqualTo("L7OK: XMPP server of chat.example for other servers, by dialback");
    }

    @Test
    void serversWithoutACertificateMayBeStrangers() {
        assertThat(found(
                        "its own domain, for servers with a certificate",
                        "probe:xmpp-server?from=strict.example&" + ca,
                        "chat.example"))
                .isEqualTo("L7OK: XMPP server of chat.example for other servers, those with a certificate:"
                        + " not-authorized, \"Your server's certificate could not be validated\"");
    }

    @Test
    void anotherDomainIsDown() {
        String unknown = "L7STS: stream error host-unknown, \"This %s does not serve nobody.example\"";
        assertThat(found("another domain", "probe:xmpp?" + ca, "nobody.example"))
                .isEqualTo(unknown.formatted("server"));
        assertThat(found("another domain, for servers", "probe:xmpp-server?" + ca, "nobody.example"))
                .isEqualTo(unknown.formatted("host"));
        assertThat(found("another domain, TLS at once", "probe:xmpps?" + ca, "nobody.example"))
                .isEqualTo("L6RSP: no TLS with 127.0.0.1:" + prosody.clientsByTls
                        + ": Received fatal alert: unrecognized_name");
    }

    @Test
    void theCertificateMustBeTheDomains() throws Exception {
        for (String kind : List.of("xmpp", "xmpps", "xmpp-server")) {
            String uri = "probe:" + kind + "?";
            assertThat(found("certificate of another name, " + kind, uri + ca, "other.example"))
                    .isEqualTo("L6RSP: certificate is for a.example, expected other.example");
            assertThat(found("certificate expired, " + kind, uri + ca, "expired.example"))
                    .startsWith("L6RSP: certificate expired on ");
            assertThat(found("self-signed certificate, " + kind, uri + ca, "self.example"))
                    .isEqualTo("L6RSP: certificate is self-signed by CN=self.example");
            assertThat(found("self-signed certificate that is trusted, " + kind, uri + self, "self.example"))
                    .startsWith("L7OK: XMPP server of self.example");
            assertThat(found("certificate expired, verify=false, " + kind, uri + "verify=false", "expired.example"))
                    .startsWith("L7OK: XMPP server of expired.example");
        }
        assertThat(probe("probe:xmpp?" + ca, prosody.clients, "chat.example").certificateExpires())
                .isEqualTo(certificates.expires("chat.example"));
        assertThat(probe("probe:xmpp?" + ca, prosody.clients, "expired.example").certificateExpires())
                .isEqualTo(certificates.expires("expired.example"));
    }

    @Test
    void anAccountLogsInAndPings() {
        String monitor = "?username=monitor&password=file:good&" + ca;
        assertThat(found("login", "probe:xmpp" + monitor, "chat.example"))
                .isEqualTo("L7OK: logged in at chat.example by SCRAM-SHA-256, ping answered");
        assertThat(found("login, TLS at once", "probe:xmpps" + monitor, "chat.example"))
                .isEqualTo("L7OK: logged in at chat.example by SCRAM-SHA-256, ping answered");
        assertThat(found("login, only SCRAM-SHA-1 is offered", "probe:xmpp" + monitor, "older.example"))
                .isEqualTo("L7OK: logged in at older.example by SCRAM-SHA-1, ping answered");
        assertThat(found("login, only PLAIN is offered", "probe:xmpp" + monitor, "plain.example"))
                .isEqualTo("L7OK: logged in at plain.example by PLAIN, ping answered");
    }

    @Test
    void aLoginThatFailsSaysWhy() {
        String monitor = "probe:xmpp?username=monitor&password=";
        assertThat(found("login, another password", monitor + "file:bad&" + ca, "chat.example"))
                .isEqualTo("L7STS: login by SCRAM-SHA-256 was refused: not-authorized");
        assertThat(found("login, another password, PLAIN", monitor + "file:bad&" + ca, "plain.example"))
                .isEqualTo("L7STS: login by PLAIN was refused: not-authorized");
        assertThat(found(
                        "login, no such account",
                        "probe:xmpp?username=nobody&password=file:good&" + ca,
                        "chat.example"))
                .isEqualTo("L7STS: login by SCRAM-SHA-256 was refused: not-authorized");
        assertThat(found("login, PLAIN, verify=false", monitor + "file:good&verify=false", "plain.example"))
                .isEqualTo("SOCKERR: only PLAIN is offered, and no password is shown with verify=false");
        assertThat(found("login, the secret is missing", monitor + "file:none&" + ca, "chat.example"))
                .startsWith("SOCKERR: file:none cannot be read (NoSuchFileException): expected it in the file ");
    }

    @Test
    void theWrongPortIsDown() throws Exception {
        String at = "127.0.0.1:";
        assertThat(TABLE.note("port of servers, xmpp", probe("probe:xmpp?" + ca, prosody.servers, "chat.example")))
                .isEqualTo("L7RSP: no login is offered under TLS, only dialback");
        assertThat(TABLE.note(
                        "port of clients, xmpp-server",
                        probe("probe:xmpp-server?" + ca, prosody.clients, "chat.example")))
                .isEqualTo("L7RSP: neither SASL EXTERNAL nor dialback is offered under TLS, only mechanisms");
        assertThat(TABLE.note("port of STARTTLS, xmpps", probe("probe:xmpps?" + ca, prosody.clients, "chat.example")))
                .isEqualTo("L6RSP: " + at + prosody.clients + " does not speak TLS");
        assertThat(TABLE.note("port of TLS, xmpp", probe("probe:xmpp?" + ca, prosody.clientsByTls, "chat.example")))
                .matches("L7RSP: connection (closed|reset) by " + at + prosody.clientsByTls + " before any answer");
        assertThat(TABLE.note(
                        "port of STARTTLS, probe:https", probe("probe:https?" + ca, prosody.clients, "chat.example")))
                .isEqualTo("L6RSP: " + at + prosody.clients + " does not speak TLS");
        assertThat(TABLE.note(
                        "port of TLS, probe:https", probe("probe:https?" + ca, prosody.clientsByTls, "chat.example")))
                .startsWith("L7RSP: expected an HTTP status, received \"<?xml version='1.0'?><stream:stream");
    }

    @Test
    void aWebServerOnThePortIsDown() throws Exception {
        int port = Ports.free();
        Nginx.require();
        String servers = "server { listen 127.0.0.1:%2$d ssl; ssl_certificate %1$s; ssl_certificate_key %1$s; }"
                .formatted(certificates.pemWithKey("chat.example"), port);
        Path own = Files.createDirectory(folder.resolve("nginx"));
        Files.writeString(Files.createDirectory(own.resolve("html")).resolve("index.html"), "hello");
        try (Nginx nginx = new Nginx(own, port, servers)) {
            assertThat(nginx.port()).isEqualTo(port);
            assertThat(TABLE.note(
                            "nginx with HTTPS on the port, xmpp", probe("probe:xmpp?" + ca, port, "chat.example")))
                    .isEqualTo("L7RSP: expected an XMPP stream, received \"HTTP/1.1 400 Bad Request\"");
            assertThat(TABLE.note(
                            "nginx with HTTPS on the port, xmpps", probe("probe:xmpps?" + ca, port, "chat.example")))
                    .isEqualTo(
                            "L6RSP: no TLS with 127.0.0.1:" + port + ": Received fatal alert: no_application_protocol");
            assertThat(TABLE.note(
                            "nginx with HTTPS on the port, https", probe("probe:https?" + ca, port, "chat.example")))
                    .isEqualTo("L7OK: status 200");
        }
    }

    @Test
    void aServerThatHangsIsDownAtTheDeadline() throws Exception {
        prosody.hang();
        try {
            for (String kind : List.of("xmpp", "xmpps", "xmpp-server")) {
                Verdict verdict = probing.probe(
                        "probe:" + kind + "?" + ca, Probing.server("127.0.0.1", port(kind), "", "chat.example", SHORT));
                assertThat(TABLE.note("hung, " + kind, verdict))
                        .isEqualTo((kind.equals("xmpps") ? "L6TOUT: no TLS handshake with" : "L7TOUT: no answer from")
                                + " 127.0.0.1:" + port(kind) + " within 400 ms"
                                + (kind.equals("xmpps") ? "" : ", expected an XMPP stream"));
            }
        } finally {
            prosody.goOn();
        }
        assertThat(found("goes on", "probe:xmpp?" + ca, "chat.example")).startsWith("L7OK: ");
    }

    @Test
    void aServerThatIsStoppedIsDown() throws Exception {
        prosody.stop();
        try {
            for (String kind : List.of("xmpp", "xmpps", "xmpp-server")) {
                assertThat(found("stopped, " + kind, "probe:" + kind + "?" + ca, "chat.example"))
                        .isEqualTo("L4CON: connection refused by 127.0.0.1:" + port(kind));
            }
        } finally {
            prosody.start();
        }
        assertThat(found("started again", "probe:xmpp?" + ca, "chat.example")).startsWith("L7OK: ");
    }

    private static String found(String state, String uri, String domain) {
        return TABLE.note(state, probe(uri, port(uri.replaceAll("probe:|\\?.*", "")), domain));
    }

    private static int port(String kind) {
        return switch (kind) {
            case "xmpp" -> prosody.clients;
            case "xmpps" -> prosody.clientsByTls;
            default -> prosody.servers;
        };
    }

    private static Verdict probe(String uri, int port, String domain) {
        return probing.probe(uri, Probing.server("127.0.0.1", port, "", domain, GENEROUS));
    }
}
