package dev.firstup.status;

import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerHealth.Effective;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the records amount to, in one word or number. */
final class StatusText {
    private static final Pattern WARNING = Pattern.compile(":\\d+:\\d+: warning: ");

    private static final int LONGEST = 100;

    private StatusText() {}

    /** The place of the chosen server, from 1; 0 where none is chosen. */
    static int position(HealthView view) {
        int place = 0;
        for (ServerHealth health : view.servers()) {
            place++;
            if (view.chose(health.server().name())) {
                return place;
            }
        }
        return 0;
    }

    /**
     * {@code ok}: the record names the first choice, which is up. {@code down}: no server is up. {@code degraded}: anything
     * between. {@code unknown}: that is not known yet. {@code stasis}: this monitor looks cut off, and changes nothing.
     */
    static String state(HealthView view) {
        QueueStanding standing = view.standing();
        List<Effective> all =
                view.servers().stream().map(ServerHealth::effective).toList();
        if (standing.stasis() != null) {
            return "stasis";
        }
        if (standing.allDown() || all.stream().allMatch(it -> it == Effective.DOWN)) {
            return "down";
        }
        int position = position(view);
        if (position == 0 || all.stream().noneMatch(it -> it == Effective.UP || it == Effective.DRAIN)) {
            return "unknown";
        }
        return position == 1 && all.get(0) == Effective.UP && standing.notFirst() == null ? "ok" : "degraded";
    }

    /** Whether nothing is written, because somebody wants that. */
    static boolean frozen(HealthView view) {
        return view.standing().orders().stream().anyMatch(it -> it.kind() == Order.Kind.FREEZE);
    }

    /** What a server counts as, more finely where nobody has ordered anything about it. */
    static String state(ServerHealth it) {
        return ApiJson.word(it.order() == null ? it.state() : it.effective());
    }

    /** What is worth a look, always in the same order. */
    static List<String> degraded(ServerHealth it) {
        return it.degraded().stream().sorted().map(ApiJson::word).toList();
    }

    /** The queue called {@code name}. Where there is none, those there are are named (404). */
    static HealthView queue(String name, List<HealthView> views) {
        return views.stream()
                .filter(it -> it.queue().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RequestRefusedException(
                        404, "no queue is called " + shown(name) + ", expected " + known(views)));
    }

    private static String known(List<HealthView> views) {
        return views.isEmpty()
                ? "none: no queue runs"
                : "one of "
                        + views.stream().map(it -> it.queue().name()).limit(50).collect(Collectors.joining(", "))
                        + (views.size() > 50 ? ", ..." : "");
    }

    /** What somebody has sent, in a sentence. */
    static String shown(@Nullable Object value) {
        if (value == null) {
            return "missing";
        }
        String text = value.toString();
        return "\"" + (text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text) + "\"";
    }

    /**
     * How far the record is from what was decided: {@code confirmed held pending waiting accepted stopped unknown}. Accepted is what
     * the host has taken and not done yet, as it says itself.
     */
    static String state(Publication it, Instant now) {
        if (it.schedule().stopped() != null) {
            return "stopped";
        }
        if (it.decided() == null || it.attempt().open()) {
            return it.taken().ticket() == null ? "unknown" : "accepted";
        }
        if (it.agrees()) {
            return "confirmed";
        }
        if (it.wanted().held()) {
            return "held";
        }
        return it.schedule().notBefore() != null && it.schedule().notBefore().isAfter(now) ? "waiting" : "pending";
    }

    /** Until when its host is to be left alone, where that is what is waited for; else null. */
    static @Nullable Instant waitingUntil(Publication it, Instant now) {
        return state(it, now).equals("waiting") ? it.schedule().notBefore() : null;
    }

    /** A publication, as it is called in a sentence. */
    static String name(Publication it) {
        return it.publisher() + " (" + it.record() + " " + it.type() + ")";
    }

    /** Since when the record is not known to be as decided, or an attempt is in doubt; null where neither is so. */
    static @Nullable Instant apartSince(Publication it) {
        Publication.Move move = it.wanted().move();
        Instant differs = it.wanted().held() || move == null || it.agrees() ? null : differsSince(it, move.decided());
        Instant doubt = it.attempt().open() ? it.attempt().sentAt() : null;
        return Stream.of(differs, doubt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Instant differsSince(Publication it, Instant decided) {
        // What was found in it after a restart may part from a decision of long ago. Once attempts keep failing,
        // what is found in between is no new beginning.
        return it.attempt().failures() < 2
                        && it.confirmed().at() != null
                        && it.confirmed().at().isAfter(decided)
                ? it.confirmed().at()
                : decided;
    }

    /** The publications of this queue. */
    static List<Publication> of(HealthView view, List<Publication> publications) {
        return configured(publications).stream()
                .filter(it -> it.queue().equals(view.queue().name()))
                .toList();
    }

    /** Those that a queue still has: what is never due is kept from a configuration that is gone. */
    static List<Publication> configured(List<Publication> publications) {
        return publications.stream().filter(it -> it.schedule().due() != null).toList();
    }

    /** Whether a problem of the files, {@code FILE:LINE:COLUMN: error: ...}, kept one from being taken. */
    static boolean isError(Object problem) {
        return !WARNING.matcher(problem.toString()).find();
    }
}
