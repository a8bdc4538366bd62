package dev.firstup.publish.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.EndpointFailures;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.publish.provider.ProviderFixture.Case;
import dev.firstup.publish.provider.ProviderFixture.Flow;
import dev.firstup.publish.provider.ProviderFixture.Turn;
import dev.firstup.publish.provider.ScriptedProvider.Heard;
import dev.firstup.publish.provider.ScriptedProvider.Played;
import dev.firstup.publish.provider.ScriptedProvider.Way;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What Firstup says to each DNS host, and what follows from each answer: the Kamelet itself, over a socket. The files of
 * {@code src/test/resources/hosts} say what is expected; a file may hold several hosts as YAML documents, each with a {@code name}.
 *
 * <pre>
 * uri: kamelet:NAME
 * parameters: { url: "{url}/path", ... }   # as a user writes them; {url} is the test's server
 * about: { record: chat.example.org }      # what differs from chat.example.org, A, [192.0.2.20], ttl 60: also type, values,
 *                                          #   ttl, ask, ticket, failures
 * write:                                   # the turns of a talk; the last has the reaction
 *   - request: { method: GET, path: /p, query: { k: v }, headers: { Name: value }, json: {...} }
 *     answer: { status: 200, headers: {...}, body: text }
 *     reaction: confirmed
 * write6: ...                              # the same with AAAA and [2001:db8::20]
 * withdraw: ...                            # of A
 * look: { none: it cannot be asked }       # what does not apply says why
 * flows:                                   # any others, by name; here, and above, with what they are about
 *   write two: { about: { values: [192.0.2.20, 192.0.2.30] }, turns: [...] }
 *   write CNAME: { about: { type: CNAME }, turns: [], reaction: stop }     # what is refused without asking the host
 * cases:                                   # another answer to the last request of write, or to turn N (from 1), of another flow
 *   stop nohost: { of: write, turn: 1, answer: {...}, reaction: stop }
 *   no such record: { turn: 1, answer: {...}, then: [...] }   # then: the turns that follow, the last with its reaction
 *   wrong address: { none: it does not repeat the address }
 *   10 MB body: { reaction: confirmed, why: the status says it }   # another reaction to what is done with all hosts
 * </pre>
 *
 * <p>{@code path}, {@code query} and {@code form} are compared decoded; the query, and the body ({@code json}, {@code form} or
 * {@code body}), must be that and nothing more; of the headers, those that are named. {@code {secret}} and {@code {secret2}}
 * stand for what {@code file:secret} and {@code file:secret2} hold; Basic authentication is compared decoded.
 *
 * <p>Reactions: {@code confirmed}, {@code unchanged}, {@code accepted TICKET}, {@code stop}, {@code stop account},
 * {@code wait 30m} (or {@code 5s}, {@code 1h}), {@code ambiguous}, {@code soon} (certainly not told), {@code unknown},
 * {@code reads VALUE VALUE}, {@code reads} (no record) and {@code pending}. {@code "ambiguous | unknown"} is either of them.
 *
 * <p>What is done with all hosts is done at the last turn of write, and what says much of a host at each one.
 */
class ProvidersTest {
    private static final Map<String, String> SECRETS = Map.of("secret", "a&b=c%+#)", "secret2", "d\"e\\f&g h");
    private static final List<String> FLOWS = List.of("write", "write6", "withdraw", "look");

    /** Each host must say something about these; {@code stop badauth} is one about {@code stop}. */
    private static final List<String> OWN =
            List.of("no change", "stop", "wait", "unknown body", "truncated body", "wrong address");

    private static final Map<String, String> GIVEN_UP = Map.of("Retry-After", "120");
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    /** Stands in a header for that time. */
    private static final String IN_AN_HOUR = "{in an hour}";

    /** @param everywhere whether at each turn, or at the last one only */
    private record Standard(Played answer, String reaction, boolean everywhere) {}

    private static final Map<String, Standard> STANDARD = standard();

    private static Map<String, Standard> standard() {
        Map<String, Standard> all = new LinkedHashMap<>();
        all.put("http 301", new Standard(status(301, Map.of("Location", "/elsewhere")), "ambiguous", true));
        all.put("http 401", new Standard(status(401, Map.of()), "stop account", true));
        all.put("http 429 seconds", new Standard(status(429, GIVEN_UP), "wait 2m", true));
        all.put("http 429 date", new Standard(status(429, Map.of("Retry-After", IN_AN_HOUR)), "wait 1h", false));
        all.put("http 500", new Standard(status(500, Map.of()), "unknown", true));
        all.put("http 503", new Standard(status(503, GIVEN_UP), "wait 2m", true));
        all.put("time-out", new Standard(status(200, Map.of()).by(Way.SILENT), "unknown", false));
        all.put("connection reset", new Standard(status(200, Map.of()).by(Way.RESET), "unknown", true));
        all.put("10 MB body", new Standard(status(200, Map.of()).by(Way.HUGE), "ambiguous | unknown", true));
        return all;
    }

    private static Played status(int status, Map<String, String> headers) {
        return new Played(status, headers, "what the host says of it", Way.WHOLE);
    }

    @TempDir
    static Path secrets;

    private static final Map<String, Map<String, String>> TABLE = new TreeMap<>();
    private static final List<Rig> RIGS = new ArrayList<>();

    /** One host's Kamelet in a Camel context, and the server that it talks with. */
    private static final class Rig implements AutoCloseable {
        private final ProviderFixture fixture;
        private ScriptedProvider host;
        private Socket deaf;
        private CamelContext context;
        private String lastWords = "";

        Rig(ProviderFixture fixture) {
            this.fixture = fixture;
        }

        private void open() throws Exception {
            if (context != null) {
                return;
            }
            for (Map.Entry<String, String> it : SECRETS.entrySet()) {
                Files.writeString(secrets.resolve(it.getKey()), it.getValue());
            }
            host = new ScriptedProvider();
            // Bound, so that nobody else takes the port, and listening to nobody.
            deaf = new Socket();
            deaf.bind(new InetSocketAddress("127.0.0.1", 0));
            CamelContext camel = new DefaultCamelContext();
            camel.getPropertiesComponent().addInitialProperty("firstup.secrets", secrets.toString());
            camel.getPropertiesComponent().addInitialProperty("firstup.publish.timeout", "1000");
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(
                            "accounts.camel.yaml",
                            route("host", host.url()) + route("deaf", "http://127.0.0.1:" + deaf.getLocalPort())));
            camel.start();
            context = camel;
        }

        private String route(String name, String url) {
            return """
                    - route:
                        id: %1$s
                        from:
                          uri: direct:%1$s
                          steps:
                            - doTry:
                                steps:
                                  - to:
                                      uri: %2$s
                                      parameters: { %3$s }
                                doCatch:
                                  - exception: [java.lang.Exception]
                                    steps:
                                      - setVariable: { name: failure, simple: "${exception}" }
                    """
                    .formatted(
                            name,
                            fixture.uri(),
                            fixture.parameters().entrySet().stream()
                                    .map(it -> ProviderFixture.quoted(it.getKey()) + ": "
                                            + ProviderFixture.quoted(
                                                    it.getValue().replace("{url}", url)))
                                    .collect(Collectors.joining(", ")));
        }

        /** What comes of {@code about}, in the words of the fixtures. */
        private String reaction(String route, Publication about, List<Played> answers) throws Exception {
            open();
            host.play(answers.stream().map(this::here).toList());
            Exchange exchange = context.createFluentProducerTemplate()
                    .to("direct:" + route)
                    .withBody(about)
                    .send();
            Throwable failure = exchange.getVariable("failure", Throwable.class);
            lastWords =
                    String.valueOf(failure == null ? exchange.getMessage().getBody() : EndpointFailures.meant(failure));
            if (failure == null) {
                return said(exchange.getMessage().getBody());
            }
            Throwable meant = EndpointFailures.meant(failure);
            discreet(meant.getMessage());
            if (meant instanceof StopException stop) {
                return stop.account() ? "stop account" : "stop";
            }
            if (meant instanceof WaitException wait) {
                return wait.ambiguous() ? "ambiguous" : wait.delay().isZero() ? "soon" : "wait " + words(wait.delay());
            }
            return "unknown";
        }

        private Played here(Played answer) {
            return new Played(
                    answer.status(), dated(answer.headers()), answer.body().replace("{url}", host.url()), answer.way());
        }

        private static String said(Object result) {
            if (result instanceof Receipt receipt) {
                discreet(receipt.answer());
                if (receipt.ticket() != null) {
                    return "accepted " + receipt.ticket();
                }
                return receipt.unchanged() ? "unchanged" : "confirmed";
            }
            assertThat(result).isInstanceOf(RecordReading.class);
            RecordReading reading = (RecordReading) result;
            return reading.agreed() == null ? "pending" : ("reads " + String.join(" ", reading.agreed())).strip();
        }

        private static void discreet(String text) {
            SECRETS.values().forEach(it -> assertThat(text).doesNotContain(it));
        }

        @Override
        public void close() throws IOException {
            if (context != null) {
                context.stop();
                host.close();
                deaf.close();
            }
        }
    }

    @TestFactory
    Stream<DynamicContainer> eachHost() throws IOException {
        return ProviderFixture.all().stream().map(fixture -> {
            Rig rig = new Rig(fixture);
            RIGS.add(rig);
            return DynamicContainer.dynamicContainer(fixture.name(), tests(rig));
        });
    }

    private static List<DynamicTest> tests(Rig rig) {
        ProviderFixture fixture = rig.fixture;
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("nothing is missing", () -> complete(fixture)));
        fixture.missing().forEach((name, why) -> cell(fixture, name, "-"));
        fixture.flows()
                .forEach((name, flow) -> tests.add(test(fixture, name, () -> run(rig, name, flow, flow.reaction()))));
        fixture.cases().forEach((name, it) -> {
            if (it.answer() != null) {
                tests.add(test(fixture, name, () -> run(rig, name, altered(fixture, it), it.reaction())));
            }
        });
        Flow write = fixture.flows().get("write");
        if (write != null) {
            int last = write.turns().size();
            STANDARD.forEach((name, it) -> {
                for (int turn = it.everywhere() ? 1 : last; turn <= last; turn++) {
                    standard(rig, name, turn, it.answer(), it.reaction()).ifPresent(tests::add);
                }
            });
            Played right = write.turns().get(last - 1).answer();
            standard(rig, "chunked body", last, right.by(Way.CHUNKED), write.reaction())
                    .ifPresent(tests::add);
            standard(rig, "truncated transfer", last, right.by(Way.CUT), "unknown")
                    .ifPresent(tests::add);
            tests.add(test(fixture, "connection refused", () -> {
                String reaction = rig.reaction("deaf", write.about(), List.of());
                cell(fixture, "connection refused", reaction);
                assertThat(reaction).isEqualTo("soon");
            }));
        }
        return tests;
    }

    /** What is done with all hosts, unless the fixture itself says what to answer. */
    private static Optional<DynamicTest> standard(Rig rig, String name, int turn, Played answer, String reaction) {
        ProviderFixture fixture = rig.fixture;
        Flow write = fixture.flows().get("write");
        int last = write.turns().size();
        Case own = fixture.cases().get(name);
        boolean concerned = own != null && (own.turn() == 0 || own.turn() == turn);
        if (concerned && own.answer() != null) {
            return Optional.empty();
        }
        String expected = concerned ? own.reaction() : reaction;
        List<Turn> then = concerned ? own.then() : List.of();
        String title = turn == last ? name : name + " at turn " + turn;
        return Optional.of(test(
                fixture,
                title,
                () -> run(rig, turn == last ? name : null, altered(write, turn, answer, then), expected)));
    }

    private static Map<String, String> dated(Map<String, String> headers) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
        Map<String, String> dated = new LinkedHashMap<>(headers);
        dated.replaceAll((name, value) -> value.replace(IN_AN_HOUR, date));
        return dated;
    }

    private static DynamicTest test(ProviderFixture fixture, String name, Executable run) {
        return DynamicTest.dynamicTest(name, () -> {
            try {
                run.execute();
            } catch (AssertionError e) {
                throw new AssertionError(fixture.name() + ", " + name + ": " + e.getMessage(), e);
            }
        });
    }

    private static Flow altered(ProviderFixture fixture, Case it) {
        Flow flow = fixture.flows().get(it.flow());
        assertThat(flow).as("the flow " + it.flow()).isNotNull();
        return altered(flow, it.turn() == 0 ? flow.turns().size() : it.turn(), it.answer(), it.then());
    }

    private static Flow altered(Flow flow, int turn, Played answer, List<Turn> then) {
        List<Turn> turns = new ArrayList<>(flow.turns().subList(0, turn - 1));
        turns.add(new Turn(flow.turns().get(turn - 1).request(), answer));
        turns.addAll(then);
        return new Flow(flow.about(), turns, null);
    }

    private static void complete(ProviderFixture fixture) {
        Set<String> said = new TreeSet<>(fixture.flows().keySet());
        said.addAll(fixture.missing().keySet());
        assertThat(said).as(fixture.name() + ": flows").containsAll(FLOWS);
        said.addAll(fixture.cases().keySet());
        for (String it : OWN) {
            assertThat(said).as(fixture.name() + ": the case \"" + it + "\"").anyMatch(name -> column(name)
                    .equals(it));
        }
    }

    private static void run(Rig rig, String cell, Flow flow, String expected) throws Exception {
        String reaction = rig.reaction(
                "host", flow.about(), flow.turns().stream().map(Turn::answer).toList());
        Optional<String> met = Arrays.stream(expected.split(" \\| "))
                .filter(it -> same(reaction, it))
                .findFirst();
        if (cell != null) {
            cell(rig.fixture, cell, met.orElse(reaction));
        }
        List<Heard> answered = rig.host.answered();
        for (int i = 0; i < Math.min(answered.size(), flow.turns().size()); i++) {
            compare("turn " + (i + 1), answered.get(i), flow.turns().get(i).request());
        }
        assertThat(answered).as("requests").hasSameSizeAs(flow.turns());
        assertThat(met.isPresent() ? expected : reaction).as(rig.lastWords).isEqualTo(expected);
    }

    private static boolean same(String reaction, String expected) {
        if (!reaction.startsWith("wait ") || !expected.startsWith("wait ")) {
            return reaction.equals(expected);
        }
        Duration difference = duration(reaction).minus(duration(expected)).abs();
        // The host's date is compared with the clock of this machine.
        return duration(expected).compareTo(Duration.ofHours(1)) >= 0
                ? difference.compareTo(TOLERANCE) < 0
                : difference.isZero();
    }

    private static Duration duration(String wait) {
        return Duration.parse("PT" + wait.substring("wait ".length()).toUpperCase(Locale.ROOT));
    }

    private static String words(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private static void compare(String turn, Heard answered, Map<String, Object> expected) {
        String[] target = answered.target().split("\\?", 2);
        assertThat(answered.headers().keySet()).as(turn).noneMatch(it -> it.startsWith("firstup"));
        assertThat(answered.method()).as(turn + ", method").isEqualTo(expected.get("method"));
        assertThat(decoded(target[0].replace("+", "%2B")))
                .as(turn + ", path")
                .isEqualTo(filled(String.valueOf(expected.get("path"))));
        assertThat(pairs(target.length == 2 ? target[1] : ""))
                .as(turn + ", query")
                .isEqualTo(texts(expected.get("query")));
        texts(expected.get("headers")).forEach((name, value) -> assertThat(header(answered, name))
                .as(turn + ", header " + name)
                .isEqualTo(value));
        if (expected.containsKey("json")) {
            assertThat(answered.headers().get("content-type")).as(turn).startsWith("application/json");
            assertThat(new Load(LoadSettings.builder().build()).loadFromString(answered.body()))
                    .as(turn + ", body")
                    .isEqualTo(inside(expected.get("json")));
        } else if (expected.containsKey("form")) {
            assertThat(answered.headers().get("content-type")).as(turn).startsWith("application/x-www-form-urlencoded");
            assertThat(pairs(answered.body())).as(turn + ", body").isEqualTo(texts(expected.get("form")));
        } else {
            assertThat(answered.body()).as(turn + ", body").isEqualTo(filled((String)
                    expected.getOrDefault("body", "")));
        }
    }

    private static String header(Heard answered, String name) {
        String value = answered.headers().getOrDefault(name.toLowerCase(Locale.ROOT), "");
        String basic = "Basic ";
        return value.startsWith(basic)
                ? basic + new String(Base64.getDecoder().decode(value.substring(basic.length())), UTF_8)
                : value;
    }

    private static Map<String, String> pairs(String query) {
        Map<String, String> pairs = new TreeMap<>();
        for (String it : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] pair = it.split("=", 2);
            pairs.merge(
                    decoded(pair[0]),
                    pair.length == 2 ? decoded(pair[1]) : "",
                    (one, other) -> one + ", and again " + other);
        }
        return pairs;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }

    private static Map<String, String> texts(Object expected) {
        Map<String, String> texts = new TreeMap<>();
        ProviderFixture.map(expected).forEach((name, value) -> texts.put(filled(name), filled(String.valueOf(value))));
        return texts;
    }

    private static Object inside(Object json) {
        if (json instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .collect(Collectors.toMap(it -> (Object) it.getKey(), it -> inside(it.getValue())));
        }
        if (json instanceof List<?> list) {
            return list.stream().map(ProvidersTest::inside).toList();
        }
        return json instanceof String text ? filled(text) : json;
    }

    private static String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> it : SECRETS.entrySet()) {
            filled = filled.replace("{" + it.getKey() + "}", it.getValue());
        }
        return filled;
    }

    // The table

    /** Which column of the table a case belongs to. */
    private static String column(String name) {
        return OWN.stream()
                .filter(it -> name.equals(it) || name.startsWith(it + " ") || name.startsWith(it + ","))
                .findFirst()
                .orElse(name);
    }

    private static void cell(ProviderFixture fixture, String name, String reaction) {
        TABLE.computeIfAbsent(fixture.name(), it -> new TreeMap<>())
                .merge(column(name), reaction, (one, other) -> one.contains(other) ? one : one + ", " + other);
    }

    @AfterAll
    static void table() throws IOException {
        for (Rig rig : RIGS) {
            rig.close();
        }
        RIGS.clear();
        List<String> columns = new ArrayList<>(FLOWS);
        columns.addAll(OWN);
        columns.addAll(STANDARD.keySet());
        columns.addAll(List.of("chunked body", "truncated transfer", "connection refused"));
        System.out.println(row("host", columns));
        TABLE.forEach((host, cells) -> {
            System.out.println(row(
                    host,
                    columns.stream()
                            .map(it -> cells.getOrDefault(it, "MISSING"))
                            .toList()));
            cells.forEach((name, reaction) -> {
                if (!columns.contains(name)) {
                    System.out.println("    " + name + ": " + reaction);
                }
            });
        });
        TABLE.clear();
    }

    private static String row(String first, List<String> cells) {
        return first + " | " + String.join(" | ", cells);
    }
}
