package dev.firstup.status;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NamedNode;
import org.apache.camel.NamedRoute;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only requests that were meant for this server: the bean {@code firstup-guard} of the routes. Without it, any page that a
 * user opens could read from here, by letting its own name resolve to this machine (DNS rebinding). It stands before every route
 * of its context that begins at the server of this program, in whatever file, with whatever error handling of its own; and before
 * what a route polls there ({@code pollEnrich}, {@code poll}).
 */
public final class HostGuard implements CamelContextAware {
    /** A browser takes a name whose last label is a number for an address, so no name looks like this. */
    private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}");

    private static final Pattern SITE = Pattern.compile("https?://((\\[[^]]*]|[^:\\[]*)(:\\d{1,5})?)");

    private final Set<String> configured;
    private final Set<String> names;
    private @Nullable CamelContext context;

    /**
     * @param host the name or address that the server is bound to
     * @param hosts further names that it is reached by, separated by commas; may be empty
     */
    public HostGuard(String host, String hosts) {
        configured = Arrays.stream(hosts.split(","))
                .map(it -> it.strip().toLowerCase(Locale.ROOT))
                .filter(it -> !it.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        names = Stream.concat(Stream.of("localhost", host.toLowerCase(Locale.ROOT)), configured.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public synchronized void setCamelContext(CamelContext context) {
        if (this.context == null) {
            this.context = context;
            context.addRoutePolicyFactory(this::policy);
            // No route begins at what is polled, so no policy stands before it.
            context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
                if (endpoint instanceof PlatformHttpEndpoint http) {
                    http.setPlatformHttpEngine(new PollingGuard(http));
                }
                return endpoint;
            });
        }
    }

    @Override
    public synchronized @Nullable CamelContext getCamelContext() {
        return context;
    }

    private @Nullable RoutePolicy policy(CamelContext camel, String id, NamedNode route) {
        String from = camel.resolvePropertyPlaceholders(((NamedRoute) route).getEndpointUrl());
        String scheme = from.split(":", 2)[0];
        // A component may have another name than its scheme.
        boolean http =
                scheme.equals("rest") || camel.getComponent(scheme, true, false) instanceof PlatformHttpComponent;
        return http ? new Entrance() : null;
    }

    /** Before the first step, and before what a route configuration would put there. */
    private final class Entrance extends RoutePolicySupport {
        @Override
        public void onExchangeBegin(@Nullable Route route, Exchange exchange) {
            try {
                admit(exchange);
            } catch (RequestRefusedException e) {
                stop(exchange, e);
            } catch (RuntimeException e) {
                // Camel would go on: what cannot be looked at is not let in.
                stop(exchange, new RequestRefusedException(500, "this could not be looked at: " + e));
            }
        }

        private void stop(Exchange exchange, RequestRefusedException refused) {
            HttpResponse answer = Status.refused(refused);
            Message message = exchange.getMessage();
            boolean head = "HEAD".equals(message.getHeader(Exchange.HTTP_METHOD, String.class));
            message.removeHeaders("*");
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
            message.setHeader(Exchange.CONTENT_TYPE, answer.type());
            message.setBody(head ? "" : answer.text());
            exchange.setRouteStop(true);
        }
    }

    /** The engine of an endpoint, with the guard before what polls there. */
    private final class PollingGuard implements PlatformHttpEngine {
        private final PlatformHttpComponent component;
        private final @Nullable PlatformHttpEngine own;

        PollingGuard(PlatformHttpEndpoint endpoint) {
            component = endpoint.getComponent();
            own = endpoint.getPlatformHttpEngine();
        }

        /** The component has none before it starts. */
        private PlatformHttpEngine engine() {
            return own == null ? component.getEngine() : own;
        }

        @Override
        public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
            return engine().createConsumer(
                            endpoint, processor instanceof PollingConsumer ? guarded(processor) : processor);
        }

        private Processor guarded(Processor processor) {
            Entrance entrance = new Entrance();
            return exchange -> {
                entrance.onExchangeBegin(null, exchange);
                if (!exchange.isRouteStop()) {
                    processor.process(exchange);
                }
            };
        }

        @Override
        public int getServerPort() {
            return engine().getServerPort();
        }

        @Override
        public String getScheme() {
            return engine().getScheme();
        }
    }

    /**
     * Looks at a request before anything else does, and forbids what a browser might do with the answer.
     *
     * @throws RequestRefusedException if {@code Host} is no name of this server (421), or {@code Origin} is another site (403)
     */
    void admit(Exchange exchange) {
        // Not the message's headers: query parameters are mixed into those.
        HttpMessage message = exchange.getIn(HttpMessage.class);
        message.getResponse()
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", StatusPage.POLICY)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff");
        HttpServerRequest request = message.getRequest();
        HostAndPort authority = request.authority();
        // No browser speaks HTTP/1.0; load balancers that look whether we are alive do, and name no host.
        boolean none = request.version() == HttpVersion.HTTP_1_0 && request.getHeader("Host") == null;
        if (authority == null ? !none : !isOurs(lower(authority.host()))) {
            throw new RequestRefusedException(
                    421,
                    "the header Host is " + StatusText.shown(authority) + ", expected an address or one of "
                            + names.stream().sorted().toList()
                            + ": if it is a name of this server, add it to firstup.hosts");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && (authority == null || !isSame(lower(origin), lower(authority.toString())))) {
            throw new RequestRefusedException(
                    403,
                    "the header Origin is " + StatusText.shown(origin) + ", expected "
                            + (authority == null ? "none without the header Host" : "http://" + authority)
                            + ": other sites may not ask here");
        }
    }

    private boolean isOurs(String name) {
        // An address cannot be made to resolve to this machine; a name can, by whoever owns it.
        return names.contains(name) || ADDRESS.matcher(name).matches();
    }

    private boolean isSame(String origin, String authority) {
        Matcher site = SITE.matcher(origin);
        // Behind a proxy, Host may be the proxy's choice; then only a configured name tells whose page it is.
        return site.matches() && (site.group(1).equals(authority) || configured.contains(site.group(2)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
