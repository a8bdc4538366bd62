package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.SecretReference;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.probe.connection.NetworkProber;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.Re2Pattern;
import dev.firstup.probe.engine.ReasonText;
import dev.firstup.probe.http.HttpExpectation;
import dev.firstup.probe.http.HttpLogin;
import dev.firstup.probe.http.HttpProber;
import dev.firstup.probe.http.HttpProtocol;
import dev.firstup.probe.http.HttpRequestTemplate;
import dev.firstup.probe.http.JsonCondition;
import dev.firstup.probe.http.RedirectPolicy;
import dev.firstup.probe.http.StatusRanges;
import dev.firstup.probe.http.SubstringMatcher;
import dev.firstup.probe.tls.TlsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the options of {@code http} and {@code https} say together. */
final class HttpOptions {
    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS", "POST", "PUT");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT");

    /** Headers that say how the request is sent, or have options of their own. */
    private static final Set<String> OURS = Set.of(
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Pattern DURATION = Pattern.compile("[1-9]\\d{0,6}m?s");

    private final ProbeConfiguration options;
    private final Path secrets;

    /** @param secrets where {@code file:} secrets lie */
    HttpOptions(ProbeConfiguration options, Path secrets) {
        this.options = options;
        this.secrets = secrets;
    }

    /**
     * The check that they describe.
     *
     * @param secure whether it begins with TLS
     * @throws IllegalArgumentException if one is wrong, or does not go with another
     */
    Prober check(boolean secure) {
        HttpRequestTemplate request = new HttpRequestTemplate(method(), headers(), body());
        HttpExpectation expected = new HttpExpectation(
                read("status", options.getStatus(), StatusRanges::new),
                redirects(),
                expectedHeaders(),
                needle("contains", options.getContains()),
                needle("not-contains", options.getNotContains()),
                optional("matches", options.getMatches(), Re2Pattern::new),
                optional("json", options.getJson(), JsonCondition::of));
        if (request.method().equals("HEAD") && expected.readsBody()) {
            String option = expected.contains() != null
                    ? "contains"
                    : expected.absent() != null ? "not-contains" : expected.matches() != null ? "matches" : "json";
            throw new IllegalArgumentException(option + " cannot go with method HEAD, whose answer has no body");
        }
        HttpLogin login = login();
        Duration maxTime = maxTime();
        boolean follow = expected.redirects() == RedirectPolicy.FOLLOW;
        if (!secure && !follow) {
            TlsOptions.refuse(
                    options, "http speaks no TLS unless it follows redirects, expected redirects=follow or https");
        }
        int usualPort = secure ? HttpProber.HTTPS_PORT : HttpProber.HTTP_PORT;
        HttpProtocol http = new HttpProtocol(request, expected, usualPort);
        TlsClient tls = secure || follow ? new TlsOptions(options, secrets).tls() : null;
        return login == null && maxTime == null && !follow
                ? new NetworkProber(tls, secure, http, usualPort)
                : new HttpProber(http, secure, tls, login, maxTime);
    }

    private String method() {
        String method = options.getMethod();
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("method is \"" + method + "\"" + ReasonText.nearest(method, METHODS)
                    + " Expected one of " + String.join(", ", METHODS));
        }
        return method;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.getHeaders().forEach((name, value) -> {
            String text = String.valueOf(value);
            if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("header-" + name
                        + " cannot be given, there are host, content-type, username and password, and token");
            }
            if (!text.chars().allMatch(it -> it >= ' ' && it < 127)) {
                throw new IllegalArgumentException("header-" + name + " has characters that no header can carry");
            }
            if (headers.put(name, text) != null) {
                throw new IllegalArgumentException("header-" + name + " is given twice");
            }
        });
        String type = options.getContentType();
        if (type != null && options.getBody() == null) {
            throw new IllegalArgumentException("content-type needs a body");
        }
        if (type != null && !type.matches("[!-~]+/[ -~]+")) {
            throw new IllegalArgumentException(
                    "content-type is \"" + type + "\", expected a media type such as application/json");
        }
        if (options.getBody() != null) {
            headers.put("Content-Type", type == null ? "text/plain; charset=utf-8" : type);
        }
        return headers;
    }

    private byte @Nullable [] body() {
        String body = options.getBody();
        if (body == null) {
            return null;
        }
        if (!WITH_BODY.contains(options.getMethod())) {
            throw new IllegalArgumentException(
                    "body cannot go with method " + options.getMethod() + ", expected method POST or PUT");
        }
        return body.getBytes(UTF_8);
    }

    private RedirectPolicy redirects() {
        for (RedirectPolicy redirects : RedirectPolicy.values()) {
            if (redirects.name().toLowerCase(Locale.ROOT).equals(options.getRedirects())) {
                return redirects;
            }
        }
        throw new IllegalArgumentException(
                "redirects is \"" + options.getRedirects() + "\", expected up, down or follow");
    }

    private Map<String, Re2Pattern> expectedHeaders() {
        Map<String, Re2Pattern> headers = new TreeMap<>();
        options.getExpectHeaders()
                .forEach((name, value) -> headers.put(
                        name.toLowerCase(Locale.ROOT),
                        read("expect-header-" + name, String.valueOf(value), Re2Pattern::new)));
        return headers;
    }

    private @Nullable HttpLogin login() {
        String username = options.getUsername();
        String password = options.getPassword();
        String token = options.getToken();
        if (token != null && (username != null || password != null)) {
            throw new IllegalArgumentException("token cannot go with username and password");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException(
                    username == null
                            ? "password needs a username"
                            : "username needs a password, as env:NAME or file:NAME");
        }
        if (username != null && (username.indexOf(':') >= 0 || username.chars().anyMatch(Character::isISOControl))) {
            // It may be a password that follows the colon.
            throw new IllegalArgumentException(
                    "username has a colon or a control character in it, expected a user name alone");
        }
        String reference = token == null ? password : token;
        if (reference == null) {
            return null;
        }
        SecretReference secret = read(token == null ? "password" : "token", reference, SecretReference::new);
        return new HttpLogin(username, secret, secrets);
    }

    private @Nullable Duration maxTime() {
        String text = options.getMaxTime();
        if (text == null) {
            return null;
        }
        // Of the units only those that a time-out is made of.
        if (!DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException("max-time is \"" + text + "\", expected a time such as 800ms or 2s");
        }
        return DurationNotation.of(text);
    }

    private static @Nullable SubstringMatcher needle(String option, @Nullable String text) {
        if (text != null && text.isEmpty()) {
            throw new IllegalArgumentException(option + " is empty, expected a text that the body must "
                    + (option.equals("contains") ? "contain" : "not contain"));
        }
        return text == null ? null : new SubstringMatcher(text);
    }

    private static <T> @Nullable T optional(String option, @Nullable String text, Function<String, T> form) {
        return text == null ? null : read(option, text, form);
    }

    private static <T> T read(String option, String text, Function<String, T> form) {
        try {
            return form.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }
}
