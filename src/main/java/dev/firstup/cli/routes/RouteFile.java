package dev.firstup.cli.routes;

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
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A file of routes as it is written, for what Camel would say late, in its own words or without the place.
 *
 * @param path the file
 * @param documents what it holds, as far as it is YAML
 */
record RouteFile(Path path, List<Node> documents) {
    /** A whole endpoint that stands elsewhere, and not in a setting of Firstup's. */
    private static final Pattern FOREIGN = Pattern.compile("\\{\\{(?!firstup\\.)");

    static RouteFile read(Path path) {
        List<Node> documents = new ArrayList<>();
        try (InputStream in = Files.newInputStream(path)) {
            new Compose(LoadSettings.builder().build())
                    .composeAllFromInputStream(in)
                    .forEach(documents::add);
        } catch (IOException | YamlEngineException e) {
            // Camel says it when it loads the file.
        }
        return new RouteFile(path, documents);
    }

    /** Shows each mapping and each scalar once, with the key that it stands under. */
    void visit(BiConsumer<String, Node> visitor) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        documents.forEach(it -> visit("", it, seen, visitor));
    }

    private static void visit(String key, Node node, Set<Node> seen, BiConsumer<String, Node> visitor) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(it -> visit(key, it, seen, visitor));
            return;
        }
        visitor.accept(key, node);
        if (node instanceof MappingNode mapping) {
            entries(mapping).forEach((name, value) -> visit(name, value, seen, visitor));
        }
    }

    /** Its routes; those in templates are none yet. */
    Stream<MappingNode> routes() {
        return documents.stream()
                .flatMap(it -> it instanceof SequenceNode items ? items.getValue().stream() : Stream.of(it))
                .map(it -> it instanceof MappingNode item ? entries(item).get("route") : null)
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast);
    }

    /** Whether a {@code direct:} or {@code seda:} in it is called {@code name}, or may be, for all that a placeholder in it may mean. */
    boolean names(String name) {
        Pattern endpoint =
                Pattern.compile("(?:direct|seda|}}):(?://)?(?:" + Pattern.quote(name) + "(?![\\w-])|[^?]*\\{\\{)");
        boolean[] found = {false};
        visit((key, node) -> {
            String text = text(node);
            found[0] |= endpoint.matcher(text).find()
                    || (key.equals("from") || key.equals("uri"))
                            && FOREIGN.matcher(text).lookingAt()
                    || key.equals("name") && (text.equals(name) || text.contains("{{"));
        });
        return found[0];
    }

    /** Where {@code at} stands: file, line and column. */
    String place(Node at) {
        return path
                + at.getStartMark()
                        .map(it -> ":" + (it.getLine() + 1) + ":" + (it.getColumn() + 1))
                        .orElse("");
    }

    static Map<String, Node> entries(MappingNode mapping) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple it : mapping.getValue()) {
            entries.put(text(it.getKeyNode()), it.getValueNode());
        }
        return entries;
    }

    /** What a scalar says; empty for anything else. */
    static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
