package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DynServiceTest {
    private static final String HOST = "chat.rehearsal.test";
    private static final String PASSWORD = "a&b=c%+#)";

    private final HttpClient client = HttpClient.newHttpClient();
    private DynService service;

    @BeforeEach
    void start() throws IOException {
        service = DynService.start("me@example.org", PASSWORD, List.of(HOST, "two.rehearsal.test"));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void setsTheRecordsOfTheAddressesThatItIsGiven() throws Exception {
        assertThat(service.records(HOST)).isEmpty();
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("good 192.0.2.10\n");
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("nochg 192.0.2.10\n");
        assertThat(service.records(HOST)).isEqualTo(Map.of(RecordType.A, List.of("192.0.2.10")));
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.20,2001:db8::20"))
                .isEqualTo("good 192.0.2.20,2001:db8::20\n");
        assertThat(update("hostname=" + HOST + "&myip=2001%3Adb8%3A%3A30")).isEqualTo("good 2001:db8::30\n");
        assertThat(service.records(HOST))
                .isEqualTo(Map.of(RecordType.A, List.of("192.0.2.20"), RecordType.AAAA, List.of("2001:db8::30")));
        assertThat(service.requests()).isEqualTo(4);
        assertThat(service.updates())
                .extracting(DynService.Update::answer)
                .containsExactly(
                        "good 192.0.2.10", "nochg 192.0.2.10", "good 192.0.2.20,2001:db8::20", "good 2001:db8::30");
    }

    @Test
    void answersEachHostInOrder() throws Exception {
        assertThat(update("hostname=two.rehearsal.test,gone.rehearsal.test,chat&myip=192.0.2.10"))
                .isEqualTo("good 192.0.2.10\nnohost\nnotfqdn\n");
    }

    @Test
    void takesTheCallersAddressWhenItIsGivenNone() throws Exception {
        assertThat(update("hostname=" + HOST)).isEqualTo("good 127.0.0.1\n");
    }

    @Test
    void refusesWrongAccountsAndAgents() throws Exception {
        HttpResponse<String> wrong = send(request("hostname=" + HOST + "&myip=192.0.2.10")
                .setHeader("Authorization", basic("me@example.org", "a")));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo("badauth\n");
        assertThat(raw("GET /nic/update?hostname=" + HOST + "&myip=192.0.2.10 HTTP/1.1\r\nHost: x\r\n\r\n"))
                .endsWith("badagent\n");
        assertThat(update("hostname=" + String.join(",", Collections.nCopies(21, HOST)) + "&myip=192.0.2.10"))
                .isEqualTo("numhost\n");
        assertThat(service.records(HOST)).isEmpty();
    }

    @Test
    void answersWhatATestWants() throws Exception {
        service.answer("911", 1);
        assertThat(service.healthy()).isFalse();
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("911\n");
        assertThat(service.healthy()).isTrue();
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("good 192.0.2.10\n");
        service.answer("abuse");
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.20")).isEqualTo("abuse\n");
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.20")).isEqualTo("abuse\n");
        service.recover();
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("nochg 192.0.2.10\n");
    }

    @Test
    void canApplyAndNeverSaySo() throws Exception {
        service.dropAnswers(1);
        // Not by Java's client, which would silently ask again.
        assertThat(raw("GET /nic/update?hostname=" + HOST + "&myip=192.0.2.10 HTTP/1.1\r\nUser-Agent: Firstup/test\r\n"
                        + "Authorization: " + basic("me@example.org", PASSWORD) + "\r\n\r\n"))
                .isEmpty();
        assertThat(service.records(HOST)).isEqualTo(Map.of(RecordType.A, List.of("192.0.2.10")));
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("nochg 192.0.2.10\n");
    }

    @Test
    void canApplyAndTakeItsTimeToSaySo() throws Exception {
        service.delay(Duration.ofMillis(300));
        long start = System.nanoTime();
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).isEqualTo("good 192.0.2.10\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void canBeChangedBehindEverybodysBack() {
        service.put(HOST, RecordType.A, List.of("203.0.113.1"));
        assertThat(service.records(HOST)).isEqualTo(Map.of(RecordType.A, List.of("203.0.113.1")));
        assertThat(service.records("gone.rehearsal.test")).isNull();
    }

    @Test
    void survivesWhatIsNoUpdate() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
        assertThat(raw("what is this\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /nic/update?hostname=%zz HTTP/1.1\r\n\r\n")).isEmpty();
        assertThat(update("hostname=" + HOST + "&myip=192.0.2.10")).startsWith("good");
    }

    private String update(String query) throws Exception {
        return send(request(query)).body();
    }

    private HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create(service.url() + "?" + query))
                .setHeader("User-Agent", "Firstup/test")
                .setHeader("Authorization", basic("me@example.org", PASSWORD));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", service.url().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String basic(String username, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
