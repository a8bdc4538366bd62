package dev.firstup.cli.routes;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** The way of the verdicts, from where they are found to where they are decided about: with a gap in it, all would look well. */
final class VerdictPath {
    private static final String TO = "firstup.verdicts.to";
    private static final String FROM = "firstup.verdicts.from";
    private static final String ADVICE =
            ": nothing would be decided. Give both the same value, in application.properties or as"
                    + " FIRSTUP_VERDICTS_TO and FIRSTUP_VERDICTS_FROM";

    /** Nobody outside of this process begins there. */
    private static final Pattern INNER = Pattern.compile("(direct|seda):(?://)?([^?]*).*", Pattern.DOTALL);

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([A-Za-z0-9._-]+)}}");

    private final UnaryOperator<String> settings;
    private final Set<String> begun = new HashSet<>();

    VerdictPath(List<RouteFile> files, UnaryOperator<String> settings) {
        this.settings = settings;
        files.forEach(this::look);
    }

    /**
     * What is wrong with it, in one sentence; null where nothing is. Verdicts that leave this process may be decided about elsewhere.
     */
    String gap(String writtenTo, String writtenFrom) {
        String to = endpoint(writtenTo);
        String from = endpoint(writtenFrom);
        if (to.equals(from) || begun.contains(to) || !INNER.matcher(to).matches()) {
            return null;
        }
        return TO + " is \"" + to + "\", where no route begins, and " + FROM + " is \"" + from + "\"" + ADVICE;
    }

    private void look(RouteFile file) {
        file.visit((key, node) -> {
            if (key.equals("from")) {
                begun.add(endpoint(written(node)));
            }
        });
    }

    private static String written(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            return RouteFile.text(node);
        }
        Map<String, Node> entries = RouteFile.entries(mapping);
        String uri = RouteFile.text(entries.get("uri"));
        return entries.get("parameters") instanceof MappingNode parameters && uri.indexOf(':') < 0
                ? uri + ":" + RouteFile.text(RouteFile.entries(parameters).get("name"))
                : uri;
    }

    /** Without what does not tell one from another. */
    private String endpoint(String written) {
        String resolved = PLACEHOLDER
                .matcher(written)
                .replaceAll(it ->
                        Matcher.quoteReplacement(Objects.requireNonNullElse(settings.apply(it.group(1)), it.group())));
        Matcher inner = INNER.matcher(resolved);
        return inner.matches() ? inner.group(1) + ":" + inner.group(2) : resolved;
    }
}
