package dev.firstup.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is well or not.
 *
 * @param name one word
 * @param up whether it is well
 * @param reason why, in one sentence
 */
record HealthCheck(String name, boolean up, String reason) {
    /** The loop asks ten times a second; a pause of this length is no hiccup. */
    private static final Duration STALLED = Duration.ofSeconds(10);

    /** A probe may be lost and begun again, and a busy machine be late; longer is no accident. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** Hosts that make one wait for longer are no fail-over. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    static HttpResponse answer(List<HealthCheck> checks) {
        boolean up = checks.stream().allMatch(HealthCheck::up);
        ObjectNode json = ApiJson.object();
        json.put("status", word(up));
        json.set("checks", ApiJson.array(checks, HealthCheck::json));
        return HttpResponse.json(up ? 200 : 503, json);
    }

    /** What is not well, in words. */
    static List<String> failing(List<HealthCheck> checks) {
        return checks.stream()
                .filter(it -> !it.up())
                .map(it -> it.name() + ": " + it.reason())
                .toList();
    }

    private ObjectNode json() {
        ObjectNode json = ApiJson.object();
        json.put("name", name);
        json.put("status", word(up));
        json.put("reason", reason);
        return json;
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }

    /**
     * Whether probes are asked for, and their verdicts arrive.
     *
     * @param idle how long ago due probes were last asked for; null for never
     */
    static HealthCheck loop(@Nullable Duration idle, List<HealthView> views) {
        if (idle == null) {
            return new HealthCheck("loop", false, "no probes were asked for yet");
        }
        List<String> overdue = views.stream()
                .flatMap(view -> view.servers().stream().flatMap(it -> overdue(it, view)))
                .toList();
        if (idle.compareTo(STALLED) <= 0 && !overdue.isEmpty()) {
            return new HealthCheck("loop", false, "no verdict of " + some(overdue));
        }
        return new HealthCheck(
                "loop",
                idle.compareTo(STALLED) <= 0,
                "probes were last asked for " + idle.toMillis() + " ms ago, expected at most " + STALLED.toMillis());
    }

    /** What of it is overdue. Before its first verdict, nothing is: how long it has to wait for its turn is not known here. */
    private static Stream<String> overdue(ServerHealth it, HealthView view) {
        Verdict last = it.last();
        if (!probed(it) || last == null) {
            return Stream.empty();
        }
        Queue.Pace pace = view.queue().pace();
        Duration longest = Collections.max(List.of(pace.interval(), pace.fast(), pace.down()));
        // A server that is ready again after hours is not overdue for as long.
        Instant due = Collections.max(List.of(last.at(), it.since()))
                .plus(longest)
                .plus(it.server().timeout())
                .plus(GRACE);
        return due.isBefore(view.at())
                ? Stream.of(view.queue().name() + "/" + it.server().name() + " since "
                        + last.at().truncatedTo(ChronoUnit.SECONDS))
                : Stream.empty();
    }

    private static boolean probed(ServerHealth it) {
        return it.effective() != ServerHealth.Effective.MAINT;
    }

    static HealthCheck queues(List<HealthView> views) {
        if (views.isEmpty()) {
            return new HealthCheck("queues", false, "no queue runs: there is no valid queue file");
        }
        List<String> silent = views.stream()
                .filter(view -> view.servers().stream().anyMatch(HealthCheck::probed))
                .filter(view ->
                        view.servers().stream().filter(HealthCheck::probed).allMatch(it -> it.last() == null))
                .map(view -> view.queue().name())
                .toList();
        return silent.isEmpty()
                ? new HealthCheck("queues", true, "every queue has a verdict: " + views.size() + " of " + views.size())
                : new HealthCheck("queues", false, "no verdict yet in " + some(silent));
    }

    /** @param unwritable why nothing can be kept; null where it can */
    static HealthCheck state(@Nullable String unwritable) {
        return new HealthCheck("state", unwritable == null, unwritable == null ? "can be written" : unwritable);
    }

    /** @param publications null where they cannot be read */
    static HealthCheck publishers(@Nullable List<Publication> publications, Instant now) {
        if (publications == null) {
            return new HealthCheck("publishers", false, "not known: the state cannot be read");
        }
        List<Publication> configured = StatusText.configured(publications);
        List<String> late = new ArrayList<>();
        List<String> pending = new ArrayList<>();
        for (Publication it : configured) {
            Instant since = StatusText.apartSince(it);
            if (it.schedule().stopped() != null) {
                late.add(StatusText.name(it) + " has stopped: " + it.schedule().stopped());
            } else if (since != null) {
                String text = StatusText.name(it) + " is not confirmed since " + since.truncatedTo(ChronoUnit.SECONDS)
                        + (it.note() == null || it.note().isBlank() ? "" : ": " + it.note());
                (now.isAfter(since.plus(PATIENCE)) ? late : pending).add(text);
            }
        }
        if (!late.isEmpty()) {
            return new HealthCheck("publishers", false, some(late));
        }
        return new HealthCheck("publishers", true, pending.isEmpty() ? "none has stopped or is late" : some(pending));
    }

    /** Whether anything answers at all, server or witness. */
    static HealthCheck link(List<HealthView> views) {
        return views.stream()
                .map(it -> it.standing().stasis())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(since -> new HealthCheck(
                        "link",
                        false,
                        "this monitor looks cut off since " + since.truncatedTo(ChronoUnit.SECONDS)
                                + ": no server of any queue answers and no witness, so nothing is changed"))
                .orElse(new HealthCheck("link", true, "this monitor does not look cut off"));
    }

    /** Never down: what ran before an invalid change keeps running. */
    static HealthCheck files(List<?> problems) {
        return new HealthCheck(
                "files",
                true,
                problems.isEmpty()
                        ? "no problems"
                        : some(problems.stream().map(Object::toString).toList()));
    }

    private static String some(List<String> texts) {
        return texts.stream().limit(5).collect(Collectors.joining("; "))
                + (texts.size() > 5 ? "; and " + (texts.size() - 5) + " more" : "");
    }
}
