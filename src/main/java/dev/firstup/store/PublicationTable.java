package dev.firstup.store;

import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.time.WaitLimit;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row for each record at each publisher. Within a transaction of the store. */
final class PublicationTable {
    private static final int FIRST_PART = 16;
    private static final String ONE = " WHERE publisher = ? AND record = ? AND type = ?";

    private final SqlSession sql;
    private final Clock clock;

    PublicationTable(SqlSession sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** In the order of queue, publisher, record and type. */
    List<Publication> all() throws SQLException {
        return select("ORDER BY queue, publisher, record, type");
    }

    /** As it stands now; null where there is none. */
    @Nullable
    Publication now(Publication it) throws SQLException {
        return find(it.publisher(), it.record(), it.type());
    }

    private @Nullable Publication find(String publisher, String record, RecordType type) throws SQLException {
        List<Publication> found = select(ONE, publisher, record, type);
        return found.isEmpty() ? null : found.get(0);
    }

    List<Publication> stopped() throws SQLException {
        return select("WHERE stopped IS NOT NULL");
    }

    /** Those of a queue that are still wanted. */
    List<Publication> of(String queue) throws SQLException {
        return select("WHERE queue = ? AND due IS NOT NULL", queue);
    }

    /** Others that need the same account, and have not stopped. */
    List<Publication> sharing(Publication it) throws SQLException {
        return select(
                "WHERE publisher = ? AND fingerprint = ? AND stopped IS NULL AND due IS NOT NULL AND NOT (record = ?"
                        + " AND type = ?)",
                it.publisher(),
                it.fingerprint(),
                it.record(),
                it.type());
    }

    /**
     * Those that are to be looked at now: those to be written before those to be read.
     *
     * @param last the publishers whose turn comes after the others', with a space before and after each
     */
    List<Publication> due(String last) throws SQLException {
        Instant now = clock.instant();
        return select(
                "WHERE due <= ? OR due > ? OR due IS NOT NULL AND sent_at > ? ORDER BY instr(?, ' ' || publisher || '"
                        + " ') > 0, NOT (held OR frozen) AND stopped IS NULL AND decided IS NOT NULL AND decided IS NOT"
                        + " confirmed DESC, due LIMIT ?",
                now,
                now.plus(WaitLimit.LONGEST),
                now,
                last,
                HandedOut.MOST);
    }

    /** Whether the same was reported already of this record's other type. */
    boolean reportedOfAnotherType(Publication it) throws SQLException {
        return !select(
                        "WHERE publisher = ? AND record = ? AND type <> ? AND reported = ?",
                        it.publisher(),
                        it.record(),
                        it.type(),
                        it.told().oddity())
                .isEmpty();
    }

    /** Whether the move is told for all types of the record: A and AAAA are one move. */
    boolean complete(Publication it) throws SQLException {
        return select(
                        "WHERE queue = ? AND publisher = ? AND record = ? AND told = 0 AND due IS NOT NULL",
                        it.queue(),
                        it.publisher(),
                        it.record())
                .isEmpty();
    }

    /** As they stand: while a queue is frozen, its publications are held. */
    private List<Publication> select(String which, @Nullable Object... values) throws SQLException {
        // Until it is said to have ended: how long it lasts is measured with a clock that nobody sets.
        return sql.select(
                "SELECT publication.*, EXISTS (SELECT 1 FROM hand WHERE hand.queue = publication.queue AND kind ="
                        + " 'FREEZE') AS frozen FROM publication " + which,
                RowMapper::publication,
                values);
    }

    /**
     * Takes the queues as they are configured now.
     *
     * @param started whether that was done before in this run
     */
    void configure(List<Queue> queues, boolean started) throws SQLException {
        Instant now = clock.instant();
        List<Publication> wanted = new ArrayList<>();
        for (Queue queue : queues) {
            for (PublishTarget target : queue.targets()) {
                for (RecordType type : queue.types()) {
                    wanted.add(configured(queue, target, type, now));
                }
            }
        }
        Map<String, Publication> kept = new HashMap<>();
        all().forEach(it -> kept.put(key(it), it));
        for (Publication it : wanted) {
            configure(kept.remove(key(it)), it, started, now);
        }
        for (Publication gone : kept.values()) {
            sql.update(
                    "UPDATE publication SET due = NULL, held = 1" + ONE, gone.publisher(), gone.record(), gone.type());
        }
    }

    /** What tells it from all others. */
    static String key(Publication it) {
        return it.publisher() + " " + it.record() + " " + it.type();
    }

    /** Release 0.1 wrote the first part only: that an upgrade knows more ends no stop. */
    private static boolean sameAccount(String kept, String wanted) {
        return kept.equals(wanted) || kept.length() == FIRST_PART && wanted.startsWith(kept);
    }

    private static Publication configured(Queue queue, PublishTarget target, RecordType type, Instant now) {
        return Publication.of(queue.name(), target, type, queue.ttl()).due(now).done();
    }

    private void configure(@Nullable Publication kept, Publication wanted, boolean started, Instant now)
            throws SQLException {
        PublishTarget target = wanted.target();
        if (kept == null) {
            sql.update(
                    "INSERT INTO publication (publisher, record, type, queue, ttl, nameservers, fingerprint, gap, api,"
                            + " repair, dry, held, due, failures, ambiguous, unchanged, unseen, told) VALUES (?, ?, ?, ?,"
                            + " ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, 0, 0, 0, 1)",
                    target.to(),
                    target.record(),
                    wanted.type(),
                    wanted.queue(),
                    wanted.ttl(),
                    target.nameservers(),
                    target.fingerprint(),
                    target.gap(),
                    target.api(),
                    target.repair(),
                    target.dry(),
                    now);
            return;
        }
        boolean reconfigured = !sameAccount(kept.fingerprint(), wanted.fingerprint());
        // What was decided before the start, or for another queue, is weighed again; what is running goes on.
        boolean anew =
                !started || kept.schedule().due() == null || !kept.queue().equals(wanted.queue());
        sql.update(
                "UPDATE publication SET queue = ?, ttl = ?, nameservers = ?, fingerprint = ?, gap = ?, api = ?, repair"
                        + " = ?, dry = ?, held = CASE WHEN ? THEN 1 ELSE held END, due = ?, stopped = ?, failures = ?,"
                        + " ambiguous = ?, unchanged = ?"
                        + ONE,
                wanted.queue(),
                wanted.ttl(),
                target.nameservers(),
                target.fingerprint(),
                target.gap(),
                target.api(),
                target.repair(),
                target.dry(),
                anew,
                anew || reconfigured ? now : kept.schedule().due(),
                reconfigured ? null : kept.schedule().stopped(),
                reconfigured ? 0 : kept.attempt().failures(),
                reconfigured ? 0 : kept.attempt().ambiguous(),
                reconfigured ? 0 : kept.taken().unchanged(),
                target.to(),
                target.record(),
                wanted.type());
    }

    /**
     * Notes what was decided about a record.
     *
     * @param choice what was decided
     * @param queue the name of its queue
     * @return the publication as it stood before; null where nothing is decided about it
     */
    @Nullable
    Publication decide(Decision decision, Choice choice, String queue, PublishTarget target, RecordType type)
            throws SQLException {
        List<String> chosen = choice.values().get(type);
        if (chosen == null) {
            // Nothing is decided about this type.
            return null;
        }
        // What a record holds has no order.
        List<String> values = chosen.stream().distinct().sorted().toList();
        Publication kept = find(target.to(), target.record(), type);
        // The queue may have been removed, or its record given to another one, while this decision was on its way.
        if (kept == null || kept.schedule().due() == null || !kept.queue().equals(queue)) {
            return null;
        }
        Instant now = clock.instant();
        if (values.equals(kept.decided())) {
            // Nothing new: in particular, a move that a restart interrupted is still that move.
            sql.update("UPDATE publication SET held = 0, due = ?" + ONE, now, target.to(), target.record(), type);
            return kept;
        }
        String after = choice.label();
        String before = before(kept, decision.previous(), after);
        // What was decided in between and never sent is no move that people could have seen.
        boolean nothingToTell = values.equals(kept.confirmed().values())
                && !kept.attempt().open()
                && (before == null || before.equals(after));
        sql.update(
                "UPDATE publication SET decided = ?, held = 0, told = ?, shown = coalesce(shown, ?), due = ?,"
                        + " move_from = ?, move_to = ?, cause = ?, detected_at = ?, decided_at = ?, downtime = ?" + ONE,
                values,
                nothingToTell,
                before,
                now,
                before,
                after,
                decision.cause(),
                decision.detected(),
                decision.at(),
                decision.downtime(),
                target.to(),
                target.record(),
                type);
        return kept;
    }

    /**
     * Where a move begins for people: what they were last told that the record names. It may have named something else for a
     * moment since.
     */
    private @Nullable String before(Publication it, @Nullable Choice previous, String after) throws SQLException {
        String shown = sql.select(
                        "SELECT shown FROM publication" + ONE,
                        row -> row.getString("shown"),
                        it.publisher(),
                        it.record(),
                        it.type())
                .get(0);
        if (shown != null && (previous != null || !shown.equals(after))) {
            return shown;
        }
        return previous == null ? null : previous.label();
    }

    /** What was decided while the queue was frozen does not wait for the next reading. */
    void thaw(String queue) throws SQLException {
        sql.update("UPDATE publication SET due = ? WHERE queue = ? AND due IS NOT NULL", clock.instant(), queue);
    }

    /** Lets one that has stopped be asked again. */
    void retry(Publication it) throws SQLException {
        sql.update(
                "UPDATE publication SET stopped = NULL, failures = 0, ambiguous = 0, due = CASE WHEN due IS NULL THEN"
                        + " NULL ELSE ? END WHERE publisher = ? AND record = ? AND type = ? AND stopped IS NOT NULL",
                clock.instant(),
                it.publisher(),
                it.record(),
                it.type());
    }

    /** Whether its move was told is as {@code now} says. */
    void keepTold(Publication now) throws SQLException {
        sql.update(
                "UPDATE publication SET told = ?" + ONE, now.told().moved(), now.publisher(), now.record(), now.type());
    }

    /** Whether it has stopped is as {@code now} says. */
    void keepStop(Publication now) throws SQLException {
        sql.update(
                "UPDATE publication SET stopped = ?, failures = ?, ambiguous = ?" + ONE,
                now.schedule().stopped(),
                now.attempt().failures(),
                now.attempt().ambiguous(),
                now.publisher(),
                now.record(),
                now.type());
    }

    /** Writes down how it stands. */
    void write(Publication it, @Nullable Instant due) throws SQLException {
        sql.update(
                "UPDATE publication SET confirmed = ?, confirmed_at = ?, attempted = ?, ticket = ?, sent_at = ?,"
                        + " not_before = ?, due = ?, failures = ?, lost = ?, ambiguous = ?, unchanged = ?, unseen = ?,"
                        + " stopped = ?, trouble_told = ?, told = ?, reported = ?, repairs = ?, proof_written = ?,"
                        + " proof_read = ?, proof_told = ?, note = ?"
                        + ONE,
                it.confirmed().values(),
                it.confirmed().at(),
                it.attempt().values(),
                it.taken().ticket(),
                it.attempt().sentAt(),
                it.schedule().notBefore(),
                due,
                it.attempt().failures(),
                it.attempt().lost(),
                it.attempt().ambiguous(),
                it.taken().unchanged(),
                it.taken().unseen(),
                it.schedule().stopped(),
                it.told().trouble(),
                it.told().moved(),
                it.told().oddity(),
                it.told().repairs(),
                it.proof().written(),
                it.proof().read(),
                it.proof().told(),
                it.note(),
                it.publisher(),
                it.record(),
                it.type());
    }

    /** People were told that the record moved. */
    void shown(Event moved) throws SQLException {
        sql.update(
                "UPDATE publication SET shown = ? WHERE publisher = ? AND record = ?",
                moved.to(),
                moved.publisher(),
                moved.record());
    }

    /** What one record shows of an account, no other needs to find out on that day. */
    void proved(Publication it) throws SQLException {
        sql.update(
                "UPDATE publication SET proof_read = ? WHERE publisher = ? AND fingerprint = ?"
                        + " AND (proof_read IS NULL OR proof_read < ? OR proof_read > ?)",
                it.proof().read(),
                it.publisher(),
                it.fingerprint(),
                it.proof().read(),
                clock.instant());
    }
}
