package dev.firstup.cli.routes;

import dev.firstup.model.SecretReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds names of secrets in the user's routes that cannot be read here. They may be there where Firstup runs. */
final class MissingSecrets {
    private MissingSecrets() {}

    /** What is missing, a warning each. */
    static List<String> warnings(List<RouteFile> files, Path folder) {
        List<String> warnings = new ArrayList<>();
        for (RouteFile file : files) {
            file.visit((key, node) -> {
                if (node instanceof MappingNode step
                        && isOurs(KameletNames.called(
                                RouteFile.text(RouteFile.entries(step).get("uri"))))
                        && RouteFile.entries(step).get("parameters") instanceof MappingNode parameters) {
                    for (Node value : RouteFile.entries(parameters).values()) {
                        String problem = problem(RouteFile.text(value), folder);
                        if (problem != null) {
                            warnings.add(file.place(value) + ": warning: " + problem);
                        }
                    }
                }
            });
        }
        return warnings;
    }

    /** In those of others the same text may mean anything. */
    private static boolean isOurs(@Nullable String kamelet) {
        return kamelet != null && KameletNames.isOurs(kamelet);
    }

    private static @Nullable String problem(String reference, Path folder) {
        try {
            new SecretReference(reference).read(folder);
            return null;
        } catch (IllegalArgumentException e) {
            // It is none.
            return null;
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }
}
