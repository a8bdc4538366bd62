package dev.firstup.probe.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.firstup.model.Server;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of each server (RFC 9110, RFC 9112), its place and name left open.
 *
 * @param method the request's method
 * @param headers further headers, by their names
 * @param body null for none
 */
public record HttpRequestTemplate(String method, Map<String, String> headers, byte @Nullable [] body) {
    private static final String VERSION = version();

    /** Nothing but its method. */
    public static HttpRequestTemplate of(String method) {
        return new HttpRequestTemplate(method, Map.of(), null);
    }

    /**
     * The bytes that are sent to {@code server}.
     *
     * @param usualPort the port that is left out of the Host header
     * @param authorization null for none
     */
    byte[] bytes(Server server, int usualPort, @Nullable String authorization) {
        StringBuilder head = new StringBuilder(200)
                .append(method)
                .append(' ')
                .append(server.path().isEmpty() ? "/" : server.path())
                .append(" HTTP/1.1\r\nHost: ")
                .append(authority(server, usualPort));
        if (!has("User-Agent")) {
            head.append("\r\nUser-Agent: firstup/").append(VERSION);
        }
        if (!has("Accept")) {
            head.append("\r\nAccept: */*");
        }
        head.append("\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (authorization != null) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        if (body != null || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ")
                    .append(body == null ? 0 : body.length)
                    .append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(US_ASCII);
        if (body == null) {
            return bytes;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(bytes.length + body.length);
        whole.writeBytes(bytes);
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    /** Host and port as users would write them. */
    static String authority(Server server, int usualPort) {
        String name = server.publicName();
        String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
        return server.port() == 0 || server.port() == usualPort ? host : host + ":" + server.port();
    }

    /** What is asked where a redirect of {@code status} leads to (RFC 9110, section 15.4). */
    HttpRequestTemplate redirected(int status) {
        boolean rewritten = status == 303 && !method.equals("HEAD") || status <= 302 && method.equals("POST");
        if (!rewritten) {
            return this;
        }
        Map<String, String> kept = new TreeMap<>(headers);
        kept.keySet().removeIf("Content-Type"::equalsIgnoreCase);
        return new HttpRequestTemplate("GET", kept, null);
    }

    private boolean has(String header) {
        return !headers.isEmpty() && headers.keySet().stream().anyMatch(header::equalsIgnoreCase);
    }

    private static String version() {
        String version = HttpRequestTemplate.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
