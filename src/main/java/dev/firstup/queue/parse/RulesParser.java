package dev.firstup.queue.parse;

import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.queue.text.QuotedValue;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The keys that say how a queue is decided about. */
final class RulesParser {
    private final MappingReader queue;
    private final PublisherList publishers;
    private final ServerParser servers;
    private final ProblemCollector report;

    RulesParser(MappingReader queue, PublisherList publishers, ServerParser servers, ProblemCollector report) {
        this.queue = queue;
        this.publishers = publishers;
        this.servers = servers;
        this.report = report;
    }

    /** @param fall as it was read before */
    Rules parse(int fall, Queue.Pace pace, boolean apart, List<ServerParser.Entry> entries) {
        return new Rules(
                fall,
                queue.number("rise", 1, 100),
                slow(pace.timeout()),
                failback(),
                allDown(entries),
                answers(entries),
                apart);
    }

    private @Nullable Duration slow(Duration timeout) {
        Duration slow = queue.optionalDuration("slow", "1ms", "60s");
        if (slow != null && slow.compareTo(timeout) > 0) {
            report.add(
                    queue.at("slow"),
                    ProblemMessage.SLOW_ABOVE_TIMEOUT,
                    DurationNotation.text(slow),
                    DurationNotation.text(timeout));
        }
        return slow;
    }

    private Failback failback() {
        String word = queue.at("failback") instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (word.equals("manual")) {
            return Failback.BY_HAND;
        }
        int before = report.errors();
        Failback failback = word.equals("auto")
                ? Failback.AT_ONCE
                : new Failback(queue.duration("failback", ", auto or manual", "1s", "30d"), false);
        publishers
                .slowest()
                .filter(it -> report.errors() == before && failback.after().compareTo(it.gap()) < 0)
                .ifPresent(it -> report.add(
                        queue.at("failback"),
                        ProblemMessage.FAILBACK_BELOW_GAP,
                        word.equals("auto") ? word : DurationNotation.text(failback.after()),
                        QuotedValue.quoted(it.to()),
                        DurationNotation.text(it.gap()),
                        DurationNotation.text(it.gap())));
        return failback;
    }

    private int answers(List<ServerParser.Entry> entries) {
        int answers = queue.number("answers", 1, 16);
        if (answers == 1) {
            return answers;
        }
        publishers
                .withoutSeveral()
                .ifPresent(it -> report.add(
                        queue.at("answers"), ProblemMessage.ANSWERS_UNABLE, answers, QuotedValue.quoted(it)));
        entries.stream()
                .filter(it -> it.addresses().containsKey(RecordType.CNAME))
                .findFirst()
                .ifPresent(it -> report.add(
                        queue.at("answers"), ProblemMessage.ANSWERS_CNAME, answers, QuotedValue.quoted(it.name())));
        return answers;
    }

    private AllDown allDown(List<ServerParser.Entry> entries) {
        String text = queue.text("all-down", "hold, first, withdraw or an address");
        if (text == null || text.equals("hold")) {
            return AllDown.HOLD;
        }
        if (text.equals("first")) {
            return new AllDown(AllDown.Policy.FIRST, null, null);
        }
        if (text.equals("withdraw")) {
            publishers
                    .withoutWithdraw()
                    .ifPresent(it ->
                            report.add(queue.at("all-down"), ProblemMessage.WITHDRAW_UNABLE, QuotedValue.quoted(it)));
            return new AllDown(AllDown.Policy.WITHDRAW, null, null);
        }
        IpLiteral address = IpLiteral.of(text);
        if (address == null) {
            report.add(
                    queue.at("all-down"),
                    ProblemMessage.NOT_ONE_OF,
                    "\"all-down\"",
                    QuotedValue.quoted(text),
                    "hold, first, withdraw, an address");
            return AllDown.HOLD;
        }
        if (servers.publishable(queue.at("all-down"), "\"all-down\"", "", address)) {
            sorry(address, entries);
        }
        return new AllDown(AllDown.Policy.SORRY, address.type(), address.text());
    }

    /** Whether the record can say {@code address} while it says none of the servers'. */
    private void sorry(IpLiteral address, List<ServerParser.Entry> entries) {
        Set<RecordType> types = EnumSet.noneOf(RecordType.class);
        entries.forEach(it -> types.addAll(it.addresses().keySet()));
        Optional<ServerParser.Entry> owner = entries.stream()
                .filter(it -> it.addresses().containsValue(address.text()))
                .findFirst();
        String family = IpLiteral.family(address.type());
        if (owner.isPresent()) {
            report.add(
                    queue.at("all-down"),
                    ProblemMessage.SORRY_IS_SERVER,
                    address.text(),
                    QuotedValue.quoted(owner.get().name()));
        } else if (!types.isEmpty() && !types.contains(address.type())) {
            report.add(queue.at("all-down"), ProblemMessage.SORRY_FAMILY, family, address.text(), family);
        } else if (types.size() > 1) {
            publishers
                    .withoutWithdraw()
                    .ifPresent(it -> report.add(
                            queue.at("all-down"),
                            ProblemMessage.SORRY_UNABLE,
                            family,
                            address.text(),
                            QuotedValue.quoted(it)));
        }
    }
}
