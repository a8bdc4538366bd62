package dev.firstup.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Firstup that runs already, as the settings of {@code home} say where. */
record RunningFirstup(Installation home) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES).build();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** It waits itself until an order is written down. */
    private static final Duration PATIENCE_WITH_ORDERS = Duration.ofSeconds(30);

    /**
     * Asks for JSON.
     *
     * @return the JSON as it came
     * @throws CommandException if nothing, or something else answers
     */
    String get(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build());
    }

    /**
     * Gives an order.
     *
     * @return the queue as it is then
     * @throws CommandException if it is not taken, or nothing answers
     */
    ObjectNode order(String queue, ObjectNode order) throws InterruptedException {
        return requireQueue(post(path(queue) + "/orders", order));
    }

    /**
     * Has publishers asked again that have stopped.
     *
     * @param which {@code to} names one; empty for all
     * @return the queue as it is then
     * @throws CommandException if it is not taken, or nothing answers
     */
    ObjectNode retry(String queue, ObjectNode which) throws InterruptedException {
        return requireQueue(post(path(queue) + "/retry", which));
    }

    /**
     * Asks for a queue as it is now.
     *
     * @throws CommandException if there is none, or nothing answers
     */
    ObjectNode queue(String queue) throws InterruptedException {
        return requireQueue(parse(get(path(queue))));
    }

    private static String path(String queue) {
        return "/api/queues/" + URLEncoder.encode(queue, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ObjectNode post(String path, ObjectNode body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .timeout(PATIENCE_WITH_ORDERS)
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return parse(send(request));
    }

    /**
     * All queues, out of an answer.
     *
     * @throws CommandException if it is somebody else's
     */
    ObjectNode queues(String answer) {
        ObjectNode json = parse(answer);
        if (!json.path("queues").isArray()) {
            throw somethingElse();
        }
        json.get("queues").forEach(this::requireQueue);
        return json;
    }

    ObjectNode parse(String answer) {
        ObjectNode json = object(answer);
        if (json == null) {
            throw somethingElse();
        }
        return json;
    }

    /** Whoever else answers at this port may well speak JSON. */
    private <T extends JsonNode> T requireQueue(T json) {
        if (json.hasNonNull("name")
                && json.path("servers").isArray()
                && json.path("publications").isArray()) {
            return json;
        }
        throw somethingElse();
    }

    private CommandException somethingElse() {
        return new CommandException(uri("/") + " answers with something else than Firstup's JSON: see firstup.port");
    }

    private URI uri(String path) {
        SettingForms.require(home);
        String host = home.setting("firstup.host", "127.0.0.1");
        String port = home.setting("firstup.port", "8053");
        if (host.equals("0.0.0.0")) {
            host = "127.0.0.1";
        } else if (host.equals("::")) {
            host = "::1";
        }
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path);
    }

    private static String send(HttpRequest request) throws InterruptedException {
        URI uri = request.uri();
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() == 200) {
                return response.body();
            }
            ObjectNode json = object(response.body());
            if (json != null && json.path("error").isTextual()) {
                throw new CommandException(json.get("error").textValue());
            }
            throw new CommandException(uri + " answers with status " + response.statusCode()
                    + ", expected 200: is that Firstup? See firstup.port");
        } catch (HttpTimeoutException e) {
            throw new CommandException(uri + " does not answer in time: ./firstup status tells how it stands");
        } catch (IOException e) {
            throw new CommandException(
                    "no Firstup answers at " + uri + ": start it with ./firstup, or see firstup.port");
        }
    }

    /** {@code json} as the running one writes it. */
    static String written(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable ObjectNode object(String answer) {
        try {
            return JSON.readTree(answer) instanceof ObjectNode json ? json : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private String token() {
        Path file = home.token();
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || !token.chars().allMatch(it -> it > ' ' && it < 127)) {
                throw new CommandException("the token file " + file
                        + " holds no token: delete it, and start Firstup again, which makes a new one");
            }
            return token;
        } catch (NoSuchFileException e) {
            throw new CommandException("there is no token file " + file
                    + ": Firstup makes it when it starts. Start it with ./firstup, or see firstup.token");
        } catch (IOException e) {
            throw new CommandException("the token file " + file + " cannot be read: only " + owner(file)
                    + " may, as whom Firstup runs. Give orders as that user");
        }
    }

    private static String owner(Path file) {
        try {
            return Files.getOwner(file).getName();
        } catch (IOException | UnsupportedOperationException e) {
            // Nor may its folder be looked into.
            return "its owner";
        }
    }
}
