package dev.firstup.secret;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SecretInjectorTest {
    private static final String PASSWORD = "a&b=c%+#)";

    /** Looks like a marker itself: what was put in is not looked through again. */
    private static final String OTHER = "q\"\\{secret}";

    @RegisterExtension
    static final WireMockExtension HOST = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path secrets;

    private final SecretInjector injector = new SecretInjector();
    private String type;
    private String body;
    private String username = "mé@example.org";

    @BeforeEach
    void secret() throws Exception {
        Files.writeString(secrets.resolve("host"), PASSWORD + "\n");
        Files.writeString(secrets.resolve("other"), OTHER);
        injector.setFolder(secrets.toString());
    }

    @Test
    void sendsUserAndPasswordWithEveryRequest() throws Exception {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withBody("good 192.0.2.20")));

        Exchange asked =
                ask("http://127.0.0.1:" + HOST.getPort() + "/nic/update?hostname=a.example.org&myip=192.0.2.20");

        assertThat(asked.getMessage().getBody(String.class)).isEqualTo("good 192.0.2.20");
        String pair =
                Base64.getEncoder().encodeToString(("mé@example.org:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HOST.verify(
                1,
                getRequestedFor(urlEqualTo("/nic/update?hostname=a.example.org&myip=192.0.2.20"))
                        .withHeader("Authorization", equalTo("Basic " + pair))
                        .withHeader("User-Agent", equalTo("Example - Program - 1.0")));
        assertThat(asked.getMessage().getHeaders().toString()).doesNotContain(pair, PASSWORD);
        assertThat(HOST.getAllServeEvents().get(0).getRequest().getHeaders().keys())
                .noneMatch(it -> it.toLowerCase(Locale.ROOT).startsWith("firstup"));
    }

    @Test
    void opensMarkersWhereverTheyStandEscapedAsThePlaceNeedsIt() throws Exception {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse()));
        type = "application/json";
        body = "{\"key\": \"{secret}\", \"other\": \"{secret2}\", \"not\": \"{ip}\"}";

        ask("http://127.0.0.1:" + HOST.getPort() + "/u/{secret}/?n={username}&p={secret2}");

        LoggedRequest request = HOST.getAllServeEvents().get(0).getRequest();
        assertThat(request.getUrl()).isEqualTo("/u/a%26b=c%25%2B%23%29/?n=m%C3%A9%40example.org&p=q%22%5C%7Bsecret%7D");
        assertThat(request.getHeader("X-Key")).isEqualTo(PASSWORD + "/" + OTHER);
        assertThat(request.getBodyAsString())
                .isEqualTo("{\"key\": \"a&b=c%+#)\", \"other\": \"q\\\"\\\\{secret}\", \"not\": \"{ip}\"}");

        type = "application/x-www-form-urlencoded";
        body = "key={secret}";
        ask("http://127.0.0.1:" + HOST.getPort() + "/");
        assertThat(HOST.getAllServeEvents().get(0).getRequest().getBodyAsString())
                .isEqualTo("key=a%26b=c%25%2B%23%29");
    }

    @Test
    void blotsOutWhatAnAnswerRepeats() throws Exception {
        HOST.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withBody("bad key " + PASSWORD + ", a%26b%3Dc%25%2B%23%29, "
                                + Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8)))));

        assertThat(ask("http://127.0.0.1:" + HOST.getPort() + "/").getMessage().getBody(String.class))
                .isEqualTo("bad key (secret), (secret), (secret)");
    }

    @Test
    void blotsOutWhatAnAnswerRepeatsInAnyFormThatItWasSentIn() throws Exception {
        String pair =
                Base64.getEncoder().encodeToString(("mé@example.org:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HOST.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withBody(String.join(
                                " ",
                                pair,
                                "q\"\\{secret}",
                                "q\\\"\\\\{secret}",
                                "a&amp;b=c%+#)",
                                "a%26b=c%25%2B%23%29",
                                "a%26b%3dc%25%2b%23%29"))));

        assertThat(ask("http://127.0.0.1:" + HOST.getPort() + "/").getMessage().getBody(String.class))
                .isEqualTo("(secret) (secret) (secret) (secret) (secret) (secret)");
    }

    /** Camel has the headers of an answer in its messages, and shows these when it says everything. */
    @Test
    void blotsOutWhatTheHeadersOfAnAnswerRepeat() throws Exception {
        HOST.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(301)
                        .withStatusMessage("Moved with " + PASSWORD)
                        .withHeader("Location", "https://elsewhere.example.net/?key=a%26b%3Dc%25%2B%23%29")
                        .withHeader("X-Asked", PASSWORD, "again " + PASSWORD)));

        Exchange asked = ask("http://127.0.0.1:" + HOST.getPort() + "/");

        assertThat(asked.getMessage().getHeader("Location")).isEqualTo("https://elsewhere.example.net/?key=(secret)");
        assertThat(asked.getMessage().getHeaders().toString())
                .contains("again (secret)")
                .doesNotContain(PASSWORD);
    }

    @Test
    void escapesForAnyJsonAndXml() throws Exception {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse()));
        type = "application/vnd.api+json";
        body = "{\"other\": \"{secret2}\"}";
        ask("http://127.0.0.1:" + HOST.getPort() + "/");
        assertThat(HOST.getAllServeEvents().get(0).getRequest().getBodyAsString())
                .isEqualTo("{\"other\": \"q\\\"\\\\{secret}\"}");

        type = "text/xml";
        body = "<key>{secret}</key>";
        ask("http://127.0.0.1:" + HOST.getPort() + "/");
        assertThat(HOST.getAllServeEvents().get(0).getRequest().getBodyAsString())
                .isEqualTo("<key>a&amp;b=c%+#)</key>");
    }

    @Test
    void readsNoHeaderWithoutAnEnd() throws Exception {
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talker = new Thread(() -> {
                try (Socket asked = host.accept();
                        OutputStream out = asked.getOutputStream()) {
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    byte[] header = ("X-More: " + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                    while (true) {
                        out.write(header);
                    }
                } catch (IOException e) {
                    // It is hung up on, as it should be.
                }
            });
            talker.setDaemon(true);
            talker.start();

            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(
                            ask("http://127.0.0.1:" + host.getLocalPort() + "/").getException())
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessageContaining("the answer is too long"));
        }
    }

    @Test
    void followsNoRedirectAndRepeatsNothing() throws Exception {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(302).withHeader("Location", "/elsewhere")));
        Exchange moved = ask("http://127.0.0.1:" + HOST.getPort() + "/nic/update");
        assertThat(moved.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(302);

        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503).withHeader("Retry-After", "1")));
        Exchange busy = ask("http://127.0.0.1:" + HOST.getPort() + "/nic/update");
        assertThat(busy.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(503);

        assertThat(HOST.getAllServeEvents()).hasSize(2);
    }

    @Test
    void sendsNoPasswordInTheClear() throws Exception {
        // The connection comes first: a name that is this machine by its address, but not by its form.
        Exchange asked = ask("http://0.0.0.0:" + HOST.getPort() + "/nic/update");

        assertThat(asked.getException())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the secret file:host is not sent to http://0.0.0.0, where anybody on the way can read it: use https (http is for this machine only)");
        assertThat(HOST.getAllServeEvents()).isEmpty();
    }

    @Test
    void refusesAUserNameThatCannotBeSent() throws Exception {
        username = "a:b";

        assertThat(ask("http://127.0.0.1:" + HOST.getPort() + "/").getException())
                .hasMessage("the user name a:b contains a colon, which Basic authentication cannot carry");
    }

    private Exchange ask(String uri) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("auth", injector);
            context.start();
            return context.createFluentProducerTemplate()
                    .to(uri + (uri.contains("?") ? "&" : "?")
                            + "httpClientConfigurer=#bean:auth&throwExceptionOnFailure=false&connectTimeout=10000")
                    .withHeader("User-Agent", "Example - Program - 1.0")
                    .withHeader("Authorization", "Basic {username}:{secret}")
                    .withHeader("X-Key", "{secret}/{secret2}")
                    .withHeader("Firstup-Username", username)
                    .withHeader("Firstup-Secret", "file:host")
                    .withHeader("Firstup-Secret2", "file:other")
                    .withHeader("Content-Type", type)
                    .withHeader(Exchange.HTTP_METHOD, body == null ? "GET" : "POST")
                    .withBody(body)
                    .send();
        }
    }
}
