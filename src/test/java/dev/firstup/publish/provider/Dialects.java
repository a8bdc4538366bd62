package dev.firstup.publish.provider;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The hosts of all fixtures, as their Kamelets make them. */
public final class Dialects {
    private static final Path FIXTURES = Path.of("src/test/resources/hosts");
    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");

    private Dialects() {}

    /** By the name of the fixture's file, numbered where a file holds several. */
    static Map<String, Provider> all() {
        Map<String, Provider> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(FIXTURES)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".yaml", "");
                int number = 0;
                for (Object fixture : load(file)) {
                    all.put(number++ == 0 ? name : name + "-" + number, host((Map<?, ?>) fixture));
                }
            }
            return all;
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of each class of hosts, where a class has several the most general one. */
    public static List<String> kinds() {
        Map<Class<?>, String> kinds = new HashMap<>();
        all().forEach((name, host) ->
                kinds.merge(host.getClass(), name, (one, other) -> other.equals("http-update") ? other : one));
        return kinds.values().stream().sorted().toList();
    }

    private static List<Object> load(Path file) throws IOException {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(documents::add);
        return documents;
    }

    private static Provider host(Map<?, ?> fixture) throws IOException, ReflectiveOperationException {
        String kamelet = fixture.get("uri").toString().replace("kamelet:", "");
        Map<?, ?> spec = (Map<?, ?>)
                ((Map<?, ?>) load(KAMELETS.resolve(kamelet + ".kamelet.yaml")).get(0)).get("spec");
        Map<String, String> parameters = new HashMap<>();
        ((Map<?, ?>) ((Map<?, ?>) spec.get("definition")).get("properties")).forEach((key, property) -> {
            Object standard = ((Map<?, ?>) property).get("default");
            parameters.put(key.toString(), standard == null ? "" : standard.toString());
        });
        ((Map<?, ?>) fixture.get("parameters"))
                .forEach((key, value) ->
                        parameters.put(key.toString(), value.toString().replace("{url}", "https://host.example")));
        Map<?, ?> bean = (Map<?, ?>) ((List<?>) ((Map<?, ?>) spec.get("template")).get("beans")).get(0);
        Provider host = (Provider) Class.forName(bean.get("type").toString().replace("#class:", ""))
                .getDeclaredConstructor()
                .newInstance();
        for (Map.Entry<?, ?> it : ((Map<?, ?>) bean.get("properties")).entrySet()) {
            String value = it.getValue().toString();
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                value = value.replace("{{" + parameter.getKey() + "}}", parameter.getValue());
            }
            set(host, it.getKey().toString(), value.replaceFirst("^RAW\\((.*)\\)$", "$1"));
        }
        return host;
    }

    private static void set(Provider host, String property, String value) throws ReflectiveOperationException {
        String setter = "set" + property.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + property.substring(1);
        Method method = Arrays.stream(host.getClass().getMethods())
                .filter(it -> it.getName().equals(setter) && it.getParameterCount() == 1)
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(host.getClass() + "." + setter));
        Class<?> type = method.getParameterTypes()[0];
        method.invoke(
                host,
                type == boolean.class
                        ? (Object) Boolean.valueOf(value)
                        : type == int.class ? (Object) Integer.valueOf(value) : value);
    }
}
