package dev.firstup.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.DefaultRoutesCollector;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spi.ResourceReloadStrategy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.AntPathMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes, running in this process. */
final class Pipeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("firstup");

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
        Properties winning = new Properties();
        winning.putAll(home.environment());
        winning.putAll(home.paths());
        winning.put("firstup.routes", users.toString());
        winning.putAll(overrides);
        main.setOverrideProperties(winning);
        main.addMainListener(new OurSettings(home));
        main.setRoutesCollector(new OurRoutes(PipelineRoutes.uris(home), UserRoutes.files(users)));
        main.configure().withShutdownTimeout(5).withShutdownLogInflightExchangesOnTimeout(false);
        try {
            main.start();
        } catch (RuntimeException e) {
            main.stop();
            UserRoutes.requireOther(home, UserRoutes.files(users), e);
            throw e;
        }
        if (main.getCamelContext().getRoutesSize() == 0) {
            main.stop();
            throw new CommandException("no route was found in " + home.pipeline() + ": is Firstup installed whole?");
        }
        return new Pipeline(main);
    }

    /** By itself, camel-main looks for settings on the class path only, and takes what is in the environment before them. */
    private static final class OurSettings extends MainListenerSupport {
        private final Installation home;

        OurSettings(Installation home) {
            this.home = home;
        }

        @Override
        public void beforeConfigure(BaseMainSupport main) {
            PropertiesComponent properties =
                    (PropertiesComponent) main.getCamelContext().getPropertiesComponent();
            properties.setLocations(home.locations());
            properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
            UserRoutes.handFailuresOn(main.getCamelContext());
        }

        @Override
        public void afterConfigure(BaseMainSupport main) {
            CamelContext context = main.getCamelContext();
            ResourceReloadStrategy reload = context.hasService(ResourceReloadStrategy.class);
            if (reload != null) {
                // It takes all routes out first, Firstup's own as well, and cannot put these in again.
                LOG.warn(
                        "camel.main.routesReloadEnabled is not heeded: routes are read at the start, and queue files each"
                                + " second; start Firstup again after a change of routes");
                remove(context, reload);
            }
        }

        private static void remove(CamelContext context, Service service) {
            try {
                context.removeService(service);
            } catch (Exception e) {
                throw new IllegalStateException(
                        "camel.main.routesReloadEnabled cannot be switched off: " + e.getMessage(), e);
            }
        }
    }

    /** These and no others: a pattern would take a folder's name for one as well, and that of a setting would leave ours out. */
    private static final class OurRoutes extends DefaultRoutesCollector {
        private static final String FILE = "file:";
        private static final String USUAL = new MainConfigurationProperties().getRoutesIncludePattern();

        private final List<String> ours;
        private final List<Path> users;

        OurRoutes(List<String> ours, List<Path> users) {
            this.ours = ours;
            this.users = users;
        }

        @Override
        public Collection<Resource> findRouteResourcesFromDirectory(
                CamelContext context, String excluded, String included) {
            if (!USUAL.equals(included)) {
                LOG.warn(
                        "camel.main.routesIncludePattern is \"{}\", which is not heeded: what runs is Firstup itself and the"
                                + " files *.camel.yaml in the folder firstup.routes",
                        included);
            }
            ResourceLoader loader = PluginHelper.getResourceLoader(context);
            String[] out = excluded == null ? new String[0] : excluded.split(",");
            return Stream.concat(
                            ours.stream()
                                    .map(it -> it.startsWith(FILE)
                                            ? UserRoutes.resource(Path.of(it.substring(FILE.length())))
                                            : loader.resolveResource(it)),
                            users.stream()
                                    .filter(it -> !AntPathMatcher.INSTANCE.anyMatch(out, FILE + it))
                                    .map(UserRoutes::resource))
                    .toList();
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
