package dev.firstup.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code publish} and {@code drill} ask, and what they refuse. */
class PublishCommandTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static final String QUEUE =
            """
            {"name": "chat", "record": "chat.example.dyndns.org", "chosen": "paris", "allDown": false, "stasis": null,
             "state": "ok", "failbackLimited": null, "notFirst": null, "orders": [],
             "publications": [
               {"publisher": "no-ip", "record": "chat.example.dyndns.org", "type": "A", "state": "confirmed",
                "decided": ["192.0.2.10"], "confirmed": ["192.0.2.10"], "confirmedAt": "2025-01-31T10:10:07.123Z",
                "waitingUntil": null, "stopped": null, "ticket": null, "lastWrite": "2025-01-31T10:10:07.123Z",
                "lastRead": null, "repairs": [], "note": "good 192.0.2.10"},
               {"publisher": "own", "record": "chat.example.net", "type": "A", "state": "waiting",
                "decided": ["192.0.2.10"], "confirmed": [], "confirmedAt": null,
                "waitingUntil": "2025-01-31T10:20:07.123Z", "stopped": null, "ticket": "42", "lastWrite": null,
                "lastRead": "2025-01-30T10:10:07.123Z", "repairs": ["2025-01-31T01:10:07Z"], "note": null}],
             "servers": [
               {"name": "paris", "state": "up", "effective": "up", "chosen": true, "degraded": [],
                "explained": "L7OK: status 200", "order": null},
               {"name": "tokyo", "state": "up", "effective": "up", "chosen": false, "degraded": [],
                "explained": null, "order": null}]}
            """;

    private final WireMockServer server =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path home;

    @BeforeEach
    void start() throws Exception {
        server.start();
        answer(200, QUEUE);
        Files.writeString(
                home.resolve("application.properties"), "firstup.port=" + server.port() + "\nfirstup.token=token\n");
        Files.writeString(home.resolve("token"), TOKEN + "\n");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private void answer(int status, String body) {
        server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(body)));
    }

    private int run(String... arguments) {
        String before = System.getProperty("firstup.home");
        System.setProperty("firstup.home", home.toString());
        try {
            CommandLine line = Firstup.commandLine();
            line.setOut(new PrintWriter(out));
            line.setErr(new PrintWriter(err));
            return line.execute(arguments);
        } finally {
            if (before == null) {
                System.clearProperty("firstup.home");
            } else {
                System.setProperty("firstup.home", before);
            }
        }
    }

    @Test
    void allThatIsKnownIsShown() throws Exception {
        Files.delete(home.resolve("token"));
        assertThat(run("publish", "chat")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "chat: chat.example.dyndns.org should name paris",
                        "   chat.example.dyndns.org A at no-ip: confirmed",
                        "     decided    192.0.2.10",
                        "     confirmed  192.0.2.10, 2025-01-31T10:10:07Z",
                        "     note       good 192.0.2.10",
                        "     last write 2025-01-31T10:10:07Z",
                        "   chat.example.net A at own: waiting until 2025-01-31T10:20:07Z",
                        "     decided    192.0.2.10",
                        "     confirmed  nothing",
                        "     ticket     42",
                        "     last write never",
                        "     last read  2025-01-30T10:10:07Z",
                        "     repaired   2025-01-31T01:10:07Z");
        server.verify(1, getRequestedFor(urlEqualTo("/api/queues/chat")));
    }

    @Test
    void oneIsShown() {
        assertThat(run("publish", "chat", "--to", "own")).isZero();
        assertThat(out.toString()).contains(" at own: ").doesNotContain("no-ip");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"publish chat --retry | {}", "publish --retry chat --to no-ip | {\"to\": \"no-ip\"}"})
    void aRetryIsAskedForWithTheToken(String command, String body) {
        assertThat(run(command.split(" "))).as(err.toString()).isZero();
        server.verify(
                1,
                postRequestedFor(urlEqualTo("/api/queues/chat/retry"))
                        .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withRequestBody(equalToJson(body)));
        assertThat(out.toString()).contains(" at no-ip: confirmed");
    }

    @Test
    void aRefusalIsTheServersOwnSentence() {
        answer(409, "{\"status\": 409, \"error\": \"nothing of chat has stopped\"}");
        assertThat(run("publish", "chat", "--retry")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("firstup: nothing of chat has stopped\n");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"state\": \"waiting\" | \"state\": \"waiting\" | chat.example.net A at own: waiting until 2025-01-31T10:20:07Z,"
                        + " expected confirmed: see ./firstup publish chat",
                "\"state\": \"ok\" | \"state\": \"stasis\" | it is stasis, expected ok",
                "\"orders\": [] | \"orders\": [{\"kind\": \"move\", \"server\": \"paris\"}] | somebody has ordered move, expected",
                "\"explained\": null, \"order\": null | \"explained\": null, \"order\": {\"kind\": \"drain\"} |"
                        + " somebody has ordered drain of tokyo, expected nothing by hand: say ./firstup ready chat tokyo first",
                "\"state\": \"waiting\" | \"state\": \"stopped\", \"x\": 1 | chat.example.net A at own: stopped"
            })
    void aDrillIsRefusedUnlessAllIsWell(String found, String instead, String sentence) {
        answer(200, QUEUE.replace(found, instead));
        assertThat(run("drill", "chat")).isEqualTo(1);
        assertThat(err.toString()).startsWith("firstup: no drill: " + sentence);
        assertThat(out.toString()).isEmpty();
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void aDrillNeedsSomewhereToGo() {
        String well = QUEUE.replace("\"state\": \"waiting\"", "\"state\": \"confirmed\"");
        answer(
                200,
                well.replace("\"effective\": \"up\", \"chosen\": false", "\"effective\": \"down\", \"chosen\": false"));
        assertThat(run("drill", "chat")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("firstup: no drill: no server is up besides paris, so there is nowhere to go\n");
        answer(
                200,
                well.replaceFirst(
                        "(?s)\"publications\": \\[.*\\],\\s*\"servers\"", "\"publications\": [], \"servers\""));
        assertThat(run("drill", "chat")).isEqualTo(1);
        assertThat(err.toString()).endsWith("it is not published anywhere, so there is nothing to prove\n");
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @CsvSource({"soon", "0s", "2d", "''"})
    void patienceIsATime(String patience) {
        assertThat(run("drill", "chat", "--patience", patience)).isEqualTo(2);
        assertThat(err.toString())
                .contains("--patience is \"" + patience + "\", expected a time such as 5m or 2h, at most 1d");
    }
}
