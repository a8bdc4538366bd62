package dev.firstup.cli;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.component.properties.PropertiesLocation;
import org.jspecify.annotations.Nullable;

/**
 * Where Firstup lies: its settings, its routes and the user's files. Relative paths in the settings begin here, those on the
 * command line where the user stands.
 *
 * @param folder that folder
 */
record Installation(Path folder) {
    private static final Set<String> MAY_BE_EMPTY =
            Set.of("firstup.plugins", "firstup.names.servers", "firstup.hosts", "firstup.heartbeat");

    /** As the launcher says it; the current folder where it does not. */
    static Installation find() {
        Path here = Path.of("").toAbsolutePath();
        Path home = here.resolve(System.getProperty("firstup.home", "")).normalize();
        return new Installation(home.startsWith(here) ? here.relativize(home) : home);
    }

    Path settings() {
        return folder.resolve("application.properties");
    }

    /** The settings for Camel, which takes a comma in their path for the end of it. */
    List<PropertiesLocation> locations() {
        return List.of(new PropertiesLocation("file", settings().toString()));
    }

    /** The folder of Firstup's own routes. Only a checkout has it. */
    Path pipeline() {
        return folder.resolve("routes/pipeline");
    }

    /** The folder of queue files and accounts. */
    Path routes() {
        return path("firstup.routes", "routes");
    }

    /** The folder of secrets of the form {@code file:NAME}. */
    Path secrets() {
        return path("firstup.secrets", "secrets");
    }

    /** The file with the token that orders need. */
    Path token() {
        return path("firstup.token", "state/token");
    }

    /** The settings that are paths, for somebody who stands elsewhere. */
    Map<String, String> paths() {
        return Map.of(
                "firstup.routes", routes().toString(),
                "firstup.secrets", secrets().toString(),
                "firstup.state", path("firstup.state", "state/firstup.db").toString(),
                "firstup.token", token().toString());
    }

    private Path path(String setting, String otherwise) {
        return folder.resolve(setting(setting, otherwise));
    }

    /**
     * A setting as Camel would find it, from the environment or from the file of settings, without blanks around it.
     *
     * @throws CommandException if the settings cannot be read
     */
    String setting(String name, String otherwise) {
        String value = setting(name);
        return value == null ? otherwise : value;
    }

    /** The same, or null where it is not set. */
    @Nullable
    String setting(String name) {
        String value = environment(name);
        if (value == null) {
            value = file().getProperty(name);
        }
        return value == null ? null : value.strip();
    }

    /**
     * The settings of the file that the environment gives another value.
     *
     * @throws CommandException if the settings cannot be read
     */
    Map<String, String> environment() {
        return file().stringPropertyNames().stream()
                .filter(it -> environment(it) != null)
                .collect(Collectors.toMap(Function.identity(), Installation::environment));
    }

    /** Where a setting stands that is to be changed. */
    String place(String name) {
        return environment(name) == null ? "in " + settings() : "in the environment, " + variable(name);
    }

    /** An empty variable is one that somebody has left empty, unless that is a value of the setting. */
    private static @Nullable String environment(String name) {
        String value = System.getenv(variable(name));
        if (value == null || !name.startsWith("firstup.")) {
            return value;
        }
        boolean left = value.isBlank() && !MAY_BE_EMPTY.contains(name);
        return left ? null : value.strip();
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Properties file() {
        Properties properties = new Properties();
        // What is no UTF-8, in a comment perhaps, is nobody's trouble.
        try (Reader reader = new InputStreamReader(Files.newInputStream(settings()), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new CommandException("the settings " + settings().toAbsolutePath()
                    + " cannot be read: Firstup needs them in its folder");
        }
        return properties;
    }
}
