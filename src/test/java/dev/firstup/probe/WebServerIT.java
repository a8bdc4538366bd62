package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Nginx;
import dev.firstup.Ports;
import dev.firstup.model.Verdict;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Web servers as people have them, in every state that they get into, and what comes of each. */
class WebServerIT {
    private static final Duration PATIENT = Duration.ofMillis(1500);
    private static final byte[] MEBIBYTE = "x".repeat(1024 * 1024).getBytes();

    @TempDir
    Path folder;

    private final List<String> table = new ArrayList<>();
    private Certificates certificates;

    @Test
    void eachStateHasItsVerdict() throws Exception {
        Nginx.require();
        certificates = new Certificates(folder)
                .signed("good", "CN=chat.example", "-ext", "san=dns:chat.example", "-validity", "90")
                .signed("soon", "CN=chat.example", "-ext", "san=dns:chat.example", "-validity", "6")
                .signed("other", "CN=other.example", "-ext", "san=dns:other.example")
                .signed("expired", "CN=chat.example", "-startdate", "-60d", "-validity", "30")
                .add("self", "CN=chat.example", "-ext", "san=dns:chat.example")
                .signed("monitor", "CN=monitor");
        Path ca = certificates.pem("ca");
        int http = Ports.free();
        int good = Ports.free();
        int soon = Ports.free();
        int other = Ports.free();
        int expired = Ports.free();
        int self = Ports.free();
        int old = Ports.free();
        int asking = Ports.free();
        int askingOld = Ports.free();
        String verifying = "ssl_verify_client on; ssl_client_certificate " + ca + "; ";
        String servers =
                """
                server {
                  listen 127.0.0.1:%1$d;
                  location = / { return 200 "paris"; }
                  location = /state { default_type application/json; return 200 '{"state": "degraded"}'; }
                  location = /busy { return 503; }
                  location = /moved { return 302 https://chat.example:%2$d/; }
                  location = /away { return 301 https://other.example/; }
                  location = /around { return 302 /around; }
                  location = /private { auth_basic chat; auth_basic_user_file users; alias page; }
                }
                """
                                .formatted(http, good)
                        + tls(good, "good", "ssl_protocols TLSv1.2 TLSv1.3; ")
                        + tls(soon, "soon", "")
                        + tls(other, "other", "")
                        + tls(expired, "expired", "")
                        + tls(self, "self", "")
                        + tls(old, "good", "ssl_protocols TLSv1.2; ")
                        + tls(asking, "good", verifying + "ssl_protocols TLSv1.2 TLSv1.3; ")
                        + tls(askingOld, "good", verifying + "ssl_protocols TLSv1.2; ");
        Files.writeString(folder.resolve("users"), "me:{PLAIN}a&b=c%+#)\n");
        Files.writeString(folder.resolve("page"), "private\n");
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("right"), "a&b=c%+#)\n");
        Files.writeString(secrets.resolve("wrong"), "letmein\n");
        Files.copy(certificates.key("monitor"), secrets.resolve("monitor.key"));
        String https = "probe:https?ca=" + ca;
        String client = "&client-key=file:monitor.key&client-cert=" + certificates.pem("monitor");

        try (Probing probing = new Probing();
                Nginx nginx = new Nginx(folder, http, servers)) {
            probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", secrets.toString());
            Verdicts is = new Verdicts(probing);

            is.told("up", "probe:http", http, "/", "L7OK: status 200");
            is.told("up, its text", "probe:http?matches=^par", http, "/", "L7OK: status 200, the body is as expected");
            is.told(
                    "degraded",
                    "probe:http?json=state=ok",
                    http,
                    "/state",
                    "L7RSP: status 200, but state is \"degraded\", expected \"ok\"");
            is.told("503", "probe:http", http, "/busy", "L7STS: status 503, expected 200-399");
            is.told(
                    "redirect",
                    "probe:http?redirects=down",
                    http,
                    "/moved",
                    "L7STS: status 302 to \"https://chat.example:" + good + "/\", expected no redirect");
            is.told(
                    "redirect to https",
                    "probe:http?redirects=follow&ca=" + ca,
                    http,
                    "/moved",
                    "L7OK: status 200 after 1 redirect",
                    "good");
            is.told(
                    "redirect elsewhere",
                    "probe:http?redirects=follow",
                    http,
                    "/away",
                    "L7STS: status 301 to \"https://other.example/\", another host than chat.example");
            is.told(
                    "redirects for ever",
                    "probe:http?redirects=follow",
                    http,
                    "/around",
                    "L7STS: status 302 to \"http://chat.example:" + http + "/around\", after 5 redirects already");
            is.told(
                    "password right",
                    "probe:http?username=me&password=file:right",
                    http,
                    "/private",
                    "L7OK: status 200");
            is.told(
                    "password wrong",
                    "probe:http?username=me&password=file:wrong",
                    http,
                    "/private",
                    "L7STS: status 401, expected 200-399");

            is.told("TLS up", https, good, "/", "L7OK: status 200", "good");
            is.told(
                    "TLS up, handshake only",
                    "probe:tls?alpn=h2,http/1.1&ca=" + ca,
                    good,
                    "/",
                    "L6OK: TLS with 127.0.0.1:" + good,
                    "good");
            is.told(
                    "no such protocol (ALPN)",
                    "probe:tls?alpn=xmpp-client&ca=" + ca,
                    good,
                    "/",
                    "L6RSP: no TLS with 127.0.0.1:" + good + ": Received fatal alert: no_application_protocol",
                    null);
            is.told(
                    "6 days left",
                    https + "&certificate-days=14",
                    soon,
                    "/",
                    "L6RSP: certificate expires on " + day("soon") + ", in 5 days, expected at least 14 days",
                    "soon");
            is.told("90 days left", https + "&certificate-days=14", good, "/", "L7OK: status 200", "good");
            is.told("TLS 1.2 only", https, old, "/", "L7OK: status 200", "good");
            is.told(
                    "TLS 1.2 only, 1.3 asked",
                    https + "&tls-min=1.3",
                    old,
                    "/",
                    "L6RSP: the server speaks TLSv1.2, expected at least TLSv1.3",
                    "good");
            is.told("TLS 1.3, 1.3 asked", https + "&tls-min=1.3", good, "/", "L7OK: status 200", "good");
            is.told(
                    "another name",
                    https,
                    other,
                    "/",
                    "L6RSP: certificate is for other.example, expected chat.example",
                    "other");
            is.told("expired", https, expired, "/", "L6RSP: certificate expired on " + day("expired"), "expired");
            is.told(
                    "expired, not verified",
                    "probe:https?verify=false&certificate-days=1",
                    expired,
                    "/",
                    "L6RSP: certificate expired on " + day("expired") + ", expected at least 1 day",
                    "expired");
            is.told("self-signed", https, self, "/", "L6RSP: certificate is self-signed by CN=chat.example", "self");
            is.told(
                    "self-signed, trusted",
                    "probe:https?ca=" + certificates.pem("self"),
                    self,
                    "/",
                    "L7OK: status 200",
                    "self");
            is.told(
                    "unknown authority",
                    "probe:https",
                    good,
                    "/",
                    "L6RSP: certificate is issued by CN=Test CA, which is not trusted",
                    "good");
            is.told("wants a certificate", https, asking, "/", "L7STS: status 400, expected 200-399", "good");
            is.told("is shown one", https + client, asking, "/", "L7OK: status 200", "good");
            is.told("is shown one, TLS 1.2", https + client, askingOld, "/", "L7OK: status 200", "good");
            is.told("HTTP where TLS is asked", https, http, "/", "L6RSP: 127.0.0.1:" + http + " does not speak TLS");
            is.told("TLS where HTTP is asked", "probe:http", good, "/", "L7STS: status 400, expected 200-399");

            nginx.hang();
            is.told(
                    "hung (kill -STOP)",
                    "probe:http",
                    http,
                    "/",
                    "L7TOUT: no answer from 127.0.0.1:" + http + " within 1.5 s");
            is.told("hung, TLS", https, good, "/", "L6TOUT: no TLS handshake with 127.0.0.1:" + good + " within 1.5 s");
            nginx.goOn();
            is.told("goes on", "probe:http", http, "/", "L7OK: status 200");
            nginx.stop();
            is.told("stopped", "probe:http", http, "/", "L4CON: connection refused by 127.0.0.1:" + http);
            is.told("stopped, TLS", https, good, "/", "L4CON: connection refused by 127.0.0.1:" + good);
            nginx.start();
            is.told("started again", https, good, "/", "L7OK: status 200", "good");

            odd(is, nginx, http);
        }
        System.out.println("state of the server           | verdict");
        table.forEach(System.out::println);
    }

    /** What nginx never does. While it is done, nginx's own verdict stays what it is. */
    private void odd(Verdicts is, Nginx nginx, int http) throws Exception {
        try (Peer peer = Peer.saying("<?xml version='1.0'?><stream:stream xmlns='jabber:client'>")) {
            is.told(
                    "XMPP",
                    "probe:http",
                    peer.port(),
                    "/",
                    "L7RSP: expected an HTTP status, received \"<?xml version='1.0'?><stream:stream xmlns='jabber:client'>\"");
        }
        CountDownLatch never = new CountDownLatch(1);
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            Peer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
            do {
                Peer.say(socket, "x");
            } while (!never.await(1, TimeUnit.SECONDS));
        })) {
            is.told(
                    "a byte a second",
                    "probe:http?contains=ok",
                    peer.port(),
                    "/",
                    "L7TOUT: no complete answer from 127.0.0.1:" + peer.port() + " within 1.5 s, received 21 bytes");
            is.told("meanwhile", "probe:http", http, "/", "L7OK: status 200");
        }
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            Peer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < 1024; i++) {
                out.write(MEBIBYTE);
            }
        })) {
            is.told(
                    "1 GB",
                    "probe:http?contains=ok",
                    peer.port(),
                    "/",
                    "L7RSP: status 200, but no \"ok\" in the first 64 KiB of the body");
            is.told("meanwhile", "probe:http", http, "/", "L7OK: status 200");
        }
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            Peer.say(socket, "HTTP/1.1 200 OK\r\nContent-Le");
            // What was said is to arrive before the reset does away with it.
            never.await(200, TimeUnit.MILLISECONDS);
            Peer.reset(socket);
        })) {
            is.told(
                    "reset in the middle",
                    "probe:http",
                    peer.port(),
                    "/",
                    "L7RSP: connection reset by 127.0.0.1:" + peer.port() + " after 27 bytes");
            is.told("meanwhile", "probe:http", http, "/", "L7OK: status 200");
        }
    }

    private String tls(int port, String alias, String more) throws Exception {
        return """
                server {
                  listen 127.0.0.1:%d ssl;
                  ssl_certificate %s;
                  ssl_certificate_key %s;
                  %s
                  location / { return 200 "paris"; }
                }
                """
                .formatted(port, certificates.pem(alias), certificates.key(alias), more);
    }

    private LocalDate day(String alias) throws Exception {
        return LocalDate.ofInstant(certificates.expires(alias), ZoneOffset.UTC);
    }

    private final class Verdicts {
        private final Probing probing;

        Verdicts(Probing probing) {
            this.probing = probing;
        }

        void told(String state, String uri, int port, String path, String explained) {
            verdict(state, uri, port, path, explained);
        }

        /** Of a server whose certificate is {@code alias}; null if it cannot be seen. */
        void told(String state, String uri, int port, String path, String explained, String alias) throws Exception {
            assertThat(verdict(state, uri, port, path, explained).certificateExpires())
                    .as(state)
                    .isEqualTo(alias == null ? null : certificates.expires(alias));
        }

        private Verdict verdict(String state, String uri, int port, String path, String explained) {
            Duration timeout = explained.contains("TOUT") ? PATIENT : GENEROUS;
            Verdict verdict = probing.probe(uri, server("127.0.0.1", port, path, "chat.example", timeout));
            table.add("%-29s | %s".formatted(state, verdict.explained()));
            assertThat(verdict.explained()).as(state).isEqualTo(explained);
            return verdict;
        }
    }
}
