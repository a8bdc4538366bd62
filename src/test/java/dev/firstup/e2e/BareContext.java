package dev.firstup.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** The pipeline in a bare Camel context that knows the settings, without camel-main: as any other runtime of Camel. */
final class BareContext implements AutoCloseable {
    private static final Path PIPELINE = Path.of("routes/pipeline");

    private final DefaultCamelContext context = new DefaultCamelContext();

    /**
     * @param users the folder of the user's files
     * @param settings these win over application.properties
     */
    BareContext(Path users, Map<String, String> settings) throws Exception {
        Properties winning = new Properties();
        winning.put("firstup.routes", users.toString());
        winning.put("firstup.token", users.resolveSibling("token").toString());
        winning.putAll(settings);
        context.getPropertiesComponent().setLocation("file:application.properties");
        context.getPropertiesComponent().setOverrideProperties(winning);
        // HTTP is the runtime's: each brings its own server.
        MainHttpServer server = new MainHttpServer();
        server.setCamelContext(context);
        server.setHost("127.0.0.1");
        server.setPort(0);
        context.addService(server);
        for (Path file :
                Stream.concat(files(PIPELINE).stream(), files(users).stream()).toList()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
        }
        context.getShutdownStrategy().setTimeout(1);
        try {
            context.start();
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    /** The route files in {@code folder}. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(it -> it.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }

    CamelContext context() {
        return context;
    }

    <T> T bean(String name, Class<T> type) {
        return context.getRegistry().lookupByNameAndType(name, type);
    }

    @Override
    public void close() {
        context.stop();
    }
}
