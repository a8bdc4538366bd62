package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firstup.model.Degradation;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerState;
import dev.firstup.model.dns.RecordType;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {
    private static final List<String> PATHS = List.of(
            "/",
            "/api/queues",
            "/api/queues/chat",
            "/api/events",
            "/observe/metrics",
            "/observe/health",
            "/observe/health/live",
            "/observe/health/ready");

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
        site.rooms.publications = fresh.publications;
        site.rooms.problems = fresh.problems;
        site.rooms.idle = fresh.idle;
        site.rooms.broken = null;
        site.rooms.unwritable = null;
    }

    @ParameterizedTest
    @CsvSource({"/api/queues,queues.json", "/api/queues/chat,queue.json", "/api/events?limit=1,events.json"})
    void answersAsTheFixtureSays(String path, String fixture) throws Exception {
        HttpResponse<String> answer = site.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(pretty(answer.body())).isEqualTo(pretty(fixture(fixture)));
    }

    /** As text and not as a tree, since the order of the members counts too. */
    private static String pretty(String json) throws Exception {
        return JSON.readTree(json).toPrettyString();
    }

    private static String fixture(String name) throws Exception {
        try (var in = SiteTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test
    void everyAnswerForbidsWhatABrowserMightDoWithIt() throws Exception {
        for (String path : PATHS) {
            HttpResponse<String> answer = site.get(path, "X-Mine", "kept for myself");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(it -> assertThat(it).startsWith("default-src 'none'; style-src 'sha256-"));
            assertThat(answer.headers().map()).doesNotContainKey("x-mine");
        }
    }

    @Test
    void headHasNoBody() throws Exception {
        for (String path : PATHS) {
            HttpResponse<String> answer = site.ask("HEAD", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(site.get(path).statusCode());
            assertThat(answer.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        for (String path : PATHS) {
            assertThat(site.ask(method, path).statusCode()).as(path).isEqualTo(405);
        }
    }

    @Test
    void aBodyIsNotReadAndHoldsNothingUp() throws Exception {
        String head = "GET /observe/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        assertThat(site.begin(head + "Content-Length: 1000000000\r\n\r\nabc")).isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void anUnknownQueueIsToldWithThoseThereAre() throws Exception {
        HttpResponse<String> answer = site.get("/api/queues/%3Cb%3E");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"status\":404,\"error\":\"no queue is called \\\"<b>\\\", expected one of chat\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "1e3", "", "null", "99999999999", "1%202"})
    void anUnusableLimitIsRefused(String limit) throws Exception {
        HttpResponse<String> answer = site.get("/api/events?limit=" + limit);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("expected a number from 1 to 1000");
    }

    @ParameterizedTest
    @CsvSource({"?limit=1,1", "?limit=1000,1000", "'',100"})
    void asManyEventsAsAskedFor(String query, int expected) throws Exception {
        assertThat(site.get("/api/events" + query).body().split("\"id\":")).hasSize(expected + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LocalHost:8053", "127.0.0.1", "[::1]:8053", "10.1.2.3:8053", "monitor.example.org"
            })
    void namesOfThisServerAreLetIn(String host) throws Exception {
        assertThat(withHost("Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: evil.example:8053",
                "Host: localhost.evil.example",
                "Host: 127.0.0.1.evil.example",
                "Host: localhost@evil.example",
                "Host: [evil.example]",
                "X-No: host"
            })
    void otherNamesAreNot(String header) throws Exception {
        assertThat(withHost(header))
                .satisfiesAnyOf(
                        it -> assertThat(it).startsWith("HTTP/1.1 421").contains("add it to firstup.hosts"),
                        // What is no name at all does not get as far as the guard.
                        it -> assertThat(it).startsWith("HTTP/1.1 400"));
    }

    @Test
    void everyRouteIsGuarded() throws Exception {
        for (String path : PATHS) {
            assertThat(site.raw("GET " + path
                            + "?Host=localhost HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 421");
        }
    }

    /** Also one with error handling of its own, and one that is said by rest. */
    @Test
    void soIsWhateverIsReachedByHttpInOtherFiles() throws Exception {
        PluginHelper.getRoutesLoader(site.context())
                .loadRoutes(
                        ResourceHelper.fromString(
                                "other.camel.yaml",
                                """
                        - routeConfiguration:
                            id: mine
                            onException:
                              - onException:
                                  exception: [java.lang.Exception]
                                  handled: { constant: "true" }
                                  steps:
                                    - setBody: { constant: mine all the same }
                        - route:
                            from:
                              uri: platform-http:/other
                              steps:
                                - setBody: { constant: mine }
                        - route:
                            routeConfigurationId: mine
                            from:
                              uri: platform-http:/configured
                              parameters: { httpMethodRestrict: POST }
                              steps:
                                - setBody: { constant: mine }
                        - rest:
                            get:
                              - path: /rest
                                to: direct:rest
                        - route:
                            from:
                              uri: direct:rest
                              steps:
                                - setBody: { constant: mine }
                        """));
        HttpResponse<String> answer = site.get("/other");
        assertThat(answer.body()).isEqualTo("mine");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(site.get("/rest").body()).isEqualTo("mine");

        List<String> reached = new ArrayList<>();
        for (HttpEndpointModel it : site.context()
                .getComponent("platform-http", PlatformHttpComponent.class)
                .getHttpEndpoints()) {
            String path = it.getUri().replaceAll("[{].*?[}]", "chat");
            reached.add(path);
            String method = it.getVerbs() == null ? "GET" : it.getVerbs().split(",")[0];
            assertThat(site.raw(method + " " + path
                            + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 421")
                    .doesNotContain("mine");
        }
        assertThat(reached).contains("/other", "/configured", "/rest", "/", "/api/queues/chat/orders");
    }

    /** A route that polls does not begin there; without a cache, its endpoint is not even known to the context. */
    @ParameterizedTest
    @CsvSource({"cached,1000", "uncached,-1"})
    void soIsWhatARoutePolls(String name, int cacheSize) throws Exception {
        PluginHelper.getRoutesLoader(site.context())
                .loadRoutes(ResourceHelper.fromString(
                        name + ".camel.yaml",
                        """
                        - route:
                            from:
                              uri: direct:%1$s
                              steps:
                                - pollEnrich:
                                    cacheSize: %2$d
                                    timeout: 10000
                                    simple: platform-http:/%1$s
                        """
                                .formatted(name, cacheSize)));
        try (ProducerTemplate template = site.context().createProducerTemplate()) {
            Future<String> polled = template.asyncRequestBody("direct:" + name, null, String.class);
            PlatformHttpComponent http = site.context().getComponent("platform-http", PlatformHttpComponent.class);
            Awaitility.await().until(() -> http.getHttpEndpoints().stream()
                    .anyMatch(it -> it.getUri().equals("/" + name)));
            assertThat(site.raw("POST /" + name + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 4\r\n"
                            + "Connection: close\r\n\r\nevil"))
                    .startsWith("HTTP/1.1 421");
            assertThat(site.post("/" + name, "good").statusCode()).isEqualTo(200);
            assertThat(polled.get()).isEqualTo("good");
        }
    }

    /** What the guard cannot look at is not let in. */
    @Test
    void whatIsNoRequestOfTheServersIsNot() throws Exception {
        PluginHelper.getRoutesLoader(site.context())
                .loadRoutes(
                        ResourceHelper.fromString(
                                "odd.camel.yaml",
                                """
                        - route:
                            id: odd
                            from:
                              uri: platform-http:/odd
                              steps:
                                - setBody: { constant: mine }
                        """));
        Consumer consumer = site.context().getRoute("odd").getConsumer();
        Exchange exchange = new DefaultExchange(site.context());
        consumer.getProcessor().process(exchange);
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(500);
        assertThat(exchange.getMessage().getBody(String.class))
                .startsWith("{\"status\":500,\"error\":\"this could not be looked at: ");
    }

    /** As load balancers ask; no browser does. */
    @Test
    void whoSpeaksHttp10MayNameNoHost() throws Exception {
        String path = "/observe/health/live HTTP/1.0\r\n";
        assertThat(site.raw("GET " + path + "\r\n")).startsWith("HTTP/1.0 200");
        assertThat(site.raw("GET " + path + "Host: evil.example\r\n\r\n")).startsWith("HTTP/1.0 421");
        assertThat(site.raw("GET " + path + "Host: a{b.evil.example\r\n\r\n")).startsWith("HTTP/1.0 421");
        assertThat(site.raw("GET " + path + "Origin: http://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.0 403");
    }

    private static String withHost(String header) throws Exception {
        return site.raw("GET /api/queues HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8053,200",
        "https://monitor.example.org,200",
        "http://localhost:3000,403",
        "http://evil.example,403",
        "http://localhost:8053.evil.example,403",
        "https://monitor.example.org.evil.example,403",
        "null,403"
    })
    void otherSitesMayNotAsk(String origin, int status) throws Exception {
        assertThat(site.raw("GET /api/queues HTTP/1.1\r\nHost: localhost:8053\r\nOrigin: " + origin
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void aFailureIsOneSentence() throws Exception {
        site.rooms.broken = new IllegalStateException("the state could not be read: disk I/O error");
        HttpResponse<String> answer = site.get("/api/queues");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .isEqualTo("{\"status\":500,\"error\":\"this could not be answered: the state could not be read:"
                        + " disk I\\/O error\"}\n");
        assertThat(site.get("/observe/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void thePageEscapesWhatItShows() throws Exception {
        HttpResponse<String> answer = site.get("/");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(answer.body())
                .contains("<meta http-equiv=\"refresh\" content=\"5\">")
                .contains("&quot;&lt;script&gt;alert(&#39;é&#39;)&lt;/script&gt;&quot; \\ expected 200-399")
                .contains("found &quot;serverz&quot;")
                .contains("<b class=\"degraded\">degraded</b>")
                .contains("<p class=\"degraded\">chat.example.org is &lt;missing&gt;</p>")
                .doesNotContain("not of any queue")
                .contains("1 h 1 min")
                .contains("no-ip: chat.example.dyndns.org A 192.0.2.20, confirmed")
                .doesNotContain("<script")
                .doesNotContain("@QUEUES@");
    }

    /** Everything that can be known of a queue, at once, by somebody who would like to run a script. */
    private static HealthView eventful() {
        HealthView view = StatusFixtures.view(
                "chat",
                "tokyo",
                List.of(
                        StatusFixtures.server("chat", "paris", ServerState.FALLING)
                                .with(StatusFixtures.order(
                                        Order.Kind.DRAIN, "paris", "<script>1</script> & \"kernel\""))
                                .with(Set.of(Degradation.SLOW, Degradation.CERTIFICATE)),
                        StatusFixtures.server("chat", "tokyo", ServerState.DOWN)
                                .with(StatusFixtures.order(Order.Kind.FORCE_UP, "tokyo", ""))));
        return StatusFixtures.standing(
                view,
                new QueueStanding(
                        true,
                        StatusFixtures.NOW.minusSeconds(42),
                        StatusFixtures.NOW.minusSeconds(7200),
                        List.of(
                                StatusFixtures.order(Order.Kind.FREEZE, null, "<script>2</script>"),
                                StatusFixtures.order(Order.Kind.MOVE, "tokyo", "it's 'mine'")),
                        "paris is <drained>"));
    }

    @Test
    void allThatIsKnownOfAQueueIsAsTheFixtureSays() throws Exception {
        site.rooms.views = List.of(eventful());
        assertThat(pretty(site.get("/api/queues/chat").body())).isEqualTo(pretty(fixture("eventful.json")));
    }

    @Test
    void thePageShowsWhatIsOrderedAndEscapesIt() throws Exception {
        site.rooms.views = List.of(eventful());
        assertThat(site.get("/").body())
                .contains("<b class=\"stasis\">stasis</b>")
                .contains("<p class=\"stasis\">In stasis for 42 s: no server of any queue answers and no witness.")
                .contains("<p class=\"down\">All servers are down.</p>")
                .contains("<p class=\"order\">freeze for 5 min, until 2025-01-31T10:40:07Z:"
                        + " &lt;script&gt;2&lt;/script&gt;. Nothing is written meanwhile.</p>")
                .contains("<p class=\"order\">move to tokyo for 5 min, until 2025-01-31T10:40:07Z:"
                        + " it&#39;s &#39;mine&#39;</p>")
                .contains("<p class=\"degraded\">For 2 h 0 min, it returns to a better server only by hand:")
                .contains("<p class=\"degraded\">Not the first server: paris is &lt;drained&gt;</p>")
                .contains("<br><small class=\"order\">drain for 5 min, until 2025-01-31T10:40:07Z:"
                        + " &lt;script&gt;1&lt;/script&gt; &amp; &quot;kernel&quot;</small>"
                        + "<br><small class=\"degraded\">certificate</small><br><small class=\"degraded\">slow</small></td>"
                        + "<td><b class=\"drain\">drain</b><br><small class=\"falling\">really falling</small></td>")
                .contains("<br><small class=\"order\">force-up for 5 min, until 2025-01-31T10:40:07Z</small></td>"
                        + "<td><b class=\"up\">up</b><br><small class=\"down\">really down</small></td>")
                .doesNotContain("<script");
    }

    @Test
    void stasisIsDownButNoReasonToStartAgain() throws Exception {
        HealthView view = site.rooms.views.get(0);
        site.rooms.views = List.of(
                StatusFixtures.standing(view, new QueueStanding(false, StatusFixtures.NOW, null, List.of(), null)));
        HttpResponse<String> answer = site.get("/observe/health");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("{\"name\":\"link\",\"status\":\"DOWN\"");
        assertThat(site.get("/observe/health/live").statusCode()).isEqualTo(200);
        assertThat(site.get("/observe/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsOrderedIsNoFailure() throws Exception {
        HealthView view = StatusFixtures.view("chat", "tokyo", ServerState.UNKNOWN, ServerState.UP);
        site.rooms.views = List.of(StatusFixtures.ordered(
                StatusFixtures.ordered(view, StatusFixtures.order(Order.Kind.MAINT, "paris", "")),
                StatusFixtures.order(Order.Kind.FREEZE, null, "")));
        assertThat(site.get("/observe/health").statusCode()).isEqualTo(200);
    }

    @Test
    void thePageBeginsWithWhatIsNotWell() throws Exception {
        assertThat(site.get("/").body()).doesNotContain("Not well");
        site.rooms.unwritable = "the state could not be read or written: <full>";
        site.rooms.idle = Duration.ofSeconds(11);
        assertThat(site.get("/").body())
                .contains("<main>\n"
                        + "<p class=\"problem\">Not well: loop: probes were last asked for 11000 ms ago, expected at most 10000</p>\n"
                        + "<p class=\"problem\">Not well: state: the state could not be read or written: &lt;full&gt;</p>\n"
                        + "<p class=\"problem\">routes/b.queue.yaml");
    }

    @Test
    void thePageSaysWhatToDoWithoutQueues() throws Exception {
        site.rooms.views = List.of();
        assertThat(site.get("/").body())
                .contains("no queue runs")
                .contains("./firstup init NAME")
                .contains("./firstup rehearse");
    }

    @Test
    void healthIsUpAndShowsProblemsOfFiles() throws Exception {
        assertThat(site.get("/observe/health").body())
                .isEqualTo(
                        "{\"status\":\"UP\",\"checks\":["
                                + "{\"name\":\"loop\",\"status\":\"UP\",\"reason\":\"probes were last asked for 40 ms ago, expected at most 10000\"},"
                                + "{\"name\":\"queues\",\"status\":\"UP\",\"reason\":\"every queue has a verdict: 1 of 1\"},"
                                + "{\"name\":\"state\",\"status\":\"UP\",\"reason\":\"can be written\"},"
                                + "{\"name\":\"publishers\",\"status\":\"UP\",\"reason\":\"none has stopped or is late\"},"
                                + "{\"name\":\"files\",\"status\":\"UP\",\"reason\":\"routes\\/b.queue.yaml:3:1: error: found \\\"serverz\\\","
                                + " expected one of servers, srv\"},"
                                + "{\"name\":\"link\",\"status\":\"UP\",\"reason\":\"this monitor does not look cut off\"}]}\n");
    }

    @Test
    void aStalledLoopIsDownEverywhere() throws Exception {
        site.rooms.idle = Duration.ofMillis(10_001);
        for (String path : List.of("/observe/health", "/observe/health/live", "/observe/health/ready")) {
            assertThat(site.get(path).statusCode()).as(path).isEqualTo(503);
        }
        site.rooms.idle = null;
        assertThat(site.get("/observe/health/live").body()).contains("no probes were asked for yet");
    }

    @Test
    void aStateThatCannotBeWrittenIsDownButNoReasonToStartAgain() throws Exception {
        site.rooms.unwritable = "the state could not be read or written: database or disk is full";
        for (String path : List.of("/observe/health", "/observe/health/ready")) {
            HttpResponse<String> answer = site.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(503);
            assertThat(answer.body())
                    .contains("{\"name\":\"state\",\"status\":\"DOWN\",\"reason\":"
                            + "\"the state could not be read or written: database or disk is full\"}");
        }
        assertThat(site.get("/observe/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aStateThatCannotBeReadIsAFindingAndNoFailure() throws Exception {
        site.rooms.broken = new IllegalStateException("the state could not be read: disk error");
        HttpResponse<String> answer = site.get("/observe/health");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains(
                        "{\"name\":\"state\",\"status\":\"DOWN\",\"reason\":\"the state could not be read: disk error\"}")
                .contains(
                        "{\"name\":\"publishers\",\"status\":\"DOWN\",\"reason\":\"not known: the state cannot be read\"}");
    }

    @Test
    void verdictsThatStopArrivingAreDownEverywhere() throws Exception {
        HealthView view = site.rooms.views.get(0);
        site.rooms.views = List.of(new HealthView(
                view.queue(),
                view.servers(),
                view.chosen(),
                view.standing(),
                view.at().plus(Duration.ofMinutes(2))));
        for (String path : List.of("/observe/health", "/observe/health/live", "/observe/health/ready")) {
            HttpResponse<String> answer = site.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(503);
            assertThat(answer.body()).contains("no verdict of chat\\/paris since 2025-01-31T10:15:05Z");
        }
    }

    @Test
    void aQueueWithoutVerdictIsNotReady() throws Exception {
        site.rooms.views = List.of(
                StatusFixtures.view("chat", "tokyo", ServerState.UNKNOWN, ServerState.UP),
                StatusFixtures.view("mail", null, ServerState.UNKNOWN, ServerState.UNKNOWN));
        HttpResponse<String> answer = site.get("/observe/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("no verdict yet in mail\"").doesNotContain("publishers");
        assertThat(site.get("/observe/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutQueuesItIsNotReady() throws Exception {
        site.rooms.views = List.of();
        assertThat(site.get("/observe/health").body()).contains("no queue runs");
    }

    @Test
    void aStoppedPublisherIsDownAndSaysWhy() throws Exception {
        site.rooms.publications = List.of(StatusFixtures.publication(
                "chat", RecordType.A, List.of("192.0.2.20"), null, null, null, "answered badauth: check the password"));
        HttpResponse<String> answer = site.get("/observe/health");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains("no-ip (chat.example.dyndns.org A) has stopped: answered badauth: check the password");
        assertThat(site.get("/observe/health/ready").statusCode()).isEqualTo(200);
    }
}
