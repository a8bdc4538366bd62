package dev.firstup.cli.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds routes of the user's that have the same id. Camel would name the id, but not the files. */
final class RouteIds {
    private RouteIds() {}

    /** @param failure which names the ids that are meant */
    static List<String> problems(List<RouteFile> files, String failure) {
        Map<String, String> first = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (RouteFile file : files) {
            file.visit((key, node) -> {
                if (!key.equals("route") || !(node instanceof MappingNode route)) {
                    return;
                }
                Node id = RouteFile.entries(route).get("id");
                String name = RouteFile.text(id);
                String before =
                        name.isEmpty() || !failure.contains(name) ? null : first.putIfAbsent(name, file.place(id));
                if (before != null) {
                    problems.add(file.place(id) + ": found a second route with the id \"" + name
                            + "\", the first is at " + before + "; give one of them another id");
                }
            });
        }
        return problems;
    }
}
