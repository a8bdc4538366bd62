package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.probe.engine.Re2Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConditionsTest {
    private static final String SECRET = "a&b=c%+#) \u00e9";

    @TempDir
    private static Path secrets;

    private static Probing probing;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(secrets.resolve("password"), SECRET + "\n");
        Files.writeString(secrets.resolve("token"), "Tok/en~1234567890\n");
        Files.writeString(secrets.resolve("broken"), "one\ntwo");
        probing = new Probing();
        probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", secrets.toString());
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not-contains=bad             | UP   | L7OK: status 200, the body is as expected",
                "not-contains=degraded        | DOWN | L7RSP: status 200, but the body contains \"degraded\"",
                "contains=ok&not-contains=bad | UP   | L7OK: status 200, the body is as expected",
                "contains=up&not-contains=bad | DOWN | L7RSP: status 200, but no \"up\" in the 67 bytes of the body",
                "matches=\"count\": [0-9]%2B} | UP   | L7OK: status 200, the body is as expected",
                "contains=%22ok%22%2C%20%22data | UP | L7OK: status 200, the body contains \"\"ok\", \"data\"",
                "contains=a%26b%3Dc%25        | DOWN | L7RSP: status 200, but no \"a&b=c%\" in the 67 bytes of the body",
                "matches=ab{3}$               | DOWN | L7RSP: status 200, but no match of \"ab{3}$\" in the 67 bytes of the body, which is \"{\"state\": \"ok\", \"data\": {\"items\": [{\"state\": \"degraded\"}], \"...\"",
                "json=state=ok                | UP   | L7OK: status 200, the body is as expected",
                "json=data.count=3            | UP   | L7OK: status 200, the body is as expected",
                "json=data.items.0.state=ok   | DOWN | L7RSP: status 200, but data.items.0.state is \"degraded\", expected \"ok\"",
                "json=data.items.1.state=ok   | DOWN | L7RSP: status 200, but data.items.1.state is missing, expected \"ok\"",
                "json=data.items=ok           | DOWN | L7RSP: status 200, but data.items is a list, expected \"ok\"",
                "json=data=ok                 | DOWN | L7RSP: status 200, but data is an object, expected \"ok\"",
                "json=state.x=ok              | DOWN | L7RSP: status 200, but state.x is missing, expected \"ok\"",
                "expect-header-content-type=^application/json | UP   | L7OK: status 200",
                "expect-header-Content-Type=html | DOWN | L7RSP: status 200, but the header content-type is \"application/json\", expected a match of \"html\"",
                "expect-header-x-node=paris   | DOWN | L7RSP: status 200, but the header x-node is missing, expected a match of \"paris\"",
                "expect-header-x-two=second   | UP   | L7OK: status 200",
                "max-time=20s                 | UP   | L7OK: status 200"
            })
    void anAnswerMustBeAsExpected(String options, ProbeOutcome outcome, String explained) throws IOException {
        String body = "{\"state\": \"ok\", \"data\": {\"items\": [{\"state\": \"degraded\"}], \"count\": 3}}";
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Two: first\r\nX-Two: second\r\n";
        int half = body.length() / 2;
        for (String answer : new String[] {
            head + "Content-Length: " + body.length() + "\r\n\r\n" + body,
            head + "\r\n" + body,
            head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(half) + "\r\n" + body.substring(0, half)
                    + "\r\n" + Integer.toHexString(body.length() - half) + "\r\n" + body.substring(half)
                    + "\r\n0\r\n\r\n"
        }) {
            try (Peer peer = Peer.saying(answer)) {
                Verdict verdict = probing.probe("probe:http?" + options, server(peer.port()));

                assertThat(verdict.explained().replace(body.length() + " bytes", "67 bytes"))
                        .isEqualTo(explained);
                assertThat(verdict.outcome()).isEqualTo(outcome);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.10   | 1.10   | the body is as expected",
                "1.1    | 1.10   | the body is as expected",
                "100    | 1e2    | the body is as expected",
                "1E2    | 100.0  | the body is as expected",
                "-0     | 0      | the body is as expected",
                "12345678901234567.8901 | 12345678901234567.8901 | the body is as expected",
                "12345678901234567.8901 | 12345678901234567.89   | but version is \"12345678901234567.8901\", expected \"12345678901234567.89\"",
                "\"1.10\" | 1.10 | the body is as expected",
                "\"1.10\" | 1.1  | but version is \"1.10\", expected \"1.1\"",
                "1.10   | 1.2    | but version is \"1.10\", expected \"1.2\"",
                "7      | 007    | but version is \"7\", expected \"007\"",
                "1e999999 | 1    | but version is \"1E+999999\", expected \"1\"",
                "1e99999999999 | 1 | but the body is not JSON: \"{\"version\": 1e99999999999}\"",
                "true   | 1      | but version is \"true\", expected \"1\""
            })
    void numbersAreComparedAsNumbers(String written, String expected, String explained) throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\n{\"version\": " + written + "}")) {
            assertThat(probing.probe("probe:http?json=version=" + expected, server(peer.port()))
                            .explained())
                    .matches("L7(OK|RSP): status 200, " + Pattern.quote(explained));
        }
    }

    @Test
    void aPlusIsNoBlankAndAnAmpersandNoEnd() throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\na+b a&status=500")) {
            for (String found : new String[] {"RAW(a+b)", "RAW(a%2Bb)", "RAW(a%26status=500)", "RAW(b%20a)"}) {
                assertThat(probing.probe("probe:http?contains=" + found, server(peer.port()))
                                .outcome())
                        .isEqualTo(ProbeOutcome.UP);
            }
            assertThat(probing.probe("probe:http?contains=RAW(a%20b)", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: status 200, but no \"a b\" in the 16 bytes of the body");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>           | the body is not JSON: \"<html>\"",
                "{\"state\":\"ok\"} x | the body is not JSON: \"{\"state\":\"ok\"} x\"",
                "''               | the body is not JSON: \"\""
            })
    void whatIsNoJsonIsShown(String body, String but) throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\n" + body)) {
            assertThat(probing.probe("probe:http?json=state=ok", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: status 200, but " + but);
        }
    }

    @Test
    void jsonIsReadWithinBounds() throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\n" + "[".repeat(60_000))) {
            assertThat(probing.probe("probe:http?json=0=ok", server(peer.port()))
                            .explained())
                    .startsWith("L7RSP: status 200, but the body is not JSON: \"[[[");
        }
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\n\"" + "x".repeat(70_000) + "\"")) {
            assertThat(probing.probe("probe:http?json=0=ok", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: status 200, but the body is longer than 64 KiB, too long for a look at 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$b", "(a|aa)+$b", "(?:|){40}x", "(a?){50}b", "(.*)*b"})
    void noPatternHoldsUpAnEventLoop(String pattern) {
        Re2Pattern regex = new Re2Pattern(pattern);
        long start = System.nanoTime();

        assertThat(regex.foundIn("a".repeat(64 * 1024))).isFalse();
        assertThat(regex.foundIn("")).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aComplicatedPatternIsLookedForInLess() throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\n" + "a".repeat(50_000))) {
            assertThat(probing.probe("probe:http?matches=(a?){100}b", server(peer.port()))
                            .explained())
                    .matches("L7RSP: status 200, but no match of \"\\(a\\?\\)\\{100}b\" in the first [0-9]{4}"
                            + " characters of the body, which is \"a{60}\\.\\.\\.\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "matches=                | matches: empty, expected a regular expression (RE2)",
                "matches=a(              | matches: \"a(\", which is no regular expression (RE2): missing closing )",
                "matches=(a)\\1          | matches: \"(a)\\1\", which is no regular expression (RE2): invalid escape sequence",
                "matches=((a{99}){99}){9} | matches: \"((a{99}){99}){9}\", which is too large: make its repetitions smaller",
                "matches=(abcdefgh{30}){30} | matches: \"(abcdefgh{30}){30}\", which is too large: make its repetitions smaller",
                "json=ok                 | json: \"ok\", expected a place and its value such as status=ok or data.items.0.status=ok",
                "json=a..b=ok            | json: \"a..b=ok\", expected a place and its value such as status=ok or data.items.0.status=ok",
                "body=x                  | body cannot go with method GET, expected method POST or PUT",
                "content-type=text/plain | content-type needs a body",
                "method=POST&body=x&content-type=json | content-type is \"json\", expected a media type such as application/json",
                "header-Host=x           | header-Host cannot be given, there are host, content-type, username and password, and token",
                "header-x=%0D%0AEvil: y  | header-x has characters that no header can carry",
                "header-x=1&header-X=2   | header-X is given twice",
                "username=me             | username needs a password, as env:NAME or file:NAME",
                "password=env:HOME       | password needs a username",
                "username=me&password=hunter2 | password: a secret is given by name, as env:NAME or file:NAME, never by its value",
                "token=env:HOME&username=me | token cannot go with username and password",
                "username=a:b&password=env:HOME | username has a colon or a control character in it, expected a user name alone",
                "redirects=maybe         | redirects is \"maybe\", expected up, down or follow",
                "max-time=0s             | max-time is \"0s\", expected a time such as 800ms or 2s",
                "not-contains=           | not-contains is empty, expected a text that the body must not contain",
                "method=HEAD&json=a=b    | json cannot go with method HEAD, whose answer has no body"
            })
    void whatIsWrongIsExplained(String options, String message) {
        assertThatThrownBy(() -> probing.context().getEndpoint("probe:http?" + options))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("probe:http: " + message);
    }

    @Test
    void headersAndBodyAreSent() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (Peer peer = Peer.of(socket -> {
            String head = Peer.request(socket);
            requests.add(head + new String(socket.getInputStream().readNBytes(8)));
            Peer.say(socket, "HTTP/1.1 204 No\r\n\r\n");
        })) {
            Verdict verdict = probing.probe(
                    "probe:http?method=POST&body=%7B\"a\":1%7D%0A&content-type=application/json&header-X-Key=k, 1"
                            + "&header-User-Agent=me&header-accept=a/b",
                    server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: status 204");
            assertThat(requests.poll(10, TimeUnit.SECONDS))
                    .isEqualTo("POST / HTTP/1.1\r\nHost: chat.example:" + peer.port()
                            + "\r\nConnection: close\r\naccept: a/b\r\nContent-Type: application/json\r\nUser-Agent: me"
                            + "\r\nX-Key: k, 1\r\nContent-Length: 8\r\n\r\n{\"a\":1}\n");
        }
    }

    @Test
    void credentialsAreReadJustBeforeTheyAreSent() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (Peer peer = Peer.of(socket -> {
            requests.add(Peer.request(socket));
            Peer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            probing.probe("probe:http?username=me@example&password=file:password", server(peer.port()));
            assertThat(requests.poll(10, TimeUnit.SECONDS))
                    .contains("\r\nAuthorization: Basic bWVAZXhhbXBsZTphJmI9YyUrIykgw6k=\r\n");

            Path changing = Files.writeString(secrets.resolve("changing"), "first");
            for (String token : new String[] {"second", "third"}) {
                Files.writeString(changing, token);
                probing.probe("probe:http?token=file:changing", server(peer.port()));
                assertThat(requests.poll(10, TimeUnit.SECONDS)).contains("\r\nAuthorization: Bearer " + token + "\r\n");
            }
        }
    }

    @Test
    void aSecretThatCannotBeSentIsThisMonitorsTrouble() {
        assertUnknown("token=file:missing", "file:missing cannot be read (NoSuchFileException)");
        assertUnknown(
                "token=file:broken", "file:broken has a blank, a line break or another character that no token has");
        assertUnknown("token=env:FIRSTUP_NO_SUCH_VARIABLE", "env:FIRSTUP_NO_SUCH_VARIABLE is not set");
    }

    @Test
    void whatAServerRepeatsOfASecretIsNotShown() throws IOException {
        String basic = "bWVAZXhhbXBsZTphJmI9YyUrIykgw6k=";
        for (String said : new String[] {
            "HTTP/1.1 200 OK\r\nX: bWVAZX\r\nX: " + basic + "\r\n\r\n{\"s\": \"" + SECRET + "\"}",
            "HTTP/1.1 200 OK\r\n" + basic + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a%26b%3Dc%25%2B%23%29+%C3%A9\r\n\r\n" + basic,
            "HTTP/1.1 200 OK\r\n\r\n" + basic.substring(0, 20),
            "HTTP/1.1 302 Found\r\nLocation: /?" + basic + "\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /?" + SECRET + "\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: //" + SECRET + "\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /?a%26b%3dc%25%2b%23%29+%c3%a9\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + SECRET + "\r\n\r\n{\"s\": \"a\\u0026b=c%+#) \\u00e9\"}",
            basic.substring(0, 20),
            basic
        }) {
            try (Peer peer = Peer.saying(new String(
                    said.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.nio.charset.StandardCharsets.ISO_8859_1))) {
                for (String condition : new String[] {
                    "json=s=ok", "matches=zz", "expect-header-x=zz", "redirects=down", "redirects=follow"
                }) {
                    Verdict verdict = probing.probe(
                            "probe:http?username=me@example&password=file:password&" + condition, server(peer.port()));
                    assertThat(verdict.reason()).doesNotContain("a&b", "a%26b", "a\\u0026b", "bWVAZXhh");
                }
            }
        }
    }

    @Test
    void aSecretThatNobodyWritesIsNone() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", secrets.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(probing.probe("probe:http?token=file:pipe", server(peer.port()))
                            .explained())
                    .isEqualTo("SOCKERR: file:pipe: " + secrets.resolve("pipe") + " is no file");
        }
    }

    @Test
    void aSlowAnswerIsDownWithItsTime() throws IOException {
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(120, TimeUnit.MILLISECONDS))
                    .get();
            Peer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            Verdict verdict = probing.probe("probe:http?max-time=100ms", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained())
                    .matches("L7TOUT: status 200, but after [0-9.]+ m?s, expected at most 100 ms");
            assertThat(verdict.took()).isBetween(Duration.ofMillis(120), GENEROUS);
        }
    }

    private static void assertUnknown(String options, String reason) {
        Verdict verdict = probing.probe("probe:http?" + options, server(9));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(verdict.reason()).startsWith(reason);
    }
}
