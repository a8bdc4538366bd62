package dev.firstup.cli.routes;

import dev.firstup.model.text.NearestWord;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Finds Kamelets in the user's routes that do not exist. Camel would name neither the place nor one that does. */
final class KameletNames {
    private static final String ENDING = ".kamelet.yaml";
    private static final String IN_FOLDER = "file:";
    private static final String IN_JARS = "classpath:";
    private static final String OURS = "classpath:kamelets";

    private static final Set<String> KEYS = Set.of("uri", "to", "from");
    private static final Pattern CALL = Pattern.compile("kamelet:(?://)?([A-Za-z0-9._-]+)(?:[/?].*)?", Pattern.DOTALL);

    private final List<String> locations;
    private final String failure;
    /** What a route calls by the same endpoint, without being in a file of its own. */
    private final Set<String> templates = new HashSet<>(Set.of("source", "sink"));

    private KameletNames(String failure, List<String> locations) {
        this.failure = failure;
        this.locations = locations;
    }

    /** @param failure which names the Kamelets that are meant */
    static List<String> problems(List<RouteFile> files, String failure, @Nullable String locations) {
        KameletNames names = new KameletNames(
                failure, List.of((locations == null ? OURS : locations).strip().split("\\s*,\\s*")));
        files.forEach(names::findTemplates);
        return files.stream().flatMap(names::problems).toList();
    }

    /** The Kamelet that an endpoint calls; null where it is none, or not known before it runs. */
    static @Nullable String called(String uri) {
        Matcher call = CALL.matcher(uri);
        return call.matches() ? call.group(1) : null;
    }

    /** Whether Firstup brings it, by this name or by the one that it has now. */
    static boolean isOurs(String name) {
        return resource(OURS, name) != null;
    }

    private void findTemplates(RouteFile file) {
        file.visit((key, node) -> {
            if (key.equals("routeTemplate") && node instanceof MappingNode template) {
                templates.add(RouteFile.text(RouteFile.entries(template).get("id")));
            }
        });
    }

    private Stream<String> problems(RouteFile file) {
        List<String> problems = new ArrayList<>();
        file.visit((key, node) -> {
            String name = KEYS.contains(key) ? called(RouteFile.text(node)) : null;
            if (name != null
                    && failure.contains(name)
                    && !templates.contains(name)
                    && locations.stream().noneMatch(it -> holds(it, name))) {
                problems.add(file.place(node) + ": found \"kamelet:" + name + "\", but there is no such Kamelet"
                        + advice(name));
            }
        });
        return problems.stream();
    }

    private String advice(String name) {
        Set<String> known = new TreeSet<>(templates);
        known.removeAll(Set.of("source", "sink"));
        locations.forEach(it -> known.addAll(listed(it)));
        return NearestWord.to(name, known)
                .map(it -> "; did you mean \"" + it + "\"?")
                .orElse("; expected one of " + String.join(", ", known));
    }

    /** Whether it is there; what is elsewhere, as on the Web, Camel asks for. */
    private static boolean holds(String location, String name) {
        if (location.contains("{{")) {
            return true;
        }
        if (location.startsWith(IN_FOLDER)) {
            return Files.exists(folder(location).resolve(name + ENDING));
        }
        return !location.startsWith(IN_JARS) || resource(location, name) != null;
    }

    private static Path folder(String location) {
        return Path.of(location.substring(IN_FOLDER.length()));
    }

    private static @Nullable URL resource(String location, String name) {
        String folder = location.substring(IN_JARS.length()).replaceFirst("^/+", "");
        return KameletNames.class.getClassLoader().getResource(folder + "/" + name + ENDING);
    }

    /** Those of a location that can be listed, by the names that they should be called by. */
    private static List<String> listed(String location) {
        try {
            if (location.startsWith(IN_FOLDER)) {
                return names(folder(location));
            }
            URL one = location.startsWith(IN_JARS) ? resource(location, "firstup-slack-sink") : null;
            if (one == null) {
                return List.of();
            }
            URI uri = one.toURI();
            if (!uri.getScheme().equals("jar")) {
                return names(Path.of(uri).resolveSibling(""));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return names(jar.getPath(uri.getSchemeSpecificPart().replaceFirst(".*!", ""))
                        .resolveSibling(""));
            }
        } catch (IOException | URISyntaxException e) {
            return List.of();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> all = files.map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith(ENDING))
                    .map(it -> it.substring(0, it.length() - ENDING.length()))
                    .toList();
            // An old name means the Kamelet that has it now.
            return all.stream()
                    .filter(it -> !all.contains("firstup-" + it + "-sink") && !it.endsWith("-action"))
                    .toList();
        }
    }
}
