package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.About;
import dev.firstup.model.Event.Change;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.time.WaitLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What people are told of a publication. */
final class PublicationEvents {
    private PublicationEvents() {}

    /** Who was told of the trouble is told of its end, by the event that the record has moved where there will be one. */
    static List<Event> resumed(Publication it, Draft next, String reason, Instant now) {
        next.told(told -> told.trouble(null));
        Publication.Move move = it.wanted().move();
        boolean moving = !it.told().moved() && move != null && move.from() != null && moves(move);
        return it.told().trouble() == null ? List.of() : List.of(event(it, Kind.PUBLISH_RESUMED, reason, now, !moving));
    }

    static boolean moves(Publication.Move move) {
        return move.to() != null && !move.to().equals(move.from());
    }

    /** What to do about a stop: who is told of it at night has not read the manual. */
    static String advice(Publication it) {
        return "; when it is mended, change the declaration or say ./firstup publish " + it.queue() + " --retry";
    }

    /** Trouble is told at once, and again every hour for as long as it lasts. */
    static List<Event> trouble(Publication it, Draft next, String reason, Instant now) {
        Instant last = it.told().trouble();
        if (last != null && WaitLimit.pending(last.plus(PublishTiming.REMINDER), now)) {
            return List.of();
        }
        next.told(told -> told.trouble(now));
        return List.of(event(it, Kind.PUBLISH_WAITING, reason, now, true));
    }

    /** What should be there, once something is decided. */
    static String decided(Publication it) {
        return values(Objects.requireNonNull(it.decided()));
    }

    static String values(List<String> values) {
        return values.isEmpty() ? "nothing" : String.join(", ", values);
    }

    static String describe(RecordReading reading) {
        List<String> parts = new ArrayList<>();
        if (reading.problem() != null) {
            parts.add(reading.problem());
        }
        reading.answers().forEach((server, values) -> parts.add(server + " answers " + values(values)));
        if (!reading.failures().isEmpty()) {
            parts.add(failures(reading));
        }
        return String.join("; ", parts);
    }

    static String failures(RecordReading reading) {
        return reading.failures().entrySet().stream()
                .map(it -> it.getKey() + ": " + it.getValue())
                .collect(Collectors.joining("; "));
    }

    static Event event(Publication it, Kind kind, String reason, Instant now, boolean tell) {
        return Event.of(kind, now, About.publication(it), reason)
                .with(Change.wanted(it))
                .telling(tell);
    }
}
