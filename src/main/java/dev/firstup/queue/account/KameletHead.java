package dev.firstup.queue.account;

import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.text.NearestWord;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.queue.text.QuotedValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a Kamelet says of itself in its head: which parameters it takes, and in annotations {@code firstup.dev/NAME} what it can do
 * as a publisher. {@code firstup.dev/NAME.SERVICE} is what differs for one value of its parameter {@code service}.
 *
 * <table>
 * <tr><td>{@code types}<td>the types of record that it writes, with blanks; all if it does not say
 * <tr><td>{@code withdraw}<td>{@code "false"} where it cannot, or the parameter without which it cannot
 * <tr><td>{@code several}<td>{@code "false"} where it cannot
 * <tr><td>{@code gap}<td>a duration. Its parameter {@code gap}, in seconds, may set another, but none below what a service that
 * it knows wants
 * <tr><td>{@code ttl}<td>the least time to live that it takes
 * <tr><td>{@code expires}<td>after how long a name may lapse there
 * <tr><td>{@code api}<td>{@code reads} where it can be asked what a record holds
 * <tr><td>{@code alone}<td>the parameter that, if it is true, makes that API the only one who knows
 * <tr><td>{@code dry}<td>{@code "true"} where it can say what it would send
 * </table>
 */
final class KameletHead {
    private static final String SCHEME = "kamelet:";
    private static final String OURS = "firstup.dev/";

    private final String name;
    private final Map<?, ?> root;
    private final Map<String, String> parameters;

    private KameletHead(String name, Map<?, ?> root, Map<String, String> parameters) {
        this.name = name;
        this.root = root;
        this.parameters = parameters;
    }

    /** What {@code uri} can do; everything where it is no Kamelet, or one that says nothing. */
    static PublisherCapabilities capabilities(String uri, CamelContext context) {
        return uri.startsWith(SCHEME) ? of(uri, context).capabilities() : PublisherCapabilities.ALL;
    }

    /** What is wrong with how {@code uri} calls its Kamelet, in one sentence; null where nothing is, or it is none. */
    static @Nullable String fault(String uri, CamelContext context) {
        return uri.startsWith(SCHEME) ? of(uri, context).fault() : null;
    }

    private static KameletHead of(String uri, CamelContext context) {
        String name = uri.substring(SCHEME.length()).replaceFirst("^//", "").replaceFirst("[/?].*", "");
        return new KameletHead(name, root(name, context), parameters(uri, context));
    }

    private PublisherCapabilities capabilities() {
        return new PublisherCapabilities(
                gap(),
                withdraws(),
                !"false".equals(annotation("several")),
                types(),
                duration("ttl"),
                duration("expires"),
                api(),
                "true".equals(annotation("dry")));
    }

    private boolean withdraws() {
        String withdraw = annotation("withdraw");
        return withdraw == null
                || withdraw.equals("true")
                || !parameters.getOrDefault(withdraw, "").isEmpty();
    }

    private Set<RecordType> types() {
        String types = annotation("types");
        if (types == null) {
            return EnumSet.allOf(RecordType.class);
        }
        return Pattern.compile(" ")
                .splitAsStream(types)
                .map(RecordType::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(RecordType.class)));
    }

    private Api api() {
        String alone = annotation("alone");
        if (alone != null && "true".equals(parameters.get(alone))) {
            return Api.ALONE;
        }
        return "reads".equals(annotation("api")) ? Api.READS : Api.NONE;
    }

    private Duration gap() {
        Duration own = duration("gap");
        String set = parameters.getOrDefault("gap", "");
        if (!set.matches("[0-9]{1,7}")) {
            return own;
        }
        Duration chosen = Duration.ofSeconds(Long.parseLong(set));
        return !service().isEmpty() && chosen.compareTo(own) < 0 ? own : chosen;
    }

    private Duration duration(String what) {
        Duration declared = DurationNotation.of(String.valueOf(annotation(what)));
        return declared == null ? Duration.ZERO : declared;
    }

    private String service() {
        return parameters.getOrDefault("service", "");
    }

    private @Nullable String annotation(String what) {
        Map<?, ?> annotations = map(map(root.get("metadata")).get("annotations"));
        Object its = annotations.get(OURS + what + "." + service());
        Object value = its == null ? annotations.get(OURS + what) : its;
        return value == null ? null : value.toString();
    }

    private @Nullable String fault() {
        Map<?, ?> definition = map(map(root.get("spec")).get("definition"));
        // Where there is none, Camel says so where it matters: when it makes the endpoint.
        if (definition.isEmpty()) {
            return null;
        }
        Map<?, ?> properties = map(definition.get("properties"));
        Set<String> known =
                properties.keySet().stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
        for (String parameter : parameters.keySet()) {
            if (!known.contains(parameter)) {
                return SCHEME + name + " has no parameter " + QuotedValue.quoted(parameter)
                        + NearestWord.to(parameter, known)
                                .map(it -> "; did you mean " + QuotedValue.quoted(it) + "?")
                                .orElse("; expected one of: " + String.join(", ", known));
            }
        }
        for (Object required : definition.get("required") instanceof List<?> list ? list : List.of()) {
            if (!parameters.containsKey(required.toString())) {
                return SCHEME + name + " needs the parameter " + QuotedValue.quoted(required.toString()) + ": "
                        + map(properties.get(required)).get("description");
            }
        }
        for (Map.Entry<String, String> it : parameters.entrySet()) {
            String fault = fault(it.getKey(), it.getValue(), map(properties.get(it.getKey())));
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String fault(String parameter, String value, Map<?, ?> property) {
        String its = SCHEME + name + ": the parameter " + QuotedValue.quoted(parameter);
        if (unopened(value)) {
            return its + " has a }}, which Camel takes for the end of a placeholder: write } } with a blank between";
        }
        if (property.get("pattern") instanceof String pattern
                && !Pattern.compile(pattern).matcher(value).find()) {
            // What stands where a secret's name should may be the secret itself.
            return "password".equals(property.get("format"))
                    ? its + " is no name of a secret, expected env:NAME or file:NAME, never the value"
                    : its + " is " + QuotedValue.quoted(value) + ", expected such as "
                            + QuotedValue.quoted(String.valueOf(property.get("example")));
        }
        if (property.get("enum") instanceof List<?> list
                && list.stream().noneMatch(it -> it.toString().equals(value))) {
            return its + " is " + QuotedValue.quoted(value) + ", expected one of: "
                    + list.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        return null;
    }

    /** Those that are set; a placeholder that cannot be resolved counts as not set. */
    private static Map<String, String> parameters(String uri, CamelContext context) {
        Map<String, String> parameters = new TreeMap<>();
        try {
            URISupport.parseQuery(uri.replaceFirst("^[^?]*\\??", "")).forEach((key, value) -> {
                String resolved = resolved(String.valueOf(value), context);
                if (resolved != null) {
                    parameters.put(key, resolved);
                }
            });
        } catch (URISyntaxException e) {
            return Map.of();
        }
        return parameters;
    }

    private static @Nullable String resolved(String value, CamelContext context) {
        try {
            String plain =
                    value.startsWith("RAW(") && value.endsWith(")") ? value.substring(4, value.length() - 1) : value;
            return unopened(plain) ? plain : context.resolvePropertyPlaceholders(plain);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether Camel would look for the beginning of a placeholder in vain: a body of JSON may end like this. */
    private static boolean unopened(String value) {
        return value.contains("}}") && !value.contains("{{");
    }

    private static Map<?, ?> root(String kamelet, CamelContext context) {
        String place = "classpath:kamelets/" + kamelet + ".kamelet.yaml";
        try (InputStream in =
                PluginHelper.getResourceLoader(context).resolveResource(place).getInputStream()) {
            return in == null ? Map.of() : map(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        } catch (IOException | YamlEngineException e) {
            return Map.of();
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
