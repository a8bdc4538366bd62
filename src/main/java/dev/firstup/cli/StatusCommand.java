package dev.firstup.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = "Shows what the running Firstup knows. 1 if it cannot be reached.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints the JSON as it is.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.find();
        String host = home.setting("firstup.host", "127.0.0.1");
        String port = home.setting("firstup.port", "8053");
        URI uri = URI.create("http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port + "/api/queues");
        String answer = ask(uri);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer);
        } else {
            print(parse(uri, answer), out);
        }
        out.flush();
        return 0;
    }

    private static String ask(URI uri) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new CommandException(uri + " answers with status " + response.statusCode()
                        + ", expected 200: is that Firstup? See firstup.port");
            }
            return response.body();
        } catch (IOException e) {
            throw new CommandException(
                    "no Firstup answers at " + uri + ": start it with ./firstup, or see firstup.port");
        }
    }

    private static JsonObject parse(URI uri, String answer) {
        try {
            return (JsonObject) Jsoner.deserialize(answer);
        } catch (DeserializationException | ClassCastException e) {
            throw new CommandException(uri + " answers with something else than Firstup's JSON: see firstup.port");
        }
    }

    private static void print(JsonObject status, PrintWriter out) {
        JsonArray problems = status.getCollection("problems");
        if (problems != null) {
            problems.forEach(out::println);
        }
        JsonArray queues = status.getCollection("queues");
        for (Object it : queues) {
            JsonObject queue = (JsonObject) it;
            Object chosen = queue.get("chosen");
            out.println(queue.get("name") + ": " + queue.get("record")
                    + (chosen == null ? ", nothing decided yet" : " should name " + chosen));
            JsonArray servers = queue.getCollection("servers");
            for (Object one : servers) {
                JsonObject server = (JsonObject) one;
                out.printf(
                        "%s %-16s %-8s %s%n",
                        server.get("name").equals(chosen) ? " *" : "  ",
                        server.get("name"),
                        server.get("state"),
                        server.get("explained") == null ? "not probed yet" : server.get("explained"));
            }
            JsonArray publications = queue.getCollection("publications");
            for (Object one : publications) {
                JsonObject publication = (JsonObject) one;
                out.printf(
                        "   %s %s at %s: %s%s%n",
                        publication.get("record"),
                        publication.get("type"),
                        publication.get("publisher"),
                        publication.get("state"),
                        publication.get("stopped") == null ? "" : " (" + publication.get("stopped") + ")");
            }
        }
    }
}
