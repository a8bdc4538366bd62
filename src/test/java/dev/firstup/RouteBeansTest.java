package dev.firstup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the routes and Kamelets name of ours is there, and public: Camel finds that out at the first message only. */
class RouteBeansTest {
    private static final Pattern URI = Pattern.compile("#?bean:([\\w-]+|\\{\\{[\\w-]+}})(?:\\?method=(\\w+))?");
    private static final Pattern LOCAL = Pattern.compile("\\{\\{([\\w-]+)}}");

    /** What whoever starts a context binds there, not a file. */
    private static final Map<String, Class<?>> BOUND =
            Map.of("firstup-rehearsal-dns", classOf("dev.firstup.rehearsal.DnsResponder"));

    /** A file's mappings and texts, at whatever depth, and the beans that it declares. */
    private record Source(Path file, List<Map<?, ?>> mappings, List<String> texts, Map<String, Class<?>> beans) {
        static Source of(Path file) {
            Source it = new Source(file, new ArrayList<>(), new ArrayList<>(), new HashMap<>());
            try {
                new Load(LoadSettings.builder().build())
                        .loadAllFromString(Files.readString(file))
                        .forEach(it::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return it;
        }

        private void add(Object node) {
            if (node instanceof Map<?, ?> map) {
                mappings.add(map);
                if (map.get("name") instanceof String name
                        && map.get("type") instanceof String type
                        && type.contains(".")) {
                    beans.put(name, made(type.replaceFirst("^#class:", ""), map.get("factoryMethod")));
                }
                map.values().forEach(this::add);
            } else if (node instanceof List<?> list) {
                list.forEach(this::add);
            } else if (node instanceof String text) {
                texts.add(text);
            }
        }

        private static Class<?> made(String type, Object factoryMethod) {
            return factoryMethod == null
                    ? classOf(type)
                    : methods(classOf(type))
                            .filter(it -> it.getName().equals(factoryMethod))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(type + " has no method " + factoryMethod))
                            .getReturnType();
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private final Map<String, Class<?>> beans = new HashMap<>(BOUND);

    RouteBeansTest() throws IOException {
        for (Path folder : List.of(Path.of("routes"), Path.of("src/main/resources/kamelets"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(it -> it.toString().endsWith(".yaml"))
                        .map(Source::of)
                        .forEach(sources::add);
            }
        }
        sources.stream().filter(it -> it.file().startsWith("routes")).forEach(it -> beans.putAll(it.beans()));
    }

    @Test
    void classesExistAndArePublic() {
        List<String> named = sources.stream()
                .flatMap(it -> it.texts().stream())
                .map(it -> it.replaceFirst("^#class:", ""))
                .filter(it -> it.startsWith("dev.firstup."))
                .distinct()
                .toList();

        assertThat(named).hasSizeGreaterThan(20);
        assertThat(named).allSatisfy(it -> assertThat(classOf(it)).isPublic());
    }

    @Test
    void methodsExistAndArePublic() {
        int checked = 0;
        for (Source source : sources) {
            for (Map<?, ?> it : source.mappings()) {
                // Without either, a Kamelet's own parameter is called so.
                boolean calls = it.containsKey("ref") || it.containsKey("beanType");
                if (calls && it.get("method") instanceof String call) {
                    Class<?> type =
                            it.get("beanType") instanceof String name ? classOf(name) : bean(source, it.get("ref"));
                    assertHas(type, call.replaceFirst("\\(.*", ""));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(80);
    }

    @Test
    void beansThatAreReferredToAreThere() {
        int checked = 0;
        for (Source source : sources) {
            for (Map<?, ?> it : source.mappings()) {
                if (it.containsKey("ref")) {
                    bean(source, it.get("ref"));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(80);
    }

    @Test
    void soIsWhatUrisNameOfBeans() {
        int checked = 0;
        for (Source source : sources) {
            for (String text : source.texts()) {
                for (MatchResult it : URI.matcher(text).results().toList()) {
                    Class<?> type = bean(source, it.group(1));
                    if (it.group(2) != null) {
                        assertHas(type, it.group(2));
                        checked++;
                    }
                }
            }
        }
        assertThat(checked).isGreaterThan(15);
    }

    @Test
    void soIsHowAnswersAreAggregated() {
        int checked = 0;
        for (Source source : sources) {
            for (Map<?, ?> it : source.mappings()) {
                if (it.get("aggregationStrategy") instanceof String name) {
                    Class<?> type = bean(source, name);
                    if (it.get("aggregationStrategyMethodName") instanceof String method) {
                        assertHas(type, method);
                    } else {
                        assertThat(type).isAssignableTo(AggregationStrategy.class);
                    }
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(10);
    }

    /** The class of a bean: one that is declared in the same Kamelet, or one of all routes. */
    private Class<?> bean(Source source, Object name) {
        Matcher local = LOCAL.matcher(String.valueOf(name));
        Class<?> type = local.matches() ? source.beans().get(local.group(1)) : beans.get(name);
        assertThat(type).as("the bean %s that %s names", name, source.file()).isNotNull();
        return type;
    }

    private static void assertHas(Class<?> type, String method) {
        assertThat(methods(type))
                .extracting(Method::getName)
                .as("%s.%s", type, method)
                .contains(method);
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods());
    }

    /** Under any other name, a user's route and one of the program's could be taken for each other. */
    @Test
    void namesOfThePipelineBeginWithFirstup() {
        List<String> names = new ArrayList<>();
        for (Map<?, ?> it : sources.stream()
                .filter(it -> it.file().startsWith("routes/pipeline"))
                .flatMap(it -> it.mappings().stream())
                .toList()) {
            if (it.get("id") instanceof String id) {
                names.add(id);
            }
            if (it.get("type") != null && it.get("name") instanceof String name) {
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

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(name, false, RouteBeansTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " is named, but there is no such class", e);
        }
    }
}
