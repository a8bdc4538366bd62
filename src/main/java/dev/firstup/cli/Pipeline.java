package dev.firstup.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** The routes, running in this process. */
final class Pipeline implements AutoCloseable {
    private final Main main;

    private Pipeline(Main main) {
        this.main = main;
    }

    /**
     * Starts the pipeline.
     *
     * @param users the folder of the user's queue and route files
     * @param overrides settings that win over those of the file and the environment
     * @throws RuntimeException if it cannot be started; one of its causes says why
     */
    static Pipeline start(Installation home, Path users, Map<String, String> overrides) {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        // Named, because camel-main itself looks on the class path only.
        main.setPropertyPlaceholderLocations("file:" + home.settings());
        Properties winning = new Properties();
        winning.putAll(home.environment());
        winning.putAll(home.paths());
        winning.put("firstup.routes", users.toString());
        winning.putAll(overrides);
        main.setOverrideProperties(winning);
        main.addMainListener(new EnvironmentLast());
        main.configure().withRoutesIncludePattern(routes(home, users));
        main.configure().withShutdownTimeout(5).withShutdownLogInflightExchangesOnTimeout(false);
        try {
            main.start();
        } catch (RuntimeException e) {
            main.stop();
            throw e;
        }
        if (main.getCamelContext().getRoutesSize() == 0) {
            main.stop();
            throw new CommandException("no route was found in " + home.pipeline() + ": is Firstup installed whole?");
        }
        return new Pipeline(main);
    }

    private static String routes(Installation home, Path users) {
        return Stream.concat(
                        PipelineRoutes.uris(home).stream(),
                        UserRoutes.files(home, users).stream().map(it -> "file:" + it))
                .collect(Collectors.joining(","));
    }

    /** By itself, Camel takes what is in the environment before what is given here. */
    private static final class EnvironmentLast extends MainListenerSupport {
        @Override
        public void beforeConfigure(BaseMainSupport main) {
            ((PropertiesComponent) main.getCamelContext().getPropertiesComponent())
                    .setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
        }
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
