package dev.firstup.store;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Queue;
import dev.firstup.model.names.Finding;
import dev.firstup.model.names.NamesFindings;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What was found of the names around records, so that it is told once. Within a transaction of the store. */
final class FindingTable {
    private final SqlSession sql;
    private final Clock clock;

    FindingTable(SqlSession sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Forgets all queues but these. */
    void forget(Map<String, Queue> queues) throws SQLException {
        for (String queue : sql.select("SELECT DISTINCT queue FROM finding", row -> row.getString("queue"))) {
            if (!queues.containsKey(queue)) {
                sql.update("DELETE FROM finding WHERE queue = ?", queue);
            }
        }
    }

    /** Those that people were told of. */
    List<Finding> told() throws SQLException {
        return sql.select("SELECT * FROM finding WHERE told = 1 ORDER BY queue, about, kind", RowMapper::finding);
    }

    /** Keeps what was found, and says what is news about it. */
    List<Event> keep(NamesFindings findings) throws SQLException {
        String queue = findings.queue().name();
        Map<String, Finding> kept = new HashMap<>();
        sql.select("SELECT * FROM finding WHERE queue = ?", RowMapper::finding, queue)
                .forEach(it -> kept.put(key(it), it));
        List<String> news = new ArrayList<>();
        for (Finding it : findings.found()) {
            Finding before = kept.remove(key(it));
            boolean told = before != null || it.sure();
            if (told && (before == null || !before.sure())) {
                news.add(it.text());
            }
            if (before == null || !before.sure() || !before.text().equals(it.text())) {
                sql.update(
                        "INSERT OR REPLACE INTO finding (queue, about, kind, text, told) VALUES (?, ?, ?, ?, ?)",
                        queue,
                        it.about(),
                        it.kind(),
                        it.text(),
                        told);
            }
        }
        TreeSet<String> ended = new TreeSet<>();
        for (Finding it : kept.values()) {
            if (!findings.unread().contains(it.about())) {
                sql.update(
                        "DELETE FROM finding WHERE queue = ? AND about = ? AND kind = ?", queue, it.about(), it.kind());
                if (it.sure()) {
                    ended.add(it.about());
                }
            }
        }
        boolean left = !sql.select("SELECT 1 FROM finding WHERE queue = ? AND told = 1", row -> 1, queue)
                .isEmpty();
        // A name that is wrong in another way now is not right again.
        findings.found().forEach(it -> ended.remove(it.about()));
        if (!left) {
            return ended.isEmpty()
                    ? List.of()
                    : List.of(event(findings.queue(), Kind.NAMES_OK, "right again: " + String.join(", ", ended)));
        }
        if (!ended.isEmpty()) {
            news.add("right again: " + String.join(", ", ended) + "; ./firstup status shows what is left");
        }
        return news.isEmpty() ? List.of() : List.of(event(findings.queue(), Kind.NAMES, String.join("\n", news)));
    }

    private static String key(Finding it) {
        return it.kind() + " " + it.about();
    }

    private Event event(Queue queue, Kind kind, String reason) {
        return Event.of(kind, clock.instant(), Event.About.queue(queue), reason).telling(true);
    }
}
