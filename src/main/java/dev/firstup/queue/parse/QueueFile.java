package dev.firstup.queue.parse;

import dev.firstup.model.Queue;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One file as it was read.
 *
 * @param queues in file order, with the revision 0; none where there is an error anywhere in the file
 * @param claims what all its queues claim, those with errors too
 * @param problems all of them, in file order
 */
public record QueueFile(List<Queue> queues, List<ExclusiveClaim> claims, List<Problem> problems) {
    public static final String SUFFIX = ".queue.yaml";
    public static final QueueFile EMPTY = new QueueFile(List.of(), List.of(), List.of());

    public QueueFile {
        queues = List.copyOf(queues);
        claims = List.copyOf(claims);
        problems = List.copyOf(problems);
    }

    /**
     * Reads a whole file. Nothing that {@code bytes} may hold makes it throw.
     *
     * @param file the file as it is named in problems
     * @param name the name of the queue that has no key {@code queue}
     */
    public static QueueFile parse(String file, String name, byte[] bytes, AccountCache known) {
        ProblemCollector report = new ProblemCollector(file);
        List<Queue> queues = new ArrayList<>();
        List<ExclusiveClaim> claims = new ArrayList<>();
        List<Node> roots = YamlDocuments.read(bytes, report);
        if (roots.isEmpty() && report.errors() == 0) {
            report.add(1, 1, ProblemMessage.NO_QUEUE);
        }
        String unused = name;
        for (Node root : roots) {
            if (root instanceof MappingNode mapping) {
                MappingReader section = new MappingReader(mapping, QueueKeys.QUEUE, report);
                Queue queue = new QueueParser(section, unused, known, report, claims).parse();
                if (queue != null) {
                    queues.add(queue);
                }
                unused = section.has("queue") ? unused : null;
            } else if (root.getTag().equals(Tag.NULL)) {
                report.add(root, ProblemMessage.NO_QUEUE);
            } else {
                report.add(
                        root,
                        ProblemMessage.WRONG_TYPE,
                        "queue",
                        QuotedValue.found(root),
                        "a mapping with keys such as \"record\"");
            }
        }
        Map<String, ExclusiveClaim> held = new HashMap<>();
        for (ExclusiveClaim claim : claims) {
            ExclusiveClaim holder = held.putIfAbsent(claim.key(), claim);
            if (holder != null) {
                report.add(claim.refusedFor(holder));
            }
        }
        return new QueueFile(report.errors() == 0 ? queues : List.of(), claims, report.problems());
    }

    /** A file that could not be read at all. */
    public static QueueFile refused(Problem problem) {
        return new QueueFile(List.of(), List.of(), List.of(problem));
    }

    public boolean valid() {
        return problems.stream().noneMatch(Problem::isError);
    }

    /** The same with other queues. */
    public QueueFile map(UnaryOperator<Queue> change) {
        return new QueueFile(queues.stream().map(change).toList(), claims, problems);
    }
}
