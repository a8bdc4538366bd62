package dev.firstup.queue.parse;

import dev.firstup.model.ProbeConditions;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What the keys {@code probe} and {@code probes} of a queue or a server say.
 *
 * @param need how many must be good
 * @param texts at least one
 */
record ProbeList(int need, List<ProbeUri> texts) {
    private static final int MOST = 16;
    private static final String EXPECTED = "a probe such as probe:https, or the name of a route of yours";

    ProbeList {
        texts = List.copyOf(texts);
    }

    static boolean in(MappingReader section) {
        return section.has("probe") || section.has("probes");
    }

    /** Reads the keys of {@code section}; null where there is none, and null with a report where it is wrong. */
    static @Nullable ProbeList of(MappingReader section, AccountCache known, ProblemCollector report) {
        if (section.has("probe") && section.has("probes")) {
            report.add(section.at("probes"), ProblemMessage.PROBE_AND_PROBES);
            return null;
        }
        if (section.has("probe")) {
            String text = section.text("probe", EXPECTED);
            ProbeUri probe = text == null ? null : ProbeUri.of(section.at("probe"), "\"probe\"", text, known, report);
            return probe == null ? null : new ProbeList(1, List.of(probe));
        }
        return section.has("probes") ? several(section, known, report) : null;
    }

    private static @Nullable ProbeList several(MappingReader section, AccountCache known, ProblemCollector report) {
        Node node = section.at("probes");
        if (!(node instanceof MappingNode mapping)) {
            if (!(node instanceof SequenceNode)) {
                report.add(node, ProblemMessage.PROBES_FORM, QuotedValue.found(node));
                return null;
            }
            List<ProbeUri> texts = list(section, "probes", known, report);
            return texts == null ? null : new ProbeList(texts.size(), texts);
        }
        MappingReader forms = new MappingReader(mapping, QueueKeys.PROBES, report);
        boolean some = forms.has("at-least") || forms.has("of");
        List<Boolean> used = List.of(forms.has("any"), forms.has("all"), some);
        if (used.stream().filter(it -> it).count() != 1) {
            if (!forms.hasUnknown()) {
                report.add(node, ProblemMessage.PROBES_FORM, QuotedValue.found(node));
            }
            return null;
        }
        if (!some) {
            List<ProbeUri> texts = list(forms, forms.has("any") ? "any" : "all", known, report);
            return texts == null ? null : new ProbeList(forms.has("any") ? 1 : texts.size(), texts);
        }
        forms.require("at-least", "how many of the probes must be good");
        forms.require("of", "a list of probes");
        int need = forms.number("at-least", 1, MOST);
        List<ProbeUri> texts = forms.has("of") ? list(forms, "of", known, report) : null;
        if (texts != null && need > texts.size()) {
            report.add(forms.at("at-least"), ProblemMessage.AT_LEAST_ABOVE, need, texts.size());
        }
        return texts == null ? null : new ProbeList(need, texts);
    }

    /** The probes of {@code key}; null where one of them is wrong. */
    private static @Nullable List<ProbeUri> list(
            MappingReader section, String key, AccountCache known, ProblemCollector report) {
        int before = report.errors();
        List<Node> nodes = section.list(key, Integer.MAX_VALUE);
        String what = QuotedValue.quoted(key);
        if (report.errors() == before && (nodes.isEmpty() || nodes.size() > MOST)) {
            report.add(section.at(key), ProblemMessage.PROBES_COUNT, what, nodes.size(), MOST);
            return null;
        }
        List<ProbeUri> texts = new ArrayList<>();
        Set<ProbeUri> seen = new HashSet<>();
        for (Node node : nodes) {
            String text = MappingReader.text(node, what, EXPECTED, report);
            ProbeUri probe = text == null ? null : ProbeUri.of(node, what, text, known, report);
            if (text == null || probe == null) {
                continue;
            }
            if (!seen.add(probe)) {
                report.add(node, ProblemMessage.TWICE, what, QuotedValue.quoted(ProbeUri.shown(text)));
            }
            texts.add(probe);
        }
        return report.errors() == before ? texts : null;
    }

    /** The server called {@code name} that these probe; {@code publicName} is the queue's. */
    Server server(String queue, String name, Map<RecordType, String> addresses, String publicName, Duration timeout) {
        // In the order of RecordType: IPv4 where there are both.
        String own = addresses.values().iterator().next();
        List<Server> others = new ArrayList<>();
        for (int i = 1; i < texts.size(); i++) {
            ProbeUri text = texts.get(i);
            // A route knows its server by these only.
            Map<RecordType, String> its = text.isRoute() ? addresses : Map.of();
            others.add(text.server(queue, name + "#" + (i + 1), its, own, publicName, timeout, ProbeConditions.NONE));
        }
        ProbeConditions conditions = others.isEmpty() ? ProbeConditions.NONE : new ProbeConditions(need, others);
        return texts.get(0).server(queue, name, addresses, own, publicName, timeout, conditions);
    }
}
