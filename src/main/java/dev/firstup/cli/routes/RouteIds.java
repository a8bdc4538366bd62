package dev.firstup.cli.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds routes of the user's that have the same id. Camel would name the id, but not the files. */
final class RouteIds {
    private RouteIds() {}

    static List<String> problems(List<RouteFile> files) {
        Map<String, String> first = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (RouteFile file : files) {
            file.routes().forEach(route -> {
                Node id = RouteFile.entries(route).get("id");
                String name = RouteFile.text(id);
                if (id == null || name.isEmpty()) {
                    return;
                }
                String before = first.putIfAbsent(name, file.place(id));
                if (before != null) {
                    problems.add(file.place(id) + ": found a second route with the id \"" + name
                            + "\", the first is at " + before + "; give one of them another id");
                }
            });
        }
        return problems;
    }
}
