package dev.firstup.probe;

import dev.firstup.model.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What was found about a real server, for people: one table of its states and the verdicts on them. */
public final class Verdicts {
    private final String server;
    private final List<String> lines = new ArrayList<>();

    public Verdicts(String server) {
        this.server = server;
    }

    /** Keeps one line, and says the verdict as people read it. */
    public String note(String state, Verdict verdict) {
        lines.add("| %-64s | %-7s | %s |".formatted(state.strip(), verdict.outcome(), verdict.explained()));
        return verdict.explained();
    }

    public void print() {
        System.out.println("\n" + server + "\n" + String.join("\n", lines));
    }
}
