package dev.firstup.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.ProbeConditions;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.queue.Queues;
import dev.firstup.queue.parse.Problem;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "probe",
        description = "Probes the servers of a queue once and prints what it found, in order of preference.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExit statuses, as a monitoring plugin's:%n",
        footer = {
            "  0  the first server is up",
            "  1  the first server is not up, another one is (or the command failed)",
            "  2  all servers are down",
            "  3  nothing is known"
        })
final class ProbeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", description = "A queue's name, or a queue file.")
    private String queue;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Installation home = Installation.find();
        Path file = Path.of(queue);
        boolean isFile = Files.isRegularFile(file);
        try (UserRoutes routes = UserRoutes.load(home, home.routes())) {
            Queues.Checked checked = Queues.check(List.of(isFile ? file : home.routes()), routes.known());
            List<Queue> queues = checked.queues().stream()
                    .filter(it -> isFile || it.name().equals(queue))
                    .toList();
            if (queues.isEmpty()) {
                throw new CommandException(refusal(checked, isFile));
            }
            int status = 0;
            for (Queue it : queues) {
                status = Math.max(status, show(it, probe(it, routes)));
            }
            return status;
        }
    }

    private String refusal(Queues.Checked checked, boolean isFile) {
        List<String> problems = checked.problems().stream()
                .filter(it ->
                        isFile || Path.of(it.file()).getFileName().toString().equals(queue + ".queue.yaml"))
                .map(Problem::toString)
                .toList();
        if (!problems.isEmpty()) {
            return "the queue is not valid" + System.lineSeparator() + String.join(System.lineSeparator(), problems);
        }
        List<String> names = checked.queues().stream().map(Queue::name).sorted().toList();
        return names.isEmpty()
                ? "there is no valid queue \"" + queue
                        + "\", nor any other one: say ./firstup check to see what is wrong, or"
                        + " write one with ./firstup init NAME"
                : "there is no valid queue \"" + queue + "\": expected one of " + String.join(", ", names)
                        + ", or a queue file";
    }

    private static List<Verdict> probe(Queue queue, UserRoutes routes) throws Exception {
        ProducerTemplate template = routes.template();
        List<List<CompletableFuture<Verdict>>> asked = new ArrayList<>();
        for (Server server : queue.servers()) {
            List<CompletableFuture<Verdict>> its = new ArrayList<>();
            its.add(ask(server, routes, template));
            for (Server other : server.conditions().others()) {
                its.add(ask(other, routes, template));
            }
            asked.add(its);
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            List<Verdict> its = new ArrayList<>();
            for (CompletableFuture<Verdict> it : asked.get(i)) {
                its.add(it.get());
            }
            verdicts.add(ProbeConditions.combine(queue.servers().get(i), its));
        }
        return verdicts;
    }

    private static CompletableFuture<Verdict> ask(Server server, UserRoutes routes, ProducerTemplate template)
            throws Exception {
        routes.start(server.host());
        return template.asyncRequestBody(server.probe(), server, Verdict.class);
    }

    private int show(Queue queue, List<Verdict> verdicts) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(RunningFirstup.written(json(queue, verdicts)));
        } else {
            out.println(queue.name() + ": " + queue.record());
            for (Verdict it : verdicts) {
                out.printf(
                        "  %-16s %-8s %6d ms  %s%n",
                        it.server(), it.outcome(), it.took().toMillis(), it.explained());
            }
        }
        out.flush();
        return status(verdicts);
    }

    private static int status(List<Verdict> verdicts) {
        List<ProbeOutcome> outcomes = verdicts.stream().map(Verdict::outcome).toList();
        if (outcomes.get(0) == ProbeOutcome.UP) {
            return 0;
        }
        if (outcomes.contains(ProbeOutcome.UP)) {
            return 1;
        }
        return outcomes.contains(ProbeOutcome.UNKNOWN) ? 3 : 2;
    }

    private static ObjectNode json(Queue queue, List<Verdict> verdicts) {
        ArrayNode servers = JsonNodeFactory.instance.arrayNode();
        for (Verdict it : verdicts) {
            ObjectNode server = JsonNodeFactory.instance.objectNode();
            server.put("name", it.server());
            server.put("outcome", it.outcome().name());
            server.put("code", it.code().name());
            server.put("reason", it.reason());
            server.put("ms", it.took().toMillis());
            servers.add(server);
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("queue", queue.name());
        object.put("record", queue.record());
        object.set("servers", servers);
        return object;
    }
}
