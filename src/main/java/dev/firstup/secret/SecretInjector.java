package dev.firstup.secret;

import dev.firstup.model.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Headers;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Puts secrets into the requests of a camel-http endpoint, wherever these hold a marker: {@code {secret}}, {@code {secret2}} and
 * {@code {username}}, in the address, in headers and in the body. What they stand for, a header says that goes no further:
 * {@code Firstup-Secret} and {@code Firstup-Secret2}, each the name of a secret, and {@code Firstup-Username}. After
 * {@code Authorization: Basic} the rest is encoded in base64; after {@code Authorization: AWS4} the rest signs the request, as {@link AwsSigner}
 * says.
 *
 * <p>Secrets go over https or to this machine only, escaped as the place needs it. They are read for each request and kept
 * nowhere; where an answer repeats one, it is blotted out. The endpoint follows no redirect, repeats nothing, keeps no cookies,
 * and cuts answers after 64 KiB; its time-outs stay its own options.
 *
 * <p>Used as the option {@code httpClientConfigurer}. A request fails with {@link IllegalStateException} if a secret cannot be
 * read or sent.
 */
public final class SecretInjector implements HttpClientConfigurer {
    private static final String BASIC = "Basic ";
    private static final String USERNAME = "Firstup-Username";
    private static final List<String> MARKERS = List.of("secret", "secret2");

    private final Clock clock;
    private Path folder = Path.of("secrets");

    public SecretInjector() {
        this(Clock.systemUTC());
    }

    /** @param clock what is signed says when it was */
    SecretInjector(Clock clock) {
        this.clock = clock;
    }

    /** @param folder where {@code file:} secrets lie; {@code secrets} if not set */
    public void setFolder(String folder) {
        this.folder = Path.of(folder);
    }

    /** Gives a message the headers of a request, and no other. */
    public void address(Map<String, String> headers, @Headers Map<String, Object> message) {
        message.clear();
        message.putAll(headers);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        SecretRequestExecutor.install(client, (request, context) -> fill(request));
    }

    private List<String> fill(ClassicHttpRequest request) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> secrets = new ArrayList<>();
        values.put("username", taken(request, USERNAME));
        for (String marker : MARKERS) {
            String reference = taken(request, "Firstup-" + marker);
            if (!reference.isEmpty()) {
                SecretRequestExecutor.requirePrivate(
                        request.getScheme(), request.getAuthority().getHostName(), "the secret " + reference);
                String secret = new SecretReference(reference).read(folder);
                values.put(marker, secret);
                secrets.add(secret);
            }
        }
        request.setPath(replaced(request.getPath(), values, SecretEncoding.URI));
        for (Header header : request.getHeaders()) {
            request.setHeader(header.getName(), header(header.getValue(), values));
        }
        byte[] body = fillBody(request, values);
        Header authorization = request.getFirstHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.getValue().startsWith(AwsSigner.SCHEME)) {
            AwsSigner.sign(request, body, clock);
        }
        if (authorization != null && authorization.getValue().startsWith(BASIC)) {
            secrets.add(authorization.getValue().substring(BASIC.length()));
        }
        return secrets;
    }

    /** What a header says that goes no further; empty where there is none. */
    private static String taken(ClassicHttpRequest request, String name) {
        Header header = request.getFirstHeader(name);
        request.removeHeaders(name);
        return header == null ? "" : header.getValue();
    }

    private static String header(String value, Map<String, String> values) {
        if (!value.startsWith(BASIC)) {
            return replaced(value, values, SecretEncoding.HEADER);
        }
        String username = Objects.requireNonNull(values.get("username"), "no user name");
        if (username.indexOf(':') >= 0) {
            throw new IllegalStateException(
                    "the user name " + username + " contains a colon, which Basic authentication cannot carry");
        }
        String pair = replaced(value.substring(BASIC.length()), values, SecretEncoding.NONE);
        return BASIC + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** What is sent now; empty where there is no body. */
    private static byte[] fillBody(ClassicHttpRequest request, Map<String, String> values) throws IOException {
        HttpEntity entity = request.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        ContentType type = ContentType.parseLenient(entity.getContentType());
        String mime = type == null ? "" : type.getMimeType();
        String body = new String(EntityUtils.toByteArray(entity), StandardCharsets.UTF_8);
        byte[] bytes = replaced(body, values, SecretEncoding.in(mime)).getBytes(StandardCharsets.UTF_8);
        request.setEntity(new ByteArrayEntity(bytes, type));
        // It was counted before.
        request.removeHeaders(HttpHeaders.TRANSFER_ENCODING);
        request.setHeader(HttpHeaders.CONTENT_LENGTH, bytes.length);
        return bytes;
    }

    private static String replaced(String text, Map<String, String> values, SecretEncoding encoding) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        // One pass: what was put in is not looked through again.
        for (int at = 0; at < text.length(); at++) {
            for (Map.Entry<String, String> it : values.entrySet()) {
                int length = marked(text, at, it.getKey());
                if (length > 0) {
                    out.append(text, from, at).append(encoding.apply(it.getValue()));
                    from = at + length;
                    at = from - 1;
                    break;
                }
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    /** How long the marker is that stands here, as it was written or as an address carries it; 0 where none does. */
    private static int marked(String text, int at, String marker) {
        String plain = "{" + marker + "}";
        String encoded = "%7B" + marker + "%7D";
        if (text.startsWith(plain, at)) {
            return plain.length();
        }
        return text.regionMatches(true, at, encoded, 0, encoded.length()) ? encoded.length() : 0;
    }
}
