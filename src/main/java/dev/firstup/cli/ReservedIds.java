package dev.firstup.cli;

import dev.firstup.model.ReservedNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds route files of the user's that declare what only the program may: a reserved name, or, as copies left from an earlier
 * release do, the program's own parts. Camel would find the first late and say it in its own words, and run the second twice.
 */
final class ReservedIds {
    /** Their keys are those of an endpoint or a bean, and may mean anything. */
    private static final Set<String> FOREIGN = Set.of("parameters", "properties", "constructors");

    /** Of these, names are shared by all routes; elsewhere, as in the name of a topic, they harm nobody. */
    private static final Pattern INNER = Pattern.compile("(direct|seda|timer):(?://)?([^?]*).*", Pattern.DOTALL);

    private static final String OWN_GROUP = "firstup";
    private static final Pattern OWN_CLASS = Pattern.compile("(?:#class:)?dev\\.firstup\\.(?!model\\.|secret\\.).+");

    private final Path file;
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> reserved = new ArrayList<>();
    /** Where the program's own parts are; null where there are none. */
    private String own;

    private ReservedIds(Path file) {
        this.file = file;
    }

    /**
     * Refuses files that do.
     *
     * @throws CommandException if any does; it says all that was found
     */
    static void refuse(List<Path> files) {
        List<ReservedIds> looked = files.stream().map(ReservedIds::look).toList();
        List<String> copies =
                looked.stream().map(it -> it.own).filter(Objects::nonNull).toList();
        Stream<String> copied = copies.isEmpty()
                ? Stream.empty()
                : Stream.of(String.join(", ", copies)
                        + ": found parts of Firstup itself, which is in routes/pipeline or in the"
                        + " jar now, and no longer among your routes: delete "
                        + (copies.size() == 1 ? "this file" : "these files")
                        + ", and make changes of yours in routes/pipeline");
        String problems = Stream.concat(
                        copied, looked.stream().filter(it -> it.own == null).flatMap(it -> it.reserved.stream()))
                .collect(Collectors.joining(System.lineSeparator()));
        if (!problems.isEmpty()) {
            throw new CommandException(problems);
        }
    }

    private static ReservedIds look(Path file) {
        ReservedIds ids = new ReservedIds(file);
        try (InputStream in = Files.newInputStream(file)) {
            for (Node document : new Compose(LoadSettings.builder().build()).composeAllFromInputStream(in)) {
                ids.visit("", document);
            }
        } catch (IOException | YamlEngineException e) {
            // Camel says it when it loads the file.
        }
        return ids;
    }

    private void visit(String key, Node node) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(it -> visit(key, it));
        } else if (node instanceof MappingNode mapping) {
            Map<String, Node> entries = entries(mapping);
            entries.forEach((name, value) -> {
                switch (name) {
                    case "id", "routeId" -> reserve("the id", value);
                    case "from" -> from(value);
                    default -> {}
                }
            });
            if (key.equals("beans")) {
                bean(entries);
            }
            if (key.equals("route") && OWN_GROUP.equals(text(entries.get("group")))) {
                own(entries.get("group"));
            }
            entries.forEach((name, value) -> {
                if (!FOREIGN.contains(name)) {
                    visit(name, value);
                }
            });
        }
    }

    private void bean(Map<String, Node> bean) {
        reserve("the bean", bean.get("name"));
        if (OWN_CLASS.matcher(text(bean.get("type"))).matches()) {
            own(bean.get("type"));
        }
    }

    private void from(Node from) {
        if (from instanceof MappingNode mapping) {
            Map<String, Node> entries = entries(mapping);
            endpoint(entries.get("uri"));
            if (entries.get("parameters") instanceof MappingNode parameters) {
                Map<String, Node> named = entries(parameters);
                if (INNER.matcher(text(entries.get("uri")) + ":").matches()) {
                    reserve("the name", named.get("name"));
                    reserve("the name", named.get("timerName"));
                }
            }
        } else {
            endpoint(from);
        }
    }

    private void endpoint(Node uri) {
        Matcher inner = INNER.matcher(text(uri));
        if (inner.matches() && ReservedNames.isReserved(inner.group(2))) {
            found("the endpoint", inner.group(1) + ":" + inner.group(2), uri);
        }
    }

    private void reserve(String what, Node name) {
        if (ReservedNames.isReserved(text(name))) {
            found(what, text(name), name);
        }
    }

    private void found(String what, String name, Node at) {
        reserved.add(place(at) + ": found " + what + " \"" + name + "\": names that begin with \""
                + ReservedNames.PREFIX + "\" are Firstup's own; choose another one");
    }

    private void own(Node at) {
        if (own == null) {
            own = place(at);
        }
    }

    private String place(Node at) {
        return file
                + at.getStartMark()
                        .map(it -> ":" + (it.getLine() + 1) + ":" + (it.getColumn() + 1))
                        .orElse("");
    }

    private static Map<String, Node> entries(MappingNode mapping) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple it : mapping.getValue()) {
            entries.put(text(it.getKeyNode()), it.getValueNode());
        }
        return entries;
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
