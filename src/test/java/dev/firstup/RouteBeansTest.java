package dev.firstup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the routes and Kamelets name of ours is there, and public: Camel finds that out at the first message only. */
class RouteBeansTest {
    private final List<Map<?, ?>> mappings = new ArrayList<>();
    private final Map<String, Class<?>> beans = new HashMap<>();

    RouteBeansTest() throws IOException {
        for (Path folder : List.of(Path.of("routes"), Path.of("src/main/resources/kamelets"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
                    new Load(LoadSettings.builder().build())
                            .loadAllFromString(Files.readString(file))
                            .forEach(it -> walk(it, mappings::add));
                }
            }
        }
        for (Map<?, ?> it : mappings) {
            if (it.get("name") instanceof String name && it.get("type") instanceof String type && ours(type)) {
                beans.put(name, classOf(type));
            }
        }
    }

    @Test
    void classesExistAndArePublic() {
        List<String> named = mappings.stream()
                .flatMap(it -> it.values().stream())
                .flatMap(it -> it instanceof List<?> list ? list.stream() : Stream.of(it))
                .filter(String.class::isInstance)
                .map(it -> it.toString().replaceFirst("^#class:", ""))
                .filter(RouteBeansTest::ours)
                .distinct()
                .toList();

        assertThat(named).hasSizeGreaterThan(20);
        assertThat(named).allSatisfy(it -> assertThat(classOf(it)).isPublic());
    }

    @Test
    void methodsExistAndArePublic() {
        int checked = 0;
        for (Map<?, ?> it : mappings) {
            Class<?> type = it.get("beanType") instanceof String name && ours(name)
                    ? classOf(name)
                    : it.get("ref") instanceof String ref ? beans.get(ref) : null;
            if (type != null && it.get("method") instanceof String call) {
                String method = call.replaceFirst("\\(.*", "");
                assertThat(Arrays.stream(type.getMethods()).filter(m -> Modifier.isPublic(m.getModifiers())))
                        .extracting(Method::getName)
                        .as(type + "." + method)
                        .contains(method);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(40);
    }

    /** Under any other name, a user's route and one of the program's could be taken for each other. */
    @Test
    void namesOfThePipelineBeginWithFirstup() throws IOException {
        List<String> names = new ArrayList<>();
        for (Map<?, ?> it : pipeline()) {
            if (it.get("id") instanceof String id) {
                names.add(id);
            }
            // camel-micrometer looks for its registry under this name.
            if (it.get("type") != null && it.get("name") instanceof String name && !name.equals("metricsRegistry")) {
                names.add(name);
            }
            for (Object value : it.values()) {
                Matcher endpoint = Pattern.compile("(?:direct|seda|timer|bean):([\\w-]+).*")
                        .matcher(String.valueOf(value).strip());
                if (endpoint.matches()) {
                    names.add(endpoint.group(1));
                }
            }
        }

        assertThat(names).hasSizeGreaterThan(100).allMatch(it -> it.startsWith("firstup-"));
    }

    @Test
    void beansThatClassesNameAreThere() throws IOException {
        List<String> named = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("bean \\{@code ([\\w-]+)} of\\s+(?:\\* )?the routes")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(it -> named.add(it.group(1)));
            }
        }

        assertThat(named).hasSizeGreaterThan(8);
        assertThat(beans).containsKeys(named.toArray(String[]::new));
    }

    private static List<Map<?, ?>> pipeline() throws IOException {
        List<Map<?, ?>> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("routes/pipeline"))) {
            for (Path file : files.toList()) {
                new Load(LoadSettings.builder().build())
                        .loadAllFromString(Files.readString(file))
                        .forEach(it -> walk(it, all::add));
            }
        }
        return all;
    }

    private static boolean ours(String name) {
        return name.startsWith("dev.firstup.");
    }

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(name, false, RouteBeansTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " is named, but there is no such class", e);
        }
    }

    private static void walk(Object node, Consumer<Map<?, ?>> mapping) {
        if (node instanceof Map<?, ?> map) {
            mapping.accept(map);
            map.values().forEach(it -> walk(it, mapping));
        } else if (node instanceof List<?> list) {
            list.forEach(it -> walk(it, mapping));
        }
    }
}
