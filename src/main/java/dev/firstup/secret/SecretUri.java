package dev.firstup.secret;

import dev.firstup.model.SecretReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Sends every request of a camel-http endpoint to an address that is itself the secret, as a webhook's is, over https or to
 * this machine only. The endpoint's own address is never asked: give it one below {@code .invalid}. The secret is read for
 * each request and kept nowhere. The endpoint follows no redirect, repeats nothing, keeps no cookies, and cuts answers after
 * 64 KiB; its time-outs stay its own options.
 *
 * <p>Used as the option {@code httpClientConfigurer}. A request fails with {@link IllegalStateException} if the secret cannot
 * be read or is not an http(s) address.
 */
public final class SecretUri implements HttpClientConfigurer {
    private static final String ATTRIBUTE = SecretUri.class.getName();

    private @Nullable String uri;
    private Path folder = Path.of("secrets");

    /** @param uri the secret's name: {@code env:NAME} or {@code file:NAME} */
    public void setUri(String uri) {
        this.uri = uri;
    }

    /** @param folder where {@code file:} secrets lie; {@code secrets} if not set */
    public void setFolder(String folder) {
        this.folder = Path.of(folder);
    }

    /** @throws IllegalArgumentException if {@code uri} is not the name of a secret */
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        SecretReference secret = new SecretReference(uri == null ? "" : uri);
        client.setRoutePlanner(new Planner(secret, folder));
        SecretRequestExecutor.install(client, (request, context) -> {
            // The very value that the route was planned with: the file may have changed since.
            URI target = (URI) context.getAttribute(ATTRIBUTE);
            request.setScheme(target.getScheme());
            request.setAuthority(new URIAuthority(target.getHost(), target.getPort()));
            request.setPath(
                    target.getRawQuery() == null
                            ? target.getRawPath()
                            : target.getRawPath() + "?" + target.getRawQuery());
            request.setHeader(HttpHeaders.HOST, request.getAuthority());
            // Who answers that there is nothing at some address mostly means its path.
            return List.of(target.toString(), request.getPath());
        });
    }

    private record Planner(SecretReference secret, Path folder) implements HttpRoutePlanner {

        @Override
        public HttpRoute determineRoute(HttpHost ignored, HttpContext context) throws HttpException {
            URI target = target();
            HttpHost host = new HttpHost(target.getScheme(), target.getHost(), target.getPort());
            SecretRequestExecutor.requirePrivate(target.getScheme(), target.getHost(), secret.reference());
            context.setAttribute(ATTRIBUTE, target);
            return new SystemDefaultRoutePlanner(null).determineRoute(host, context);
        }

        private URI target() {
            try {
                URI target = new URI(secret.read(folder));
                if (target.getHost() != null
                        && target.getScheme().matches("https?")
                        && !target.getRawPath().isEmpty()) {
                    return target;
                }
            } catch (URISyntaxException e) {
                // Its message repeats the secret.
            }
            throw new IllegalStateException(secret.reference()
                    + " is not an address as expected, such as https://hooks.slack.com/services/...");
        }
    }
}
