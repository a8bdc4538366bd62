package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.http.HttpExpectation;
import dev.firstup.probe.http.HttpProtocol;
import dev.firstup.probe.http.HttpRequestTemplate;
import dev.firstup.probe.http.StatusRanges;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Probing probing;

    @BeforeAll
    static void start() {
        probing = new Probing();
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @Test
    void aGoodStatusIsUp() throws IOException {
        try (Peer peer = Peer.saying(OK)) {
            Verdict verdict = probing.probe("probe:http", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UP);
            assertThat(verdict.explained()).isEqualTo("L7OK: status 200");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.RESPONSE);
        }
    }

    @Test
    void theRequestIsUnderThePublicName() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (Peer peer = Peer.of(socket -> {
            requests.add(Peer.request(socket));
            Peer.say(socket, OK);
        })) {
            probing.probe("probe:http", server("127.0.0.1", peer.port(), "/up?deep=1", "chat.example", GENEROUS));
            assertThat(requests.poll(10, TimeUnit.SECONDS))
                    .isEqualTo("GET /up?deep=1 HTTP/1.1\r\nHost: chat.example:" + peer.port()
                            + "\r\nUser-Agent: firstup/dev\r\nAccept: */*\r\nConnection: close\r\n\r\n");

            probing.probe("probe:http?method=POST", server("127.0.0.1", peer.port(), "", "2001:db8::1", GENEROUS));
            assertThat(requests.poll(10, TimeUnit.SECONDS))
                    .startsWith("POST / HTTP/1.1\r\nHost: [2001:db8::1]:" + peer.port() + "\r\n")
                    .endsWith("\r\nContent-Length: 0\r\n\r\n");
        }
    }

    @Test
    void theUsualPortIsLeftOutOfTheHostHeader() {
        HttpProtocol http =
                new HttpProtocol(HttpRequestTemplate.of("GET"), HttpExpectation.of(new StatusRanges("200")), 80);
        for (int port : new int[] {0, 80}) {
            Dialogue dialogue = http.dialogue(server(port));
            assertThat(new String(dialogue.connected().say(), StandardCharsets.US_ASCII))
                    .contains("\r\nHost: chat.example\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probe:http                        | 503 | DOWN | L7STS: status 503, expected 200-399",
                "probe:http                        | 302 | UP   | L7OK: status 302",
                "probe:http?status=200,204,300-301 | 302 | DOWN | L7STS: status 302, expected 200,204,300-301",
                "probe:http?status=401             | 401 | UP   | L7OK: status 401",
                "probe:http?method=HEAD            | 204 | UP   | L7OK: status 204"
            })
    void theStatusDecides(String uri, int status, ProbeOutcome outcome, String explained) throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 " + status + " Whatever\r\n\r\n")) {
            Verdict verdict = probing.probe(uri, server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(outcome);
            assertThat(verdict.explained()).isEqualTo(explained);
        }
    }

    @Test
    void aStatusWithoutAPhraseAndOldVersionsAndInterimAnswersAreRead() throws IOException {
        for (String answer : new String[] {
            "HTTP/1.0 200\n\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK
        }) {
            try (Peer peer = Peer.saying(answer)) {
                assertThat(probing.probe("probe:http", server(peer.port())).explained())
                        .isEqualTo("L7OK: status 200");
            }
        }
    }

    @Test
    void whatIsNotHttpIsShown() throws IOException {
        assertAnswer("SSH-2.0-OpenSSH_9.2p1\r\n", "L7RSP: expected an HTTP status, received \"SSH-2.0-OpenSSH_9.2p1\"");
        assertAnswer("\0\7\u00ff<stream:stream", "L7RSP: expected an HTTP status, received \"???<stream:stream\"");
        assertAnswer("x".repeat(100), "L7RSP: expected an HTTP status, received \"" + "x".repeat(60) + "...\"");
        assertAnswer("HTTP/1.1 20 OK\r\n\r\n", "L7RSP: expected an HTTP status, received \"HTTP/1.1 20 OK\"");
        assertAnswer("HTTP/1.1 2000 OK\r\n\r\n", "L7RSP: expected an HTTP status, received \"HTTP/1.1 2000 OK\"");
        assertAnswer("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "L7RSP: expected a header, received \"nonsense\"");
    }

    @Test
    void aServerThatHangsUpIsDown() throws IOException {
        try (Peer peer = Peer.saying("")) {
            assertThat(probing.probe("probe:http", server(peer.port())).explained())
                    .isEqualTo("L7RSP: connection closed by 127.0.0.1:" + peer.port() + " before any answer");
        }
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\n")) {
            assertThat(probing.probe("probe:http", server(peer.port())).explained())
                    .isEqualTo("L7RSP: connection closed by 127.0.0.1:" + peer.port() + " after 17 bytes");
        }
    }

    @Test
    void aServerThatResetsIsDown() throws IOException {
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            Peer.reset(socket);
        })) {
            assertThat(probing.probe("probe:http", server(peer.port())).explained())
                    .isEqualTo("L7RSP: connection reset by 127.0.0.1:" + peer.port() + " before any answer");
        }
    }

    @Test
    void aSilentServerIsDownAtTheDeadline() throws IOException {
        try (Peer peer = Peer.of(Peer.silent())) {
            Verdict verdict = probing.probe("probe:http", server("127.0.0.1", peer.port(), SHORT));

            assertThat(verdict.explained())
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + peer.port() + " within 400 ms");
            assertThat(verdict.took()).isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void aTrickleOfBytesDoesNotMoveTheDeadline() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            Peer.say(socket, "HTTP/1.1 200 OK\r\n");
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                Peer.say(socket, "x");
            }
        })) {
            Verdict verdict = probing.probe("probe:http", server("127.0.0.1", peer.port(), SHORT));

            assertThat(verdict.explained())
                    .startsWith(
                            "L7TOUT: no complete answer from 127.0.0.1:" + peer.port() + " within 400 ms, received ");
            assertThat(verdict.took()).isBetween(SHORT, GENEROUS);
        }
    }

    @Test
    void anEndlessHeaderIsCutOff() throws IOException {
        try (Peer peer = flood("HTTP/1.1 200 OK\r\nX: ")) {
            assertThat(probing.probe("probe:http", server(peer.port())).explained())
                    .isEqualTo("L7RSP: the header section is longer than 16 KiB");
        }
    }

    @Test
    void anEndlessBodyIsNotRead() throws IOException {
        try (Peer peer = flood("HTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(probing.probe("probe:http", server(peer.port())).explained())
                    .isEqualTo("L7OK: status 200");
            assertThat(probing.probe("probe:http?contains=up", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: status 200, but no \"up\" in the first 64 KiB of the body");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nstate: all good",
                "HTTP/1.1 200 OK\r\n\r\nstate: all good",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8;a=b\r\nstate: a\r\n7\r\nll good\r\n0\r\n\r\n"
            })
    void theBodyIsSearched(String answer) throws IOException {
        try (Peer peer = Peer.saying(answer)) {
            assertThat(probing.probe("probe:http?contains=all good", server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: status 200, the body contains \"all good\"");
            assertThat(probing.probe("probe:http?contains=all bad", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: status 200, but no \"all bad\" in the 15 bytes of the body");
        }
    }

    private static String chunked(String body, int size) {
        StringBuilder chunks = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < body.length(); i += size) {
            String chunk = body.substring(i, Math.min(body.length(), i + size));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    @Test
    void theFramingOfChunksIsNoContent() throws IOException {
        String body = " ".repeat(60_000) + "all good";
        for (int size : new int[] {1, 5, 8, 1_000}) {
            try (Peer peer = Peer.saying(chunked(body, size))) {
                assertThat(probing.probe("probe:http?contains=all good", server(peer.port()))
                                .explained())
                        .isEqualTo("L7OK: status 200, the body contains \"all good\"");
            }
        }
    }

    @Test
    void framingWithoutContentIsCutOff() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        String much = "L7RSP: the body has far more framing than content";
        try (Peer peer = flood(head + "1;")) {
            assertThat(probing.probe("probe:http?contains=up", server(peer.port()))
                            .explained())
                    .isEqualTo(much);
        }
        try (Peer peer = Peer.saying(head + ("1;" + "x".repeat(1_000) + "\r\na\r\n").repeat(50))) {
            assertThat(probing.probe("probe:http?contains=up", server(peer.port()))
                            .explained())
                    .isEqualTo(much);
        }
    }

    @Test
    void exactly64KibibytesAreNotTooLong() throws IOException {
        for (int longer : new int[] {0, 1}) {
            String json = "{\"state\": \"ok\"}";
            String body = " ".repeat(64 * 1024 - json.length() + longer) + json;
            for (String answer : new String[] {
                "HTTP/1.1 200 OK\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
                chunked(body, 64 * 1024),
                chunked(body, 9)
            }) {
                try (Peer peer = Peer.saying(answer)) {
                    assertThat(probing.probe("probe:http?json=state=ok", server(peer.port()))
                                    .explained())
                            .isEqualTo(
                                    longer == 0
                                            ? "L7OK: status 200, the body is as expected"
                                            : "L7RSP: status 200, but the body is longer than 64 KiB, too long for a look at"
                                                    + " state");
                }
            }
        }
    }

    /** RFC 9112, section 6.3. The connection stays open where the body must end before it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | Content-Length: 5;Content-Length: 5 | hello, | L7RSP: status 200, but no \"world\" in the 5 bytes of the body",
                "200 | Content-Length: 5, 5 | hello, | L7RSP: status 200, but no \"world\" in the 5 bytes of the body",
                "200 | Content-Length: 5;Content-Length: 6 | hello! | L7RSP: the Content-Length is 5 and also 6",
                "200 | Content-Length: 5, 6 | hello! | L7RSP: the Content-Length is 5 and also 6",
                "200 | Content-Length: 5, x | hello! | L7RSP: expected a header Content-Length, received \"Content-Length: 5, x\"",
                "200 | Content-Length: -1 | hello! | L7RSP: expected a header Content-Length, received \"Content-Length: -1\"",
                "200 | Content-Length: 1;Transfer-Encoding: chunked | 5~world~0~~ | L7OK: status 200, the body contains \"world\"",
                "200 | Content-Length: 1;Transfer-Encoding: gzip;Transfer-Encoding: chunked | 5~world~0~~ | L7OK: status 200, the body contains \"world\"",
                "200 | Transfer-Encoding: Chunked, | 5~hello~0~~ | L7RSP: status 200, but no \"world\" in the 5 bytes of the body",
                "200 | Content-Length: 1, 2;Transfer-Encoding: chunked | 5~world~0~~ | L7OK: status 200, the body contains \"world\"",
                "204 | Content-Length: 5 | '' | L7RSP: status 204, but no \"world\" in the 0 bytes of the body",
                "204 | Content-Length: 5, x | '' | L7RSP: status 204, but no \"world\" in the 0 bytes of the body",
                "304 | Transfer-Encoding: chunked | '' | L7RSP: status 304, but no \"world\" in the 0 bytes of the body",
                "101 | Transfer-Encoding: chunked | '' | L7RSP: status 101, but no \"world\" in the 0 bytes of the body"
            })
    void theBodyEndsWhereTheStandardSays(int status, String headers, String body, String explained) throws IOException {
        try (Peer peer = Peer.of(socket -> {
            Peer.request(socket);
            Peer.say(
                    socket,
                    "HTTP/1.1 " + status + " OK\r\n" + headers.replace(";", "\r\n") + "\r\n\r\n"
                            + body.replace("~", "\r\n"));
            Peer.silent().meet(socket);
        })) {
            assertThat(probing.probe("probe:http?status=100-399&contains=world", server(peer.port()))
                            .explained())
                    .isEqualTo(explained);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "chunked, gzip", "xchunked"})
    void anotherCodingThanChunksEndsWithTheConnection(String coding) throws IOException {
        try (Peer peer = Peer.saying(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: " + coding + "\r\n\r\n5\r\nworld")) {
            assertThat(probing.probe("probe:http?contains=world", server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: status 200, the body contains \"world\"");
            assertThat(probing.probe("probe:http?contains=moon", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: status 200, but no \"moon\" in the 8 bytes of the body");
        }
    }

    @Test
    void aBodyThatBreaksOffIsDown() throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")) {
            assertThat(probing.probe("probe:http?contains=bye", server(peer.port()))
                            .explained())
                    .startsWith("L7RSP: connection closed by 127.0.0.1:" + peer.port() + " after ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\r\nEvil: yes", "/caf\u00e9"})
    void aPathThatNoRequestCanCarryIsNotSent(String path) {
        Verdict verdict = probing.probe("probe:http", server("127.0.0.1", 9, path, "chat.example", GENEROUS));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(verdict.reason()).startsWith("the path ").contains("percent-encoded");
    }

    @Test
    void anAnswerInSinglePiecesIsRead() throws IOException {
        try (Peer peer = Peer.of(socket -> {
            socket.setTcpNoDelay(true);
            Peer.request(socket);
            for (char piece : "HTTP/1.1 204 No\r\nA: b\r\n\r\n".toCharArray()) {
                Peer.say(socket, "" + piece);
            }
        })) {
            assertThat(probing.probe("probe:http", server(peer.port())).explained())
                    .isEqualTo("L7OK: status 204");
        }
    }

    private static void assertAnswer(String answer, String explained) throws IOException {
        try (Peer peer = Peer.saying(answer)) {
            Verdict verdict = probing.probe("probe:http", server(peer.port()));
            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained()).isEqualTo(explained);
        }
    }

    /** Sends {@code start} and then bytes for as long as they are taken. */
    private static Peer flood(String start) throws IOException {
        return Peer.of(socket -> {
            Peer.request(socket);
            Peer.say(socket, start);
            byte[] bytes = "x".repeat(64 * 1024).getBytes();
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < 16 * 1024; i++) {
                out.write(bytes);
            }
        });
    }
}
