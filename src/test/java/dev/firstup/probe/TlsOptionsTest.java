package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsOptionsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n\r\n";

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Probing probing;

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder)
                .signed("good", "CN=chat.example", "-ext", "san=dns:chat.example")
                .signed("monitor", "CN=monitor");
        probing = new Probing();
        probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", folder.toString());
        certificates.key("monitor");
        certificates.key("good");
        Files.writeString(folder.resolve("no.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "certificate-days=-1                             | certificate-days is -1, expected a number of days such as 14",
                "tls-min=1.1                                     | tls-min is \"1.1\", expected 1.2 or 1.3",
                "client-key=file:monitor.key                     | client-key needs a client-cert",
                "client-cert=CERT                                | client-cert needs a client-key, as file:NAME or env:NAME",
                "client-cert=none.pem&client-key=file:monitor.key | client-cert cannot be read, expected certificates in the PEM file none.pem: none.pem",
                "client-cert=CERT&client-key=monitor.key         | client-key: a secret is given by name, as env:NAME or file:NAME, never by its value",
                "client-cert=CERT&client-key=file:no.key         | client-key: file:no.key holds no EC key in PKCS#8, expected a PEM file with BEGIN PRIVATE KEY (openssl pkcs8 -topk8 -nocrypt)",
                "client-cert=CERT&client-key=file:monitor.pem    | client-key: file:monitor.pem holds no EC key in PKCS#8, expected a PEM file with BEGIN PRIVATE KEY (openssl pkcs8 -topk8 -nocrypt)",
                "client-cert=CERT&client-key=file:good.key       | client-key is not the key of the first certificate in CERT",
                "alpn=,                                          | alpn is \",\", expected names of protocols such as h2,http/1.1"
            })
    void whatIsWrongIsExplained(String options, String message) throws Exception {
        String file = certificates.pem("monitor").toString();
        assertThatThrownBy(() -> probing.context().getEndpoint("probe:tls?" + options.replace("CERT", file)))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("probe:tls: " + message.replace("CERT", file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"verify=false", "ca=x", "certificate-days=1", "tls-min=1.3", "client-cert=x", "client-key=x"})
    void httpAloneHasNoCertificates(String option) {
        assertThatThrownBy(() -> probing.context().getEndpoint("probe:http?" + option))
                .cause()
                .hasMessage("probe:http: " + option.split("=")[0]
                        + " means nothing here: http speaks no TLS unless it follows redirects, expected redirects=follow"
                        + " or https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theCertificateIsKnownAlsoIfTheServerEndsTheHandshake(String version) throws Exception {
        try (Peer peer = Peer.on(asking(version), Peer.answering(OK))) {
            Verdict verdict = probing.probe("probe:https?ca=" + certificates.pem("ca"), server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained()).contains("Received fatal alert: ");
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("good"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatSpeaksNoVersionOfOursIsDown(String version) throws Exception {
        try (Peer peer = Peer.on(asking(version), Peer.answering(OK))) {
            assertThat(probing.probe(
                                    "probe:https?tls-min=1.3&client-key=file:monitor.key&client-cert="
                                            + certificates.pem("monitor") + "&ca=" + certificates.pem("ca"),
                                    server(peer.port()))
                            .explained())
                    .isEqualTo(
                            version.equals("TLSv1.3")
                                    ? "L7OK: status 200"
                                    : "L6RSP: the server speaks TLSv1.2, expected at least TLSv1.3");
        }
    }

    @Test
    void aKeyIsShownNowhere() throws Exception {
        Path key = folder.resolve("monitor.key");
        String inside = Files.readAllLines(key).get(1);
        Files.writeString(folder.resolve("torn.key"), Files.readString(key).replace(inside, inside.substring(8)));

        assertThatThrownBy(() -> probing.context()
                        .getEndpoint("probe:tls?client-key=file:torn.key&client-cert=" + certificates.pem("monitor")))
                .satisfies(e -> {
                    for (Throwable it = e; it != null; it = it.getCause()) {
                        assertThat("" + it).doesNotContain(inside.substring(8, 24));
                    }
                });
    }

    /** A listener that wants to be shown a certificate of the test's own authority. */
    private static SSLServerSocket asking(String version) throws Exception {
        SSLServerSocket listener = (SSLServerSocket) certificates.listener("good", new ConcurrentLinkedQueue<>(), "ca");
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setNeedClientAuth(true);
        parameters.setProtocols(new String[] {version});
        listener.setSSLParameters(parameters);
        return listener;
    }
}
