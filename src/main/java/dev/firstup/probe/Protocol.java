package dev.firstup.probe;

import dev.firstup.model.Server;

/** What is said to servers by one endpoint, as its options describe it. */
interface Protocol {
    /** One conversation. */
    Dialogue dialogue(Server server);

    /** Whether that reads files: it is then not asked for on a thread of the network. */
    default boolean readsFiles() {
        return false;
    }

    /** Why {@code server} cannot be asked; null if it can. */
    default String obstacle(Server server) {
        return null;
    }
}
