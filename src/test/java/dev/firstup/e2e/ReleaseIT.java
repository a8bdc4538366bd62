package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firstup.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/**
 * What users of release 0.1 rely on: their files run unchanged, their state is read, and every answer, to people and to machines,
 * is what it was. The files are in {@code src/test/resources/release-0.1}: {@code home} is a user's folder, {@code state.db} a state
 * that the release wrote, {@code golden} what it answered. What a user does not see, such as the ids of Firstup's own routes, is in
 * none of them.
 *
 * <p>Where an answer is to be another one, {@code mvn verify -Dit.test=ReleaseIT -Dfirstup.fixtures.write=true} writes the files of
 * {@code golden} anew, and fails, so that nobody takes that for a test. The state is written only where there is none, and belongs
 * to the release: never by a later one.
 */
class ReleaseIT {
    private static final Path GOLDEN = ReleasedHome.FIXTURE.resolve("golden");
    private static final Path STATE = ReleasedHome.FIXTURE.resolve("state.db");

    private static final List<String> COMMANDS = List.of(
            "run",
            "check",
            "probe",
            "init",
            "rehearse",
            "status",
            "drain",
            "maint",
            "force-up",
            "force-down",
            "move",
            "ready",
            "freeze",
            "failback",
            "publish",
            "drill",
            "help");

    private static final List<String> QUEUES = List.of("chat", "dual", "jobs", "shop", "talk", "watch");

    /** Where a state holds times. */
    private static final Map<String, List<String>> TIMES = Map.of(
            "publication",
            List.of(
                    "detected_at",
                    "decided_at",
                    "confirmed_at",
                    "sent_at",
                    "not_before",
                    "due",
                    "trouble_told",
                    "proof_written",
                    "proof_read",
                    "proof_told"),
            "event",
            List.of("at"),
            "notice",
            List.of("due"),
            "server",
            List.of("since", "healthy_since", "down_since"),
            "standing",
            List.of("limited"),
            "hand",
            List.of("since", "until"),
            "alive",
            List.of("at"));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Golden golden = new Golden(GOLDEN);

    @TempDir
    private Path folder;

    @Test
    void whatRunsAnswersAsItDid() throws Exception {
        try (ReleasedHome home = new ReleasedHome(folder)) {
            try (FirstupProcess firstup = home.firstup("run")) {
                awaitSettled(home, firstup);
                golden.await("queues.json", named(home, Golden::json, "/api/queues"));
                for (String queue : QUEUES) {
                    golden.await("queue-" + queue + ".json", named(home, Golden::json, "/api/queues/" + queue));
                }
                golden.await("health.json", named(home, Golden::json, "/observe/health"));
                golden.await("health-live.json", named(home, Golden::json, "/observe/health/live"));
                golden.await("health-ready.json", named(home, Golden::json, "/observe/health/ready"));
                golden.await("metrics.txt", named(home, Golden::metrics, "/observe/metrics"));
                golden.await("page.html", named(home, Golden::page, "/"));
                golden.await("events.txt", named(home, Golden::events, "/api/events?limit=1000"));
                golden.await(
                        "sent.txt",
                        () -> Golden.sorted(
                                home.requests().stream().map(home::named).toList()));
                golden.await("mails.txt", () -> Golden.sorted(home.mails()));
                golden.put("updates.txt", Golden.text(String.join("\n", home.zone.updates())));
                answers(home);
                commands(home);
                golden.await("events-of-orders.txt", named(home, Golden::events, "/api/events?limit=1000"));
                golden.put("log.txt", log(home, firstup));
                if (Golden.WRITE && !Files.exists(STATE)) {
                    leaveState(home, firstup);
                }
            }
        }
        golden.check();
    }

    /** What HTTP answers that is not a view of the queues. */
    private void answers(ReleasedHome home) throws Exception {
        for (String path : List.of("/team", "/api/queues/nowhere", "/api/events?limit=0", "/nothing")) {
            HttpResponse<String> response = get(home, path);
            golden.add("answers.txt", "GET " + path + "\n" + answer(home, response));
        }
        HttpResponse<String> refused = CLIENT.send(
                HttpRequest.newBuilder(uri(home, "/api/queues/chat/orders"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"kind\":\"failback\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        golden.add("answers.txt", "POST /api/queues/chat/orders without a token\n" + answer(home, refused));
    }

    private static String answer(ReleasedHome home, HttpResponse<String> response) {
        return response.statusCode() + " "
                + response.headers().firstValue("Content-Type").orElse("(no type)") + "\n"
                + Golden.text(home.named(response.body())) + "\n";
    }

    /** What is said to a running Firstup. */
    private void commands(ReleasedHome home) throws Exception {
        command("status.txt", home, "status");
        golden.put("status.json", Golden.json(home.named(output(home, "status", "--json"))));
        command("publish.txt", home, "publish", "chat");
        command("publish.txt", home, "publish", "chat", "--to", "no-ip");
        command("publish.txt", home, "publish", "chat", "--retry", "--to", "no-ip");
        command("publish.txt", home, "publish", "watch");
        // Frozen first: what an order says of publications is then not a question of how far they are.
        order(home, "freeze", "chat", "--for", "2h", "--because", "the switch is changed");
        order(home, "drain", "chat", "paris", "--for", "30m", "--because", "kernel");
        order(home, "move", "watch", "tokyo", "--because", "closer");
        order(home, "force-down", "watch", "paris");
        order(home, "force-up", "watch", "quebec", "--because", "its probe is wrong");
        awaitChosen(home, "chat", "tokyo");
        awaitChosen(home, "watch", "tokyo");
        command("orders.txt", home, "status");
        golden.await("queues-ordered.json", named(home, Golden::json, "/api/queues"));
        golden.await("metrics-ordered.txt", named(home, Golden::metrics, "/observe/metrics"));
        golden.await("page-ordered.html", named(home, Golden::pageWithoutEvents, "/"));
        order(home, "ready", "watch");
        order(home, "ready", "watch", "paris");
        order(home, "ready", "watch", "quebec");
        order(home, "maint", "watch", "quebec");
        order(home, "failback", "watch");
        awaitChosen(home, "watch", "paris");
        command("orders.txt", home, "status");
        command("refused.txt", home, "drain", "chat", "rome");
        command("refused.txt", home, "drain", "nowhere", "paris");
        command("refused.txt", home, "freeze", "chat", "--for", "ever");
        command("refused.txt", home, "move", "jobs", "paris");
        command("refused.txt", home, "drill", "chat");
        command("refused.txt", home, "drill", "watch");
        command("refused.txt", home, "publish", "nowhere");
    }

    @Test
    void itsStateIsRead() throws Exception {
        assertThat(STATE).as("a state that the release wrote").exists();
        try (ReleasedHome home = new ReleasedHome(folder)) {
            Path state = home.folder().resolve("state/firstup.db");
            Files.createDirectories(state.getParent());
            Files.copy(STATE, state);
            asIfJustLeft(state);
            home.zone.put("chat.release.test", Type.A, "192.0.2.20");
            home.zone.put("chat.zone.test", Type.A, "192.0.2.20");
            home.zone.put("shop.release.test", Type.A, "192.0.2.10");
            home.zone.put("dual.release.test", Type.A, "192.0.2.10");
            home.zone.put("jobs.release.test", Type.A, "192.0.2.20");
            home.zone.put("talk.release.test", Type.A, "192.0.2.99");
            try (FirstupProcess firstup = home.firstup("run")) {
                awaitSettled(home, firstup);
                // One is left, for the end of a quiet time.
                FirstupProcess.await().untilAsserted(() -> assertThat(
                                get(home, "/observe/metrics").body().lines())
                        .contains("firstup_notices_waiting 1.0"));
                // Chosen, ordered and stopped as it was left.
                golden.await("state-queues.json", named(home, Golden::json, "/api/queues"));
                // No event is lost, and the start makes none that tells people.
                golden.await("state-events.txt", named(home, Golden::events, "/api/events?limit=1000"));
                // What Slack had not taken is told, once, and nothing is written to any host.
                golden.await(
                        "state-sent.txt",
                        () -> Golden.sorted(
                                home.requests().stream().map(home::named).toList()));
                assertThat(home.zone.updates()).isEmpty();
                assertThat(home.mails()).isEmpty();
                try (Stream<Path> files = Files.list(state.getParent())) {
                    assertThat(files).noneMatch(it -> it.toString().contains("unreadable"));
                }
            }
        }
        golden.check();
    }

    /** Moves all times as far as it takes, so that the program was alive a second ago. */
    private static void asIfJustLeft(Path state) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state);
                Statement statement = connection.createStatement()) {
            long by;
            try (ResultSet alive = statement.executeQuery("SELECT at FROM alive")) {
                alive.next();
                by = System.currentTimeMillis() - 1000 - alive.getLong("at");
            }
            for (Map.Entry<String, List<String>> table : TIMES.entrySet()) {
                for (String column : table.getValue()) {
                    statement.executeUpdate(
                            "UPDATE " + table.getKey() + " SET " + column + " = " + column + " + " + by);
                }
            }
            // What was tried already is due; what waits for the end of a quiet time is not.
            statement.executeUpdate("UPDATE notice SET due = " + System.currentTimeMillis() + " WHERE attempts > 0");
        }
    }

    /** What a user has who stops in the middle: a server drained, and messages that Slack did not take. */
    private static void leaveState(ReleasedHome home, FirstupProcess firstup) throws Exception {
        home.slackAnswers(false);
        int mails = home.mails().size();
        output(home, "ready", "chat");
        output(home, "drain", "chat", "paris", "--because", "kernel");
        FirstupProcess.await().untilAsserted(() -> assertThat(home.zone.values("chat.zone.test", Type.A))
                .containsExactly("192.0.2.20"));
        FirstupProcess.await().untilAsserted(() -> assertThat(home.zone.values("chat.release.test", Type.A))
                .containsExactly("192.0.2.20"));
        FirstupProcess.await()
                .untilAsserted(() -> assertThat(home.mails().size()).isGreaterThan(mails));
        awaitSettled(home, firstup);
        firstup.kill();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + home.folder().resolve("state/firstup.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("VACUUM INTO '" + STATE + "'");
        }
    }

    @Test
    void commandsThatLookAloneSayWhatTheyDid() throws Exception {
        try (ReleasedHome home = new ReleasedHome(folder)) {
            command("help.txt", home, "help");
            command("help.txt", home, "--version");
            for (String command : COMMANDS) {
                command("help.txt", home, "help", command);
            }
            command("check.txt", home, "check");
            command("check.txt", home, "check", "--dns");
            command("check.txt", home, "check", "routes/shop.queue.yaml");
            Path broken = Files.createDirectory(home.folder().resolve("broken"));
            for (String name : List.of("broken.queue.yaml", "syntax.queue.yaml")) {
                Files.copy(ReleasedHome.FIXTURE.resolve("broken").resolve(name), broken.resolve(name));
            }
            command("check.txt", home, "check", "broken");
            command("check.txt", home, "check", "nowhere.queue.yaml");
            command("check.txt", home, "check", "--nonsense");
            for (String queue : QUEUES) {
                command("probe.txt", home, "probe", queue);
            }
            golden.put("probe.json", Golden.json(home.named(output(home, "probe", "shop", "--json"))));
            command("probe.txt", home, "probe", "nowhere");
            command("probe.txt", home, "probe", "broken/broken.queue.yaml");
            command("wrong.txt", home, "nonsense");
            command("wrong.txt", home, "drain", "chat");
            command("wrong.txt", home, "rehearse", "--script=nonsense");
            command("wrong.txt", home, "status");
            command("wrong.txt", home, "drain", "chat", "paris");
            command("init.txt", home, "init", "chat");
            command("init.txt", home, "init", "new");
            golden.put("init.queue.yaml", Files.readString(home.folder().resolve("routes/new.queue.yaml")));
            Files.delete(home.folder().resolve("routes/new.queue.yaml"));
            try (ServerSocket other = new ServerSocket(home.port("port"), 1, InetAddress.getLoopbackAddress())) {
                assertThat(other.isBound()).isTrue();
                command("wrong.txt", home, "run");
            }
            try (FirstupProcess dry = home.firstup("run", "--dry-run")) {
                awaitRest(() -> would(home, dry));
                golden.await("dry-run.txt", () -> would(home, dry));
            }
            assertThat(home.requests()).isEmpty();
            for (String queue : List.of("chat", "dual", "shop", "talk", "watch")) {
                Files.delete(home.folder().resolve("routes/" + queue + ".queue.yaml"));
            }
            command("wrong.txt", home, "run");
        }
        golden.check();
    }

    private static String would(ReleasedHome home, FirstupProcess dry) {
        return Golden.sorted(dry.out()
                .lines()
                .filter(it -> it.contains("would have") || it.contains("DRY RUN"))
                .map(home::named)
                .toList());
    }

    @Test
    void theRehearsalTellsTheSameStory() throws Exception {
        String port = String.valueOf(Ports.free());
        try (FirstupProcess firstup =
                new FirstupProcess(folder, Map.of(), "rehearse", "--script", "--dns-port", port)) {
            assertThat(firstup.exit()).as(firstup.printed()).isZero();
            golden.put("rehearse.txt", Golden.text(firstup.printed().replace(port, "<dns port>")));
        }
        golden.check();
    }

    /** Every server known, every record written or given up, everybody told who can be. */
    private static void awaitSettled(ReleasedHome home, FirstupProcess firstup) {
        try {
            FirstupProcess.await().ignoreExceptions().untilAsserted(() -> {
                List<JsonNode> queues = list(json(home, "/api/queues").get("queues"));
                assertThat(queues).hasSize(QUEUES.size());
                for (JsonNode queue : queues) {
                    assertThat(list(queue.get("servers")))
                            .allSatisfy(
                                    it -> assertThat(it.get("state").asText()).isIn("up", "down"));
                    assertThat(list(queue.get("publications")))
                            .allSatisfy(
                                    it -> assertThat(it.get("state").asText()).isIn("confirmed", "stopped"));
                }
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(firstup.printed(), e);
        }
        awaitRest(() -> get(home, "/api/events?limit=1000").body());
    }

    /** Before anything is written: until nothing changes any more. What is compared is waited for by itself. */
    private static void awaitRest(Callable<String> text) {
        if (Golden.WRITE) {
            AtomicReference<String> last = new AtomicReference<>("");
            FirstupProcess.await().during(Duration.ofSeconds(8)).until(() -> {
                String now = text.call();
                return !now.isBlank() && now.equals(last.getAndSet(now));
            });
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> list = new ArrayList<>();
        array.forEach(list::add);
        return list;
    }

    private static JsonNode json(ReleasedHome home, String path) throws Exception {
        return JSON.readTree(get(home, path).body());
    }

    /** What is answered, without what is different each time. */
    private static Callable<String> named(ReleasedHome home, UnaryOperator<String> plain, String path) {
        return () -> {
            HttpResponse<String> response = get(home, path);
            assertThat(response.statusCode()).isIn(Set.of(200, 503));
            return plain.apply(home.named(response.body()));
        };
    }

    private static URI uri(ReleasedHome home, String path) {
        return URI.create("http://127.0.0.1:" + home.port("port") + path);
    }

    private static HttpResponse<String> get(ReleasedHome home, String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(uri(home, path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Runs a command, and notes what it says and how it exits. */
    private void command(String file, ReleasedHome home, String... words) throws Exception {
        try (FirstupProcess process = home.firstup(words)) {
            int status = process.exit();
            golden.add(
                    file,
                    "$ firstup " + String.join(" ", words) + "\n" + Golden.text(home.named(process.printed()))
                            + "(exit " + status + ")\n\n");
        }
    }

    /** Gives an order, and notes what answers it. */
    private void order(ReleasedHome home, String... words) throws Exception {
        try (FirstupProcess process = home.firstup(words)) {
            int status = process.exit();
            golden.add(
                    "orders.txt",
                    "$ firstup " + String.join(" ", words) + "\n"
                            + Golden.order(Golden.text(home.named(process.printed()))) + "(exit " + status + ")\n\n");
        }
    }

    private static void awaitChosen(ReleasedHome home, String queue, String server) {
        FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(
                        json(home, "/api/queues/" + queue).get("chosen").asText())
                .isEqualTo(server));
    }

    private static String output(ReleasedHome home, String... words) throws Exception {
        try (FirstupProcess process = home.firstup(words)) {
            process.exit();
            return process.out();
        }
    }

    /** What Firstup itself says, which is one line an event. */
    private static String log(ReleasedHome home, FirstupProcess firstup) {
        return Golden.sorted(firstup.out()
                .lines()
                .filter(it -> it.contains(" firstup: "))
                .map(home::named)
                .distinct()
                .toList());
    }
}
