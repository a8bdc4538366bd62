package dev.firstup.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/**
 * Where things are.
 *
 * @param folder where Firstup lies: its settings, its routes and the user's files
 * @param invoked where the user stood; paths on the command line start there
 */
record Home(Path folder, Path invoked) {

    /** As the launcher says it; the current folder where it does not. */
    static Home find() {
        return new Home(
                Path.of(System.getProperty("firstup.home", "")), Path.of(System.getProperty("firstup.invoked", "")));
    }

    Path settings() {
        return folder.resolve("application.properties");
    }

    /** The folder of Firstup's own routes. */
    Path pipeline() {
        return folder.resolve("routes");
    }

    /** The folder of queue files and accounts. */
    Path routes() {
        return folder.resolve(setting("firstup.routes", "routes"));
    }

    Path argument(Path path) {
        return invoked.resolve(path);
    }

    /**
     * A setting, for commands that run no pipeline.
     *
     * @throws CommandException if the settings cannot be read
     */
    String setting(String name, String otherwise) {
        String fromEnvironment = System.getenv(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
        if (fromEnvironment != null) {
            return fromEnvironment;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(settings())) {
            properties.load(reader);
        } catch (IOException e) {
            throw new CommandException("the settings " + settings()
                    + " cannot be read: run ./firstup where it lies, with its files beside it");
        }
        return properties.getProperty(name, otherwise);
    }
}
