package dev.firstup.e2e.kill;

import dev.firstup.Fixtures;
import dev.firstup.model.Decision;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.rules.Failback;
import dev.firstup.store.Store;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/**
 * The publishing half of Firstup in a process of its own: the shipped route with its beans, the store and a Kamelet. What health
 * would decide comes from its input, the name of a server on a line.
 */
final class Mover {
    static final List<Server> SERVERS = List.of(
            Fixtures.server("paris", "192.0.2.10"),
            Fixtures.server("tokyo", "192.0.2.20"),
            Fixtures.server("quebec", "192.0.2.30"));

    /** It can be told what is decided. */
    static final String READY = "ready";

    /** A line of its input that asks how it stands. */
    static final String STANDING = "?";

    /** An answer to that: nothing is left to do. */
    static final String QUIET = "quiet";

    static final String BUSY = "busy";

    private Mover() {}

    /** @param args the folder with its accounts, secrets and state; where the record is read; how long the host is left alone */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        DefaultCamelContext context = new DefaultCamelContext();
        context.getPropertiesComponent().setLocation("file:application.properties");
        context.getPropertiesComponent().setOverrideProperties(settings(folder, args[2]));
        for (Path file : List.of(
                Path.of("routes/pipeline/beans.camel.yaml"),
                Path.of("routes/pipeline/publish.camel.yaml"),
                folder.resolve("accounts.camel.yaml"))) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
        }
        context.start();
        Store store = context.getRegistry().lookupByNameAndType("firstup-store", Store.class);
        PublishTarget target = new PublishTarget(
                "dyn",
                Fixtures.RECORD,
                List.of(args[1]),
                "fingerprint",
                Duration.ZERO,
                PublishTarget.Api.NONE,
                false,
                false);
        Queue queue = Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(target), SERVERS.toArray(Server[]::new));
        store.configure(Fixtures.configuration(queue));
        System.out.println(READY);

        ProducerTemplate template = context.createProducerTemplate();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(STANDING)) {
                System.out.println(quiet(store) ? QUIET : BUSY);
            } else {
                // As the route firstup-keep does it.
                store.keep(decision(queue, line));
                template.sendBody("{{firstup.nudge.publish}}", null);
            }
        }
        context.stop();
        // Its pools would keep the process.
        System.exit(0);
    }

    private static Properties settings(Path folder, String gap) {
        Properties settings = new Properties();
        settings.put("firstup.routes", folder.toString());
        settings.put("firstup.secrets", folder.toString());
        settings.put("firstup.state", folder.resolve("state.db").toString());
        settings.put("firstup.publish.gap", gap);
        // Longer than the name server ever shows what was before.
        settings.put("firstup.publish.lag", "3s");
        settings.put("firstup.publish.tick", "50");
        return settings;
    }

    private static Decision decision(Queue queue, String name) {
        Server server = SERVERS.stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
        Instant now = Instant.now();
        return new Decision(queue, now, now, Fixtures.choice(queue, server), null, "because", null, List.of(), null);
    }

    private static boolean quiet(Store store) {
        return store.publications().stream()
                .allMatch(it -> it.agrees()
                        && !it.wanted().held()
                        && !it.attempt().open()
                        && it.told().moved());
    }
}
