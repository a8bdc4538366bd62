package dev.firstup.queue;

import dev.firstup.model.Queue;
import dev.firstup.model.Quiet;
import dev.firstup.model.RecordType;
import dev.firstup.model.Rules;
import dev.firstup.model.Server;
import dev.firstup.model.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** One document of a queue file to one queue. */
final class QueueParser {
    private static final Duration LONG_TTL = Duration.ofMinutes(1);

    private final Section queue;
    private final String fallbackName;
    private final Known known;
    private final Report report;
    private final List<Claim> claims;

    /** @param fallbackName the name where the key {@code queue} is missing; null where another queue has it already */
    QueueParser(Section queue, String fallbackName, Known known, Report report, List<Claim> claims) {
        this.queue = queue;
        this.fallbackName = fallbackName;
        this.known = known;
        this.report = report;
        this.claims = claims;
    }

    /** The queue; null where it has an error. */
    Queue parse() {
        int before = report.errors();
        String name = name();
        queue.require("record", "the DNS name that this queue moves");
        String record = queue.domain("record");
        String alias = queue.domain("alias");
        if (alias != null && alias.equals(record)) {
            report.add(queue.at("alias"), Message.ALIAS_IS_RECORD);
        }
        Queue.Pace pace = pace();
        int fall = queue.number("fall", 1, 100);
        List<Target> targets = targets(record);
        Publishers publishers = new Publishers(targets, known);
        Duration ttl = ttl(pace, fall, targets);
        boolean apart = queue.word("families", List.of("together", "apart")).equals("apart");
        ServerParser parser = new ServerParser(queue, record, apart, publishers, known, report);
        List<ServerParser.Entry> entries = parser.parse();
        List<String> srv = services(entries);
        Rules rules = new RulesParser(queue, publishers, parser, report).parse(fall, pace, apart, entries);
        List<Server> witnesses = Witnesses.of(queue, targets, pace.timeout(), known, report);
        List<Quiet> quiet = new QuietTimes(queue, report).parse();
        List<String> notifiers = notifiers();
        if (report.errors() != before) {
            return null;
        }
        String publicName = alias == null ? record : alias;
        List<Server> servers = entries.stream()
                .flatMap(entry -> entry.servers(name, publicName, pace.timeout(), apart).stream())
                .toList();
        return new Queue(name, 0, record, alias, srv, ttl, servers, pace, rules, witnesses, quiet, targets, notifiers);
    }

    private void claim(String key, Message refusal, String what, Node at) {
        var mark = at.getStartMark().orElseThrow();
        claims.add(new Claim(key, refusal, what, report.file(), mark.getLine() + 1, mark.getColumn() + 1));
    }

    private String name() {
        String name = queue.has("queue") ? queue.text("queue", "a name") : fallbackName;
        if (name == null) {
            if (!queue.has("queue")) {
                report.add(queue.at("queue"), Message.QUEUE_NAME_NEEDED);
            }
        } else if (Names.isName(name)) {
            claim("queue " + name, Message.NAME_TAKEN, Words.quoted(name), queue.at("queue"));
        } else {
            String what = queue.has("queue") ? "\"queue\"" : "the file's name";
            report.add(queue.at("queue"), Message.NOT_A_NAME, what, Words.quoted(name));
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
                        Message.FAST_ABOVE_INTERVAL,
                        Durations.text(fast),
                        Durations.text(interval));
            }
            fast = interval;
        }
        return new Queue.Pace(interval, fast, down, timeout, queue.flag("sentinel"));
    }

    private Duration ttl(Queue.Pace pace, int fall, List<Target> targets) {
        Duration ttl = queue.duration("ttl", "1s", "1d");
        if (ttl.toMillisPart() != 0) {
            report.add(queue.at("ttl"), Message.NOT_WHOLE_SECONDS, "\"ttl\"", Durations.text(ttl));
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
                    Message.TTL_LONG,
                    Durations.text(ttl),
                    Durations.text(ttl.plus(noticed)),
                    Durations.text(noticed));
        }
        for (Target target : targets) {
            Duration least = known.abilities(target.to()).ttl();
            if (ttl.compareTo(least) < 0) {
                report.add(
                        queue.at("ttl"),
                        Message.TTL_BELOW,
                        Durations.text(ttl),
                        Words.quoted(target.to()),
                        Durations.text(least),
                        Durations.text(least.plus(noticed)),
                        Durations.text(noticed));
            }
        }
        return ttl;
    }

    private List<Target> targets(String record) {
        List<String> nameservers = nameservers(queue);
        boolean repair = queue.word("drift", List.of("report", "repair")).equals("repair");
        List<Target> targets = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int before = report.errors();
        List<Node> nodes = queue.list("publish", Section.LONGEST_LIST);
        if (nodes.isEmpty() && report.errors() == before) {
            report.add(queue.at("publish"), Message.PUBLISHES_NOTHING);
        }
        for (Node node : nodes) {
            String to;
            String itsRecord = record;
            List<String> itsNameservers = nameservers;
            if (node instanceof MappingNode mapping) {
                Section section = new Section(mapping, Keys.TARGET, report);
                section.require("to", "a publisher's name");
                to = route(section.at("to"), "\"to\"", section.text("to", "a publisher's name"));
                itsRecord = section.has("record") ? section.domain("record") : record;
                itsNameservers = section.has("nameservers") ? nameservers(section) : nameservers;
            } else {
                to = route(node, "\"publish\"", Section.text(node, "\"publish\"", "a publisher's name", report));
            }
            if (to != null && itsRecord != null) {
                if (seen.add(to + " " + itsRecord)) {
                    String what = "the record " + itsRecord + " at " + Words.quoted(to);
                    claim(what, Message.CLAIMED, what, node);
                } else {
                    report.add(node, Message.TWICE, "\"publish\"", Words.quoted(to));
                }
                targets.add(new Target(
                        to,
                        itsRecord,
                        itsNameservers,
                        known.routes().get(to),
                        known.abilities(to).gap(),
                        known.abilities(to).api(),
                        repair,
                        known.abilities(to).dry()));
            }
        }
        return targets;
    }

    private List<String> services(List<ServerParser.Entry> entries) {
        Set<String> services = new LinkedHashSet<>();
        for (Node node : queue.list("srv", Section.LONGEST_LIST)) {
            String text = Section.text(node, "\"srv\"", "text", report);
            String service = text == null ? null : Names.service(text);
            if (service != null && !services.add(service)) {
                report.add(node, Message.TWICE, "\"srv\"", Words.quoted(service));
            } else if (text != null && service == null) {
                report.add(node, Message.NOT_A_SERVICE, "\"srv\"", Words.quoted(text));
            }
        }
        entries.stream()
                .filter(it -> !services.isEmpty() && it.addresses().containsKey(RecordType.CNAME))
                .findFirst()
                .ifPresent(it -> report.add(queue.at("srv"), Message.SRV_CNAME, Words.quoted(it.name())));
        return List.copyOf(services);
    }

    private List<String> nameservers(Section section) {
        List<String> nameservers = new ArrayList<>();
        for (Node node : section.list("nameservers", Section.LONGEST_LIST)) {
            String text = Section.text(node, "\"nameservers\"", "a name server", report);
            String nameserver = text == null ? null : Names.hostAndPort(text);
            if (nameserver != null) {
                nameservers.add(nameserver);
            } else if (text != null) {
                report.add(node, Message.NOT_A_NAMESERVER, "\"nameservers\"", Words.quoted(text));
            }
        }
        return nameservers;
    }

    private List<String> notifiers() {
        Set<String> notifiers = new LinkedHashSet<>();
        for (Node node : queue.list("notify", Section.LONGEST_LIST)) {
            String name = route(node, "\"notify\"", Section.text(node, "\"notify\"", "a notifier's name", report));
            if (name != null && !notifiers.add(name)) {
                report.add(node, Message.TWICE, "\"notify\"", Words.quoted(name));
            }
        }
        return List.copyOf(notifiers);
    }

    /** The name, if it is one of the user's routes. */
    private String route(Node at, String what, String name) {
        if (name == null || !Routes.require(at, what, name, known, report)) {
            return null;
        }
        known.fault(name).ifPresent(it -> report.add(at, Message.ROUTE_FAULT, what, Words.quoted(name), it));
        return name;
    }
}
