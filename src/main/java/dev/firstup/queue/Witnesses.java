package dev.firstup.queue;

import dev.firstup.model.Conditions;
import dev.firstup.model.Server;
import dev.firstup.model.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** The probes of what is always up. They belong to no queue: several queues may ask the same. */
final class Witnesses {
    /** The route that asks a record's name servers; their names are the path, the record is the public name. */
    static final String NAME_SERVERS = "name-servers";

    private Witnesses() {}

    /** Those of {@code queue}, by default the name servers of each record that is written. */
    static List<Server> of(Section queue, List<Target> targets, Duration timeout, Known known, Report report) {
        return queue.has("witnesses") ? written(queue, timeout, known, report) : nameServers(targets, timeout);
    }

    /** Whether {@code witness} is there because none was written. */
    static boolean isDefault(Server witness) {
        return witness.probe().equals(ProbeText.ROUTE) && witness.host().equals(NAME_SERVERS);
    }

    private static List<Server> written(Section queue, Duration timeout, Known known, Report report) {
        List<Server> witnesses = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<String, Integer> names = new HashMap<>();
        for (Node node : queue.list("witnesses", Section.LONGEST_LIST)) {
            String text = Section.text(node, "\"witnesses\"", "a probe of what is always up", report);
            ProbeText probe = text == null ? null : ProbeText.of(node, "\"witnesses\"", text, known, report);
            if (probe == null) {
                continue;
            }
            String shown = ProbeText.shown(text);
            if (probe.host() == null) {
                report.add(node, Message.WITNESS_HOST, Words.quoted(shown));
            } else if (!seen.add(text)) {
                report.add(node, Message.TWICE, "\"witnesses\"", Words.quoted(shown));
            } else {
                int alike = names.merge(shown, 1, Integer::sum);
                String name = alike == 1 ? shown : shown + " (" + alike + ")";
                witnesses.add(probe.server("", name, Map.of(), null, probe.host(), timeout, Conditions.NONE));
            }
        }
        return witnesses;
    }

    private static List<Server> nameServers(List<Target> targets, Duration timeout) {
        Map<String, Set<String>> records = new LinkedHashMap<>();
        for (Target target : targets) {
            records.computeIfAbsent(target.record(), it -> new LinkedHashSet<>())
                    .addAll(target.nameservers());
        }
        List<Server> witnesses = new ArrayList<>();
        records.forEach((record, nameservers) -> witnesses.add(new Server(
                "",
                0,
                "the name servers of " + record,
                Map.of(),
                ProbeText.ROUTE,
                NAME_SERVERS,
                0,
                String.join(",", nameservers),
                record,
                timeout)));
        return witnesses;
    }
}
