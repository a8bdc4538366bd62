package dev.firstup.model.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a queue is decided about.
 *
 * @param fall failed probes in a row until a server is down, at least 1
 * @param rise good probes in a row until a server is up, at least 1
 * @param slow a server whose good probes take longer is worth a look; null where none is too slow
 * @param failback when the record returns to a better-ranked server
 * @param allDown what the record says while all servers are down
 * @param answers how many servers the record names at most, at least 1
 * @param apart whether each record type is chosen for on its own; else one server's A and AAAA go together
 */
public record Rules(
        int fall, int rise, @Nullable Duration slow, Failback failback, AllDown allDown, int answers, boolean apart) {}
