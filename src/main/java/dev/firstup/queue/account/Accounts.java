package dev.firstup.queue.account;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What queue files may name: the user's own routes, and the endpoints that this program can make. */
public interface Accounts {

    /**
     * The routes that start at {@code direct:NAME}: publishers, notifiers and probe routes.
     *
     * @return from the route's NAME to a fingerprint that changes whenever its declaration or a secret that it names does
     */
    Map<String, String> routes();

    /**
     * What a publisher can do.
     *
     * @param route the NAME of one of the {@link #routes()}
     */
    PublisherCapabilities capabilities(String route);

    /**
     * Why a route cannot work as it is declared.
     *
     * @param route the NAME of one of the {@link #routes()}
     * @return the reason, in one sentence without a full stop; null where nothing is known to be wrong
     */
    @Nullable
    String fault(String route);

    /**
     * Why a probe endpoint cannot be made.
     *
     * @param endpoint its URI, such as {@code probe:http?method=HEAD}
     * @return the reason, in one sentence without a full stop; null where it can be made
     */
    @Nullable
    String problem(String endpoint);
}
