package dev.firstup.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A queue's servers in order of preference, each with its state.
 *
 * @param queue the queue
 * @param servers in order of preference
 * @param chosen the name of the server that the record should name now; null before the first decision
 * @param at when this view was made
 */
public record HealthView(Queue queue, List<ServerHealth> servers, String chosen, Instant at) {
    public HealthView {
        servers = List.copyOf(servers);
    }

    /** The server called {@code name}, if it is in this queue. */
    public Optional<ServerHealth> server(String name) {
        return servers.stream().filter(it -> it.server().name().equals(name)).findFirst();
    }
}
