package dev.firstup.cli;

import dev.firstup.queue.account.RouteAccounts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;

/** The user's own routes in a context of their own, none of them started: for commands that run no pipeline. */
final class UserRoutes implements AutoCloseable {
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
        Properties settings = new Properties();
        settings.putAll(home.paths());
        context.getPropertiesComponent().setOverrideProperties(settings);
        context.getPropertiesComponent().addLocation("file:" + home.settings());
        List<Path> files = files(home, users);
        try {
            for (Path file : files) {
                PluginHelper.getRoutesLoader(context)
                        .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
            }
            context.start();
            return new UserRoutes(context);
        } catch (Exception e) {
            context.stop();
            throw new CommandException(
                    "the routes in " + users + " (" + names(files) + ") are not valid: " + Firstup.explain(e));
        }
    }

    private static String names(List<Path> files) {
        return String.join(
                ", ", files.stream().map(it -> it.getFileName().toString()).toList());
    }

    /**
     * The user's route files in {@code folder}, in the order of their names.
     *
     * @param home where the settings are
     * @throws CommandException if the folder cannot be read, or a file holds what Camel would say late or in its own words
     */
    static List<Path> files(Installation home, Path folder) {
        List<Path> routes = list(folder);
        List<RouteFile> files = routes.stream().map(RouteFile::read).toList();
        ReservedIds.refuse(files);
        return routes;
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(it -> it.getFileName().toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
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
