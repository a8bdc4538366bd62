package dev.firstup.probe.engine;

import dev.firstup.model.Server;

/** What one endpoint does for each server that it is sent. */
public interface Prober {
    /** Begins one probe and returns at once; {@code attempt} is settled later, or now. */
    void begin(ProbeAttempt attempt, ProbeEngine engine);

    /** The port that it connects to by TCP first of all; 0 if it makes no such connection, or {@code server} names no port. */
    default int port(Server server) {
        return 0;
    }
}
