package dev.firstup.rehearsal;

import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A scene as lines of text. */
final class Screen {
    private static final int SHOWN_EVENTS = 8;
    private static final int NARROWEST = 40;
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String YELLOW = "\u001b[33m";
    private static final String DIM = "\u001b[2m";

    private final int width;
    private final boolean colours;

    /**
     * @param width in characters; longer lines are cut
     * @param colours whether states are coloured
     */
    Screen(int width, boolean colours) {
        this.width = Math.max(width, NARROWEST);
        this.colours = colours;
    }

    /** The whole picture, always of the same height for the same queue. */
    List<String> lines(Scene scene) {
        List<String> lines = new ArrayList<>();
        lines.add(paint(BOLD, cut("  " + scene.record())));
        boolean stasis = scene.view() != null && scene.view().standing().stasis() != null;
        lines.add(stasis ? paint(YELLOW, cut("  Stasis: this monitor looks cut off, and nothing is changed.")) : "");
        lines.add(paint(DIM, cut("    #  %-10s %-8s %7s   %s".formatted("server", "state", "ms", "last probe"))));
        if (scene.view() == null) {
            lines.add("    no probe has answered yet");
        } else {
            int position = 1;
            for (ServerHealth health : scene.view().servers()) {
                lines.add(row(
                        position++, health, scene.view().chose(health.server().name())));
            }
        }
        lines.add("");
        List<String> events = scene.events();
        List<String> last = events.subList(Math.max(0, events.size() - SHOWN_EVENTS), events.size());
        for (int i = 0; i < SHOWN_EVENTS; i++) {
            lines.add(i < last.size() ? cut("  " + last.get(i)) : "");
        }
        lines.add("");
        lines.add(paint(DIM, cut("  " + scene.footer())));
        return lines;
    }

    /** What is new in {@code now}, a line each, for where nothing can be drawn over. */
    static List<String> changes(@Nullable Scene before, Scene now) {
        List<String> lines = new ArrayList<>();
        if (before == null || !before.record().equals(now.record())) {
            lines.add(clean(now.record()));
        }
        if (now.view() != null) {
            for (ServerHealth health : now.view().servers()) {
                ServerState old = before == null || before.view() == null
                        ? null
                        : before.view()
                                .server(health.server().name())
                                .map(ServerHealth::state)
                                .orElse(null);
                if (health.state() != old) {
                    lines.add(clean(health.server().name() + " " + health.state() + " " + reason(health))
                            .strip());
                }
            }
        }
        int known = before == null
                ? 0
                : Math.min(before.events().size(), now.events().size());
        now.events().subList(known, now.events().size()).forEach(it -> lines.add(clean(it)));
        return lines;
    }

    private String row(int position, ServerHealth health, boolean chosen) {
        String milliseconds = health.last() == null
                ? ""
                : String.format(Locale.ROOT, "%,d", health.last().took().toMillis());
        String start = "  %s %d  %-10s "
                .formatted(chosen ? ">" : " ", position, health.server().name());
        String state = "%-8s".formatted(health.state());
        String rest = " %7s   %s".formatted(milliseconds, reason(health));
        String line = cut(start + state + rest);
        int from = Math.min(line.length(), start.length());
        int to = Math.min(line.length(), start.length() + state.length());
        return line.substring(0, from) + paint(colour(health.state()), line.substring(from, to)) + line.substring(to);
    }

    private static String reason(ServerHealth health) {
        return health.last() == null ? "" : health.last().explained();
    }

    private static String colour(ServerState state) {
        return switch (state) {
            case UP -> "\u001b[32m";
            case DOWN -> "\u001b[31m";
            case FALLING, RISING -> YELLOW;
            case UNKNOWN -> DIM;
        };
    }

    private String paint(String colour, String text) {
        return colours ? colour + text + RESET : text;
    }

    private String cut(String line) {
        String clean = clean(line);
        // The last column stays free: some terminals wrap as soon as it is filled.
        return clean.length() < width ? clean.stripTrailing() : clean.substring(0, width - 1);
    }

    /** What a server answered is shown, and must not be able to steer the terminal. */
    private static String clean(String line) {
        return line.replaceAll("\\p{Cntrl}", " ");
    }
}
