package dev.firstup.store;

import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Memory;
import dev.firstup.model.Notice;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Queue;
import dev.firstup.model.RecordType;
import dev.firstup.model.Settlement;
import dev.firstup.model.State;
import dev.firstup.model.Target;
import dev.firstup.model.Waits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must survive a restart: the bean {@code store} of the routes. Each method is one transaction on one SQLite file, which
 * one process holds at a time.
 */
public final class Store implements AutoCloseable {
    /** Events kept for people to look at; those that are still to be told are kept beyond. */
    private static final int EVENTS_KEPT = 10_000;

    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(10);

    private final Clock clock;
    private final Connection connection;
    /** The notifiers of each queue that is configured now. */
    private Map<String, List<String>> notifiers = Map.of();

    private boolean started;
    private boolean retryStopped;

    /** Until when what was handed out for sending or reading is waited for. */
    private final Map<String, Instant> leases = new HashMap<>();

    private Instant tried;
    private String unwritable;
    private final HandedOut<String> publicationsOut = new HandedOut<>();
    private final HandedOut<Long> noticesOut = new HandedOut<>();

    /**
     * Opens the state, or begins a new one.
     *
     * @param file the state file
     * @throws IllegalStateException if it cannot be used: the message says why and what to do
     */
    public Store(String file, Clock clock) {
        this(Database.open(Path.of(file), clock), clock);
    }

    Store(Connection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** @param retryStopped whether publishers that had stopped before the start are asked again */
    public void setRetryStopped(boolean retryStopped) {
        this.retryStopped = retryStopped;
    }

    /**
     * Takes the queues as they are configured now, and keeps what is worth keeping about their files.
     *
     * @return for each queue that something is remembered of, what
     */
    public synchronized Map<String, Memory> configure(Configuration configuration) {
        return transaction(() -> {
            Instant now = clock.instant();
            if (retryStopped && !started) {
                update("UPDATE publication SET stopped = NULL, failures = 0 WHERE stopped IS NOT NULL");
            }
            Map<String, List<String>> next = new HashMap<>();
            List<Publication> wanted = new ArrayList<>();
            for (Queue queue : configuration.queues()) {
                next.put(queue.name(), queue.notifiers());
                for (Target target : queue.targets()) {
                    for (RecordType type : queue.types()) {
                        wanted.add(configured(queue, target, type, now));
                    }
                }
            }
            Map<String, Publication> kept = new HashMap<>();
            allPublications().forEach(it -> kept.put(key(it), it));
            for (Publication it : wanted) {
                configure(kept.remove(key(it)), it, now);
            }
            for (Publication gone : kept.values()) {
                update(
                        "UPDATE publication SET due = NULL, held = 1 WHERE publisher = ? AND record = ? AND type = ?",
                        gone.publisher(),
                        gone.record(),
                        gone.type());
            }
            // That a queue is gone is told to those who were told about it.
            Map<String, List<String>> both = new HashMap<>(notifiers);
            both.putAll(next);
            notifiers = both;
            // A file that is broken may name them again when it is mended.
            if (configuration.valid()) {
                dropOrphans();
            }
            for (Event event : configuration.events()) {
                insert(event);
            }
            notifiers = next;
            started = true;
            return memories(configuration.queues());
        });
    }

    /** Nobody will ever take what waits for a notifier that no queue names any more. */
    private void dropOrphans() throws SQLException {
        Map<String, Integer> waiting = new TreeMap<>();
        select(
                "SELECT notifier, count(*) AS n FROM notice GROUP BY notifier",
                row -> waiting.put(row.getString("notifier"), row.getInt("n")));
        notifiers.values().forEach(waiting.keySet()::removeAll);
        if (waiting.isEmpty()) {
            return;
        }
        List<String> dropped = new ArrayList<>();
        for (Map.Entry<String, Integer> it : waiting.entrySet()) {
            update("DELETE FROM notice WHERE notifier = ?", it.getKey());
            dropped.add(it.getValue() + " to " + it.getKey());
        }
        String reason = "dropped what was still to be told to notifiers that no queue names any more: "
                + String.join(", ", dropped);
        insert(new Event(
                0,
                clock.instant(),
                "",
                Event.Kind.CONFIG_CHANGED,
                null,
                null,
                null,
                null,
                null,
                reason,
                null,
                Map.of(),
                false));
    }

    private static String key(Publication it) {
        return it.publisher() + " " + it.record() + " " + it.type();
    }

    private static Publication configured(Queue queue, Target target, RecordType type, Instant now) {
        return new Publication(
                queue.name(),
                target.to(),
                target.record(),
                type,
                queue.ttl(),
                target.nameservers(),
                target.fingerprint(),
                null,
                null,
                true,
                null,
                null,
                null,
                null,
                null,
                now,
                0,
                0,
                0,
                null,
                null,
                true,
                null,
                null,
                Ask.NOTHING);
    }

    private void configure(Publication kept, Publication wanted, Instant now) throws SQLException {
        if (kept == null) {
            update(
                    "INSERT INTO publication (publisher, record, type, queue, ttl, nameservers, fingerprint, held, due, failures,"
                            + " ambiguous, unchanged, told) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, 0, 0, 0, 1)",
                    wanted.publisher(),
                    wanted.record(),
                    wanted.type(),
                    wanted.queue(),
                    wanted.ttl(),
                    wanted.nameservers(),
                    wanted.fingerprint(),
                    now);
            return;
        }
        boolean reconfigured = !kept.fingerprint().equals(wanted.fingerprint());
        // What was decided before the start, or for another queue, is weighed again; what is running goes on.
        boolean anew = !started || kept.due() == null || !kept.queue().equals(wanted.queue());
        update(
                "UPDATE publication SET queue = ?, ttl = ?, nameservers = ?, fingerprint = ?, held = ?, due = ?, stopped = ?,"
                        + " failures = ?, ambiguous = ?, unchanged = ? WHERE publisher = ? AND record = ? AND type = ?",
                wanted.queue(),
                wanted.ttl(),
                wanted.nameservers(),
                wanted.fingerprint(),
                anew || kept.held(),
                anew || reconfigured ? now : kept.due(),
                reconfigured ? null : kept.stopped(),
                reconfigured ? 0 : kept.failures(),
                reconfigured ? 0 : kept.ambiguous(),
                reconfigured ? 0 : kept.unchanged(),
                wanted.publisher(),
                wanted.record(),
                wanted.type());
    }

    /** Keeps a decision: what each publisher should have, what happened, and what is to be told. */
    public synchronized void keep(Decision decision) {
        transaction(() -> {
            if (decision.chosen() != null) {
                for (Target target : decision.queue().targets()) {
                    for (RecordType type : decision.queue().types()) {
                        decide(decision, target, type);
                    }
                }
            }
            for (Event event : decision.events()) {
                insert(event);
                remember(event);
            }
            return null;
        });
    }

    private void decide(Decision decision, Target target, RecordType type) throws SQLException {
        List<String> values = decision.chosen().values().getOrDefault(type, List.of());
        Publication kept = publication(target.to(), target.record(), type);
        // The queue may have been removed, or its record given to another one, while this decision was on its way.
        if (kept == null
                || kept.due() == null
                || !kept.queue().equals(decision.queue().name())) {
            return;
        }
        Instant now = clock.instant();
        // What waits for a thread knows nothing of this decision.
        publicationsOut.back(key(kept));
        if (values.equals(kept.decided())) {
            // Nothing new: in particular, a move that a restart interrupted is still that move.
            update(
                    "UPDATE publication SET held = 0, due = ? WHERE publisher = ? AND record = ? AND type = ?",
                    now,
                    target.to(),
                    target.record(),
                    type);
            return;
        }
        // What was decided in between and never sent is no move that people could have seen.
        boolean nothingToTell = values.equals(kept.confirmed()) && kept.attempted() == null;
        Choice previous = decision.previous();
        update(
                "UPDATE publication SET decided = ?, held = 0, told = ?, due = ?, move_from = ?, move_to = ?, cause = ?,"
                        + " detected_at = ?, decided_at = ?, downtime = ? WHERE publisher = ? AND record = ? AND type = ?",
                values,
                nothingToTell,
                now,
                previous == null ? null : previous.label(),
                decision.chosen().label(),
                decision.cause(),
                decision.detected(),
                decision.at(),
                decision.downtime(),
                target.to(),
                target.record(),
                type);
    }

    private void remember(Event event) throws SQLException {
        switch (event.kind()) {
            case SERVER_DOWN ->
                update(
                        "INSERT OR IGNORE INTO down (queue, server, since) VALUES (?, ?, ?)",
                        event.queue(),
                        event.server(),
                        event.at());
            case SERVER_UP -> update("DELETE FROM down WHERE queue = ? AND server = ?", event.queue(), event.server());
            default -> {}
        }
    }

    /** The publications that are to be looked at now, each until it is claimed: those to be written before those to be read. */
    public synchronized List<Publication> due() {
        Instant now = clock.instant();
        List<Publication> due = transaction(() -> select(
                "SELECT * FROM publication WHERE due <= ? OR due > ? OR sent_at > ? ORDER BY held = 0 AND stopped IS NULL AND decided IS NOT NULL"
                        + " AND decided IS NOT confirmed DESC, due LIMIT ?",
                Row::publication,
                now,
                now.plus(Waits.LONGEST),
                now,
                HandedOut.MOST));
        return publicationsOut.handOut(due, Store::key, now);
    }

    /**
     * Writes down what is about to be sent or read, before it is.
     *
     * @return the same, or null if there is nothing to do, another claim is not settled yet, or something changed meanwhile
     */
    public synchronized Publication claim(Publication claimed) {
        publicationsOut.back(key(claimed));
        return transaction(() -> {
            Instant time = clock.instant();
            Publication now = publication(claimed.publisher(), claimed.record(), claimed.type());
            if (now == null
                    || now.due() == null
                    || Waits.pending(now.due(), time) && !sentLater(now, time)
                    || Waits.pending(leases.get(key(now)), time)
                    || superseded(now, claimed)
                    || settled(now, claimed)) {
                return null;
            }
            write(claimed, claimed.due());
            if (claimed.ask() == Ask.NOTHING) {
                return null;
            }
            leases.put(key(now), claimed.due());
            return claimed;
        });
    }

    /**
     * Writes down what came of it, and what is to be told about it.
     *
     * @return the publication as it stands now
     */
    public synchronized Publication settle(Settlement settlement) {
        return transaction(() -> {
            Publication settled = settlement.publication();
            Publication now = publication(settled.publisher(), settled.record(), settled.type());
            if (now == null) {
                return settled;
            }
            if (overtaken(now, settled)) {
                return now;
            }
            leases.remove(key(settled));
            boolean superseded = superseded(now, settled);
            boolean twin = settlement.events().stream().anyMatch(it -> it.kind() == Event.Kind.UNREADABLE)
                    && unreadable(settled);
            write(settled, now.due() == null ? null : superseded ? clock.instant() : settled.due());
            if (superseded) {
                // This is only what became of what was asked before: what was decided meanwhile is still to be told.
                update(
                        "UPDATE publication SET told = ? WHERE publisher = ? AND record = ? AND type = ?",
                        now.told(),
                        now.publisher(),
                        now.record(),
                        now.type());
            }
            if (reconfigured(now, settled)) {
                update(
                        "UPDATE publication SET stopped = ?, failures = ?, ambiguous = ? WHERE publisher = ? AND record = ? AND type = ?",
                        now.stopped(),
                        now.failures(),
                        now.ambiguous(),
                        now.publisher(),
                        now.record(),
                        now.type());
            }
            for (Event event : settlement.events()) {
                boolean moved = event.kind() == Event.Kind.MOVED;
                boolean again = event.kind() == Event.Kind.UNREADABLE && twin;
                if (!again && (!moved || !superseded && complete(settled))) {
                    insert(event);
                }
            }
            return publication(settled.publisher(), settled.record(), settled.type());
        });
    }

    /** Whether a decision was kept, or the configuration changed, since {@code older} was read. */
    private static boolean superseded(Publication now, Publication older) {
        return now.held() != older.held() || !Objects.equals(now.move(), older.move()) || reconfigured(now, older);
    }

    private static boolean reconfigured(Publication now, Publication older) {
        return !now.fingerprint().equals(older.fingerprint());
    }

    /** The clock was set back since. */
    private static boolean sentLater(Publication it, Instant time) {
        return it.sentAt() != null && it.sentAt().isAfter(time);
    }

    /** Whether its lease ended and another attempt was sent, or another claim settled: what that says is newer. */
    private boolean overtaken(Publication now, Publication settled) {
        boolean sentSince = now.sentAt() != null
                && (settled.sentAt() == null
                        || now.sentAt().toEpochMilli() != settled.sentAt().toEpochMilli());
        return sentSince || settled.ask() == Ask.READ && !leases.containsKey(key(settled));
    }

    /** Whether an attempt was settled since {@code older} was read. */
    private static boolean settled(Publication now, Publication older) {
        return now.failures() != older.failures()
                || !Objects.equals(now.confirmedAt(), older.confirmedAt())
                || !Objects.equals(now.stopped(), older.stopped());
    }

    /** Whether the same was reported already of this record's other type. */
    private boolean unreadable(Publication it) throws SQLException {
        return !select(
                        "SELECT * FROM publication WHERE publisher = ? AND record = ? AND type <> ? AND reported = ?",
                        Row::publication,
                        it.publisher(),
                        it.record(),
                        it.type(),
                        it.reported())
                .isEmpty();
    }

    /** Whether the move is told for all types of the record: A and AAAA are one move. */
    private boolean complete(Publication it) throws SQLException {
        return select(
                        "SELECT * FROM publication WHERE queue = ? AND publisher = ? AND record = ? AND told = 0 AND due IS NOT NULL",
                        Row::publication,
                        it.queue(),
                        it.publisher(),
                        it.record())
                .isEmpty();
    }

    private void write(Publication it, Instant due) throws SQLException {
        update(
                "UPDATE publication SET confirmed = ?, confirmed_at = ?, attempted = ?, sent_at = ?, not_before = ?, due = ?,"
                        + " failures = ?, ambiguous = ?, unchanged = ?, stopped = ?, trouble_told = ?, told = ?, reported = ?, note = ?"
                        + " WHERE publisher = ? AND record = ? AND type = ?",
                it.confirmed(),
                it.confirmedAt(),
                it.attempted(),
                it.sentAt(),
                it.notBefore(),
                due,
                it.failures(),
                it.ambiguous(),
                it.unchanged(),
                it.stopped(),
                it.troubleTold(),
                it.told(),
                it.reported(),
                it.note(),
                it.publisher(),
                it.record(),
                it.type());
    }

    /** What is still to be told, and due now, each until it is claimed. */
    public synchronized List<Notice> untold() {
        Instant now = clock.instant();
        List<Notice> due = transaction(() -> select(
                "SELECT notice.id AS notice_id, notifier, attempts, due, note, event.* FROM notice JOIN event ON event.id = notice.event"
                        + " WHERE due <= ? OR due > ? ORDER BY notice.id LIMIT ?",
                Store::notice,
                now,
                now.plus(Waits.LONGEST),
                HandedOut.MOST));
        return noticesOut.handOut(due, Notice::id, now);
    }

    private static Notice notice(ResultSet row) throws SQLException {
        return new Notice(
                row.getLong("notice_id"),
                row.getString("notifier"),
                Row.event(row),
                row.getInt("attempts"),
                Row.instant(row, "due"),
                row.getString("note"));
    }

    /**
     * Writes down an attempt to tell, before it is made.
     *
     * @return the same, or null if another attempt came first
     */
    public synchronized Notice tell(Notice notice) {
        noticesOut.back(notice.id());
        return transaction(() -> {
            int rows = update(
                    "UPDATE notice SET attempts = ?, due = ? WHERE id = ? AND attempts = ?",
                    notice.attempts(),
                    notice.due(),
                    notice.id(),
                    notice.attempts() - 1);
            return rows == 0 ? null : notice;
        });
    }

    /** Writes down what came of an attempt to tell; a notice without a time to try again is done. */
    public synchronized void told(Notice notice) {
        transaction(() -> notice.due() == null
                ? update("DELETE FROM notice WHERE id = ?", notice.id())
                : update("UPDATE notice SET due = ?, note = ? WHERE id = ?", notice.due(), notice.note(), notice.id()));
    }

    /** Every publication that is kept, in the order of queue, publisher, record and type. */
    public synchronized List<Publication> publications() {
        return transaction(this::allPublications);
    }

    private List<Publication> allPublications() throws SQLException {
        return select("SELECT * FROM publication ORDER BY queue, publisher, record, type", Row::publication);
    }

    /** The newest events, the newest first. */
    public synchronized List<Event> events(int most) {
        return transaction(() -> select("SELECT * FROM event ORDER BY id DESC LIMIT ?", Row::event, most));
    }

    /** How many messages wait to be told. */
    public synchronized int backlog() {
        return transaction(() -> select("SELECT count(*) AS n FROM notice", row -> row.getInt("n"))
                .get(0));
    }

    /**
     * Whether a decision could be kept now: tried at most every ten seconds, however many ask.
     *
     * @return null, or why it could not
     */
    public synchronized String writable() {
        Instant now = clock.instant();
        if (tried == null || Duration.between(tried, now).abs().compareTo(BETWEEN_TRIALS) >= 0) {
            tried = now;
            unwritable = trial();
        }
        return unwritable;
    }

    private String trial() {
        try {
            return transaction(() -> {
                // More than a decision takes: what is free in a page of its own would say nothing about the disk.
                update("INSERT INTO trial (room) VALUES (zeroblob(16384))");
                update("DELETE FROM trial");
                return null;
            });
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private Map<String, Memory> memories(List<Queue> queues) throws SQLException {
        Map<String, Map<String, Memory.Remembered>> servers = new HashMap<>();
        down(queues).forEach((key, since) -> servers.computeIfAbsent(
                        key.substring(0, key.indexOf('/')), it -> new HashMap<>())
                .put(
                        key.substring(key.indexOf('/') + 1),
                        new Memory.Remembered(State.UNKNOWN, since, null, since, List.of())));
        Map<String, Memory> memories = new HashMap<>();
        servers.forEach(
                (queue, it) -> memories.put(queue, new Memory(clock.instant(), it, List.of(), null, false, List.of())));
        return memories;
    }

    private Map<String, Instant> down(List<Queue> queues) throws SQLException {
        Map<String, Instant> since = new HashMap<>();
        select(
                "SELECT * FROM down",
                row -> since.put(row.getString("queue") + "/" + row.getString("server"), Row.instant(row, "since")));
        Set<String> known = new HashSet<>();
        queues.forEach(queue -> queue.servers().forEach(it -> known.add(queue.name() + "/" + it.name())));
        for (String gone : since.keySet()) {
            if (!known.contains(gone)) {
                update("DELETE FROM down WHERE queue || '/' || server = ?", gone);
            }
        }
        since.keySet().retainAll(known);
        return since;
    }

    private void insert(Event event) throws SQLException {
        update(
                "INSERT INTO event (at, queue, kind, record, server, from_server, to_server, publisher, reason, downtime, times,"
                        + " tell) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                Row.times(event.times()),
                event.tell());
        long id = select("SELECT last_insert_rowid() AS id", row -> row.getLong("id"))
                .get(0);
        if (event.tell()) {
            for (String notifier : notifiers.getOrDefault(event.queue(), List.of())) {
                update(
                        "INSERT INTO notice (event, notifier, attempts, due) VALUES (?, ?, 0, ?)",
                        id,
                        notifier,
                        clock.instant());
            }
        }
        update(
                "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?"
                        + " AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.event = event.id)",
                EVENTS_KEPT);
    }

    private Publication publication(String publisher, String record, RecordType type) throws SQLException {
        List<Publication> found = select(
                "SELECT * FROM publication WHERE publisher = ? AND record = ? AND type = ?",
                Row::publication,
                publisher,
                record,
                type);
        return found.isEmpty() ? null : found.get(0);
    }

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return Row.bind(statement, values).executeUpdate();
        }
    }

    private <T> List<T> select(String sql, Mapper<T> mapper, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = Row.bind(statement, values).executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(mapper.map(rows));
            }
            return found;
        }
    }

    /** Runs {@code work} as one transaction: all of it happens, or nothing. */
    private <T> T transaction(Work<T> work) {
        try {
            execute("BEGIN");
            T result = work.run();
            execute("COMMIT");
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(e);
            throw e instanceof RuntimeException runtime
                    ? runtime
                    : new IllegalStateException("the state could not be read or written: " + e.getMessage(), e);
        }
    }

    private void rollback(Exception cause) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            // When the disk is full, SQLite has done so by itself.
            cause.addSuppressed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the state could not be closed: " + e.getMessage(), e);
        }
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }
}
