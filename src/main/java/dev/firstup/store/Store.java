package dev.firstup.store;

import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.Finding;
import dev.firstup.model.names.NamesFindings;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.publish.RetryRequest;
import dev.firstup.model.publish.Settlement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must survive a restart: the bean {@code firstup-store} of the routes. Each method is one transaction, on one
 * SQLite file, which one process holds at a time.
 */
public final class Store implements AutoCloseable {
    private final SqlSession sql;
    private final PublicationTable publications;
    private final Claims claims;
    private final EventTable events;
    private final MemoryTable memories;
    private final FindingTable found;
    private final WriteTrial trial;
    /** The queues that are configured now. */
    private Map<String, Queue> queues = Map.of();

    private boolean started;
    private boolean retryStopped;

    /**
     * Opens the state, or begins a new one.
     *
     * @param file the state file
     * @throws IllegalStateException if it cannot be used: the message says why and what to do
     */
    public Store(String file, Clock clock) {
        this(StateFile.open(Path.of(file), clock), clock);
    }

    /** A state that is on no disk, and ends with the object: for what must leave no trace. */
    public static Store inMemory(Clock clock) {
        return new Store(StateFile.inMemory(), clock);
    }

    Store(Connection connection, Clock clock) {
        sql = new SqlSession(connection);
        events = new EventTable(sql, clock);
        memories = new MemoryTable(sql, clock);
        found = new FindingTable(sql, clock);
        publications = new PublicationTable(sql, clock);
        claims = new Claims(publications, events, clock);
        trial = new WriteTrial(sql, clock);
    }

    /** @param threads on which publishers are called: one of them takes no more than half */
    public void setThreads(int threads) {
        claims.limit(Math.max(1, threads / 2));
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
            if (retryStopped && !started) {
                retry(publications.stopped());
            }
            publications.configure(configuration.queues(), started);
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

    /** Keeps a decision: what each publisher should have, what happened, what is to be told, and what is to be remembered. */
    public synchronized void keep(Decision decision) {
        Queue queue = decision.queue();
        Choice chosen = decision.chosen();
        SqlSession.Statements work = () -> {
            if (queue != null && chosen != null) {
                for (PublishTarget target : queue.targets()) {
                    for (RecordType type : queue.types()) {
                        Publication decided = publications.decide(decision, chosen, queue.name(), target, type);
                        if (decided != null) {
                            claims.changed(decided);
                        }
                    }
                }
            }
            for (Event event : decision.events()) {
                events.insert(event, queues);
            }
            // The queue may have been removed while this decision was on its way.
            Queue live = queue == null ? null : queues.get(queue.name());
            if (decision.memory() != null && live != null) {
                remember(live, decision.memory());
            }
            memories.alive();
        };
        // Who carries out a move writes that down first, and with it this. If the power fails in between, it is decided
        // again. What a person has ordered would not be ordered again.
        boolean ordered = decision.events().stream().anyMatch(it -> it.kind() == Event.Kind.ORDERED);
        if (chosen != null && !ordered) {
            sql.light(work);
        } else {
            sql.write(work);
            memories.lived();
        }
    }

    private void remember(Queue queue, QueueMemory memory) throws SQLException {
        boolean frozen = memories.hasFreeze(queue.name());
        memories.keep(queue.name(), memory);
        if (frozen && !memories.hasFreeze(queue.name())) {
            publications.of(queue.name()).forEach(claims::changed);
            publications.thaw(queue.name());
        }
        // Not every end of it is an event of its own: the record may move instead.
        if (!memory.allDown()) {
            events.notAllDown(queue);
        }
    }

    /** Notes that the program runs, at most once in half a minute: from this the next start sees how long it did not. */
    public synchronized void alive() {
        if (started && memories.silent()) {
            sql.write(memories::alive);
            memories.lived();
        }
    }

    /** The publications that are to be looked at now, each until it is claimed: those to be written before those to be read. */
    public synchronized List<Publication> due() {
        // Until the files are read, nobody knows what of it is still wanted.
        if (!started) {
            return List.of();
        }
        return claims.handOut(sql.transaction(claims::due));
    }

    /**
     * Writes down what is about to be sent or read, before it is.
     *
     * @return the same, or null if there is nothing to do, another claim is not settled yet, something changed meanwhile, or its
     *     publisher is at as many already as it may be
     */
    public synchronized @Nullable Publication claim(Publication claimed) {
        claims.changed(claimed);
        return sql.transaction(() -> claims.claim(claimed)).orElse(null);
    }

    /** What was claimed has come back from its publisher, whatever came of it. */
    public synchronized void returned(Publication claimed) {
        claims.returned(claimed);
    }

    /**
     * Writes down what came of it, and what is to be told about it.
     *
     * @return the publication as it stands now
     */
    public synchronized Publication settle(Settlement settlement) {
        return sql.transaction(() -> claims.settle(settlement, queues));
    }

    /** Lets those that have stopped be asked again, as soon as their hosts allow; what is not stopped any more stays as it is. */
    public synchronized void retry(RetryRequest retry) {
        sql.write(() -> {
            retry(retry.publications());
            for (Event event : retry.events()) {
                events.insert(event, queues);
            }
        });
    }

    private void retry(List<Publication> stopped) throws SQLException {
        for (Publication it : stopped) {
            claims.changed(it);
            publications.retry(it);
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
    public synchronized @Nullable Notification tell(Notification notification) {
        return sql.transaction(() -> events.tell(notification)).orElse(null);
    }

    /** Writes down what came of an attempt to tell; a notice without a time to try again is done. */
    public synchronized void told(Notification notification) {
        sql.transaction(() -> events.told(notification));
    }

    /** Every publication that is kept, in the order of queue, publisher, record and type. */
    public synchronized List<Publication> publications() {
        return sql.transaction(publications::all);
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
    public synchronized @Nullable String writable() {
        return trial.result();
    }

    @Override
    public synchronized void close() {
        sql.close();
    }
}
