package dev.firstup.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A queue's servers in order of preference, each with its state.
 *
 * @param queue the queue
 * @param servers in order of preference
 * @param chosen what the record should say now; null before the first decision
 * @param standing how the queue stands as a whole
 * @param at when this view was made
 */
public record HealthView(
        Queue queue, List<ServerHealth> servers, @Nullable Choice chosen, QueueStanding standing, Instant at) {
    public HealthView {
        servers = List.copyOf(servers);
    }

    /** Whether the record should name {@code server}. */
    public boolean chose(String server) {
        return chosen != null && chosen.names(server);
    }

    /** The server called {@code name}, if it is in this queue. */
    public Optional<ServerHealth> server(String name) {
        return servers.stream().filter(it -> it.server().name().equals(name)).findFirst();
    }
}
