package dev.firstup.model;

import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One server of a queue: what is published for it and where it is probed. This is also the message that asks for a probe.
 *
 * @param queue the name of its queue
 * @param revision the revision of the configuration that this server was read from
 * @param name unique within its queue
 * @param addresses what is published, one value for each type that this server has: IP literals, or a host name for CNAME
 * @param probe the endpoint that probes it. Host, port, path, name and time-out are taken out of it, so that servers share a
 *     few endpoints
 * @param host the address or host name that is probed; for a probe route, its name
 * @param port the port that is probed, or 0 for the kind's usual one
 * @param path the path and query of an HTTP request, beginning with a slash; empty for the other kinds
 * @param publicName the name that users type: Host header, SNI and the name that the certificate must carry
 * @param timeout how long one probe may take, all phases together
 * @param conditions further probes of it; their servers are called {@code NAME#2} and so on. Nothing is published for these; only
 *     one whose probe is a route has addresses, for the route knows its server by them
 */
public record Server(
        String queue,
        long revision,
        String name,
        Map<RecordType, String> addresses,
        String probe,
        String host,
        int port,
        String path,
        String publicName,
        Duration timeout,
        ProbeConditions conditions) {
    public Server {
        EnumMap<RecordType, String> ordered = new EnumMap<>(RecordType.class);
        ordered.putAll(addresses);
        addresses = Collections.unmodifiableMap(ordered);
    }

    /** A server with one probe. */
    public Server(
            String queue,
            long revision,
            String name,
            Map<RecordType, String> addresses,
            String probe,
            String host,
            int port,
            String path,
            String publicName,
            Duration timeout) {
        this(queue, revision, name, addresses, probe, host, port, path, publicName, timeout, ProbeConditions.NONE);
    }

    /** This server as another revision of the configuration has it. */
    public Server revised(long revision) {
        List<Server> others =
                conditions.others().stream().map(it -> it.revised(revision)).toList();
        return new Server(
                queue,
                revision,
                name,
                addresses,
                probe,
                host,
                port,
                path,
                publicName,
                timeout,
                new ProbeConditions(conditions.need(), others));
    }

    /** The address that is published, or the host name; of two addresses the IPv4 one. */
    public @Nullable String address() {
        return addresses.values().stream().findFirst().orElse(null);
    }

    /** This server at what is published for it, where a route probes it; where nothing is published, as it is. */
    public Server itself() {
        return address() == null
                ? this
                : new Server(
                        queue,
                        revision,
                        name,
                        addresses,
                        probe,
                        address(),
                        port,
                        path,
                        publicName,
                        timeout,
                        conditions);
    }

    /** Whether {@code other} is the same server for what health means: probed in the same way at the same place. */
    public boolean probedLike(Server other) {
        return probe.equals(other.probe)
                && host.equals(other.host)
                && port == other.port
                && path.equals(other.path)
                && publicName.equals(other.publicName)
                && conditions.need() == other.conditions.need()
                && conditions.others().size() == other.conditions.others().size()
                && IntStream.range(0, conditions.others().size()).allMatch(it -> conditions
                        .others()
                        .get(it)
                        .probedLike(other.conditions.others().get(it)));
    }
}
