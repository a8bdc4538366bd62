package dev.firstup.cli;

import dev.firstup.health.Health;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.notify.Messages;
import dev.firstup.rehearsal.Rehearsal;
import dev.firstup.rehearsal.Script;
import dev.firstup.rehearsal.Show;
import dev.firstup.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "rehearse",
        description =
                "Shows the whole thing with no account anywhere: three toy servers, a dynamic-DNS service and a DNS"
                        + " server, all on this machine, and the real pipeline in between.",
        mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
    private static final int EVENTS = 200;

    @Spec
    private CommandSpec spec;

    @Option(names = "--script", description = "Does it alone: the first server down, the move, and the way back.")
    private boolean script;

    @Option(
            names = "--answer",
            paramLabel = "CODE",
            description = "What the dynamic-DNS service answers to every update instead, such as badauth.")
    private String answer;

    @Option(
            names = "--dns-port",
            paramLabel = "PORT",
            description = "Where the DNS server answers; 0 for any free port. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + Rehearsal.DNS_PORT)
    private int dnsPort;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (System.getenv("FIRSTUP_LOG") == null && System.getProperty("firstup.log") == null) {
            // What happens is shown; a log between the lines would only hide it.
            System.setProperty("firstup.log", "ERROR");
        }
        try (Rehearsal rehearsal = Rehearsal.start(dnsPort)) {
            Runtime.getRuntime().addShutdownHook(new Thread(rehearsal::close));
            if (answer != null) {
                rehearsal.service().answer(answer);
            }
            Map<String, String> settings = Map.of(
                    "firstup.secrets",
                    rehearsal.secrets().toString(),
                    "firstup.state",
                    rehearsal.folder().resolve("state.db").toString(),
                    "firstup.token",
                    rehearsal.folder().resolve("token").toString(),
                    "firstup.port",
                    "0",
                    "firstup.heartbeat",
                    "");
            try (Pipeline pipeline = Pipeline.start(Home.find(), rehearsal.folder(), settings)) {
                Store store = pipeline.bean("store", Store.class);
                out.println("Ask it yourself: dig @127.0.0.1 -p "
                        + rehearsal.nameServer().getPort() + " +short " + Rehearsal.RECORD);
                out.flush();
                Supplier<List<Event>> events = () -> oldestFirst(store.events(EVENTS));
                if (script) {
                    return new Script(rehearsal, events, out).run();
                }
                Health health = pipeline.bean("health", Health.class);
                Messages messages = pipeline.bean("messages", Messages.class);
                Supplier<HealthView> view =
                        () -> health.views().stream().findFirst().orElse(null);
                Supplier<List<String>> lines = () ->
                        events.get().stream().map(it -> line(messages, it)).toList();
                new Show(rehearsal, view, lines, System.in, out).run();
                return 0;
            }
        }
    }

    private static String line(Messages messages, Event event) {
        return messages.render(event, "").subject() + " (" + event.reason() + ")";
    }

    private static List<Event> oldestFirst(List<Event> newestFirst) {
        List<Event> events = new ArrayList<>(newestFirst);
        Collections.reverse(events);
        return events;
    }
}
