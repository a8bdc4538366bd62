package dev.firstup.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackTest {
    private static final String HOOK = "/services/T0/B0/a&b=c%25+%23)?x=%26";

    @RegisterExtension
    static final WireMockExtension SLACK = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path secrets;

    private Accounts accounts;

    @Test
    void sendsTheEscapedTextToTheAddressInTheSecretAndNowhereElse() throws Exception {
        Exchange told = answered(aResponse().withBody("ok").withHeader("Set-Cookie", "a=b"));

        assertThat((Object) told.getException()).isNull();
        assertThat(told.getMessage().getBody()).isSameAs(Accounts.MESSAGE);
        SLACK.verify(
                1,
                postRequestedFor(urlEqualTo(HOOK))
                        .withHeader("Host", equalTo("127.0.0.1:" + SLACK.getPort()))
                        .withHeader("Content-Type", equalTo("application/json; charset=UTF-8"))
                        .withHeader("User-Agent", matching("Firstup firstup/.+"))
                        .withHeader("To", absent())
                        .withHeader("mail.smtp.host", absent())
                        .withRequestBody(
                                equalToJson(
                                        """
                                {"text": "chat: pâris &lt;1&gt; is down\\n\\n\
                                The server pâris &lt;1&gt; was found down.\\n\\n\
                                Why: L7STS: status 503, expected 200-399\\n\
                                When: 2025-01-31T10:15:07Z (Friday, 31 January 2025, 10:15:07 UTC)"}
                                """)));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_payload, 'Slack answered 400 invalid_payload: check the address in the secret'",
        "403, invalid_token, 'Slack answered 403 invalid_token: make a new incoming webhook in Slack and put its address"
                + " into the secret'",
        "403, action_prohibited, 'Slack answered 403 action_prohibited: ask an administrator of the Slack workspace to"
                + " allow it'",
        "404, no_service, 'Slack answered 404 no_service: make a new incoming webhook in Slack and put its address into"
                + " the secret'",
        "404, channel_not_found, 'Slack answered 404 channel_not_found: restore the channel in Slack, or make a webhook"
                + " for another one'",
        "410, channel_is_archived, 'Slack answered 410 channel_is_archived: restore the channel in Slack, or make a"
                + " webhook for another one'",
        "404, 'No such page: /services/T0', 'Slack answered 404: check the address in the secret'",
        "302, '', 'Slack answered 302: check the address in the secret'",
        "200, <html>, 'The webhook answered 200 without Slack''s \"ok\": check that the secret is the address of an"
                + " incoming webhook'",
    })
    void stopsWhereNoRepetitionHelps(int status, String body, String message) throws Exception {
        Exchange told = answered(aResponse().withStatus(status).withBody(body).withHeader("Location", "/elsewhere"));

        assertThat(told.getException()).isInstanceOf(StopException.class).hasMessage(message);
        assertThat(told.getMessage().getBody()).isSameAs(Accounts.MESSAGE);
        assertThat(SLACK.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "429, 30, PT30S, 'Slack answered 429: too many messages'",
        "429, soon, PT0S, 'Slack answered 429: too many messages'",
        "500, 7, PT0S, 'Slack answered 500 rollup_error'",
        "503, 7, PT0S, 'Slack answered 503 rollup_error'",
    })
    void waitsWhereARepetitionMayHelp(int status, String after, Duration delay, String message) throws Exception {
        Exchange told = answered(aResponse()
                .withStatus(status)
                .withBody(status == 429 ? "" : "rollup_error")
                .withHeader("Retry-After", after));

        assertThat(told.getException()).isInstanceOfSatisfying(WaitException.class, wait -> {
            assertThat(wait).hasMessage(message);
            assertThat(wait.delay()).isEqualTo(delay);
        });
        assertThat(SLACK.getAllServeEvents()).hasSize(1);
    }

    @Test
    void waitsWhenTheConnectionBreaks() throws Exception {
        Exchange told = answered(aResponse().withFault(Fault.EMPTY_RESPONSE));

        assertThat(told.getException())
                .isInstanceOf(WaitException.class)
                .hasMessageStartingWith("Slack cannot be reached: NoHttpResponseException: ");
        assertThat(told.getMessage().getBody()).isSameAs(Accounts.MESSAGE);
    }

    @Test
    void cutsAnAnswerThatHasNoEnd() throws Exception {
        Exchange told = answered(aResponse().withBody("ok".repeat(1 << 20)));

        assertThat(told.getException()).isInstanceOf(StopException.class);
        assertThat(told.getVariable("slackAnswer", String.class)).hasSize(64 * 1024);
    }

    @Test
    void saysWhichSecretIsMissingOrWrong() throws Exception {
        accounts = new Accounts(secrets, "slack", Map.of("webhook", "file:slack"));
        assertThat(accounts.tell().getException())
                .hasMessageStartingWith("file:slack cannot be read (NoSuchFileException): expected it in the file ");

        Files.writeString(secrets.resolve("slack"), "hooks.slack.com/a&b=c%+#)");
        assertThat(accounts.tell().getException())
                .hasMessage("file:slack is not an address as expected, such as https://hooks.slack.com/services/...");

        Files.writeString(secrets.resolve("slack"), "http://hooks.example.org/services/T0");
        assertThat(accounts.tell().getException())
                .hasMessage("file:slack is not sent to http://hooks.example.org, where anybody on the way can read"
                        + " it: use https (http is for this machine only)");
    }

    private Exchange answered(ResponseDefinitionBuilder answer) throws Exception {
        SLACK.stubFor(post(urlEqualTo(HOOK)).willReturn(answer));
        Files.writeString(secrets.resolve("slack"), "http://127.0.0.1:" + SLACK.getPort() + HOOK + "\n");
        accounts = new Accounts(secrets, "slack", Map.of("webhook", "file:slack"));
        return accounts.tell();
    }

    @AfterEach
    void close() {
        accounts.close();
    }
}
