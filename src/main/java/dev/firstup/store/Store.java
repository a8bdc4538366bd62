package dev.firstup.store;

import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.SyntheticQueue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.Finding;
import dev.firstup.model.names.NamesFindings;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.publish.RetryRequest;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.time.WaitLimit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What must survive a restart: the bean {@code store} of the routes. Each method is one transaction, but for {@link #warmUp}, on one
 * SQLite file, which one process holds at a time.
 */
public final class Store implements AutoCloseable {
    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(10);

    private final Clock clock;
    private final SqlSession sql;
    private final EventTable events;
    private final MemoryTable memories;
    private final FindingTable found;
    /** The queues that are configured now. */
    private Map<String, Queue> queues = Map.of();

    private boolean started;
    private boolean retryStopped;

    /** Until when what was handed out for sending or reading is waited for. */
    private final Map<String, Instant> leases = new HashMap<>();

    private Instant tried;
    private String unwritable;
    private final HandedOut<String> publicationsOut = new HandedOut<>();
    private final OpenCalls calls = new OpenCalls();

    /**
     * Opens the state, or begins a new one.
     *
     * @param file the state file
     * @throws IllegalStateException if it cannot be used: the message says why and what to do
     */
    public Store(String file, Clock clock) {
        this(StateFile.open(Path.of(file), clock), clock);
    }

    Store(Connection connection, Clock clock) {
        this.clock = clock;
        sql = new SqlSession(connection);
        events = new EventTable(sql, clock);
        memories = new MemoryTable(sql, clock);
        found = new FindingTable(sql, clock);
    }

    /** Keeps moves of a {@linkplain SyntheticQueue made-up} record again and again, in a state of its own that is on no disk. */
    public void warmUp() {
        // With one that stands still: nothing of it comes before what it follows from.
        Clock now = Clock.fixed(clock.instant(), clock.getZone());
        try (Store store = new Store(StateFile.inMemory(), now)) {
            StoreWarmUp.moves(store, now.instant());
        }
    }

    /** @param threads on which publishers are called: one of them takes no more than half */
    public void setThreads(int threads) {
        calls.limit(Math.max(1, threads / 2));
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
    public synchronized Map<String, QueueMemory> configure(Configuration configuration) {
        Map<String, Queue> next = new LinkedHashMap<>();
        configuration.queues().forEach(it -> next.put(it.name(), it));
        Map<String, QueueMemory> known = sql.transaction(() -> {
            Instant now = clock.instant();
            if (retryStopped && !started) {
                retry(publications("WHERE stopped IS NOT NULL"));
            }
            configurePublications(configuration.queues(), now);
            // That a queue is gone is told to those who were told about it.
            Map<String, Queue> both = new LinkedHashMap<>(queues);
            both.putAll(next);
            // A file that is broken may name them again when it is mended.
            if (configuration.valid()) {
                memories.forget(next);
                found.forget(next);
                events.dropOrphans(both);
            }
            for (Event event : configuration.events()) {
                events.insert(event, both);
            }
            for (Event ended : memories.configure(next, queues.keySet())) {
                events.insert(ended, next);
            }
            return memories.of(next);
        });
        queues = next;
        started = true;
        return known;
    }

    private void configurePublications(List<Queue> configured, Instant now) throws SQLException {
        List<Publication> wanted = new ArrayList<>();
        for (Queue queue : configured) {
            for (PublishTarget target : queue.targets()) {
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
            sql.update(
                    "UPDATE publication SET due = NULL, held = 1 WHERE publisher = ? AND record = ? AND type = ?",
                    gone.publisher(),
                    gone.record(),
                    gone.type());
        }
    }

    private static String key(Publication it) {
        return it.publisher() + " " + it.record() + " " + it.type();
    }

    private static Publication configured(Queue queue, PublishTarget target, RecordType type, Instant now) {
        return Publication.of(queue.name(), target, type, queue.ttl()).due(now).done();
    }

    private void configure(Publication kept, Publication wanted, Instant now) throws SQLException {
        PublishTarget target = wanted.target();
        if (kept == null) {
            sql.update(
                    "INSERT INTO publication (publisher, record, type, queue, ttl, nameservers, fingerprint, gap, api, repair, dry, held,"
                            + " due, failures, ambiguous, unchanged, unseen, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, 0, 0, 0, 1)",
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
        boolean reconfigured = !kept.fingerprint().equals(wanted.fingerprint());
        // What was decided before the start, or for another queue, is weighed again; what is running goes on.
        boolean anew =
                !started || kept.schedule().due() == null || !kept.queue().equals(wanted.queue());
        sql.update(
                "UPDATE publication SET queue = ?, ttl = ?, nameservers = ?, fingerprint = ?, gap = ?, api = ?, repair = ?, dry = ?,"
                        + " held = CASE WHEN ? THEN 1 ELSE held END, due = ?, stopped = ?, failures = ?, ambiguous = ?, unchanged = ?"
                        + " WHERE publisher = ? AND record = ? AND type = ?",
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

    /** Keeps a decision: what each publisher should have, what happened, what is to be told, and what is to be remembered. */
    public synchronized void keep(Decision decision) {
        SqlSession.Work<Void> work = () -> {
            if (decision.chosen() != null) {
                for (PublishTarget target : decision.queue().targets()) {
                    for (RecordType type : decision.queue().types()) {
                        decide(decision, target, type);
                    }
                }
            }
            for (Event event : decision.events()) {
                events.insert(event, queues);
            }
            // The queue may have been removed while this decision was on its way.
            if (decision.memory() != null && queues.containsKey(decision.queue().name())) {
                remember(queues.get(decision.queue().name()), decision.memory());
            }
            memories.alive();
            return null;
        };
        // Who carries out a move writes that down first, and with it this. If the power fails in between, it is decided
        // again. What a person has ordered would not be ordered again.
        boolean ordered = decision.events().stream().anyMatch(it -> it.kind() == Event.Kind.ORDERED);
        if (decision.chosen() != null && !ordered) {
            sql.light(work);
        } else {
            sql.transaction(work);
            memories.lived();
        }
    }

    private void remember(Queue queue, QueueMemory memory) throws SQLException {
        boolean frozen = memories.hasFreeze(queue.name());
        memories.keep(queue.name(), memory);
        if (frozen && !memories.hasFreeze(queue.name())) {
            thaw(queue.name());
        }
        // Not every end of it is an event of its own: the record may move instead.
        if (!memory.allDown()) {
            events.notAllDown(queue);
        }
    }

    /** What was decided while the queue was frozen does not wait for the next reading. */
    private void thaw(String queue) throws SQLException {
        for (Publication it : publications("WHERE queue = ? AND due IS NOT NULL", queue)) {
            publicationsOut.back(key(it));
        }
        sql.update("UPDATE publication SET due = ? WHERE queue = ? AND due IS NOT NULL", clock.instant(), queue);
    }

    /** Notes that the program runs, at most once in half a minute: from this the next start sees how long it did not. */
    public synchronized void alive() {
        if (started && memories.silent()) {
            sql.transaction(() -> {
                memories.alive();
                return null;
            });
            memories.lived();
        }
    }

    private void decide(Decision decision, PublishTarget target, RecordType type) throws SQLException {
        List<String> chosen = decision.chosen().values().get(type);
        if (chosen == null) {
            // Nothing is decided about this type.
            return;
        }
        // What a record holds has no order.
        List<String> values = chosen.stream().distinct().sorted().toList();
        Publication kept = publication(target.to(), target.record(), type);
        // The queue may have been removed, or its record given to another one, while this decision was on its way.
        if (kept == null
                || kept.schedule().due() == null
                || !kept.queue().equals(decision.queue().name())) {
            return;
        }
        Instant now = clock.instant();
        // What waits for a thread knows nothing of this decision.
        publicationsOut.back(key(kept));
        if (values.equals(kept.decided())) {
            // Nothing new: in particular, a move that a restart interrupted is still that move.
            sql.update(
                    "UPDATE publication SET held = 0, due = ? WHERE publisher = ? AND record = ? AND type = ?",
                    now,
                    target.to(),
                    target.record(),
                    type);
            return;
        }
        String after = decision.chosen().label();
        String before = before(kept, decision.previous(), after);
        // What was decided in between and never sent is no move that people could have seen.
        boolean nothingToTell = values.equals(kept.confirmed().values())
                && !kept.attempt().open()
                && (before == null || before.equals(after));
        sql.update(
                "UPDATE publication SET decided = ?, held = 0, told = ?, shown = coalesce(shown, ?), due = ?, move_from = ?, move_to = ?, cause = ?,"
                        + " detected_at = ?, decided_at = ?, downtime = ? WHERE publisher = ? AND record = ? AND type = ?",
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
    }

    /**
     * Where a move begins for people: what they were last told that the record names. It may have named something else for a
     * moment since.
     */
    private String before(Publication it, Choice previous, String after) throws SQLException {
        String shown = sql.select(
                        "SELECT shown FROM publication WHERE publisher = ? AND record = ? AND type = ?",
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

    /** The publications that are to be looked at now, each until it is claimed: those to be written before those to be read. */
    public synchronized List<Publication> due() {
        // Until the files are read, nobody knows what of it is still wanted.
        if (!started) {
            return List.of();
        }
        Instant now = clock.instant();
        List<Publication> due = sql.transaction(() -> {
            return publications(
                    "WHERE due <= ? OR due > ? OR due IS NOT NULL AND sent_at > ? ORDER BY instr(?, ' ' || publisher || ' ') > 0,"
                            + " NOT (held OR frozen) AND stopped IS NULL AND decided IS NOT NULL AND decided IS NOT confirmed DESC,"
                            + " due LIMIT ?",
                    now,
                    now.plus(WaitLimit.LONGEST),
                    now,
                    calls.full(),
                    HandedOut.MOST);
        });
        return publicationsOut.handOut(due, Store::key, now);
    }

    /**
     * Writes down what is about to be sent or read, before it is.
     *
     * @return the same, or null if there is nothing to do, another claim is not settled yet, something changed meanwhile, or its
     *     publisher is at as many already as it may be
     */
    public synchronized Publication claim(Publication claimed) {
        publicationsOut.back(key(claimed));
        return sql.transaction(() -> {
            Instant time = clock.instant();
            Publication now = publication(claimed.publisher(), claimed.record(), claimed.type());
            if (now == null
                    || now.schedule().due() == null
                    || WaitLimit.pending(now.schedule().due(), time) && !sentLater(now, time)
                    || WaitLimit.pending(leases.get(key(now)), time)
                    || superseded(now, claimed)
                    || settled(now, claimed)
                    || calls.full(claimed)) {
                return null;
            }
            write(claimed, claimed.schedule().due());
            if (claimed.ask() == Ask.NOTHING) {
                return null;
            }
            leases.put(key(now), claimed.schedule().due());
            calls.begin(claimed);
            return claimed;
        });
    }

    /** What was claimed has come back from its publisher, whatever came of it. */
    public synchronized void returned(Publication claimed) {
        calls.end(claimed);
    }

    /**
     * Writes down what came of it, and what is to be told about it.
     *
     * @return the publication as it stands now
     */
    public synchronized Publication settle(Settlement settlement) {
        return sql.transaction(() -> {
            Publication settled = settlement.publication();
            Publication now = publication(settled.publisher(), settled.record(), settled.type());
            if (now == null) {
                return settled;
            }
            if (overtaken(now, settled)) {
                return now;
            }
            if (now.schedule().stopped() != null
                    && settled.schedule().stopped() == null
                    && now.attempt().open()) {
                // Its account was refused meanwhile: a stop that a person mended is seen when nothing is in doubt only.
                settled = settled.edit().stopped(now.schedule().stopped()).done();
            }
            leases.remove(key(settled));
            boolean superseded = superseded(now, settled);
            boolean retried = retried(now, settlement);
            // A freeze since then changes nothing about what became of it.
            boolean overruled = !sameDecision(now, settled)
                    || settled.wanted().held() && !now.wanted().held();
            boolean twin = settlement.events().stream().anyMatch(it -> it.kind() == Event.Kind.UNREADABLE)
                    && unreadable(settled);
            boolean reminds =
                    !Objects.equals(now.proof().told(), settled.proof().told());
            write(
                    settled,
                    now.schedule().due() == null
                            ? null
                            : superseded || retried
                                    ? clock.instant()
                                    : settled.schedule().due());
            if (overruled) {
                // This is only what became of what was asked before: what was decided meanwhile is still to be told.
                sql.update(
                        "UPDATE publication SET told = ? WHERE publisher = ? AND record = ? AND type = ?",
                        now.told().moved(),
                        now.publisher(),
                        now.record(),
                        now.type());
            }
            if (reconfigured(now, settled) || retried) {
                sql.update(
                        "UPDATE publication SET stopped = ?, failures = ?, ambiguous = ? WHERE publisher = ? AND record = ? AND type = ?",
                        now.schedule().stopped(),
                        now.attempt().failures(),
                        now.attempt().ambiguous(),
                        now.publisher(),
                        now.record(),
                        now.type());
            }
            for (Event event : settlement.events()) {
                boolean moved = event.kind() == Event.Kind.MOVED;
                boolean again = event.kind() == Event.Kind.UNREADABLE && twin
                        || event.kind() == Event.Kind.CREDENTIAL && reminds && toldWithinTheHour(event)
                        || event.kind() == Event.Kind.PUBLISH_STOPPED && retried;
                if (!again && (!moved || !overruled && complete(settled))) {
                    events.insert(event, queues);
                    if (moved) {
                        shown(event);
                    }
                }
            }
            if (settlement.account() && settled.schedule().stopped() != null && !reconfigured(now, settled)) {
                refused(settled, settlement.events().get(0), clock.instant());
            }
            boolean proof = settled.ask() == Ask.LOOK && settled.target().api() != PublishTarget.Api.ALONE;
            if (proof && !settled.attempt().open() && settled.proof().read() != null) {
                proved(settled);
            }
            return publication(settled.publisher(), settled.record(), settled.type());
        });
    }

    /** Lets those that have stopped be asked again, as soon as their hosts allow; what is not stopped any more stays as it is. */
    public synchronized void retry(RetryRequest retry) {
        sql.transaction(() -> {
            retry(retry.publications());
            for (Event event : retry.events()) {
                events.insert(event, queues);
            }
            return null;
        });
    }

    private void retry(List<Publication> stopped) throws SQLException {
        for (Publication it : stopped) {
            // What waits for a thread knows nothing of this.
            publicationsOut.back(key(it));
            sql.update(
                    "UPDATE publication SET stopped = NULL, failures = 0, ambiguous = 0, due = CASE WHEN due IS NULL THEN NULL ELSE ? END"
                            + " WHERE publisher = ? AND record = ? AND type = ? AND stopped IS NOT NULL",
                    clock.instant(),
                    it.publisher(),
                    it.record(),
                    it.type());
        }
    }

    /** Whether a decision was kept, the queue was frozen or thawed, or the configuration changed, since {@code older} was read. */
    private static boolean superseded(Publication now, Publication older) {
        return now.wanted().held() != older.wanted().held() || !sameDecision(now, older);
    }

    private static boolean sameDecision(Publication now, Publication older) {
        return Objects.equals(now.wanted().move(), older.wanted().move()) && !reconfigured(now, older);
    }

    private static boolean reconfigured(Publication now, Publication older) {
        return !now.fingerprint().equals(older.fingerprint());
    }

    /** Whether it was read as one that had stopped, and somebody has had that forgotten meanwhile: nothing stops by being read. */
    private static boolean retried(Publication now, Settlement settlement) {
        return now.schedule().stopped() == null
                && settlement.publication().schedule().stopped() != null
                && settlement.outcome().equals("read");
    }

    /** The clock was set back since. */
    private static boolean sentLater(Publication it, Instant time) {
        return it.attempt().sentAt() != null && it.attempt().sentAt().isAfter(time);
    }

    /** Whether its lease ended and another attempt was sent, or another claim settled: what that says is newer. */
    private boolean overtaken(Publication now, Publication settled) {
        Instant latest = now.attempt().sentAt();
        Instant sent = settled.attempt().sentAt();
        boolean sentSince = latest != null && (sent == null || latest.toEpochMilli() != sent.toEpochMilli());
        boolean reading = settled.ask() == Ask.READ || settled.ask() == Ask.LOOK;
        return sentSince || reading && !leases.containsKey(key(settled));
    }

    /** Whether an attempt was settled since {@code older} was read. */
    private static boolean settled(Publication now, Publication older) {
        return now.attempt().failures() != older.attempt().failures()
                || !Objects.equals(now.confirmed().at(), older.confirmed().at())
                || !Objects.equals(now.schedule().stopped(), older.schedule().stopped());
    }

    /** Whether the same was reported already of this record's other type. */
    private boolean unreadable(Publication it) throws SQLException {
        return !publications(
                        "WHERE publisher = ? AND record = ? AND type <> ? AND reported = ?",
                        it.publisher(),
                        it.record(),
                        it.type(),
                        it.told().oddity())
                .isEmpty();
    }

    /** Whether the like was told of this record, or its other type. */
    private boolean toldWithinTheHour(Event event) throws SQLException {
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

    /** Whether the move is told for all types of the record: A and AAAA are one move. */
    private boolean complete(Publication it) throws SQLException {
        return publications(
                        "WHERE queue = ? AND publisher = ? AND record = ? AND told = 0 AND due IS NOT NULL",
                        it.queue(),
                        it.publisher(),
                        it.record())
                .isEmpty();
    }

    private void write(Publication it, Instant due) throws SQLException {
        sql.update(
                "UPDATE publication SET confirmed = ?, confirmed_at = ?, attempted = ?, ticket = ?, sent_at = ?, not_before = ?,"
                        + " due = ?, failures = ?, lost = ?, ambiguous = ?, unchanged = ?, unseen = ?, stopped = ?, trouble_told = ?, told = ?,"
                        + " reported = ?,"
                        + " repairs = ?, proof_written = ?, proof_read = ?, proof_told = ?, note = ?"
                        + " WHERE publisher = ? AND record = ? AND type = ?",
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
    private void shown(Event moved) throws SQLException {
        sql.update(
                "UPDATE publication SET shown = ? WHERE publisher = ? AND record = ?",
                moved.to(),
                moved.publisher(),
                moved.record());
    }

    /** What else needs an account that was refused is not tried: each try may be the one that has it banned. */
    private void refused(Publication it, Event refusal, Instant now) throws SQLException {
        List<Publication> others = publications(
                "WHERE publisher = ? AND fingerprint = ? AND stopped IS NULL AND due IS NOT NULL AND NOT (record = ? AND type = ?)",
                it.publisher(),
                it.fingerprint(),
                it.record(),
                it.type());
        for (Publication other : others) {
            stop(other, it, refusal, now);
        }
    }

    /** What one record shows of an account, no other needs to find out on that day. */
    private void proved(Publication it) throws SQLException {
        sql.update(
                "UPDATE publication SET proof_read = ? WHERE publisher = ? AND fingerprint = ?"
                        + " AND (proof_read IS NULL OR proof_read < ? OR proof_read > ?)",
                it.proof().read(),
                it.publisher(),
                it.fingerprint(),
                it.proof().read(),
                clock.instant());
    }

    private void stop(Publication other, Publication it, Event stop, Instant now) throws SQLException {
        publicationsOut.back(key(other));
        if (!other.attempt().open()) {
            // What is being read was asked for before, and knows nothing of this.
            leases.remove(key(other));
        }
        boolean differs = other.differs();
        Publication.Draft next =
                other.edit().stopped(it.schedule().stopped()).note(it.schedule().stopped());
        if (differs) {
            next.told(told -> told.trouble(now));
        }
        write(
                next.done(),
                differs && !other.attempt().open()
                        ? it.schedule().due()
                        : other.schedule().due());
        // Who is told of one record of a queue knows of its other types.
        if (differs && !other.queue().equals(it.queue())) {
            events.insert(stop.alsoOf(other), queues);
        }
    }

    /** What is still to be told, and due now, each until it is claimed. */
    public synchronized List<Notification> untold() {
        return events.handOut(sql.transaction(() -> events.due(queues)));
    }

    /**
     * Writes down an attempt to tell, before it is made.
     *
     * @return the same, or null if another attempt came first
     */
    public synchronized Notification tell(Notification notification) {
        return sql.transaction(() -> events.tell(notification));
    }

    /** Writes down what came of an attempt to tell; a notice without a time to try again is done. */
    public synchronized void told(Notification notification) {
        sql.transaction(() -> events.told(notification));
    }

    /** Every publication that is kept, in the order of queue, publisher, record and type. */
    public synchronized List<Publication> publications() {
        return sql.transaction(this::allPublications);
    }

    private List<Publication> allPublications() throws SQLException {
        return publications("ORDER BY queue, publisher, record, type");
    }

    /** As they stand: while a queue is frozen, its publications are held. */
    private List<Publication> publications(String which, Object... values) throws SQLException {
        // Until it is said to have ended: how long it lasts is measured with a clock that nobody sets.
        return sql.select(
                "SELECT publication.*, EXISTS (SELECT 1 FROM hand WHERE hand.queue = publication.queue AND kind = 'FREEZE')"
                        + " AS frozen FROM publication " + which,
                RowMapper::publication,
                values);
    }

    /**
     * Keeps what was found of the names around a queue's record, and what is to be told about it.
     *
     * @return the same, with what is news about it; nothing is where the queue was changed since
     */
    public synchronized NamesFindings found(NamesFindings findings) {
        Queue queue = queues.get(findings.queue().name());
        if (queue == null || queue.revision() != findings.queue().revision()) {
            return findings;
        }
        return sql.transaction(() -> {
            List<Event> news = found.keep(findings);
            for (Event event : news) {
                events.insert(event, queues);
            }
            return findings.with(news);
        });
    }

    /** What is not as it should be about the names around records, as far as people were told, in the order of queues and names. */
    public synchronized List<Finding> findings() {
        return sql.transaction(found::told);
    }

    /** The newest events, the newest first. */
    public synchronized List<Event> events(int most) {
        return sql.transaction(() -> events.newest(most));
    }

    /** How many messages wait to be told. */
    public synchronized int backlog() {
        return sql.transaction(events::backlog);
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
            return sql.transaction(() -> {
                // More than a decision takes: what is free in a page of its own would say nothing about the disk.
                sql.update("INSERT INTO trial (room) VALUES (zeroblob(16384))");
                sql.update("DELETE FROM trial");
                return null;
            });
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private Publication publication(String publisher, String record, RecordType type) throws SQLException {
        List<Publication> found =
                publications("WHERE publisher = ? AND record = ? AND type = ?", publisher, record, type);
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public synchronized void close() {
        sql.close();
    }
}
