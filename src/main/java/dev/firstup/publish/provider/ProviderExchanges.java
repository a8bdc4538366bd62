package dev.firstup.publish.provider;

import dev.firstup.model.WaitException;
import dev.firstup.model.publish.DryRunException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Exchanges with whichever provider: what the Kamelet {@code firstup-provider-api-action} does between two requests. */
public final class ProviderExchanges {
    /** What follows from the answer to the last request. */
    public ProviderExchange next(
            ProviderExchange exchange, int status, @Nullable String retryAfter, @Nullable String body) {
        return exchange.provider().next(exchange, new ProviderResponse(status, retryAfter, body));
    }

    /**
     * The provider could not be reached, so it certainly was not told.
     *
     * @throws WaitException always: try again soon
     */
    public void unreachable(Exception failure) {
        throw new WaitException(Duration.ZERO, "the service cannot be reached: " + failure.getMessage());
    }

    /**
     * Says what would be sent now.
     *
     * @throws DryRunException always
     */
    public void dry(ProviderExchange exchange) {
        ProviderRequest it = Objects.requireNonNull(exchange.request());
        throw new DryRunException("would have sent " + it.method() + " " + it.uri()
                + (it.body() == null ? "" : " " + it.body().replaceAll("\\s+", " ")));
    }
}
