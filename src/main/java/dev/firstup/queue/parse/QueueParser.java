package dev.firstup.queue.parse;

import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.QuietTime;
import dev.firstup.model.rules.Rules;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** One document of a queue file to one queue. */
final class QueueParser {
    private static final Duration LONG_TTL = Duration.ofMinutes(1);

    private final MappingReader queue;
    private final @Nullable String fallbackName;
    private final AccountCache known;
    private final ProblemCollector report;
    private final List<ExclusiveClaim> claims;

    /** @param fallbackName the name where the key {@code queue} is missing; null where another queue has it already */
    QueueParser(
            MappingReader queue,
            @Nullable String fallbackName,
            AccountCache known,
            ProblemCollector report,
            List<ExclusiveClaim> claims) {
        this.queue = queue;
        this.fallbackName = fallbackName;
        this.known = known;
        this.report = report;
        this.claims = claims;
    }

    /** The queue; null where it has an error. */
    @Nullable
    Queue parse() {
        int before = report.errors();
        String name = name();
        queue.require("record", "the DNS name that this queue moves");
        String record = queue.domain("record");
        String alias = queue.domain("alias");
        if (alias != null && alias.equals(record)) {
            report.add(queue.at("alias"), ProblemMessage.ALIAS_IS_RECORD);
        }
        Queue.Pace pace = pace();
        int fall = queue.number("fall", 1, 100);
        List<PublishTarget> targets = targets(record);
        PublisherList publishers = new PublisherList(targets, known);
        Duration ttl = ttl(pace, fall, targets);
        boolean apart = queue.word("families", List.of("together", "apart")).equals("apart");
        ServerParser parser = new ServerParser(queue, record, apart, publishers, known, report);
        List<ServerParser.Entry> entries = parser.parse();
        List<String> srv = services(entries);
        Rules rules = new RulesParser(queue, publishers, parser, report).parse(fall, pace, apart, entries);
        List<Server> witnesses = WitnessParser.of(queue, targets, pace.timeout(), known, report);
        List<QuietTime> quiet = new QuietParser(queue, report).parse();
        List<String> notifiers = notifiers();
        if (report.errors() != before || name == null || record == null) {
            return null;
        }
        String publicName = alias == null ? record : alias;
        List<Server> servers = entries.stream()
                .flatMap(entry -> entry.servers(name, publicName, pace.timeout(), apart).stream())
                .toList();
        return new Queue(name, 0, record, alias, srv, ttl, servers, pace, rules, witnesses, quiet, targets, notifiers);
    }

    private void claim(String key, ProblemMessage refusal, String what, Node at) {
        var mark = at.getStartMark().orElseThrow();
        claims.add(new ExclusiveClaim(key, refusal, what, report.file(), mark.getLine() + 1, mark.getColumn() + 1));
    }

    private @Nullable String name() {
        String name = queue.has("queue") ? queue.text("queue", "a name") : fallbackName;
        if (name == null) {
            if (!queue.has("queue")) {
                report.add(queue.at("queue"), ProblemMessage.QUEUE_NAME_NEEDED);
            }
        } else if (NameSyntax.isName(name)) {
            claim("queue " + name, ProblemMessage.NAME_TAKEN, QuotedValue.quoted(name), queue.at("queue"));
        } else {
            String what = queue.has("queue") ? "\"queue\"" : "the file's name";
            report.add(queue.at("queue"), ProblemMessage.NOT_A_NAME, what, QuotedValue.quoted(name));
        }
        return name;
    }

    private Queue.Pace pace() {
        Duration interval = queue.duration("interval", "100ms", "1d");
        Duration fast = queue.duration("fast-interval", "100ms", "1d");
        Duration down = queue.duration("down-interval", "100ms", "1d");
        Duration timeout = queue.duration("timeout", "10ms", "60s");
        if (fast.compareTo(interval) > 0) {
            if (queue.has("fast-interval")) {
                report.add(
                        queue.at("fast-interval"),
                        ProblemMessage.FAST_ABOVE_INTERVAL,
                        DurationNotation.text(fast),
                        DurationNotation.text(interval));
            }
            fast = interval;
        }
        return new Queue.Pace(interval, fast, down, timeout, queue.flag("sentinel"));
    }

    private Duration ttl(Queue.Pace pace, int fall, List<PublishTarget> targets) {
        Duration ttl = queue.duration("ttl", "1s", "1d");
        if (ttl.toMillisPart() != 0) {
            report.add(queue.at("ttl"), ProblemMessage.NOT_WHOLE_SECONDS, "\"ttl\"", DurationNotation.text(ttl));
        }
        // A server that no longer answers is noticed last: every probe of it, the candidates' too, runs into its
        // time-out.
        Duration noticed = pace.interval()
                .plus(pace.timeout())
                .plus(pace.fast().plus(pace.timeout()).multipliedBy(fall - 1L))
                .plus(pace.timeout());
        if (ttl.compareTo(LONG_TTL) > 0) {
            report.add(
                    queue.at("ttl"),
                    ProblemMessage.TTL_LONG,
                    DurationNotation.text(ttl),
                    DurationNotation.text(ttl.plus(noticed)),
                    DurationNotation.text(noticed));
        }
        for (PublishTarget target : targets) {
            Duration least = known.capabilities(target.to()).ttl();
            if (ttl.compareTo(least) < 0) {
                report.add(
                        queue.at("ttl"),
                        ProblemMessage.TTL_BELOW,
                        DurationNotation.text(ttl),
                        QuotedValue.quoted(target.to()),
                        DurationNotation.text(least),
                        DurationNotation.text(least.plus(noticed)),
                        DurationNotation.text(noticed));
            }
        }
        return ttl;
    }

    private List<PublishTarget> targets(@Nullable String record) {
        List<String> nameservers = nameservers(queue);
        boolean repair = queue.word("drift", List.of("report", "repair")).equals("repair");
        List<PublishTarget> targets = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int before = report.errors();
        List<Node> nodes = queue.list("publish", MappingReader.LONGEST_LIST);
        if (nodes.isEmpty() && report.errors() == before) {
            report.add(queue.at("publish"), ProblemMessage.PUBLISHES_NOTHING);
        }
        for (Node node : nodes) {
            String to;
            String itsRecord = record;
            List<String> itsNameservers = nameservers;
            if (node instanceof MappingNode mapping) {
                MappingReader section = new MappingReader(mapping, QueueKeys.TARGET, report);
                section.require("to", "a publisher's name");
                to = route(section.at("to"), "\"to\"", section.text("to", "a publisher's name"));
                itsRecord = section.has("record") ? section.domain("record") : record;
                itsNameservers = section.has("nameservers") ? nameservers(section) : nameservers;
            } else {
                to = route(node, "\"publish\"", MappingReader.text(node, "\"publish\"", "a publisher's name", report));
            }
            if (to != null && itsRecord != null) {
                if (seen.add(to + " " + itsRecord)) {
                    String what = "the record " + itsRecord + " at " + QuotedValue.quoted(to);
                    claim(what, ProblemMessage.CLAIMED, what, node);
                } else {
                    report.add(node, ProblemMessage.TWICE, "\"publish\"", QuotedValue.quoted(to));
                }
                targets.add(new PublishTarget(
                        to,
                        itsRecord,
                        itsNameservers,
                        known.routes().getOrDefault(to, ""),
                        known.capabilities(to).gap(),
                        known.capabilities(to).api(),
                        repair,
                        known.capabilities(to).dry()));
            }
        }
        return targets;
    }

    private List<String> services(List<ServerParser.Entry> entries) {
        Set<String> services = new LinkedHashSet<>();
        for (Node node : queue.list("srv", MappingReader.LONGEST_LIST)) {
            String text = MappingReader.text(node, "\"srv\"", "text", report);
            String service = text == null ? null : NameSyntax.service(text);
            if (service != null && !services.add(service)) {
                report.add(node, ProblemMessage.TWICE, "\"srv\"", QuotedValue.quoted(service));
            } else if (text != null && service == null) {
                report.add(node, ProblemMessage.NOT_A_SERVICE, "\"srv\"", QuotedValue.quoted(text));
            }
        }
        entries.stream()
                .filter(it -> !services.isEmpty() && it.addresses().containsKey(RecordType.CNAME))
                .findFirst()
                .ifPresent(it -> report.add(queue.at("srv"), ProblemMessage.SRV_CNAME, QuotedValue.quoted(it.name())));
        return List.copyOf(services);
    }

    private List<String> nameservers(MappingReader section) {
        List<String> nameservers = new ArrayList<>();
        for (Node node : section.list("nameservers", MappingReader.LONGEST_LIST)) {
            String text = MappingReader.text(node, "\"nameservers\"", "a name server", report);
            String nameserver = text == null ? null : NameSyntax.hostAndPort(text);
            if (nameserver != null) {
                nameservers.add(nameserver);
            } else if (text != null) {
                report.add(node, ProblemMessage.NOT_A_NAMESERVER, "\"nameservers\"", QuotedValue.quoted(text));
            }
        }
        return nameservers;
    }

    private List<String> notifiers() {
        Set<String> notifiers = new LinkedHashSet<>();
        for (Node node : queue.list("notify", MappingReader.LONGEST_LIST)) {
            String name =
                    route(node, "\"notify\"", MappingReader.text(node, "\"notify\"", "a notifier's name", report));
            if (name != null && !notifiers.add(name)) {
                report.add(node, ProblemMessage.TWICE, "\"notify\"", QuotedValue.quoted(name));
            }
        }
        return List.copyOf(notifiers);
    }

    /** The name, if it is one of the user's routes. */
    private @Nullable String route(Node at, String what, @Nullable String name) {
        if (name == null || !RouteReferences.require(at, what, name, known, report)) {
            return null;
        }
        known.fault(name)
                .ifPresent(it -> report.add(at, ProblemMessage.ROUTE_FAULT, what, QuotedValue.quoted(name), it));
        return name;
    }
}
