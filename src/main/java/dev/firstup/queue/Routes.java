package dev.firstup.queue;

import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** The user's own routes, by name. */
final class Routes {
    private Routes() {}

    /** Reports a name that is no route's, with the nearest one that is. */
    static boolean require(Node at, String what, String name, Known known, Report report) {
        if (known.routes().containsKey(name)) {
            return true;
        }
        Optional<String> near = Nearest.to(name, known.routes().keySet());
        if (near.isPresent()) {
            report.add(
                    at,
                    Message.NO_SUCH_ROUTE_NEAR,
                    what,
                    Words.quoted(name),
                    Words.shortened(name, 63),
                    Words.quoted(near.get()));
        } else {
            String all = known.routes().isEmpty()
                    ? "none yet"
                    : Words.list(new TreeSet<>(known.routes().keySet()));
            report.add(at, Message.NO_SUCH_ROUTE, what, Words.quoted(name), Words.shortened(name, 63), all);
        }
        return false;
    }
}
