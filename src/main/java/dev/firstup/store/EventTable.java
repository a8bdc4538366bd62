package dev.firstup.store;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Queue;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.time.WaitLimit;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What happened, and who is still to be told. Within a transaction of the store. */
final class EventTable {
    /** Events kept for people to look at; those that are still to be told are kept beyond. */
    private static final int KEPT = 10_000;

    /** What may still be so when a quiet time ends: it is told then. The rest of what falls into one is not told at all. */
    private static final Set<Kind> LASTING = Set.of(
            Kind.SERVER_DOWN,
            Kind.ALL_DOWN,
            Kind.MOVED,
            Kind.DEGRADED,
            Kind.NAMES,
            Kind.FAILBACK_LIMITED,
            Kind.PUBLISH_WAITING,
            Kind.PUBLISH_STOPPED);

    private static final List<Kind> PUBLISHER_TROUBLE = List.of(Kind.PUBLISH_WAITING, Kind.PUBLISH_STOPPED);

    /** What is not worth telling any more once this has happened to the same. */
    private static final Map<Kind, List<Kind>> ENDS = Map.of(
            Kind.SERVER_UP,
            List.of(Kind.SERVER_DOWN),
            Kind.MOVED,
            List.of(Kind.MOVED),
            Kind.NAMES_OK,
            List.of(Kind.NAMES),
            Kind.FAILBACK_FREE,
            List.of(Kind.FAILBACK_LIMITED),
            Kind.PUBLISH_WAITING,
            PUBLISHER_TROUBLE,
            Kind.PUBLISH_STOPPED,
            PUBLISHER_TROUBLE,
            Kind.PUBLISH_RESUMED,
            PUBLISHER_TROUBLE);

    private final SqlSession sql;
    private final Clock clock;
    private final HandedOut<Long> out = new HandedOut<>();

    EventTable(SqlSession sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Keeps an event, for the notifiers of its queue or, where it is about none, of all that are not quiet. */
    void insert(Event event, Map<String, Queue> queues) throws SQLException {
        sql.update(
                "INSERT INTO event (at, queue, kind, record, server, from_server, to_server, publisher, reason,"
                        + " downtime, times, tell) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                event.at(),
                event.queue(),
                event.kind(),
                event.record(),
                event.server(),
                event.from(),
                event.to(),
                event.publisher(),
                event.reason(),
                event.downtime(),
                RowMapper.times(event.times()),
                event.tell());
        long id = sql.select("SELECT last_insert_rowid() AS id", row -> row.getLong("id"))
                .get(0);
        Queue queue = queues.get(event.queue());
        boolean undone = queue != null && !queue.quiet().isEmpty() && undone(event);
        if (event.tell() && event.queue().isEmpty()) {
            tell(id, everybody(queues.values(), event.at()), clock.instant());
        } else if (event.tell() && queue != null && !undone) {
            Instant end = end(queue, event.at());
            if (end == null) {
                tell(id, queue.notifiers(), clock.instant());
            } else if (LASTING.contains(event.kind())) {
                tell(id, queue.notifiers(), end);
            }
        }
        sql.update(
                "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?"
                        + " AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.event = event.id)",
                KEPT);
    }

    private static List<String> everybody(Collection<Queue> queues, Instant at) {
        return queues.stream()
                .filter(it -> end(it, at) == null)
                .flatMap(it -> it.notifiers().stream())
                .distinct()
                .toList();
    }

    private void tell(long event, List<String> notifiers, Instant due) throws SQLException {
        for (String notifier : notifiers) {
            sql.update("INSERT INTO notice (event, notifier, attempts, due) VALUES (?, ?, 0, ?)", event, notifier, due);
        }
    }

    /** When the queue's quiet time that {@code at} lies in is over; null where it lies in none. */
    private static @Nullable Instant end(Queue queue, Instant at) {
        return queue.quiet().stream()
                .map(it -> it.end(at))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                // What is due later would be taken for what a clock that was set back has left.
                .map(it -> at.plus(WaitLimit.LONGEST).isBefore(it) ? at.plus(WaitLimit.LONGEST) : it)
                .orElse(null);
    }

    /**
     * Drops what waits for the end of a quiet time and is not so any more.
     *
     * @return whether nothing is left to tell: the record moved back to where people know it to be
     */
    private boolean undone(Event event) throws SQLException {
        boolean undone = false;
        for (Kind ended : ENDS.getOrDefault(event.kind(), List.of())) {
            List<Event> waiting = sql.select(
                    "SELECT * FROM event WHERE queue = ? AND kind = ? AND publisher IS ? AND (publisher IS NULL OR"
                            + " record = ?) AND (kind <> 'SERVER_DOWN' OR server = ?) AND EXISTS (SELECT 1 FROM notice"
                            + " WHERE notice.event = event.id AND attempts = 0 AND due > ?)",
                    RowMapper::event,
                    event.queue(),
                    ended,
                    event.publisher(),
                    event.record(),
                    event.server(),
                    clock.instant());
            for (Event it : waiting) {
                undone |= event.kind() == Kind.MOVED && Objects.equals(it.from(), event.to());
                sql.update("DELETE FROM notice WHERE event = ?", it.id());
            }
        }
        return undone;
    }

    /** That all servers of the queue are down is not so any more: it need not be told at the end of a quiet time. */
    void notAllDown(Queue queue) throws SQLException {
        if (!queue.quiet().isEmpty()) {
            sql.update(
                    "DELETE FROM notice WHERE attempts = 0 AND due > ? AND event IN (SELECT id FROM event WHERE queue"
                            + " = ? AND kind = ?)",
                    clock.instant(),
                    queue.name(),
                    Kind.ALL_DOWN);
        }
    }

    /** Nobody will ever take what waits for a notifier that no queue names any more. */
    void dropOrphans(Map<String, Queue> queues) throws SQLException {
        Map<String, Integer> waiting = new TreeMap<>();
        sql.select(
                "SELECT notifier, count(*) AS n FROM notice GROUP BY notifier",
                row -> waiting.put(row.getString("notifier"), row.getInt("n")));
        queues.values().forEach(it -> waiting.keySet().removeAll(it.notifiers()));
        if (waiting.isEmpty()) {
            return;
        }
        List<String> dropped = new ArrayList<>();
        for (Map.Entry<String, Integer> it : waiting.entrySet()) {
            sql.update("DELETE FROM notice WHERE notifier = ?", it.getKey());
            dropped.add(it.getValue() + " to " + it.getKey());
        }
        String reason = "dropped what was still to be told to notifiers that no queue names any more: "
                + String.join(", ", dropped);
        insert(Event.of(Kind.CONFIG_CHANGED, clock.instant(), Event.About.PROGRAM, reason), queues);
    }

    /** What is to be told now; what a longer quiet time than a day, or the next one, covers still waits on. */
    List<Notification> due(Map<String, Queue> queues) throws SQLException {
        Instant now = clock.instant();
        List<Notification> due = new ArrayList<>();
        for (Notification it : waiting(now)) {
            Queue queue = it.attempts() > 0 ? null : queues.get(it.event().queue());
            Instant end = queue == null || end(queue, it.event().at()) == null ? null : end(queue, now);
            if (end == null) {
                due.add(it);
            } else {
                sql.update("UPDATE notice SET due = ? WHERE id = ?", end, it.id());
            }
        }
        return due;
    }

    private List<Notification> waiting(Instant now) throws SQLException {
        return sql.select(
                "SELECT notice.id AS notice_id, notifier, attempts, due, note, event.* FROM notice JOIN event ON"
                        + " event.id = notice.event WHERE due <= ? OR due > ? ORDER BY notice.id LIMIT ?",
                RowMapper::notification,
                now,
                now.plus(WaitLimit.LONGEST),
                HandedOut.MOST);
    }

    /** Those of {@code due} that are not handed out yet. */
    List<Notification> handOut(List<Notification> due) {
        return out.handOut(due, Notification::id, clock.instant());
    }

    /** @return the same; empty if another attempt came first */
    Optional<Notification> tell(Notification notification) throws SQLException {
        out.back(notification.id());
        int rows = sql.update(
                "UPDATE notice SET attempts = ?, due = ? WHERE id = ? AND attempts = ?",
                notification.attempts(),
                notification.due(),
                notification.id(),
                notification.attempts() - 1);
        return rows == 0 ? Optional.empty() : Optional.of(notification);
    }

    int told(Notification notification) throws SQLException {
        return notification.due() == null
                ? sql.update("DELETE FROM notice WHERE id = ?", notification.id())
                : sql.update(
                        "UPDATE notice SET due = ?, note = ? WHERE id = ?",
                        notification.due(),
                        notification.note(),
                        notification.id());
    }

    List<Event> newest(int most) throws SQLException {
        return sql.select("SELECT * FROM event ORDER BY id DESC LIMIT ?", RowMapper::event, most);
    }

    int backlog() throws SQLException {
        return sql.select("SELECT count(*) AS n FROM notice", row -> row.getInt("n"))
                .get(0);
    }

    /** Whether the like was kept of this record, or its other type. */
    boolean insertedWithinTheHour(Event event) throws SQLException {
        return !sql.select(
                        "SELECT 1 FROM event WHERE kind = ? AND publisher = ? AND record = ? AND at > ? AND at <= ?",
                        row -> 1,
                        event.kind(),
                        event.publisher(),
                        event.record(),
                        event.at().minus(Duration.ofHours(1)),
                        event.at())
                .isEmpty();
    }
}
