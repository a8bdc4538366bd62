package dev.firstup.model;

import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.QuietTime;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one queue: one DNS record and the servers behind it, in order of preference.
 *
 * @param name the queue's name, from its file's name or its key {@code queue}
 * @param revision grows with every change of this queue's configuration
 * @param record the name that this queue moves, in A-labels, lower case, without a final dot
 * @param alias the user's own name, a CNAME to the record: checked, never written; null where there is none
 * @param srv SRV records that should name the record, {@code _SERVICE._PROTOCOL.DOMAIN}: checked, never written
 * @param ttl the time to live that is asked for
 * @param servers in order of preference, at least one
 * @param pace how often servers are probed
 * @param rules how it is decided about
 * @param witnesses probes of what is always up, each as a message that asks for it: they tell an outage of all servers from one
 *     of this monitor's own link
 * @param quiet when people are told nothing
 * @param targets where the record is written
 * @param notifiers their names: routes {@code direct:NAME} of the accounts file
 */
public record Queue(
        String name,
        long revision,
        String record,
        @Nullable String alias,
        List<String> srv,
        Duration ttl,
        List<Server> servers,
        Pace pace,
        Rules rules,
        List<Server> witnesses,
        List<QuietTime> quiet,
        List<PublishTarget> targets,
        List<String> notifiers) {
    public Queue {
        srv = List.copyOf(srv);
        servers = List.copyOf(servers);
        witnesses = List.copyOf(witnesses);
        quiet = List.copyOf(quiet);
        targets = List.copyOf(targets);
        notifiers = List.copyOf(notifiers);
    }

    /**
     * How often a server is probed, and for how long.
     *
     * @param interval while its state is settled
     * @param fast while its state is changing or not known yet
     * @param down while it is down
     * @param timeout how long one probe may take
     * @param sentinel whether a connection is held open to each server, and the server is probed as soon as it closes
     */
    public record Pace(Duration interval, Duration fast, Duration down, Duration timeout, boolean sentinel) {
        /** Without sentinels. */
        public Pace(Duration interval, Duration fast, Duration down, Duration timeout) {
            this(interval, fast, down, timeout, false);
        }
    }

    /** This queue as another revision of the configuration has it. */
    public Queue revised(long revision) {
        return new Queue(
                name,
                revision,
                record,
                alias,
                srv,
                ttl,
                servers.stream().map(it -> it.revised(revision)).toList(),
                pace,
                rules,
                witnesses,
                quiet,
                targets,
                notifiers);
    }

    /** The record types that any server of this queue has: these are written or withdrawn together. */
    public Set<RecordType> types() {
        EnumSet<RecordType> types = EnumSet.noneOf(RecordType.class);
        servers.forEach(server -> types.addAll(server.addresses().keySet()));
        return types;
    }
}
