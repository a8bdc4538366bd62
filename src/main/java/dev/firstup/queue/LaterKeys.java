package dev.firstup.queue;

import java.util.function.BooleanSupplier;

/** The keys whose work this version does not do: held to their form, then refused where they ask for more than the default. */
final class LaterKeys {
    private final Section queue;
    private final Known known;
    private final Report report;

    LaterKeys(Section queue, Known known, Report report) {
        this.queue = queue;
        this.known = known;
        this.report = report;
    }

    void refuse() {
        refuse("sentinel", this::sentinel, "\"sentinel\"", "by default there is none");
    }

    private void refuse(String key, BooleanSupplier asksForMore, String what, String instead) {
        int before = report.errors();
        if (asksForMore.getAsBoolean() && report.errors() == before) {
            report.add(queue.at(key), Message.NOT_YET, what, instead);
        }
    }

    private boolean sentinel() {
        String text = queue.text("sentinel", "a probe");
        if (text != null) {
            ProbeText.of(queue.at("sentinel"), "\"sentinel\"", text, known, report);
        }
        return text != null;
    }
}
