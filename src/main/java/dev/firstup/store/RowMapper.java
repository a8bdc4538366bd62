package dev.firstup.store;

import dev.firstup.model.Degradation;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Publication.Confirmed;
import dev.firstup.model.Publication.Move;
import dev.firstup.model.Publication.Proof;
import dev.firstup.model.Publication.Schedule;
import dev.firstup.model.Publication.Subject;
import dev.firstup.model.Publication.Taken;
import dev.firstup.model.Publication.Told;
import dev.firstup.model.Publication.Wanted;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.ServerState;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.Finding;
import dev.firstup.model.notify.Notification;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Records as rows, and rows as records. */
final class RowMapper {
    private RowMapper() {}

    /** Sets the parameters of {@code statement} in order. */
    static PreparedStatement bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, column(values[i]));
        }
        return statement;
    }

    private static @Nullable Object column(@Nullable Object value) {
        if (value instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        if (value instanceof Duration duration) {
            return duration.toMillis();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(it -> String.valueOf(column(it))).collect(Collectors.joining(","));
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value instanceof Boolean flag ? (Integer) (flag ? 1 : 0) : value;
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** Of a column that is never empty. */
    static Instant present(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Duration.ofMillis(millis);
    }

    private static @Nullable List<String> list(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    /** Of a column that is never empty. */
    private static List<String> presentList(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(list(row, column));
    }

    static Publication publication(ResultSet row) throws SQLException {
        PublishTarget target = new PublishTarget(
                row.getString("publisher"),
                row.getString("record"),
                presentList(row, "nameservers"),
                row.getString("fingerprint"),
                Duration.ofMillis(row.getLong("gap")),
                PublishTarget.Api.valueOf(row.getString("api")),
                row.getBoolean("repair"),
                row.getBoolean("dry"));
        return new Publication(
                new Subject(
                        row.getString("queue"),
                        target,
                        RecordType.valueOf(row.getString("type")),
                        Duration.ofMillis(row.getLong("ttl"))),
                new Wanted(move(row), list(row, "decided"), row.getBoolean("held") || row.getBoolean("frozen")),
                new Attempt(
                        list(row, "attempted"),
                        instant(row, "sent_at"),
                        row.getInt("failures"),
                        row.getInt("lost"),
                        row.getInt("ambiguous")),
                new Taken(row.getString("ticket"), row.getInt("unchanged"), row.getInt("unseen")),
                new Confirmed(list(row, "confirmed"), instant(row, "confirmed_at")),
                new Schedule(instant(row, "not_before"), instant(row, "due"), row.getString("stopped")),
                new Told(
                        row.getBoolean("told"),
                        instant(row, "trouble_told"),
                        row.getString("reported"),
                        instants(row, "repairs")),
                new Proof(instant(row, "proof_written"), instant(row, "proof_read"), instant(row, "proof_told")),
                row.getString("note"),
                Ask.NOTHING);
    }

    private static @Nullable Move move(ResultSet row) throws SQLException {
        Instant decidedAt = instant(row, "decided_at");
        Instant detectedAt = instant(row, "detected_at");
        return decidedAt == null
                ? null
                : new Move(
                        row.getString("move_from"),
                        row.getString("move_to"),
                        row.getString("cause"),
                        detectedAt == null ? decidedAt : detectedAt,
                        decidedAt,
                        duration(row, "downtime"));
    }

    static Notification notification(ResultSet row) throws SQLException {
        return new Notification(
                row.getLong("notice_id"),
                row.getString("notifier"),
                event(row),
                row.getInt("attempts"),
                instant(row, "due"),
                row.getString("note"));
    }

    static QueueMemory.Remembered remembered(ResultSet row) throws SQLException {
        return new QueueMemory.Remembered(
                ServerState.valueOf(row.getString("state")),
                present(row, "since"),
                instant(row, "healthy_since"),
                instant(row, "down_since"),
                presentList(row, "degraded").stream().map(Degradation::valueOf).toList());
    }

    static Order order(ResultSet row) throws SQLException {
        return new Order(
                row.getString("queue"),
                row.getString("server"),
                Order.Kind.valueOf(row.getString("kind")),
                present(row, "since"),
                instant(row, "until"),
                row.getString("reason"));
    }

    static List<Instant> instants(ResultSet row, String column) throws SQLException {
        return presentList(row, column).stream()
                .map(it -> Instant.ofEpochMilli(Long.parseLong(it)))
                .toList();
    }

    /** It is sure where people were told of it. */
    static Finding finding(ResultSet row) throws SQLException {
        return new Finding(
                row.getString("queue"),
                row.getString("about"),
                Finding.Kind.valueOf(row.getString("kind")),
                row.getString("text"),
                row.getBoolean("told"));
    }

    static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("id"),
                present(row, "at"),
                Event.Kind.valueOf(row.getString("kind")),
                new Event.About(
                        row.getString("queue"),
                        row.getString("record"),
                        row.getString("server"),
                        row.getString("publisher")),
                new Event.Change(
                        row.getString("from_server"), row.getString("to_server"), times(row.getString("times"))),
                row.getString("reason"),
                duration(row, "downtime"),
                row.getBoolean("tell"));
    }

    static String times(Map<Event.Step, Instant> times) {
        return times.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue().toEpochMilli())
                .collect(Collectors.joining(","));
    }

    private static Map<Event.Step, Instant> times(String text) {
        Map<Event.Step, Instant> times = new EnumMap<>(Event.Step.class);
        if (!text.isEmpty()) {
            for (String pair : text.split(",")) {
                int at = pair.indexOf('=');
                times.put(
                        Event.Step.valueOf(pair.substring(0, at)),
                        Instant.ofEpochMilli(Long.parseLong(pair.substring(at + 1))));
            }
        }
        return times;
    }
}
