package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The packaged program in a process of its own, as a user has it. */
final class FirstupProcess implements AutoCloseable {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path out;
    private final Path err;
    private final String port;

    /**
     * Starts it from this checkout.
     *
     * @param folder gets what it prints
     * @param settings the environment that it runs in: these win over application.properties
     * @param command what the user types
     */
    FirstupProcess(Path folder, Map<String, String> settings, String... command) throws IOException {
        this(HOME, folder, settings, command);
    }

    /**
     * Starts it from another folder.
     *
     * @param home where its settings and routes lie
     * @param folder gets what it prints, and is where the user stands
     * @param settings as above
     * @param command as above
     */
    FirstupProcess(Path home, Path folder, Map<String, String> settings, String... command) throws IOException {
        this(
                folder,
                List.of(
                        "-Dfirstup.home=" + home,
                        "-jar",
                        HOME.resolve("target/firstup.jar").toString()),
                settings,
                command);
    }

    /** Starts a jar that stands with its settings in {@code folder}, without a launcher. */
    static FirstupProcess alone(Path folder, Map<String, String> settings, String... command) throws IOException {
        return new FirstupProcess(folder, List.of("-jar", "firstup.jar"), settings, command);
    }

    private FirstupProcess(Path folder, List<String> program, Map<String, String> settings, String... command)
            throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m"));
        line.addAll(program);
        line.addAll(List.of(command));
        out = Files.createTempFile(folder, "firstup-", ".out");
        err = Files.createTempFile(folder, "firstup-", ".err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(it -> it.startsWith("FIRSTUP_") || it.startsWith("CAMEL_"));
        builder.environment().putAll(settings);
        port = settings.get("FIRSTUP_PORT");
        process = builder.start();
    }

    /** Waits for conditions of these tests: long enough for a busy machine, and never longer than it takes. */
    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
    }

    long pid() {
        return process.pid();
    }

    String port() {
        return port;
    }

    /** The answer to a GET on its own pages; fails unless it is 200, or {@code status} where one is given. */
    String get(String path, int... status) {
        try {
            HttpResponse<String> response = CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path).isIn(status.length == 0 ? List.of(200) : boxed(status));
            return response.body();
        } catch (IOException e) {
            throw new AssertionError(path + " is not answered: " + e + "\n" + printed(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Orders something of the queue {@code chat}.
     *
     * @param authorization the header of that name
     * @param body JSON
     * @return the status of the answer
     */
    int order(String authorization, String body) throws IOException, InterruptedException {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/queues/chat/orders"))
                                .timeout(Duration.ofSeconds(20))
                                .header("Authorization", authorization)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static List<Integer> boxed(int... numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    JsonNode json(String path) {
        try {
            return JSON.readTree(get(path));
        } catch (JsonProcessingException e) {
            throw new AssertionError(path + " is no JSON", e);
        }
    }

    /** All events, the newest first. */
    List<JsonNode> events() {
        return list(json("/api/events?limit=1000"), "events");
    }

    /** What the list under {@code key} holds. */
    static List<JsonNode> list(JsonNode json, String key) {
        return json.required(key).valueStream().toList();
    }

    List<JsonNode> events(String kind) {
        return events().stream()
                .filter(it -> kind.equals(it.path("kind").asText(null)))
                .toList();
    }

    double metric(String name) {
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(get("/observe/metrics"));
        assertThat(line.find()).as("metric " + name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    /** What it has written to both of its outputs so far. */
    String printed() {
        return out() + err();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }

    /** The status that it exits with by itself. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it exits: " + printed())
                .isTrue();
        return process.exitValue();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@code kill}: it may tidy up. */
    void terminate() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
