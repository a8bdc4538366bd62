package dev.firstup.publish.provider;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider is asked. Where a secret goes stands its marker, such as {@code {secret}}, which is replaced straight before the
 * wire: so this may be logged.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param uri where, with its query
 * @param headers by name, with markers as well
 * @param body null where there is none
 * @param changes whether it changes anything at the provider
 */
public record ProviderRequest(
        String method, String uri, Map<String, String> headers, @Nullable String body, boolean changes) {
    public ProviderRequest {
        headers = Map.copyOf(headers);
    }

    /** One that only reads. */
    static ProviderRequest get(String uri) {
        return new ProviderRequest("GET", uri, Map.of(), null, false);
    }

    /** One that changes something by its query alone. */
    static ProviderRequest change(String method, String uri) {
        return new ProviderRequest(method, uri, Map.of(), null, true);
    }

    /** One that changes something by a body of JSON. */
    static ProviderRequest change(String method, String uri, String json) {
        return new ProviderRequest(method, uri, Map.of("Content-Type", "application/json"), json, true);
    }

    /** The same with further headers. */
    ProviderRequest with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new ProviderRequest(method, uri, all, body, changes);
    }
}
