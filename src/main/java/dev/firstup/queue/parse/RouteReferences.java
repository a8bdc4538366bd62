package dev.firstup.queue.parse;

import dev.firstup.model.text.NearestWord;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** The user's own routes, by name. */
final class RouteReferences {
    private RouteReferences() {}

    /** Reports a name that is no route's, with the nearest one that is. */
    static boolean require(Node at, String what, String name, AccountCache known, ProblemCollector report) {
        if (known.routes().containsKey(name)) {
            return true;
        }
        Optional<String> near = NearestWord.to(name, known.routes().keySet());
        if (near.isPresent()) {
            report.add(
                    at,
                    ProblemMessage.NO_SUCH_ROUTE_NEAR,
                    what,
                    QuotedValue.quoted(name),
                    QuotedValue.shortened(name, 63),
                    QuotedValue.quoted(near.get()));
        } else {
            String all = known.routes().isEmpty()
                    ? "none yet"
                    : QuotedValue.list(new TreeSet<>(known.routes().keySet()));
            report.add(
                    at,
                    ProblemMessage.NO_SUCH_ROUTE,
                    what,
                    QuotedValue.quoted(name),
                    QuotedValue.shortened(name, 63),
                    all);
        }
        return false;
    }
}
