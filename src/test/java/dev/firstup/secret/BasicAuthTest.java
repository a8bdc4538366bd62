package dev.firstup.secret;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class BasicAuthTest {
    private static final String PASSWORD = "a&b=c%+#)";

    @RegisterExtension
    static final WireMockExtension HOST = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path secrets;

    private final BasicAuth auth = new BasicAuth();

    @BeforeEach
    void secret() throws Exception {
        Files.writeString(secrets.resolve("host"), PASSWORD + "\n");
        auth.setUsername("mé@example.org");
        auth.setPassword("file:host");
        auth.setFolder(secrets.toString());
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
                        "the password file:host is not sent to http://0.0.0.0, where anybody on the way can read it: use https (http is for this machine only)");
        assertThat(HOST.getAllServeEvents()).isEmpty();
    }

    @Test
    void refusesAUserNameThatCannotBeSent() throws Exception {
        auth.setUsername("a:b");

        assertThat(ask("http://127.0.0.1:" + HOST.getPort() + "/").getException())
                .hasMessage("the user name a:b contains a colon, which Basic authentication cannot carry");
    }

    private Exchange ask(String uri) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("auth", auth);
            context.start();
            return context.createFluentProducerTemplate()
                    .to(uri + (uri.contains("?") ? "&" : "?")
                            + "httpClientConfigurer=#bean:auth&throwExceptionOnFailure=false&connectTimeout=10000")
                    .withHeader("User-Agent", "Example - Program - 1.0")
                    .send();
        }
    }
}
