package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import java.time.Clock;

/** What a host's words mean to the real publisher, for simulations that live elsewhere. */
public final class Conversation {
    private Conversation() {}

    /** What the dyndns2 publisher for {@code service} returns or throws when its one request is answered so. */
    public static Object dyndns2(
            String service, Clock clock, Publication about, int status, String retryAfter, String body) {
        Dyndns2 host = new Dyndns2(clock);
        host.setService(service);
        host.setUsername("me");
        host.setSecret("env:SECRET");
        return host.next(host.begin(about), new ProviderResponse(status, retryAfter, body))
                .result();
    }
}
