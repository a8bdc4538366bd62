package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firstup.model.Decision;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Order.Kind;
import dev.firstup.model.Queue;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.rules.Rules;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRequestsTest {
    private static final String PATH = "/api/queues/chat/orders";
    private static final String DRAIN = "{\"kind\": \"drain\", \"server\": \"paris\"}";

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
        Site.Rooms fresh = new Site.Rooms();
        site.rooms.views = fresh.views;
        site.rooms.disobedient = null;
        site.rooms.orders.clear();
        site.rooms.kept.clear();
    }

    private static String error(HttpResponse<String> answer) throws Exception {
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.fieldNames()).toIterable().containsExactlyInAnyOrder("status", "error");
        assertThat(json.path("status").intValue()).isEqualTo(answer.statusCode());
        return json.path("error").asText(null);
    }

    @Test
    void isInForceAndWrittenDownWhenItIsAnswered() throws Exception {
        HttpResponse<String> answer =
                site.order("{\"kind\": \"drain\", \"server\": \"tokyo\", \"for\": \"30m\", \"because\": \" kernel \"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        Order order = new Order(
                "chat",
                "tokyo",
                Kind.DRAIN,
                StatusFixtures.NOW,
                StatusFixtures.NOW.plus(Duration.ofMinutes(30)),
                "kernel");
        assertThat(site.rooms.orders).containsExactly(order);
        assertThat(site.rooms.kept).first().extracting(Decision::cause).isEqualTo("drain");
        assertThat(answer.body()).isEqualTo(site.get("/api/queues/chat").body());
        assertThat(JSON.readTree(answer.body()).path("servers"))
                .last()
                .extracting(JsonNode::toString)
                .asString()
                .contains("\"state\":\"up\",\"effective\":\"drain\",\"chosen\":true,\"order\":{\"kind\":\"drain\","
                        + "\"server\":\"tokyo\",\"since\":\"2025-01-31T10:15:07Z\",\"sinceSeconds\":0.0,"
                        + "\"until\":\"2025-01-31T10:45:07Z\",\"reason\":\"kernel\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "drain,paris,DRAIN",
        "maint,paris,MAINT",
        "force-up,paris,FORCE_UP",
        "force-down,paris,FORCE_DOWN",
        "move,tokyo,MOVE",
        "ready,paris,READY",
        "ready,,READY",
        "freeze,,FREEZE",
        "failback,,FAILBACK"
    })
    void everyKindCanBeOrdered(String kind, String server, Kind expected) throws Exception {
        String named = server == null ? "" : ", \"server\": \"" + server + "\"";
        assertThat(site.order("{\"kind\": \"" + kind + "\"" + named + "}").statusCode())
                .isEqualTo(200);
        assertThat(site.rooms.orders)
                .containsExactly(new Order("chat", server, expected, StatusFixtures.NOW, null, ""));
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "10s,PT10S", "10m,PT10M", "1h,PT1H", "2d,P2D", "365d,P365D", "0010m,PT10M"})
    void endsAfterAsLongAsWasSaid(String length, Duration expected) throws Exception {
        assertThat(site.order("{\"kind\": \"freeze\", \"for\": \"" + length + "\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(site.rooms.orders).extracting(Order::until).containsExactly(StatusFixtures.NOW.plus(expected));
    }

    @Test
    void withoutATokenNothingIsDone() throws Exception {
        String token = Files.readString(site.tokenFile()).strip();
        for (String header : List.of(
                "",
                "Basic " + token,
                "Bearer",
                "Bearer ",
                "Bearer " + token.substring(1),
                "Bearer " + token + "0",
                token)) {
            HttpResponse<String> answer = header.isEmpty()
                    ? site.post(PATH + "?Authorization=Bearer%20" + token, DRAIN)
                    : site.post(PATH, DRAIN, "Authorization", header);
            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertThat(error(answer))
                    .startsWith("the header Authorization ")
                    .contains("expected Bearer")
                    .doesNotContain(token.substring(1));
        }
        // Neither what there is nor what is wrong with the rest is told to those.
        assertThat(site.post("/api/queues/nobody/orders", "{").statusCode()).isEqualTo(401);
        assertThat(site.rooms.orders).isEmpty();
    }

    @Test
    void theSchemeIsWrittenAsAnybodyLikes() throws Exception {
        String token = Files.readString(site.tokenFile()).strip();
        assertThat(site.post(PATH, DRAIN, "Authorization", "bearer   " + token).statusCode())
                .isEqualTo(200);
    }

    @Test
    void otherSitesMayNotOrderAnything() throws Exception {
        assertThat(site.order(DRAIN, "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(site.raw("POST " + PATH + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
        assertThat(site.rooms.orders).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        assertThat(site.ask(method, PATH).statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | the body is no JSON, expected such as {\"kind\": \"drain\", \"server\": \"paris\"}",
                "{\"kind\": 1e99999999999} | kind is a number, expected text",
                "[] | the body is a list, expected an object such as",
                "\"drain\" | the body is a text, expected an object such as",
                "{} | kind is missing, expected one of drain, maint, force-up, force-down, move, freeze, failback, ready",
                "{\"kind\": \"DRAIN\"} | kind is \"DRAIN\", expected one of drain, maint,",
                "{\"kind\": [\"drain\"]} | kind is a list, expected text",
                "{\"kind\": \"drain\", \"server\": 7} | server is a number, expected text",
                "{\"kind\": \"drain\"} | server is missing, expected one of paris, tokyo",
                "{\"kind\": \"move\"} | server is missing, expected one of paris, tokyo",
                "{\"kind\": \"freeze\", \"server\": \"paris\"} | server is \"paris\", expected none: freeze is about the whole queue",
                "{\"kind\": \"failback\", \"server\": \"paris\"} | server is \"paris\", expected none: failback is about the whole queue",
                "{\"kind\": \"failback\", \"for\": \"1h\"} | for is \"1h\", expected none: failback is done once",
                "{\"kind\": \"ready\", \"for\": \"1h\"} | for is \"1h\", expected none: ready is done once",
                "{\"kind\": \"freeze\", \"for\": \"half an hour\"} | for is \"half an hour\", expected a duration such as 500ms, 10s,",
                "{\"kind\": \"freeze\", \"for\": \"0s\"} | for is \"0s\", expected a duration",
                "{\"kind\": \"freeze\", \"for\": \"-1h\"} | for is \"-1h\", expected a duration",
                "{\"kind\": \"freeze\", \"for\": \"366d\"} | for is \"366d\", expected a duration such as 500ms, 10s, 10m, 1h or 2d, at most 365d",
                "{\"kind\": \"freeze\", \"for\": 30} | for is a number, expected text",
                "{\"kind\": \"freeze\", \"because\": {\"why\": \"kernel\"}} | because is an object, expected text",
                "{\"kind\": \"freeze\", \"because\": true} | because is true or false, expected text",
                "{\"kind\": \"freeze\", \"because\": \"a\\nb\"} | because contains the character U+000A, expected one line of text",
                "{\"kind\": \"freeze\", \"because\": \"\\u001b[2J\"} | because contains the character U+001B, expected one line",
                "{\"kind\": \"freeze\", \"because\": \"\\u202eab\"} | because contains the character U+202E, expected one line",
                "{\"kind\": \"freeze\", \"why\": \"kernel\"} | found the key \"why\", expected none but kind, server, for, because"
            })
    void whatIsWrongIsSaidAndNotDone(String body, String message) throws Exception {
        HttpResponse<String> answer = site.order(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer)).startsWith(message);
        assertThat(site.rooms.orders).isEmpty();
    }

    @Test
    void aReasonIsNoNovel() throws Exception {
        String reason = "\uD83D\uDE80".repeat(500);
        assertThat(site.order("{\"kind\": \"freeze\", \"because\": \"" + reason + "\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(site.rooms.orders).extracting(Order::reason).containsExactly(reason);
        HttpResponse<String> answer = site.order("{\"kind\": \"freeze\", \"because\": \"" + reason + ".\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer)).isEqualTo("because has 501 characters, expected at most 500");
        assertThat(site.rooms.orders).hasSize(1);
    }

    @Test
    void whatIsTooLongOrTooDeepIsRefused() throws Exception {
        assertThat(site.order("{\"kind\": \"" + "x".repeat(65_536) + "\"}").statusCode())
                .isEqualTo(413);
        HttpResponse<String> deep = site.order("{\"kind\": " + "[".repeat(30_000) + "]".repeat(30_000) + "}");
        assertThat(deep.statusCode()).isEqualTo(400);
        assertThat(site.order("{\"kind\": \"" + "x".repeat(60_000) + "\"}").body())
                .hasSizeLessThan(500);
        assertThat(site.rooms.orders).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "application/json-patch+json"
            })
    void otherMediaTypesAreRefused(String type) throws Exception {
        String token = "Bearer " + Files.readString(site.tokenFile()).strip();
        HttpResponse<String> answer = site.post(PATH, DRAIN, "Authorization", token, "Content-Type", type);
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(error(answer)).isEqualTo("Content-Type is \"" + type + "\", expected application/json");
        assertThat(site.rooms.orders).isEmpty();
    }

    @Test
    void jsonNeedsNoType() throws Exception {
        String token = "Bearer " + Files.readString(site.tokenFile()).strip();
        assertThat(site.post(PATH, DRAIN, "Authorization", token).statusCode()).isEqualTo(200);
        assertThat(site.rooms.orders).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "Application/JSON;charset=iso-8859-1",
                "application/json; charset=nonsense"
            })
    void jsonIsInUtf8WhateverIsSaid(String type) throws Exception {
        String token = "Bearer " + Files.readString(site.tokenFile()).strip();
        String body = "{\"kind\": \"freeze\", \"because\": \"é\"}";
        HttpResponse<String> answer = site.post(PATH, body, "Authorization", token, "Content-Type", type);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"reason\":\"é\"");
        assertThat(site.rooms.orders).extracting(Order::reason).containsExactly("é");
    }

    @Test
    void whatDoesNotExistIsToldWithWhatDoes() throws Exception {
        HttpResponse<String> server = site.order("{\"kind\": \"drain\", \"server\": \"berlin\"}");
        assertThat(server.statusCode()).isEqualTo(404);
        assertThat(error(server)).isEqualTo("no server of chat is called \"berlin\", expected one of paris, tokyo");
        HttpResponse<String> queue = site.post(
                "/api/queues/mail/orders",
                DRAIN,
                "Authorization",
                "Bearer " + Files.readString(site.tokenFile()).strip());
        assertThat(queue.statusCode()).isEqualTo(404);
        assertThat(error(queue)).isEqualTo("no queue is called \"mail\", expected one of chat");
        assertThat(site.rooms.orders).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DOWN | | paris is down (L7STS: status 503, ",
                "RISING | | paris is down (",
                "DOWN | DRAIN | paris is down (",
                "UNKNOWN | | paris is not known to be up yet: wait for its verdicts, or order force-up first",
                "UP | MAINT | paris is in maint: order ready for it first",
                "UP | DRAIN | paris is drained: order ready for it first",
                "UP | FORCE_DOWN | paris is forced down: order ready for it first"
            })
    void theRecordIsNotMovedToWhatDoesNotServe(ServerState state, Kind order, String message) throws Exception {
        HealthView view = StatusFixtures.view("chat", "tokyo", state, ServerState.UP);
        site.rooms.views =
                List.of(order == null ? view : StatusFixtures.ordered(view, StatusFixtures.order(order, "paris", "")));
        HttpResponse<String> answer = site.order("{\"kind\": \"move\", \"server\": \"paris\"}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(error(answer)).startsWith(message);
        assertThat(site.rooms.orders).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UP,", "FALLING,", "DOWN,FORCE_UP", "UNKNOWN,FORCE_UP"})
    void theRecordIsMovedToWhatCountsAsUp(ServerState state, Kind order) throws Exception {
        HealthView view = StatusFixtures.view("chat", "tokyo", state, ServerState.UP);
        site.rooms.views =
                List.of(order == null ? view : StatusFixtures.ordered(view, StatusFixtures.order(order, "paris", "")));
        assertThat(site.order("{\"kind\": \"move\", \"server\": \"paris\"}").statusCode())
                .isEqualTo(200);
        assertThat(site.rooms.orders).extracting(Order::kind).containsExactly(Kind.MOVE);
    }

    private static HealthView apart() {
        List<ServerHealth> servers = new ArrayList<>();
        for (String name : List.of("paris/ipv4", "paris/ipv6", "tokyo")) {
            servers.add(
                    StatusFixtures.server("chat", name, name.equals("paris/ipv6") ? ServerState.DOWN : ServerState.UP));
        }
        HealthView view = StatusFixtures.view("chat", "tokyo", servers);
        Queue it = view.queue();
        Rules rules = it.rules();
        return new HealthView(
                new Queue(
                        it.name(),
                        it.revision(),
                        it.record(),
                        it.alias(),
                        it.srv(),
                        it.ttl(),
                        it.servers(),
                        it.pace(),
                        new Rules(
                                rules.fall(),
                                rules.rise(),
                                rules.slow(),
                                rules.failback(),
                                rules.allDown(),
                                rules.answers(),
                                true),
                        it.witnesses(),
                        it.quiet(),
                        it.targets(),
                        it.notifiers()),
                view.servers(),
                view.chosen(),
                view.standing(),
                view.at());
    }

    @ParameterizedTest
    @CsvSource({"paris,paris/ipv4 paris/ipv6", "paris/ipv4,paris/ipv4", "tokyo,tokyo"})
    void aNameIsThatOfBothItsFamilies(String name, String expected) throws Exception {
        site.rooms.views = List.of(apart());
        HttpResponse<String> answer = site.order("{\"kind\": \"maint\", \"server\": \"" + name + "\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(site.rooms.orders).extracting(Order::server).containsExactly(expected.split(" "));
        assertThat(site.rooms.kept).filteredOn(it -> it.cause().equals("maint")).hasSize(expected.split(" ").length);
    }

    @Test
    void bothFamiliesMoveOrNone() throws Exception {
        site.rooms.views = List.of(apart());
        HttpResponse<String> answer = site.order("{\"kind\": \"move\", \"server\": \"paris\"}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(error(answer)).startsWith("paris/ipv6 is down");
        assertThat(site.rooms.orders).isEmpty();
    }

    @Test
    void anUnknownNameIsNoFamily() throws Exception {
        site.rooms.views = List.of(apart());
        assertThat(error(site.order("{\"kind\": \"maint\", \"server\": \"par\"}")))
                .isEqualTo("no server of chat is called \"par\", expected one of paris/ipv4, paris/ipv6, tokyo");
    }

    @Test
    void whatCannotBeDoneIsOneSentence() throws Exception {
        site.rooms.disobedient = new UnsupportedOperationException("not yet");
        HttpResponse<String> answer = site.order(DRAIN);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(error(answer)).isEqualTo("this could not be answered: not yet");
        assertThat(site.rooms.kept).isEmpty();
    }

    /** Above all, what is still to be written down is written down then. */
    @Test
    void whatIsNotWrittenDownInTimeIsSaidToBeInForce() throws Exception {
        try (Site slow = new Site(Map.of("firstup.orders.patience", "100"))) {
            slow.rooms.disk = new CountDownLatch(1);
            for (String server : List.of("paris", "tokyo")) {
                HttpResponse<String> answer = slow.order("{\"kind\": \"drain\", \"server\": \"" + server + "\"}");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(error(answer)).startsWith("this is in force, but could not be written down yet");
            }
            assertThat(slow.rooms.orders).hasSize(2);
            slow.rooms.disk.countDown();
            Awaitility.await()
                    .until(() -> slow.rooms.kept.stream()
                                    .filter(it -> it.cause().equals("drain"))
                                    .count()
                            == 2);
        }
    }

    /** Publishers and notifiers further on take headers for what to ask, and where. */
    @Test
    void noHeaderOfTheRequestGoesFurther() throws Exception {
        String token = "Bearer " + Files.readString(site.tokenFile()).strip();
        site.rooms.headers.clear();
        assertThat(site.post(PATH + "?CamelHttpPath=x&mine=1", DRAIN, "Authorization", token, "X-Mine", "2")
                        .statusCode())
                .isEqualTo(200);
        assertThat(site.rooms.headers).isNotEmpty().allSatisfy(it -> assertThat(it)
                .isEmpty());
    }
}
