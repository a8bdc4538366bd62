package dev.firstup.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = "Shows what the running Firstup knows. 1 if it cannot be reached.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints the JSON as it is.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        RunningFirstup running = new RunningFirstup(Installation.find());
        String answer = running.get("/api/queues");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer);
        } else {
            print(running.queues(answer), out);
        }
        out.flush();
        return 0;
    }

    private static void print(JsonNode status, PrintWriter out) {
        status.path("problems").forEach(it -> out.println(it.asText()));
        status.path("queues").forEach(it -> QueueText.print(it, out));
    }
}
