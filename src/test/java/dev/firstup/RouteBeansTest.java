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
