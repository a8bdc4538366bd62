package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.publish.RecordReading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is odd about a record: it cannot be read, or somebody else has changed it. */
final class DriftDetector {
    /** So often within a day what somebody else has changed is written again. */
    private static final int MOST_REPAIRS = 2;

    private static final Duration REPAIRS_WITHIN = Duration.ofDays(1);

    /** How the report of a record that somebody else changed begins. */
    private static final String DRIFTED = "it holds ";

    /** How the report of a record that could not be read once begins. */
    private static final String DOUBTFUL = "once: ";

    private final PublishTiming timing;

    DriftDetector(PublishTiming timing) {
        this.timing = timing;
    }

    /** What somebody else has changed is written again after two readings that agree, and seldom: two programs that fight over a record are banned. */
    static void repair(
            Publication it,
            @Nullable List<String> found,
            @Nullable String reported,
            Instant now,
            Draft next,
            List<Event> events) {
        List<Instant> recent = it.told().repairs().stream()
                .map(at -> PublishTiming.earlier(at, now))
                .filter(at -> at.plus(REPAIRS_WITHIN).isAfter(now))
                .toList();
        next.told(told -> told.repairs(recent));
        // A host that says it has the value already is not to be told it again.
        if (found == null
                || it.schedule().stopped() != null
                || !it.target().repair()
                || reported == null
                || !drifted(reported)
                || recent.size() >= MOST_REPAIRS
                || it.taken().unchanged() > 0) {
            return;
        }
        if (!reported.equals(it.told().oddity())) {
            next.due(now.plus(PublishTiming.UNREADABLE_RETRY));
            return;
        }
        List<Instant> repairs = Stream.concat(recent.stream(), Stream.of(now)).toList();
        next.confirmed(found, now).due(now).told(told -> told.oddity(null).repairs(repairs));
        String reason = reported + "; " + PublicationEvents.decided(it) + " is written again (" + (recent.size() + 1)
                + " of " + MOST_REPAIRS + " times in a day)";
        events.add(PublicationEvents.event(it, Kind.REPAIRED, reason, now, true));
    }

    /**
     * Says once what is odd about the record; what still is, or null.
     *
     * @param found what the record holds by this reading; null where that is not known
     */
    @Nullable
    String oddity(
            Publication it, RecordReading reading, @Nullable List<String> found, Instant now, List<Event> events) {
        String before = it.told().oddity();
        boolean drifted = drifted(before);
        if (reading.problem() != null) {
            boolean doubtful = before != null && before.startsWith(DOUBTFUL);
            boolean isNew = before == null || drifted;
            if (isNew && reading.answers().isEmpty()) {
                // It may be our own link, or theirs for a moment: that is told once it is read again.
                return DOUBTFUL + reading.problem();
            }
            if (isNew || doubtful) {
                events.add(PublicationEvents.event(it, Kind.UNREADABLE, reading.problem(), now, true));
            }
            return reading.problem();
        }
        if (found == null) {
            return before;
        }
        boolean idle = !it.wanted().held() && it.told().moved() && !it.attempt().open() && it.agrees();
        List<String> confirmed = it.confirmed().values();
        if (!idle
                || confirmed == null
                || found.equals(confirmed)
                || !now.isAfter(Objects.requireNonNull(it.confirmed().at()).plus(timing.lag()))) {
            return null;
        }
        String drift = DRIFTED + PublicationEvents.values(found) + " instead of " + PublicationEvents.values(confirmed)
                + ", and Firstup has not written that";
        if (!drift.equals(before)) {
            events.add(PublicationEvents.event(it, Kind.DRIFT, drift, now, true));
        }
        return drift;
    }

    static boolean drifted(@Nullable String reported) {
        return reported != null && reported.startsWith(DRIFTED);
    }
}
