package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.SecretReference;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.secret.LoopbackHosts;
import dev.firstup.model.time.RetryAfter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What one kind of provider is asked, turn by turn, and what its answers mean. An exchange begins with a publication; each
 * answer leads to the next request, or to the result. Nothing is kept between two turns but the exchange itself.
 *
 * <p>What ends an exchange otherwise is thrown: {@link WaitException} where the provider wants to be asked again later,
 * {@link StopException} where no repetition can mend it, {@link IllegalStateException} where it is not known whether the provider
 * took it.
 */
public abstract class Provider {
    private static final Duration TOO_MANY = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration BUSY = Duration.ofSeconds(10);

    private final String name;
    private final Clock clock;
    private String username = "";
    private String secret = "";
    private String secret2 = "";

    /** @param name what the Kamelet is called */
    Provider(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    /** @param username stands where {@code {username}} does in requests */
    public final void setUsername(String username) {
        this.username = username;
    }

    /**
     * @param secret the name of the secret that stands where {@code {secret}} does: {@code env:NAME} or {@code file:NAME};
     *     empty where there is none
     * @throws IllegalArgumentException if it is not the name of one
     */
    public final void setSecret(String secret) {
        this.secret = reference(secret);
    }

    /**
     * @param secret likewise for {@code {secret2}}; empty where there is none
     * @throws IllegalArgumentException if it is not the name of one
     */
    public final void setSecret2(String secret) {
        this.secret2 = reference(secret);
    }

    private static String reference(String secret) {
        return secret.isEmpty() ? "" : new SecretReference(secret).reference();
    }

    /** What the Kamelet is called. */
    String name() {
        return name;
    }

    /** Whether there is something to stand where {@code {secret}} does. */
    final boolean hasSecret() {
        return !secret.isEmpty();
    }

    /** Whether there is something to stand where {@code {secret2}} does. */
    final boolean hasSecondSecret() {
        return !secret2.isEmpty();
    }

    /** The first request about a publication. */
    public final ProviderExchange begin(Publication about) {
        return stamped(turn(ProviderExchange.with(this, about)));
    }

    /** What follows from the answer to the last request. */
    final ProviderExchange next(ProviderExchange exchange, ProviderResponse answer) {
        return stamped(turn(exchange.answered(answer)));
    }

    private ProviderExchange stamped(ProviderExchange exchange) {
        ProviderRequest request = exchange.request();
        if (request == null) {
            return exchange;
        }
        Map<String, String> headers = new HashMap<>(headers());
        put(headers, "Firstup-Username", username);
        put(headers, "Firstup-Secret", secret);
        put(headers, "Firstup-Secret2", secret2);
        return exchange.ask(request.with(headers));
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
    }

    /** What follows from the answers so far. */
    abstract ProviderExchange turn(ProviderExchange exchange);

    /** The headers of each request: here belongs what logs in. */
    Map<String, String> headers() {
        return Map.of();
    }

    /**
     * The address of the provider without a slash at its end.
     *
     * @throws StopException if a secret sent there could be overheard
     */
    final String base(String url) {
        if (!encrypted(url)) {
            throw new StopException(name() + " would send the secret unencrypted to " + url + ": use https://");
        }
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** Whether what is sent to {@code url} cannot be overheard: it is encrypted, or stays on this machine. */
    private boolean encrypted(String url) {
        try {
            URI parsed = new URI(url);
            return parsed.getHost() != null
                    && ("https".equals(parsed.getScheme())
                            || "http".equals(parsed.getScheme()) && LoopbackHosts.is(parsed.getHost()));
        } catch (URISyntaxException e) {
            throw new StopException(name() + " cannot send to " + url + ": " + e.getMessage());
        }
    }

    /** As a part of a path or a query. */
    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** How long a provider is left alone that is busy with something else: 10 s at first, a minute at most. */
    static Duration whileBusy(int failures) {
        Duration delay = BUSY.multipliedBy(1L << Math.min(failures, 3));
        return delay.compareTo(MINUTE) > 0 ? MINUTE : delay;
    }

    /** What this provider cannot do, however often it is asked. */
    final StopException unable(String what) {
        return new StopException(name() + " cannot " + what);
    }

    /**
     * What an answer means that was not what the protocol expects.
     *
     * @param expected in words
     */
    final RuntimeException unexpected(ProviderResponse answer, String expected) {
        return unexpected(answer, answer.firstLine(), expected);
    }

    /**
     * What an answer means that was not what the protocol expects.
     *
     * @param words what of its text says most
     * @param expected in words
     */
    final RuntimeException unexpected(ProviderResponse answer, String words, String expected) {
        int status = answer.status();
        String said = answer.said(words);
        if (status == 429) {
            return new WaitException(delay(answer, TOO_MANY), said + ": too many requests");
        }
        if (status >= 500) {
            return answer.retryAfter() == null
                    ? new IllegalStateException(said)
                    : new WaitException(delay(answer, MINUTE), said);
        }
        if (status == 401 || status == 403) {
            return StopException.ofAccount(said + ": the host does not accept the credential");
        }
        if (status >= 300 && status < 400) {
            return WaitException.ambiguous(said + ": redirects are not followed; is its address still right?");
        }
        return WaitException.ambiguous(said + ", expected " + expected);
    }

    private Duration delay(ProviderResponse answer, Duration otherwise) {
        return RetryAfter.delay(answer.retryAfter(), clock.instant(), otherwise);
    }
}
