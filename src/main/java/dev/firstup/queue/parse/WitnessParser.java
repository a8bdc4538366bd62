package dev.firstup.queue.parse;

import dev.firstup.model.ProbeConditions;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Server;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
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
public final class WitnessParser {
    /** The route that asks a record's name servers; their names are the path, the record is the public name. */
    static final String NAME_SERVERS = "firstup-name-servers";

    private WitnessParser() {}

    /** Those of {@code queue}, by default the name servers of each record that is written. */
    static List<Server> of(
            MappingReader queue,
            List<PublishTarget> targets,
            Duration timeout,
            AccountCache known,
            ProblemCollector report) {
        return queue.has("witnesses") ? written(queue, timeout, known, report) : nameServers(targets, timeout);
    }

    /** Whether {@code witness} is there because none was written. */
    public static boolean isDefault(Server witness) {
        return witness.probe().equals(ProbeUri.ROUTE) && witness.host().equals(NAME_SERVERS);
    }

    private static List<Server> written(
            MappingReader queue, Duration timeout, AccountCache known, ProblemCollector report) {
        List<Server> witnesses = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<String, Integer> names = new HashMap<>();
        for (Node node : queue.list("witnesses", MappingReader.LONGEST_LIST)) {
            String text = MappingReader.text(node, "\"witnesses\"", "a probe of what is always up", report);
            ProbeUri probe = text == null ? null : ProbeUri.of(node, "\"witnesses\"", text, known, report);
            if (text == null || probe == null) {
                continue;
            }
            String shown = ProbeUri.shown(text);
            String host = probe.host();
            if (host == null) {
                report.add(node, ProblemMessage.WITNESS_HOST, QuotedValue.quoted(shown));
            } else if (!seen.add(text)) {
                report.add(node, ProblemMessage.TWICE, "\"witnesses\"", QuotedValue.quoted(shown));
            } else {
                int alike = names.merge(shown, 1, Integer::sum);
                String name = alike == 1 ? shown : shown + " (" + alike + ")";
                witnesses.add(probe.server("", name, Map.of(), host, host, timeout, ProbeConditions.NONE));
            }
        }
        return witnesses;
    }

    private static List<Server> nameServers(List<PublishTarget> targets, Duration timeout) {
        Map<String, Set<String>> records = new LinkedHashMap<>();
        for (PublishTarget target : targets) {
            records.computeIfAbsent(target.record(), it -> new LinkedHashSet<>())
                    .addAll(target.nameservers());
        }
        List<Server> witnesses = new ArrayList<>();
        records.forEach((record, nameservers) -> witnesses.add(new Server(
                "",
                0,
                "the name servers of " + record,
                Map.of(),
                ProbeUri.ROUTE,
                NAME_SERVERS,
                0,
                String.join(",", nameservers),
                record,
                timeout)));
        return witnesses;
    }
}
