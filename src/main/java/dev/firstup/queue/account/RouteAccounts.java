package dev.firstup.queue.account;

import dev.firstup.model.ReservedNames;
import dev.firstup.model.SecretReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/** The accounts that a Camel context holds: its routes from {@code direct:}, but for Firstup's own. */
public final class RouteAccounts implements Accounts, CamelContextAware {
    /** Stood first in the text of every route in release 0.1. It stays, since another fingerprint ends a stop: an upgrade must not. */
    private static final String FIRST = "OnException[[dev.firstup.status.Refusal] -> [SetBody[bean[ref:status"
            + " method:failed(${exception})]], to[direct:answer]]], ";

    private static final String DIRECT = "direct:";
    /** So few bytes of a digest of what may be secret that they notice a change, and help nobody to guess it. */
    private static final int TRACE = 4;

    private static final Pattern SECRET = Pattern.compile("\\b(env|file):[A-Za-z0-9_][A-Za-z0-9._-]*");

    @SuppressWarnings("NullAway.Init")
    private CamelContext context;

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public Map<String, String> routes() {
        Map<String, String> routes = new TreeMap<>();
        definitions().forEach((name, route) -> routes.put(name, fingerprint(route)));
        return routes;
    }

    /** As the Kamelets say that the route calls, by itself or through others. */
    @Override
    public PublisherCapabilities capabilities(String route) {
        return called(route).stream()
                .map(it -> KameletHead.capabilities(it, context))
                .reduce(PublisherCapabilities::and)
                .orElse(PublisherCapabilities.ALL);
    }

    @Override
    public @Nullable String fault(String route) {
        return called(route).stream()
                .map(it -> KameletHead.fault(it, context))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The endpoints that a route calls, by itself or through other routes. */
    private List<String> called(String route) {
        List<String> uris = new ArrayList<>();
        called(route, definitions(), new HashSet<>(), uris);
        return uris;
    }

    private static void called(String name, Map<String, RouteDefinition> all, Set<String> seen, List<String> uris) {
        if (!all.containsKey(name) || !seen.add(name)) {
            return;
        }
        for (EndpointRequiredDefinition it : ProcessorDefinitionHelper.filterTypeInOutputs(
                all.get(name).getOutputs(), EndpointRequiredDefinition.class)) {
            String uri = it.getEndpointUri();
            if (uri.startsWith(DIRECT)) {
                called(name(uri), all, seen, uris);
            } else {
                uris.add(uri);
            }
        }
    }

    private Map<String, RouteDefinition> definitions() {
        Map<String, RouteDefinition> routes = new TreeMap<>();
        for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
            String uri = route.getInput() == null ? "" : route.getInput().getEndpointUri();
            if (uri.startsWith(DIRECT) && !ReservedNames.isReserved(name(uri))) {
                routes.put(name(uri), route);
            }
        }
        return routes;
    }

    private static String name(String uri) {
        return uri.substring(DIRECT.length()).replaceFirst("^//", "").replaceFirst("\\?.*", "");
    }

    /** Two parts: all that release 0.1 knew, which has the values of some parameters masked, and these values with their secrets. */
    private String fingerprint(RouteDefinition route) {
        String declaration = route.getOutputs().toString();
        String uris =
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), EndpointRequiredDefinition.class)
                        .stream()
                        .map(EndpointRequiredDefinition::getEndpointUri)
                        .collect(Collectors.joining(" "));
        String masked = new StringBuilder(declaration).insert(1, FIRST) + traces(declaration);
        return part(masked, 8) + part(uris + traces(uris), TRACE);
    }

    private static String part(String text, int bytes) {
        return HexFormat.of().formatHex(digest(text), 0, bytes);
    }

    /** Of all secrets that {@code text} names. */
    private String traces(String text) {
        Path folder = Path.of(context.resolvePropertyPlaceholders("{{firstup.secrets:secrets}}"));
        StringBuilder traces = new StringBuilder();
        Matcher reference = SECRET.matcher(text);
        while (reference.find()) {
            traces.append(' ').append(trace(reference.group(), folder));
        }
        return traces.toString();
    }

    /** See {@link #TRACE}. */
    private static String trace(String reference, Path folder) {
        try {
            return Arrays.toString(Arrays.copyOf(digest(new SecretReference(reference).read(folder)), TRACE));
        } catch (IllegalStateException | IllegalArgumentException e) {
            return "none";
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public @Nullable String problem(String endpoint) {
        try {
            context.getEndpoint(endpoint);
            return null;
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
    }
}
