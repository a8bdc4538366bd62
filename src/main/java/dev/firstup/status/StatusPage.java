package dev.firstup.status;

import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.names.Finding;
import dev.firstup.model.time.DurationText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page for people. */
final class StatusPage {
    private static final String TEMPLATE = template();

    /** Nothing but the template's own style sheet is let in, whatever a text might say. */
    static final String POLICY = "default-src 'none'; style-src '" + digest(style())
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Instant now;

    StatusPage(Instant now) {
        this.now = now;
    }

    String html(
            List<HealthCheck> checks,
            Overview all,
            Map<String, List<Publication>> publications,
            Map<String, List<Finding>> findings) {
        StringBuilder main = new StringBuilder();
        HealthCheck.failing(checks).forEach(it -> problem(main, "Not well: " + it));
        if (all.views().isEmpty()) {
            main.append("<p><code>./firstup init NAME</code> writes a queue file to begin with,"
                    + " <code>./firstup rehearse</code> shows how it works.</p>\n");
        }
        all.problems().forEach(it -> problem(main, it.toString()));
        all.views()
                .forEach(it -> queue(
                        main,
                        it,
                        publications.getOrDefault(it.queue().name(), List.of()),
                        findings.getOrDefault(it.queue().name(), List.of())));
        StringBuilder rows = new StringBuilder();
        all.events().forEach(it -> event(rows, it));
        // The texts come last and together: what they contain is not looked at again.
        String[] parts = TEMPLATE.split("@(NOW|QUEUES|EVENTS)@");
        return parts[0] + now.truncatedTo(ChronoUnit.SECONDS) + parts[1] + main + parts[2] + rows + parts[3];
    }

    private static void problem(StringBuilder out, String text) {
        out.append("<p class=\"problem\">").append(escape(text)).append("</p>\n");
    }

    private void queue(StringBuilder out, HealthView view, List<Publication> publications, List<Finding> findings) {
        String state = StatusText.state(view);
        out.append("<section>\n<h2>").append(escape(view.queue().name()));
        out.append(" <b class=\"").append(state).append("\">").append(state).append("</b></h2>\n<p>");
        out.append("<code>").append(escape(view.queue().record())).append("</code>");
        out.append(
                view.chosen() == null
                        ? ", no server chosen yet"
                        : " should name " + escape(view.chosen().label()));
        out.append("</p>\n");
        standing(out, view);
        findings.forEach(it -> remark(out, "degraded", it.text()));
        out.append("<ul>\n");
        for (Publication it : StatusText.of(view, publications)) {
            out.append("<li>").append(escape(publication(it)));
            small(out, StatusText.state(it, now), proof(it));
            out.append("</li>\n");
        }
        out.append("</ul>\n<table>\n");
        out.append("<tr><th></th><th>server</th><th>state</th><th>for</th><th>ms</th><th>why</th></tr>\n");
        view.servers().forEach(it -> server(out, it, view.chose(it.server().name())));
        out.append("</table>\n</section>\n");
    }

    private void standing(StringBuilder out, HealthView view) {
        QueueStanding it = view.standing();
        if (it.stasis() != null) {
            remark(
                    out,
                    "stasis",
                    "In stasis for " + since(it.stasis())
                            + ": no server of any queue answers and no witness. This monitor looks cut off, so nothing"
                            + " is changed.");
        }
        if (it.allDown()) {
            remark(out, "down", "All servers are down.");
        }
        it.orders()
                .forEach(order -> remark(
                        out,
                        "order",
                        order(order) + (order.kind() == Order.Kind.FREEZE ? ". Nothing is written meanwhile." : "")));
        if (it.limited() != null) {
            remark(
                    out,
                    "degraded",
                    "For " + since(it.limited())
                            + ", it returns to a better server only by hand: it did so too often.");
        }
        if (it.notFirst() != null) {
            remark(out, "degraded", "Not the first server: " + it.notFirst());
        }
    }

    private static void remark(StringBuilder out, String kind, String text) {
        out.append("<p class=\"")
                .append(kind)
                .append("\">")
                .append(escape(text))
                .append("</p>\n");
    }

    /** {@code drain for 5 min, until 2025-01-31T10:40:00Z: kernel}. */
    private String order(Order it) {
        return it.kind().word()
                + (it.kind() == Order.Kind.MOVE ? " to " + it.server() : "")
                + " for " + since(it.since())
                + (it.until() == null ? "" : ", until " + it.until().truncatedTo(ChronoUnit.SECONDS))
                + (it.reason().isEmpty() ? "" : ": " + it.reason());
    }

    private String since(Instant at) {
        return DurationText.age(Duration.between(at, now));
    }

    private void server(StringBuilder out, ServerHealth health, boolean chosen) {
        String real = ApiJson.word(health.state());
        String state = StatusText.state(health);
        out.append("<tr><td>").append(chosen ? "&rarr;" : "").append("</td><td>");
        out.append(escape(health.server().name())).append("<br><small>");
        out.append(escape(String.join(" ", health.server().addresses().values())));
        out.append("</small>");
        if (health.order() != null) {
            small(out, "order", order(health.order()));
        }
        StatusText.degraded(health).forEach(it -> small(out, "degraded", it));
        out.append("</td><td><b class=\"")
                .append(state)
                .append("\">")
                .append(state)
                .append("</b>");
        if (!state.equals(real)) {
            small(out, real, "really " + real);
        }
        out.append("</td><td>").append(since(health.since())).append("</td><td>");
        if (health.last() != null) {
            out.append(String.format(
                    Locale.ROOT, "%.1f", ApiJson.millis(health.last().took())));
            out.append("</td><td>").append(escape(health.last().explained()));
        } else {
            out.append("</td><td>not probed yet");
        }
        out.append("</td></tr>\n");
    }

    private static void small(StringBuilder out, String kind, String text) {
        out.append("<br><small class=\"")
                .append(kind)
                .append("\">")
                .append(escape(text))
                .append("</small>");
    }

    private String publication(Publication it) {
        Instant until = StatusText.waitingUntil(it, now);
        return it.publisher() + ": " + it.record() + " " + it.type() + " "
                + (it.confirmed().values() == null
                        ? "not known"
                        : it.confirmed().values().isEmpty()
                                ? "none"
                                : String.join(", ", it.confirmed().values()))
                + ", " + StatusText.state(it, now)
                + (until == null ? "" : " until " + until.truncatedTo(ChronoUnit.SECONDS))
                + Stream.of(it.schedule().stopped(), it.note())
                        .filter(text -> text != null && !text.isBlank())
                        .findFirst()
                        .map(text -> ": " + text)
                        .orElse("");
    }

    /** {@code the host took a write 2 h 5 min ago}. */
    private String proof(Publication it) {
        String written = it.proof().written() == null
                ? "no write is proved yet"
                : "the host took a write " + since(it.proof().written()) + " ago";
        return written
                + (it.proof().read() == null
                        ? ""
                        : ", and was asked " + since(it.proof().read()) + " ago")
                + (it.told().repairs().isEmpty()
                        ? ""
                        : "; written again " + it.told().repairs().size() + " times in a day");
    }

    private static void event(StringBuilder out, Event event) {
        String what = Stream.of(
                        event.queue(),
                        event.server(),
                        event.publisher(),
                        event.to() == null
                                ? null
                                : (event.from() == null ? "" : event.from() + " ") + "\u2192 " + event.to())
                .filter(text -> text != null && !text.isEmpty())
                .collect(Collectors.joining(", "));
        out.append("<tr><td>")
                .append(event.at().truncatedTo(ChronoUnit.SECONDS))
                .append("</td><td>");
        out.append(ApiJson.word(event.kind()).replace('_', ' ')).append("</td><td>");
        out.append(escape(what))
                .append("</td><td>")
                .append(escape(event.reason()))
                .append("</td></tr>\n");
    }

    static String escape(String text) {
        return text == null
                ? ""
                : text.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("'", "&#39;");
    }

    private static String template() {
        try (InputStream in = StatusPage.class.getResourceAsStream("page.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String style() {
        return TEMPLATE.substring(TEMPLATE.indexOf("<style>") + "<style>".length(), TEMPLATE.indexOf("</style>"));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
