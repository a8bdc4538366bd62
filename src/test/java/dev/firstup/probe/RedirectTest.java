package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n\r\n";

    private static Probing probing;

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        probing = new Probing();
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @Test
    void aRedirectCountsByItsStatusUnlessToldOtherwise() throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 302 Found\r\nLocation: https://other.example/\r\n\r\n")) {
            assertThat(explained("", peer)).isEqualTo("L7OK: status 302");
            assertThat(explained("?redirects=up", peer)).isEqualTo("L7OK: status 302");
            assertThat(explained("?redirects=down", peer))
                    .isEqualTo("L7STS: status 302 to \"https://other.example/\", expected no redirect");
        }
        try (Peer peer = Peer.saying("HTTP/1.1 304 Not Modified\r\n\r\n")) {
            assertThat(explained("?redirects=down", peer)).isEqualTo("L7OK: status 304");
            assertThat(explained("?redirects=follow", peer)).isEqualTo("L7OK: status 304");
        }
        try (Peer peer = Peer.saying("HTTP/1.1 301 Moved\r\n\r\n")) {
            assertThat(explained("?redirects=follow", peer))
                    .isEqualTo("L7STS: status 301 without a Location, expected no redirect");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/login, /login",
        "login?a=b, /in/login?a=b",
        "?next, /in/start?next",
        "../up#there, /up",
        "http://CHAT.example:PORT/x, /x",
        "//chat.example:PORT, /",
        "/caf\u00c3\u00a9, /caf%C3%A9",
        "/a//b, /a//b",
        "/a|b, /a%7Cb",
        "/x y, /x%20y",
        "/q?x={a}, /q?x=%7Ba%7D",
        "/%7Ba%7D?x=%20, /%7Ba%7D?x=%20"
    })
    void itIsFollowedAtTheSameServer(String location, String path) throws IOException {
        try (Peer peer = redirecting(port -> location.replace("PORT", "" + port))) {
            Verdict verdict = probing.probe(
                    "probe:http?redirects=follow",
                    server("127.0.0.1", peer.port(), "/in/start", "chat.example", GENEROUS));

            assertThat(verdict.explained()).isEqualTo("L7OK: status 200 after 1 redirect");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.RESPONSE);
            assertThat(requests)
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("GET " + path + " HTTP/1.1\r\nHost: chat.example:" + peer.port() + "\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://other.example/   | , another host than chat.example",
                "http://127.0.0.1/        | , another host than chat.example",
                "https://chat.example/    | , whose port at this server is not known: this one is PORT, not 80",
                "http://chat.example/     | , whose port at this server is not known: this one is PORT, not 80",
                "ftp://chat.example/      | , expected http or https",
                "http://[/                | , which is no address",
                "http://chat.example:99999/ | , which is no address",
                "mailto:me                | , which is no address"
            })
    void itIsNotFollowedElsewhere(String location, String obstacle) throws IOException {
        try (Peer peer = redirecting(port -> location)) {
            Verdict verdict = probing.probe("probe:http?redirects=follow", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained())
                    .isEqualTo(
                            "L7STS: status 302 to \"" + location + "\"" + obstacle.replace("PORT", "" + peer.port()));
            assertThat(requests).hasSize(1);
        }
    }

    @Test
    void itIsFollowedFiveTimesAtMost() throws IOException {
        try (Peer peer = Peer.of(socket -> {
            requests.add(Peer.request(socket));
            Peer.say(socket, "HTTP/1.1 307 Again\r\nLocation: /again\r\n\r\n");
        })) {
            assertThat(explained("?redirects=follow", peer))
                    .isEqualTo("L7STS: status 307 to \"/again\", after 5 redirects already");
            assertThat(requests).hasSize(6);
        }
    }

    @Test
    void theMethodIsKeptWhereItMustBe() throws IOException {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            requests.clear();
            try (Peer peer = Peer.of(socket -> {
                String request = Peer.request(socket);
                socket.getInputStream().readNBytes(request.startsWith("POST") ? 4 : 0);
                requests.add(request);
                Peer.say(socket, request.contains(" /2 ") ? OK : "HTTP/1.1 " + status + " To\r\nLocation: /2\r\n\r\n");
            })) {
                assertThat(explained("?redirects=follow&method=POST&body=ping&header-x=y", peer))
                        .isEqualTo("L7OK: status 200 after 1 redirect");
                assertThat(requests)
                        .last()
                        .asString()
                        .startsWith(status > 303 ? "POST /2 " : "GET /2 ")
                        .contains("\r\nx: y\r\n");
                assertThat(requests.stream().skip(1).findFirst().orElseThrow().contains("Content-"))
                        .isEqualTo(status > 303);
            }
        }
    }

    @Test
    void oneDeadlineIsOverAll() throws IOException {
        try (Peer peer = Peer.of(socket -> {
            if (Peer.request(socket).contains(" /silent ")) {
                Peer.silent().meet(socket);
            }
            Peer.say(socket, "HTTP/1.1 302 Found\r\nLocation: /silent\r\n\r\n");
        })) {
            Verdict verdict = probing.probe("probe:http?redirects=follow", server("127.0.0.1", peer.port(), SHORT));

            assertThat(verdict.explained())
                    .matches("L7TOUT: no answer from 127.0.0.1:" + peer.port() + " within [0-9]+ ms after 1 redirect");
            assertThat(verdict.took()).isBetween(SHORT, SHORT.plus(Duration.ofMillis(300)));
        }
    }

    @Test
    void aHeadThatBreaksOffIsNotFollowed() throws IOException {
        try (Peer peer = Peer.saying("HTTP/1.1 302 Found\r\nLocation: /x\r\n")) {
            assertThat(explained("?redirects=follow", peer)).startsWith("L7RSP: connection closed by ");
        }
    }

    private static String explained(String options, Peer peer) {
        return probing.probe("probe:http" + options, server(peer.port())).explained();
    }

    /** Its first answer is a redirect. */
    private Peer redirecting(Function<Integer, String> location) throws IOException {
        return Peer.of(socket -> {
            requests.add(Peer.request(socket));
            Peer.say(
                    socket,
                    requests.size() > 1
                            ? OK
                            : "HTTP/1.1 302 Found\r\nLocation: " + location.apply(socket.getLocalPort()) + "\r\n\r\n");
        });
    }
}
