package dev.firstup.queue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.URISupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a Kamelet says of itself, in the annotations of its head: {@code firstup.dev/withdraw} and {@code firstup.dev/several},
 * each {@code "false"} where it cannot; {@code firstup.dev/gap}, a duration, and {@code firstup.dev/gap.SERVICE} where that differs
 * for one value of its parameter {@code service}. Its parameter {@code gap}, in seconds, may set another, but none below
 * what a service that it knows wants.
 */
final class KameletHead {
    private static final String SCHEME = "kamelet:";
    private static final String OURS = "firstup.dev/";

    private KameletHead() {}

    /** What {@code uri} can do; everything where it is no Kamelet, or one that says nothing. */
    static Abilities abilities(String uri, CamelContext context) {
        if (!uri.startsWith(SCHEME)) {
            return Abilities.ALL;
        }
        String name = uri.substring(SCHEME.length()).replaceFirst("^//", "").replaceFirst("[/?].*", "");
        Map<?, ?> annotations = annotations(name, context);
        return new Abilities(gap(uri, annotations, context), can(annotations, "withdraw"), can(annotations, "several"));
    }

    private static boolean can(Map<?, ?> annotations, String what) {
        return !"false".equals(annotations.get(OURS + what));
    }

    private static Duration gap(String uri, Map<?, ?> annotations, CamelContext context) {
        String service = parameter(uri, "service", context);
        String set = parameter(uri, "gap", context);
        Object general = annotations.get(OURS + "gap");
        Object its = annotations.get(OURS + "gap." + service);
        Duration declared = Durations.of(String.valueOf(its == null ? general : its));
        Duration own = declared == null ? Duration.ZERO : declared;
        if (!set.matches("[0-9]{1,7}")) {
            return own;
        }
        Duration chosen = Duration.ofSeconds(Long.parseLong(set));
        return !service.isEmpty() && chosen.compareTo(own) < 0 ? own : chosen;
    }

    /** Empty where it is not set, or its placeholder cannot be resolved. */
    private static String parameter(String uri, String name, CamelContext context) {
        try {
            Object value =
                    URISupport.parseQuery(uri.replaceFirst("^[^?]*\\??", "")).get(name);
            return value == null ? "" : context.resolvePropertyPlaceholders(value.toString());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return "";
        }
    }

    private static Map<?, ?> annotations(String kamelet, CamelContext context) {
        String place = "classpath:kamelets/" + kamelet + ".kamelet.yaml";
        try (InputStream in =
                PluginHelper.getResourceLoader(context).resolveResource(place).getInputStream()) {
            // Where there is none, Camel says so where it matters: when it makes the endpoint.
            if (in == null) {
                return Map.of();
            }
            Object root = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            return map(map(map(root).get("metadata")).get("annotations"));
        } catch (IOException | YamlEngineException e) {
            return Map.of();
        }
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
