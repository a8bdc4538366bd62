package dev.firstup.probe.connection;

import dev.firstup.model.Server;
import org.jspecify.annotations.Nullable;

/** What is said to servers by one endpoint, as its options describe it. */
public interface Protocol {
    /** One conversation. */
    Dialogue dialogue(Server server);

    /** Whether that reads files: it is then not asked for on a thread of the network. */
    default boolean readsFiles() {
        return false;
    }

    /**
     * Whether a connection that has served its purpose is reset, which leaves nothing behind here, but is written down by servers
     * that expect their clients to take leave.
     */
    default boolean endsByReset() {
        return false;
    }

    /** Why {@code server} cannot be asked; null if it can. */
    default @Nullable String obstacle(Server server) {
        return null;
    }
}
