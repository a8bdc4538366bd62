package dev.firstup.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** The routes, running in this process. */
final class Pipeline implements AutoCloseable {
    /** The route files that are Firstup itself; the others in their folder are the user's. */
    static final List<String> OWN = List.of("beans", "watch", "publish", "notify");

    private final Main main;

    private Pipeline(Main main) {
        this.main = main;
    }

    /**
     * Starts the pipeline, or says in one sentence why it cannot be.
     *
     * @param settings the file of settings
     * @param own the folder of Firstup's own route files
     * @param users the folder of the user's route files; null where they lie with the own ones
     * @param overrides settings that win over those of the file
     */
    static Pipeline start(Path settings, Path own, Path users, Map<String, String> overrides) {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setPropertyPlaceholderLocations("file:" + settings);
        Properties winning = new Properties();
        winning.putAll(overrides);
        main.setOverrideProperties(winning);
        String routes = OWN.stream()
                .map(name -> "file:" + own.resolve(name + ".camel.yaml"))
                .collect(Collectors.joining(","));
        main.configure().withRoutesIncludePattern(routes + ",file:" + users + "/*.camel.yaml");
        main.configure().withShutdownTimeout(5).withShutdownLogInflightExchangesOnTimeout(false);
        main.start();
        return new Pipeline(main);
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    <T> T bean(String name, Class<T> type) {
        return context().getRegistry().lookupByNameAndType(name, type);
    }

    @Override
    public void close() {
        main.stop();
    }
}
