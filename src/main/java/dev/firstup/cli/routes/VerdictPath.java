package dev.firstup.cli.routes;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The way of the verdicts, from where they are found to where they are decided about: with a gap in it, all would look well. */
final class VerdictPath {
    /** Nobody outside of this process begins there. */
    private static final Pattern INNER = Pattern.compile("(?:direct|seda):(?://)?([^?]*).*", Pattern.DOTALL);

    private VerdictPath() {}

    /**
     * What is certainly wrong with it, in one sentence; null where nothing is. Verdicts that leave this process may be decided about
     * elsewhere, and a route that names where they go may begin there.
     */
    static @Nullable String gap(String to, String from, List<RouteFile> files) {
        Matcher inner = INNER.matcher(to);
        if (name(to).equals(name(from))
                || !inner.matches()
                || files.stream().anyMatch(it -> it.names(inner.group(1)))) {
            return null;
        }
        return "firstup.verdicts.to is \"" + to + "\", where no route begins, and firstup.verdicts.from is \"" + from
                + "\": nothing would be decided. Give both the same value, in application.properties or as"
                + " FIRSTUP_VERDICTS_TO and FIRSTUP_VERDICTS_FROM";
    }

    private static String name(String endpoint) {
        return endpoint.replace("://", ":").replaceFirst("\\?.*", "");
    }
}
