package dev.firstup.cli;

import dev.firstup.health.Health;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.notify.MessageRenderer;
import dev.firstup.rehearsal.Rehearsal;
import dev.firstup.rehearsal.Script;
import dev.firstup.rehearsal.Show;
import dev.firstup.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "rehearse",
        description =
                "Shows the whole thing with no account anywhere: three toy servers, a dynamic-DNS service and a DNS"
                        + " server, all on this machine, and the real pipeline in between.",
        mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
    private static final int EVENTS = 500;
    private static final String FIRST_STORY = "failover";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--script",
            arity = "0..1",
            fallbackValue = FIRST_STORY,
            paramLabel = "STORY",
            completionCandidates = Stories.class,
            description = "Plays a story alone: ${COMPLETION-CANDIDATES}. Without one: ${FALLBACK-VALUE}.")
    private @Nullable String script;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "How long the link is cut, or the server flaps, such as 15s. Default: 1m, and 5m.")
    private @Nullable String length;

    @Option(
            names = "--answer",
            paramLabel = "CODE",
            description = "What the dynamic-DNS service answers to every update instead, such as badauth.")
    private @Nullable String answer;

    @Option(
            names = "--dns-port",
            paramLabel = "PORT",
            description = "Where the DNS server answers; 0 for any free port. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + Rehearsal.DNS_PORT)
    private int dnsPort;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Script story = script();
        if (System.getProperty("firstup.log") == null) {
            // What happens is shown; a log between the lines would only hide it.
            System.setProperty("firstup.log", "ERROR");
        }
        try (Rehearsal rehearsal = rehearsal(story == null ? Map.of() : story.settings())) {
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
            try (Pipeline pipeline = Pipeline.start(Installation.find(), rehearsal.folder(), settings)) {
                Store store = pipeline.bean("firstup-store", Store.class);
                out.println("Ask it yourself: dig @127.0.0.1 -p "
                        + rehearsal.nameServer().getPort() + " +short " + Rehearsal.RECORD);
                out.flush();
                Supplier<List<Event>> events = () -> oldestFirst(store.events(EVENTS));
                Health health = pipeline.bean("firstup-health", Health.class);
                Supplier<HealthView> view =
                        () -> health.views().stream().findFirst().orElse(null);
                if (story != null) {
                    return story.play(rehearsal, view, events, out);
                }
                MessageRenderer messages = pipeline.bean("firstup-messages", MessageRenderer.class);
                Supplier<List<String>> lines = () ->
                        events.get().stream().map(it -> line(messages, it)).toList();
                new Show(rehearsal, view, lines, System.in, out).run();
                return 0;
            }
        }
    }

    private Rehearsal rehearsal(Map<String, String> settings) {
        if (dnsPort < 0 || dnsPort > 65_535) {
            throw wrong("--dns-port is " + dnsPort + ", expected a port from 1 to 65535, or 0 for any free one");
        }
        try {
            return Rehearsal.start(dnsPort, settings);
        } catch (IOException e) {
            // What caused it says less.
            throw new CommandException(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** What is to be played; null where somebody watches. */
    private @Nullable Script script() {
        Duration lasts = length == null ? null : DurationNotation.of(length);
        if (length != null && lasts == null) {
            throw wrong("--for is \"" + length + "\", expected a time such as 15s or 2m");
        }
        if (script == null) {
            if (length != null) {
                throw wrong("--for says how long a story lasts: name one by --script");
            }
            return null;
        }
        try {
            return Script.of(script, lasts);
        } catch (IllegalArgumentException e) {
            throw wrong(Firstup.explain(e));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static String line(MessageRenderer messages, Event event) {
        return messages.render(event, "").subject() + " (" + event.reason() + ")";
    }

    /** For picocli. */
    private static final class Stories implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Script.names().iterator();
        }
    }

    private static List<Event> oldestFirst(List<Event> newestFirst) {
        List<Event> events = new ArrayList<>(newestFirst);
        Collections.reverse(events);
        return events;
    }
}
