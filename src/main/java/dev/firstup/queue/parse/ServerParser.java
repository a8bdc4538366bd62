package dev.firstup.queue.parse;

import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The list of servers of one queue. */
final class ServerParser {
    static final int MOST = 100_000;

    private static final String EXAMPLE = "192.0.2.10";
    private static final String MAPPED_AS = "address: ";
    private static final String EXAMPLE6 = "2001:db8::10";

    private final MappingReader queue;
    private final @Nullable String record;
    private final boolean apart;
    private final PublisherList publishers;
    private final AccountCache known;
    private final ProblemCollector report;
    private final @Nullable ProbeList shared;
    private final boolean allowPrivate;
    private boolean probeMissing;

    ServerParser(
            MappingReader queue,
            @Nullable String record,
            boolean apart,
            PublisherList publishers,
            AccountCache known,
            ProblemCollector report) {
        this.queue = queue;
        this.record = record;
        this.apart = apart;
        this.publishers = publishers;
        this.known = known;
        this.report = report;
        this.shared = ProbeList.of(queue, known, report);
        this.allowPrivate = queue.flag("allow-private");
    }

    /** A server before what it takes from its queue is known. */
    record Entry(String name, int line, Map<RecordType, String> addresses, @Nullable ProbeList probes) {
        /** One server, or with {@code apart} one for each family that it has. */
        List<Server> servers(String queue, String publicName, Duration timeout, boolean apart) {
            if (!apart || addresses.size() == 1) {
                return List.of(server(queue, name, addresses, publicName, timeout));
            }
            return addresses.entrySet().stream()
                    .map(it -> server(
                            queue,
                            name + "/" + IpLiteral.family(it.getKey()).toLowerCase(Locale.ROOT),
                            Map.of(it.getKey(), it.getValue()),
                            publicName,
                            timeout))
                    .toList();
        }

        private Server server(
                String queue, String name, Map<RecordType, String> addresses, String publicName, Duration timeout) {
            return Objects.requireNonNull(probes).server(queue, name, addresses, publicName, timeout);
        }

        String families() {
            return addresses.keySet().stream()
                    .map(type -> type == RecordType.CNAME ? "a cname" : IpLiteral.family(type))
                    .collect(Collectors.joining(" and "));
        }
    }

    /** Those servers that can be read; what is wrong with the others is reported. */
    List<Entry> parse() {
        queue.require("servers", "a list of servers in order of preference");
        int before = report.errors();
        List<Node> nodes = queue.list("servers", MOST);
        if (queue.has("servers") && nodes.isEmpty() && report.errors() == before) {
            report.add(queue.at("servers"), ProblemMessage.NO_SERVERS);
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, Entry> names = new HashMap<>();
        Map<String, Entry> addresses = new HashMap<>();
        Entry first = null;
        for (Node node : nodes) {
            Entry entry = entry(node);
            if (entry == null) {
                continue;
            }
            entries.add(entry);
            unique(node, entry, names, addresses);
            able(node, entry);
            if (!entry.addresses().isEmpty()) {
                first = first == null ? entry : first;
                alike(node, first, entry);
            }
        }
        return entries;
    }

    private void unique(Node node, Entry entry, Map<String, Entry> names, Map<String, Entry> addresses) {
        Entry namesake = names.putIfAbsent(entry.name(), entry);
        if (namesake != null) {
            report.add(node, ProblemMessage.SERVER_NAME_TWICE, QuotedValue.quoted(entry.name()), namesake.line());
        }
        for (String address : entry.addresses().values()) {
            Entry same = addresses.putIfAbsent(address, entry);
            if (same != null) {
                report.add(
                        node,
                        ProblemMessage.SERVER_ADDRESS_TWICE,
                        QuotedValue.quoted(entry.name()),
                        address,
                        QuotedValue.quoted(same.name()),
                        same.line());
            }
        }
    }

    /** Whether every publisher writes what the server has. */
    private void able(Node node, Entry entry) {
        for (RecordType type : entry.addresses().keySet()) {
            String what = type == RecordType.CNAME ? "a cname" : "an " + IpLiteral.family(type) + " address";
            publishers
                    .without(type)
                    .ifPresent(it -> report.add(
                            node,
                            ProblemMessage.TYPE_UNABLE,
                            QuotedValue.quoted(entry.name()),
                            what,
                            QuotedValue.quoted(it)));
        }
    }

    /** Whether the record can go from one to the other. */
    private void alike(Node node, Entry first, Entry entry) {
        boolean cname = entry.addresses().containsKey(RecordType.CNAME);
        if (apart) {
            if (cname) {
                report.add(node, ProblemMessage.APART_CNAME, QuotedValue.quoted(entry.name()));
            }
            return;
        }
        if (first.addresses().keySet().equals(entry.addresses().keySet())) {
            return;
        }
        String its = QuotedValue.quoted(first.name());
        if (cname || first.addresses().containsKey(RecordType.CNAME)) {
            report.add(
                    node,
                    ProblemMessage.MIXED_CNAME,
                    its,
                    first.families(),
                    QuotedValue.quoted(entry.name()),
                    entry.families());
            return;
        }
        publishers
                .withoutWithdraw()
                .ifPresent(it -> report.add(
                        node,
                        ProblemMessage.MIXED_FAMILIES,
                        its,
                        first.families(),
                        QuotedValue.quoted(entry.name()),
                        entry.families(),
                        QuotedValue.quoted(it)));
    }

    private @Nullable Entry entry(Node node) {
        if (!(node instanceof MappingNode mapping) || mapping.getValue().isEmpty()) {
            report.add(node, ProblemMessage.SERVER_FORM, QuotedValue.found(node));
            return null;
        }
        NodeTuple first = mapping.getValue().get(0);
        String word =
                first.getKeyNode() instanceof ScalarNode key ? key.getValue() : QuotedValue.found(first.getKeyNode());
        if (QueueKeys.SERVER.containsKey(word)) {
            return longForm(node, new MappingReader(mapping, QueueKeys.SERVER, report));
        }
        if (mapping.getValue().size() > 1) {
            boolean named = mapping.getValue().stream()
                    .anyMatch(it -> it.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals("name"));
            if (named) {
                return longForm(node, new MappingReader(mapping, QueueKeys.SERVER, report));
            }
            report.add(
                    node, ProblemMessage.SERVER_MIXED_FORM, QuotedValue.quoted(word), QuotedValue.shortened(word, 60));
            return null;
        }
        return shortForm(node, first.getKeyNode(), word, first.getValueNode());
    }

    private @Nullable Entry shortForm(Node node, Node nameNode, String name, Node value) {
        if (!NameSyntax.isName(name)) {
            report.add(nameNode, ProblemMessage.NOT_A_NAME, "server", QuotedValue.quoted(name));
            return null;
        }
        String what = "server " + QuotedValue.quoted(name);
        Map<RecordType, String> addresses = new EnumMap<>(RecordType.class);
        String text = MappingReader.text(value, what, "an address; the long form begins with \"name\"", report);
        if (text != null) {
            IpLiteral address = IpLiteral.of(text);
            if (address == null) {
                report.add(value, ProblemMessage.NOT_AN_ADDRESS, what, QuotedValue.quoted(text), "IP", EXAMPLE);
            } else if (publishable(value, what, MAPPED_AS, address)) {
                addresses.put(address.type(), address.text());
            }
        }
        return new Entry(name, line(node), addresses, probesOf(name, null));
    }

    private @Nullable Entry longForm(Node node, MappingReader server) {
        server.require("name", "the server's name");
        String name = server.text("name", "a name");
        if (name == null) {
            return null;
        }
        if (!NameSyntax.isName(name)) {
            report.add(server.at("name"), ProblemMessage.NOT_A_NAME, "\"name\"", QuotedValue.quoted(name));
            return null;
        }
        boolean address = server.has("address") || server.has("address6");
        Map<RecordType, String> addresses = new EnumMap<>(RecordType.class);
        put(addresses, RecordType.A, address(server, "address", RecordType.A));
        put(addresses, RecordType.AAAA, address(server, "address6", RecordType.AAAA));
        String cname = server.domain("cname");
        if (cname != null && cname.equals(record)) {
            report.add(server.at("cname"), ProblemMessage.CNAME_IS_RECORD, QuotedValue.quoted(name));
        }
        if (server.has("cname") && address) {
            report.add(server.at("cname"), ProblemMessage.CNAME_BESIDE_ADDRESS, QuotedValue.quoted(name));
        } else {
            put(addresses, RecordType.CNAME, cname);
        }
        if (!address && !server.has("cname") && !server.hasUnknown()) {
            report.add(node, ProblemMessage.NOTHING_TO_PUBLISH, QuotedValue.quoted(name));
        }
        return new Entry(name, line(node), addresses, probesOf(name, server));
    }

    private static void put(Map<RecordType, String> addresses, RecordType type, @Nullable String value) {
        if (value != null) {
            addresses.put(type, value);
        }
    }

    private @Nullable String address(MappingReader server, String key, RecordType type) {
        String text = server.text(key, "an address");
        if (text == null) {
            return null;
        }
        String what = QuotedValue.quoted(key);
        IpLiteral address = IpLiteral.of(text);
        if (address == null) {
            String example = type == RecordType.A ? EXAMPLE : EXAMPLE6;
            report.add(
                    server.at(key),
                    ProblemMessage.NOT_AN_ADDRESS,
                    what,
                    QuotedValue.quoted(text),
                    IpLiteral.family(type),
                    example);
            return null;
        }
        if (address.type() != type && address.mapped() == null) {
            report.add(
                    server.at(key),
                    ProblemMessage.WRONG_FAMILY,
                    what,
                    IpLiteral.family(address.type()),
                    address.text(),
                    IpLiteral.family(type),
                    type == RecordType.A ? "address6" : "address");
            return null;
        }
        return publishable(server.at(key), what, MAPPED_AS, address) ? address.text() : null;
    }

    /** Whether {@code address} is what it is written as; reports that, and where it may not be published. */
    boolean publishable(Node at, String what, String mappedAs, IpLiteral address) {
        if (address.mapped() != null) {
            report.add(at, ProblemMessage.MAPPED_ADDRESS, what, address.text(), mappedAs + address.mapped());
            return false;
        }
        String reserved = address.reserved();
        if (reserved != null && address.impossible()) {
            report.add(at, ProblemMessage.IMPOSSIBLE_ADDRESS, what, reserved, address.text());
        } else if (reserved != null && !allowPrivate) {
            report.add(at, ProblemMessage.RESERVED_ADDRESS, what, reserved, address.text());
        }
        return true;
    }

    private @Nullable ProbeList probesOf(String name, @Nullable MappingReader server) {
        if (server != null && ProbeList.in(server)) {
            return ProbeList.of(server, known, report);
        }
        if (!ProbeList.in(queue) && !probeMissing) {
            // Once for the queue: the key that would mend it is the queue's.
            probeMissing = true;
            report.add(queue.at("probe"), ProblemMessage.NO_PROBE, QuotedValue.quoted(name));
        }
        return shared;
    }

    private static int line(Node node) {
        return node.getStartMark().orElseThrow().getLine() + 1;
    }
}
