package dev.firstup.probe;

import dev.firstup.model.Server;

/** What one endpoint does for each server that it is sent. */
interface Check {
    /** Begins one probe and returns at once; {@code attempt} is settled later, or now. */
    void begin(Attempt attempt, Engine engine);

    /** The port that it connects to by TCP first of all; 0 if it makes no such connection, or {@code server} names no port. */
    default int port(Server server) {
        return 0;
    }
}
