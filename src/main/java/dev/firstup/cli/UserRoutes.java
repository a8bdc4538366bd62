package dev.firstup.cli;

import dev.firstup.cli.routes.RouteFiles;
import dev.firstup.queue.account.RouteAccounts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The user's own routes in a context of their own, none of them started: for commands that run no pipeline. */
final class UserRoutes implements AutoCloseable {
    private static final String KAMELETS = "camel.component.kamelet.location";
    private static final String VERDICTS = "direct:firstup-verdicts";

    private final CamelContext context;

    private UserRoutes(CamelContext context) {
        this.context = context;
    }

    /**
     * Loads them.
     *
     * @param home where the settings are
     * @param users the folder of the user's route files
     * @throws CommandException if they cannot be loaded
     */
    static UserRoutes load(Installation home, Path users) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.setAutoStartup(false);
        handFailuresOn(context);
        Properties settings = new Properties();
        settings.putAll(home.environment());
        settings.putAll(home.paths());
        PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
        properties.setOverrideProperties(settings);
        properties.setLocations(home.locations());
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
        List<Path> files = files(users);
        List<Resource> resources = files.stream().map(UserRoutes::resource).toList();
        String kamelets = home.setting(KAMELETS);
        try {
            if (kamelets != null) {
                context.getComponent("kamelet", KameletComponent.class).setLocation(kamelets);
            }
            for (Resource it : resources) {
                PluginHelper.getRoutesLoader(context).loadRoutes(it);
            }
            context.start();
            return new UserRoutes(context);
        } catch (Exception e) {
            context.stop();
            requireOther(home, files, e);
            throw new CommandException(
                    "the routes in " + users + " (" + names(files) + ") are not valid: " + Firstup.explain(e));
        }
    }

    /**
     * Says where a failure of Camel's lies.
     *
     * @throws CommandException if that is in {@code files}
     */
    static void requireOther(Installation home, List<Path> files, Throwable failure) {
        String said = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::toString)
                .collect(Collectors.joining(" "));
        refuse(RouteFiles.read(files).behind(said, home.setting(KAMELETS)));
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new CommandException(String.join(System.lineSeparator(), problems));
        }
    }

    /**
     * Has routes that say nothing of errors hand them to whoever has asked, who says what they mean: a dump beside that, for each
     * probe of a dead server, would fill the disk. Nobody has asked for what a {@code wireTap} starts: a route there says itself what
     * fails. For routes that are not loaded yet.
     */
    static void handFailuresOn(CamelContext context) {
        DefaultErrorHandlerDefinition handler = new DefaultErrorHandlerDefinition();
        handler.setRedeliveryPolicy(new RedeliveryPolicyDefinition().logExhausted(false));
        // Where nothing is tried again, Camel does not ask the policy.
        handler.setLevel(LoggingLevel.OFF.name());
        context.getCamelContextExtension().setErrorHandlerFactory(handler);
    }

    /**
     * A file for Camel, which by itself would look for another one where the path has a question mark or a backslash.
     *
     * @throws CommandException if it cannot be read
     */
    static Resource resource(Path file) {
        try {
            return ResourceHelper.fromBytes("file:" + file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandException("the file " + file + " cannot be read (" + e + "): make it readable");
        }
    }

    private static String names(List<Path> files) {
        return String.join(
                ", ", files.stream().map(it -> it.getFileName().toString()).toList());
    }

    /**
     * The user's route files in {@code folder}, in the order of their names.
     *
     * @throws CommandException if the folder cannot be read, or a file declares what is Firstup's own, or there already
     */
    static List<Path> files(Path folder) {
        List<Path> routes = list(folder);
        refuse(RouteFiles.read(routes).problems());
        return routes;
    }

    /**
     * Refuses settings by which all would look well, and nothing be decided.
     *
     * @throws CommandException if the verdicts go where nobody takes them
     */
    static void requireVerdicts(Installation home) {
        String to = home.setting("firstup.verdicts.to", VERDICTS);
        String from = home.setting("firstup.verdicts.from", VERDICTS);
        if (to.equals(from)) {
            return;
        }
        List<Path> files = new ArrayList<>(files(home.routes()));
        if (Files.isDirectory(home.pipeline())) {
            // It may have been edited.
            files.addAll(PipelineRoutes.files(home.pipeline()));
        }
        String gap = RouteFiles.read(files).verdictGap(to, from);
        if (gap != null) {
            throw new CommandException(gap);
        }
    }

    /** Secrets that the files in {@code folder} name and that cannot be read here, a warning each. */
    static List<String> missingSecrets(Installation home, Path folder) {
        return RouteFiles.read(list(folder)).missingSecrets(home.secrets());
    }

    /** Whether a path is named like a file of routes; hidden ones belong to editors. */
    static boolean isRouteFile(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".camel.yaml") && !name.startsWith(".");
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> routes = files.filter(UserRoutes::isRouteFile).sorted().toList();
            for (Path it : routes) {
                if (Files.isDirectory(it)) {
                    throw new CommandException(it + " is a folder, expected a file of routes: give it another name");
                }
            }
            return routes;
        } catch (IOException e) {
            throw new CommandException("the folder " + folder + " cannot be read: create it, or set firstup.routes");
        }
    }

    /** A monitor that watches nothing would look as if all were well. */
    static void requireQueues(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.queue.yaml")) {
            if (files.iterator().hasNext()) {
                return;
            }
        } catch (IOException e) {
            throw new CommandException("the folder " + folder + " cannot be read: create it, or set firstup.routes");
        }
        throw new CommandException("there is no queue to watch: no file " + folder + "/*.queue.yaml."
                + " Write one with ./firstup init NAME, or see it all without any account with ./firstup rehearse");
    }

    RouteAccounts known() {
        RouteAccounts accounts = new RouteAccounts();
        accounts.setCamelContext(context);
        return accounts;
    }

    /** Starts the probe route called {@code name}, and what it calls. */
    void start(String name) throws Exception {
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            if (route.getInput().getEndpointUri().matches("direct:(//)?\\Q" + name + "\\E(\\?.*)?")) {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
    }

    ProducerTemplate template() {
        return context.createProducerTemplate();
    }

    @Override
    public void close() {
        context.stop();
    }
}
