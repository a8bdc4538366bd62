package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.dns.RecordType;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private static final String PATH = "/api/queues/chat/retry";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Site site;

    @BeforeAll
    static void open() throws Exception {
        site = new Site();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void reset() {
        site.rooms.publications = List.of(
                publication("chat", RecordType.A, "answered badauth"),
                publication("chat", RecordType.AAAA, "answered badauth"),
                publication("talk", RecordType.A, "answered nohost"));
        site.rooms.broken = null;
        site.rooms.retries.clear();
    }

    private static Publication publication(String queue, RecordType type, String stopped) {
        return StatusFixtures.publication(queue, type, List.of("192.0.2.20"), null, null, null, stopped);
    }

    private static HttpResponse<String> retry(String body) throws Exception {
        return retry(site, body);
    }

    private static HttpResponse<String> retry(Site asked, String body) throws Exception {
        return asked.post(
                PATH,
                body,
                "Authorization",
                "Bearer " + Files.readString(asked.tokenFile()).strip(),
                "Content-Type",
                "application/json");
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String message) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText(null)).startsWith(message);
        assertThat(site.rooms.retries).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"to\": \"no-ip\"}"})
    void whatHasStoppedOfTheQueueIsAskedAgain(String body) throws Exception {
        List<Publication> before = site.rooms.publications;
        HttpResponse<String> answer = retry(body);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(site.rooms.retries).singleElement().satisfies(it -> {
            assertThat(it.publications()).isEqualTo(before.subList(0, 2));
            // One for both families of the record.
            assertThat(it.events()).singleElement().satisfies(event -> {
                assertThat(event.kind()).isEqualTo(Kind.ORDERED);
                assertThat(event.publisher()).isEqualTo("no-ip");
                assertThat(event.tell()).isFalse();
            });
            assertThat(it.events())
                    .extracting(Event::reason)
                    .containsExactly("retry of no-ip, which had stopped: answered badauth");
        });
        assertThat(answer.body())
                .isEqualTo(site.get("/api/queues/chat").body())
                .contains("\"state\":\"pending\"")
                .doesNotContain("badauth");
    }

    /** Though what should do it sooner is the user's own, and full. */
    @Test
    void soItIsIfTheNudgeFails() throws Exception {
        try (Site full = new Site(Map.of("firstup.nudge.publish", "seda:full?size=1"))) {
            for (int i = 0; i < 2; i++) {
                full.rooms.publications = List.of(publication("chat", RecordType.A, "answered badauth"));
                assertThat(retry(full, "{}").statusCode()).isEqualTo(200);
            }
            assertThat(full.rooms.retries).hasSize(2);
        }
    }

    @Test
    void withoutAStopThereIsNothingToRetry() throws Exception {
        site.rooms.publications =
                List.of(publication("chat", RecordType.A, null), publication("talk", RecordType.A, "answered nohost"));
        assertRefused(
                retry("{}"),
                409,
                "nothing of chat has stopped, so there is nothing to retry: no-ip (chat.example.dyndns.org A) is pending");
        site.rooms.publications = List.of();
        assertRefused(
                retry("{}"), 409, "nothing of chat has stopped, so there is nothing to retry: it is not published");
        assertRefused(retry("{\"to\": \"dyn\"}"), 404, "no publisher of chat is called \"dyn\", expected none: it is");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | 400 | the body is no JSON, expected such as {\"to\": \"no-ip\"}, or {} for all publishers",
                "[] | 400 | the body is a list, expected an object such as {\"to\": \"no-ip\"}",
                "{\"to\": 7} | 400 | to is a number, expected text",
                "{\"server\": \"paris\"} | 400 | found the key \"server\", expected none but to",
                "{\"to\": \"dyn\"} | 404 | no publisher of chat is called \"dyn\", expected one of no-ip"
            })
    void whatIsWrongIsSaidAndNotDone(String body, int status, String message) throws Exception {
        assertRefused(retry(body), status, message);
    }

    @Test
    void withoutATokenNothingIsDone() throws Exception {
        assertRefused(site.post(PATH, "{}"), 401, "the header Authorization is missing");
        assertThat(site.get(PATH).statusCode()).isEqualTo(405);
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone() throws Exception {
        site.rooms.broken = new IllegalStateException("the state cannot be written: disk full");
        assertRefused(retry("{}"), 500, "this could not be answered: the state cannot be written: disk full");
    }
}
