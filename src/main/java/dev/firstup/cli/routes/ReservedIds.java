package dev.firstup.cli.routes;

import dev.firstup.model.ReservedNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
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

    private final RouteFile file;
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> reserved = new ArrayList<>();
    /** Where the program's own parts are; null where there are none. */
    private @Nullable String own;

    private ReservedIds(RouteFile file) {
        this.file = file;
    }

    static List<String> problems(List<RouteFile> files) {
        List<ReservedIds> looked = files.stream().map(ReservedIds::look).toList();
        List<String> copies =
                looked.stream().map(it -> it.own).filter(Objects::nonNull).toList();
        Stream<String> copied = copies.isEmpty()
                ? Stream.empty()
                : Stream.of(String.join(", ", copies)
                        + ": found parts of Firstup itself, which is in routes/pipeline or in the"
                        + " jar now, and no longer among your routes: delete "
                        + (copies.size() == 1 ? "this file" : "these files")
                        + ", and make changes of yours in routes/pipeline. A route of your own is in another group than \""
                        + OWN_GROUP + "\"");
        return Stream.concat(
                        copied, looked.stream().filter(it -> it.own == null).flatMap(it -> it.reserved.stream()))
                .toList();
    }

    private static ReservedIds look(RouteFile file) {
        ReservedIds ids = new ReservedIds(file);
        file.documents().forEach(it -> ids.visit("", it));
        return ids;
    }

    private void visit(String key, Node node) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(it -> visit(key, it));
        } else if (node instanceof MappingNode mapping) {
            Map<String, Node> entries = RouteFile.entries(mapping);
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
            Node group = entries.get("group");
            if (key.equals("route") && group != null && OWN_GROUP.equals(RouteFile.text(group))) {
                own(group);
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
        Node type = bean.get("type");
        if (type != null && OWN_CLASS.matcher(RouteFile.text(type)).matches()) {
            own(type);
        }
    }

    private void from(Node from) {
        if (from instanceof MappingNode mapping) {
            Map<String, Node> entries = RouteFile.entries(mapping);
            endpoint(entries.get("uri"));
            if (entries.get("parameters") instanceof MappingNode parameters) {
                Map<String, Node> named = RouteFile.entries(parameters);
                if (INNER.matcher(RouteFile.text(entries.get("uri")) + ":").matches()) {
                    reserve("the name", named.get("name"));
                    reserve("the name", named.get("timerName"));
                }
            }
        } else {
            endpoint(from);
        }
    }

    private void endpoint(@Nullable Node uri) {
        Matcher inner = INNER.matcher(RouteFile.text(uri));
        if (uri != null && inner.matches() && ReservedNames.isReserved(inner.group(2))) {
            found("the endpoint", inner.group(1) + ":" + inner.group(2), uri);
        }
    }

    private void reserve(String what, @Nullable Node name) {
        if (name != null && ReservedNames.isReserved(RouteFile.text(name))) {
            found(what, RouteFile.text(name), name);
        }
    }

    private void found(String what, String name, Node at) {
        reserved.add(file.place(at) + ": found " + what + " \"" + name + "\": names that begin with \""
                + ReservedNames.PREFIX + "\" are Firstup's own; choose another one");
    }

    private void own(Node at) {
        if (own == null) {
            own = file.place(at);
        }
    }
}
