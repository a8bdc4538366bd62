package dev.firstup.publish;

import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.names.Finding;
import dev.firstup.model.names.Finding.Kind;
import dev.firstup.model.names.NamesFindings;
import dev.firstup.model.names.NamesReading;
import dev.firstup.model.names.NamesReading.Alias;
import dev.firstup.model.names.NamesReading.Held;
import dev.firstup.model.names.NamesReading.Service;
import dev.firstup.model.names.NamesReading.Service.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the names around a record lead to it: the bean {@code firstup-dns-audit} of the routes. Only what was read is judged.
 */
public final class DnsAudit {
    private static final Duration LONG_TTL = Duration.ofMinutes(1);

    /** So many of several names are named in a sentence. */
    private static final int NAMED = 5;

    /** The ports of probes that do not say theirs. */
    private static final Map<String, Integer> USUAL = Map.of("probe:http", 80, "probe:https", 443);

    /** What is not as it should be. */
    public NamesFindings judge(NamesReading reading) {
        return new Judgement(reading).findings();
    }

    private static final class Judgement {
        private final NamesReading reading;
        private final Queue queue;
        private final Set<String> ours = new HashSet<>();
        private final List<Finding> found = new ArrayList<>();
        private final Set<String> unread = new HashSet<>();

        Judgement(NamesReading reading) {
            this.reading = reading;
            this.queue = reading.queue();
            ours.add(queue.record());
            queue.targets().forEach(it -> ours.add(it.record()));
        }

        NamesFindings findings() {
            if (reading.alias() != null) {
                judge(reading.alias());
            }
            reading.services().forEach(this::judge);
            reading.records().forEach(this::judge);
            return new NamesFindings(queue, found, unread, List.of());
        }

        private void judge(Alias alias) {
            String no = alias.name() + " is no CNAME to " + queue.record() + ": ";
            String make = "make " + alias.name() + ". 300 IN CNAME " + queue.record() + ".";
            if (alias.unread() != null) {
                unread.add(alias.name());
            } else if (!alias.chain().isEmpty()) {
                if (!ours.contains(last(alias.chain()))) {
                    found(alias.name(), Kind.ALIAS_ELSEWHERE, no + way(alias) + "; " + make);
                }
            } else if (alias.values().isEmpty()) {
                found(alias.name(), Kind.ALIAS_MISSING, no + "it has neither a CNAME nor an address record; " + make);
            } else if (reading.records().stream().noneMatch(it -> shared(alias, it))) {
                if (reading.records().stream().anyMatch(it -> it.unread() != null)) {
                    unread.add(alias.name());
                    return;
                }
                String held = reading.records().stream()
                        .map(it -> it.name() + " has "
                                + (it.values().isEmpty()
                                        ? "none"
                                        : some(it.values().values())))
                        .collect(Collectors.joining(" and "));
                // A host that copies the record's addresses may need a while after a move.
                found.add(new Finding(
                        queue.name(),
                        alias.name(),
                        Kind.ALIAS_ADDRESSES,
                        no + "it has the addresses " + some(alias.values().values()) + ", while " + held + "; " + make
                                + ", or at the top of a zone, where no CNAME can stand, an ALIAS or ANAME to it",
                        false));
            }
        }

        private static boolean shared(Alias alias, Held record) {
            return record.unread() == null && record.values().equals(alias.values());
        }

        private static String way(Alias alias) {
            String last = last(alias.chain());
            List<String> before = alias.chain().subList(0, alias.chain().size() - 1);
            String led = "it leads to " + String.join(", to ", alias.chain());
            if (last.equals(alias.name()) || before.contains(last)) {
                return led + ", in a circle";
            }
            return led;
        }

        private static String last(List<String> chain) {
            return chain.get(chain.size() - 1);
        }

        private void judge(Service service) {
            if (service.unread() != null) {
                unread.add(service.name());
                return;
            }
            SortedSet<Integer> ports = ports();
            String usual = ports.isEmpty() ? "PORT" : ports.first().toString();
            String make = "make " + record(service, "0 5 " + usual);
            if (service.entries().isEmpty()) {
                found(service.name(), Kind.SRV_MISSING, service.name() + " has no SRV record; " + make);
                return;
            }
            if (service.entries().stream().allMatch(it -> it.target().isEmpty())) {
                found(
                        service.name(),
                        Kind.SRV_ELSEWHERE,
                        service.name() + " says that there is no such service; " + make);
                return;
            }
            List<Entry> named = new ArrayList<>();
            List<Entry> others = new ArrayList<>();
            Alias alias = reading.alias();
            for (Entry it : service.entries()) {
                if (ours.contains(it.target())) {
                    named.add(it);
                } else if (alias == null || !it.target().equals(queue.alias())) {
                    others.add(it);
                } else if (alias.unread() != null) {
                    // Whether it is an alias decides whether it may stand there.
                    unread.add(service.name());
                    return;
                } else if (alias.chain().isEmpty()) {
                    named.add(it);
                } else if (found.stream().noneMatch(other -> is(other, service, Kind.SRV_ALIAS))) {
                    found(
                            service.name(),
                            Kind.SRV_ALIAS,
                            service.name() + " names " + it.target()
                                    + ", which is an alias, and must not be one (RFC 2782); make "
                                    + record(service, it.priority() + " " + it.weight() + " " + it.port()));
                }
            }
            boolean aliased = found.stream().anyMatch(it -> is(it, service, Kind.SRV_ALIAS));
            if (named.isEmpty() && !aliased) {
                found(
                        service.name(),
                        Kind.SRV_ELSEWHERE,
                        service.name() + " names " + targets(others) + ", not " + queue.record() + "; " + make);
            } else if (!named.isEmpty()) {
                beside(service, named, others);
            }
            port(service, named, ports);
        }

        private static boolean is(Finding it, Service service, Kind kind) {
            return it.kind() == kind && it.about().equals(service.name());
        }

        /** What stands behind the record is there for when it fails altogether; what stands beside it gets users all the time. */
        private void beside(Service service, List<Entry> named, List<Entry> others) {
            int priority = named.stream().mapToInt(Entry::priority).min().orElseThrow();
            List<Entry> beside = others.stream()
                    .filter(it -> it.priority() <= priority && !it.target().isEmpty())
                    .toList();
            if (!beside.isEmpty()) {
                found(
                        service.name(),
                        Kind.SRV_ELSEWHERE,
                        service.name() + " names " + targets(beside) + " besides " + queue.record()
                                + ", and users go there whatever is decided; remove it, or give it a priority above "
                                + priority);
            }
        }

        private void port(Service service, List<Entry> named, SortedSet<Integer> ports) {
            List<Entry> unprobed =
                    named.stream().filter(it -> !ports.contains(it.port())).toList();
            if (!ports.isEmpty() && !unprobed.isEmpty()) {
                Entry first = unprobed.get(0);
                found(
                        service.name(),
                        Kind.SRV_PORT,
                        service.name() + " names port " + first.port() + ", but servers are probed at "
                                + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "; make "
                                + record(service, first.priority() + " " + first.weight() + " " + ports.first())
                                + ", or probe that port");
            }
        }

        private String record(Service service, String numbers) {
            return service.name() + ". 300 IN SRV " + numbers + " " + queue.record() + ".";
        }

        private static String targets(List<Entry> entries) {
            return some(List.of(
                    entries.stream().map(Entry::target).distinct().sorted().toList()));
        }

        private SortedSet<Integer> ports() {
            return queue.servers().stream()
                    .flatMap(it -> Stream.concat(Stream.of(it), it.conditions().others().stream()))
                    .map(Judgement::port)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private static @Nullable Integer port(Server server) {
            int options = server.probe().indexOf('?');
            return server.port() > 0
                    ? Integer.valueOf(server.port())
                    : USUAL.get(options < 0 ? server.probe() : server.probe().substring(0, options));
        }

        private void judge(Held record) {
            if (record.unread() != null) {
                unread.add(record.name());
            } else if (record.ttl() != null) {
                boolean longer = record.ttl().compareTo(queue.ttl()) > 0;
                if (longer || record.ttl().compareTo(LONG_TTL) > 0) {
                    Duration wanted = longer ? queue.ttl() : LONG_TTL;
                    // What is there now may be what somebody else wrote before us.
                    found.add(new Finding(
                            queue.name(),
                            record.name(),
                            Kind.TTL,
                            record.name() + " is served with a TTL of " + seconds(record.ttl())
                                    + (longer ? ", asked were " : ", expected at most ") + seconds(wanted)
                                    + ": for so long after a move users may still be sent to a dead server; "
                                    + (longer
                                            ? "set it at the DNS host, or publish at one that takes it"
                                            : "lower ttl if the DNS host allows"),
                            false));
                }
            }
        }

        private void found(String about, Kind kind, String text) {
            found.add(new Finding(queue.name(), about, kind, text, true));
        }

        private static String some(Collection<List<String>> lists) {
            List<String> all = lists.stream().flatMap(List::stream).toList();
            return all.stream().limit(NAMED).collect(Collectors.joining(", "))
                    + (all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "");
        }

        private static String seconds(Duration duration) {
            return duration.toSeconds() + " s";
        }
    }
}
