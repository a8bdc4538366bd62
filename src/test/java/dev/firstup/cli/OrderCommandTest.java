package dev.firstup.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
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
import com.github.tomakehurst.wiremock.http.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class OrderCommandTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static final String QUEUE =
            """
            {"name": "chat", "record": "chat.example.dyndns.org", "chosen": "tokyo", "allDown": false, "stasis": null,
             "failbackLimited": null, "notFirst": null, "orders": [], "publications": [], "findings": ["an alias leads away"],
             "servers": [
               {"name": "paris", "state": "up", "effective": "drain", "chosen": false, "degraded": ["certificate", "slow"],
                "explained": "L7OK: status 200", "order": {"kind": "drain", "server": "paris",
                "since": "2025-01-31T10:10:07.123Z", "until": "2025-01-31T10:40:07.123Z", "reason": "kernel"}},
               {"name": "tokyo", "state": "falling", "effective": "up", "chosen": true, "degraded": [],
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
                home.resolve("application.properties"),
                "firstup.port=" + server.port() + "\nfirstup.token=keys/token\n");
        Files.createDirectory(home.resolve("keys"));
        Files.writeString(home.resolve("keys/token"), TOKEN + "\n");
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

    private void assertRefused(String... parts) {
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .singleElement()
                .satisfies(it ->
                        assertThat(it).startsWith("firstup: ").contains(parts).doesNotContain(TOKEN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "drain chat paris | {\"kind\": \"drain\", \"server\": \"paris\"}",
                "drain chat paris --for 30m --because kernel | {\"kind\": \"drain\", \"server\": \"paris\", \"for\": \"30m\", \"because\": \"kernel\"}",
                "maint --because=kernel chat paris | {\"kind\": \"maint\", \"server\": \"paris\", \"because\": \"kernel\"}",
                "force-up chat paris | {\"kind\": \"force-up\", \"server\": \"paris\"}",
                "force-down chat paris | {\"kind\": \"force-down\", \"server\": \"paris\"}",
                "move chat paris/ipv6 --for 1h | {\"kind\": \"move\", \"server\": \"paris/ipv6\", \"for\": \"1h\"}",
                "ready chat paris | {\"kind\": \"ready\", \"server\": \"paris\"}",
                "ready chat | {\"kind\": \"ready\"}",
                "freeze chat --for 1h | {\"kind\": \"freeze\", \"for\": \"1h\"}",
                "failback chat | {\"kind\": \"failback\"}"
            })
    void isSentWithTheToken(String command, String body) {
        assertThat(run(command.split(" "))).as(err.toString()).isZero();
        server.verify(
                1,
                postRequestedFor(urlEqualTo("/api/queues/chat/orders"))
                        .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withRequestBody(equalToJson(body)));
    }

    @Test
    void theQueueIsShownAsItIsThen() {
        assertThat(run("drain", "chat", "paris")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "chat: chat.example.dyndns.org should name tokyo",
                        "   an alias leads away",
                        "   paris            drain    L7OK: status 200 [certificate, slow]",
                        "     drain since 2025-01-31T10:10:07Z, until 2025-01-31T10:40:07Z: kernel; really up",
                        " * tokyo            falling  not probed yet");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatIsTrueOfTheWholeQueueIsShownAsWell() {
        answer(
                200,
                QUEUE.replace("\"allDown\": false", "\"allDown\": true")
                        .replace("\"stasis\": null", "\"stasis\": \"2025-01-31T10:15:07Z\"")
                        .replace("\"failbackLimited\": null", "\"failbackLimited\": \"2025-01-31T09:15:07Z\"")
                        .replace("\"notFirst\": null", "\"notFirst\": \"paris is drained\"")
                        .replace(
                                "\"orders\": []",
                                "\"orders\": [{\"kind\": \"freeze\", \"server\": null, \"since\": \"2025-01-31T10:10:07Z\","
                                        + " \"until\": null, \"reason\": \"\"}, {\"kind\": \"move\", \"server\": \"tokyo\","
                                        + " \"since\": \"2025-01-31T10:10:07Z\", \"until\": null, \"reason\": \"a test\"}]"));
        assertThat(run("ready", "chat")).isZero();
        assertThat(out.toString().lines())
                .startsWith(
                        "chat: chat.example.dyndns.org should name tokyo",
                        "   in stasis since 2025-01-31T10:15:07Z: this monitor looks cut off, nothing is changed",
                        "   all servers are down",
                        "   freeze since 2025-01-31T10:10:07Z",
                        "   move to tokyo since 2025-01-31T10:10:07Z: a test",
                        "   back to a better server by hand only since 2025-01-31T09:15:07Z: it went back too often",
                        "   not the first server: paris is drained");
    }

    @Test
    void statusShowsTheSameWithoutTheToken() throws Exception {
        Files.delete(home.resolve("keys/token"));
        run("ready", "chat");
        assertRefused("there is no token file " + home.resolve("keys/token"), "./firstup", "firstup.token");
        answer(200, "{\"queues\": [" + QUEUE + "], \"problems\": []}");
        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains(" drain since 2025-01-31T10:10:07Z, until 2025-01-31T10:40:07Z: kernel");
        server.verify(1, getRequestedFor(urlEqualTo("/api/queues")).withHeader("Authorization", absent()));
    }

    @Test
    void aRefusalIsTheServersOwnSentence() {
        answer(409, "{\"status\": 409, \"error\": \"paris is in maint: order ready for it first\"}");
        assertThat(run("move", "chat", "paris")).isEqualTo(1);
        assertRefused("firstup: paris is in maint: order ready for it first");
    }

    @Test
    void somethingElseIsNotTakenForFirstup() {
        answer(502, "<h1>Bad Gateway</h1>");
        assertThat(run("failback", "chat")).isEqualTo(1);
        assertRefused("answers with status 502", "firstup.port");
    }

    @Test
    void noAnswerIsSaid() {
        server.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        assertThat(run("failback", "chat")).isEqualTo(1);
        assertRefused("no Firstup answers at http://127.0.0.1:" + server.port());
    }

    @Test
    void whoMayReadTheTokenIsSaid() throws Exception {
        // As root, who may be running this, anything else can be read.
        Path file = home.resolve("keys/token");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(run("failback", "chat")).isEqualTo(1);
        assertRefused(file + " cannot be read: only " + Files.getOwner(file).getName() + " may");
    }

    @Test
    void aTokenThatIsNoneIsNotSent() throws Exception {
        Files.writeString(home.resolve("keys/token"), "0123\n4567\n");
        assertThat(run("failback", "chat")).isEqualTo(1);
        assertRefused("holds no token");
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void aNameIsNoPath() {
        assertThat(run("failback", "../a b?c")).isZero();
        server.verify(1, postRequestedFor(urlEqualTo("/api/queues/..%2Fa%20b%3Fc/orders")));
    }

    @Test
    void aCommandWithoutItsServerIsWrong() {
        assertThat(run("drain", "chat")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required parameter: 'SERVER'");
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void helpSaysWhatEachDoes() {
        List<String> commands = List.of(
                "drain", "maint", "force-up", "force-down", "move", "ready", "freeze", "failback", "publish", "drill");
        for (String command : commands) {
            out.getBuffer().setLength(0);
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString()).contains("Usage: firstup " + command).contains("QUEUE");
        }
        out.getBuffer().setLength(0);
        run("--help");
        assertThat(out.toString()).contains(commands).contains("Takes a server out of service and stops probing it.");
    }
}
