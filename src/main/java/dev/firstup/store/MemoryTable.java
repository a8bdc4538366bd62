package dev.firstup.store;

import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.ServerState;
import java.sql.SQLException;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is remembered of queues, and when the program was last known to be alive. Within a transaction of the store. */
final class MemoryTable {
    /** So far back, a state says nothing about the present. */
    private static final Duration FRESH = Duration.ofMinutes(2);

    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(30);

    private final SqlSession sql;
    private final Clock clock;

    /** When the program before this one was last known to be alive; null until the queues are known. */
    private @Nullable Instant before;

    /** When this one last wrote down that it is. */
    private @Nullable Instant written;

    MemoryTable(SqlSession sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Forgets all queues but these. */
    void forget(Map<String, Queue> queues) throws SQLException {
        Set<String> gone = new HashSet<>(sql.select(
                "SELECT queue FROM server UNION SELECT queue FROM standing UNION SELECT queue FROM hand",
                row -> row.getString("queue")));
        gone.removeAll(queues.keySet());
        for (String queue : gone) {
            sql.update("DELETE FROM server WHERE queue = ?", queue);
            sql.update("DELETE FROM standing WHERE queue = ?", queue);
            sql.update("DELETE FROM hand WHERE queue = ?", queue);
        }
    }

    /**
     * Forgets what does not hold any more.
     *
     * @param queues as they are configured now
     * @param running the names of those that ran before: what ends there is noticed by those who decide
     * @return that orders ended while nobody noticed
     */
    List<Event> configure(Map<String, Queue> queues, Set<String> running) throws SQLException {
        Instant now = clock.instant();
        boolean stale = false;
        if (before == null) {
            before = lastAlive(now);
            stale = Duration.between(before, now).compareTo(FRESH) > 0;
        }
        for (Map.Entry<String, Map<String, QueueMemory.Remembered>> it :
                servers().entrySet()) {
            Queue queue = queues.get(it.getKey());
            if (stale || queue == null) {
                // Nobody watches it, and the next start may be soon: it must not take this for fresh.
                sql.update(
                        "UPDATE server SET state = ?, since = ?, healthy_since = NULL WHERE queue = ? AND state <> ?",
                        ServerState.UNKNOWN,
                        now,
                        it.getKey(),
                        ServerState.UNKNOWN);
            }
            Set<String> gone = new HashSet<>(it.getValue().keySet());
            if (queue != null) {
                queue.servers().forEach(server -> gone.remove(server.name()));
                for (String server : gone) {
                    sql.update("DELETE FROM server WHERE queue = ? AND server = ?", it.getKey(), server);
                }
            }
        }
        return forgetOrders(queues, running, now);
    }

    private List<Event> forgetOrders(Map<String, Queue> queues, Set<String> running, Instant now) throws SQLException {
        List<Event> events = new ArrayList<>();
        for (Order order : orders()) {
            Queue queue = queues.get(order.queue());
            if (queue == null) {
                continue;
            }
            boolean ended = !running.contains(order.queue()) && over(order, now);
            if (ended) {
                events.add(ended(order, queue));
            }
            if (ended || order.server() != null && !concerns(queue, order.server())) {
                sql.update(
                        "DELETE FROM hand WHERE queue = ? AND server IS ? AND kind = ?",
                        order.queue(),
                        order.server(),
                        order.kind());
            }
        }
        return events;
    }

    /** A time ahead was written before the clock was set back: how long ago that is, nobody knows. */
    private Instant lastAlive(Instant now) throws SQLException {
        List<Instant> found = sql.select("SELECT at FROM alive", row -> RowMapper.present(row, "at"));
        return found.isEmpty() || found.get(0).isAfter(now) ? Instant.EPOCH : found.get(0);
    }

    /** Families that are chosen for apart are two servers, and an order is about both. */
    private static boolean concerns(Queue queue, String server) {
        return queue.servers().stream()
                .anyMatch(it -> it.name().equals(server) || it.name().startsWith(server + "/"));
    }

    private static boolean over(Order order, Instant now) {
        return order.until() != null && !order.until().isAfter(now);
    }

    private static Event ended(Order order, Queue queue) {
        String reason = order.kind().word() + " ended by itself while Firstup was not running"
                + (order.reason().isEmpty() ? "" : "; it was ordered because: " + order.reason());
        return Event.of(
                Event.Kind.ORDER_ENDED,
                Objects.requireNonNull(order.until()),
                Event.About.server(queue, order.server()),
                reason);
    }

    private Map<String, Map<String, QueueMemory.Remembered>> servers() throws SQLException {
        Map<String, Map<String, QueueMemory.Remembered>> servers = new HashMap<>();
        sql.select("SELECT * FROM server", row -> servers.computeIfAbsent(row.getString("queue"), it -> new HashMap<>())
                .put(row.getString("server"), RowMapper.remembered(row)));
        return servers;
    }

    private List<Order> orders() throws SQLException {
        return sql.select("SELECT * FROM hand ORDER BY rowid", RowMapper::order);
    }

    /** What is remembered of those queues of which something is. */
    Map<String, QueueMemory> of(Map<String, Queue> queues) throws SQLException {
        Map<String, Map<String, QueueMemory.Remembered>> servers = servers();
        Map<String, List<Order>> orders = orders().stream().collect(Collectors.groupingBy(Order::queue));
        Map<String, QueueMemory> memories = new HashMap<>();
        Set<String> known = new HashSet<>(servers.keySet());
        known.addAll(orders.keySet());
        for (String queue : known) {
            memories.put(queue, memory(servers.get(queue), List.of(), null, false, orders.get(queue)));
        }
        sql.select("SELECT * FROM standing", row -> {
            String queue = row.getString("queue");
            QueueMemory memory = memory(
                    servers.get(queue),
                    RowMapper.instants(row, "failbacks"),
                    RowMapper.instant(row, "limited"),
                    row.getBoolean("all_down"),
                    orders.get(queue));
            return memories.put(queue, memory);
        });
        memories.keySet().retainAll(queues.keySet());
        return memories;
    }

    private QueueMemory memory(
            @Nullable Map<String, QueueMemory.Remembered> servers,
            List<Instant> failbacks,
            @Nullable Instant limited,
            boolean allDown,
            @Nullable List<Order> orders) {
        return new QueueMemory(
                Objects.requireNonNull(before, "nothing was configured"),
                servers == null ? Map.of() : servers,
                failbacks,
                limited,
                allDown,
                orders == null ? List.of() : orders);
    }

    /** Adds the servers that changed, and replaces the rest. */
    void keep(String queue, QueueMemory memory) throws SQLException {
        for (Map.Entry<String, QueueMemory.Remembered> it : memory.servers().entrySet()) {
            sql.update(
                    "INSERT OR REPLACE INTO server (queue, server, state, since, healthy_since, down_since, degraded)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    queue,
                    it.getKey(),
                    it.getValue().state(),
                    it.getValue().since(),
                    it.getValue().healthySince(),
                    it.getValue().downSince(),
                    it.getValue().degraded());
        }
        sql.update(
                "INSERT OR REPLACE INTO standing (queue, failbacks, limited, all_down) VALUES (?, ?, ?, ?)",
                queue,
                memory.failbacks(),
                memory.limited(),
                memory.allDown());
        sql.update("DELETE FROM hand WHERE queue = ?", queue);
        for (Order order : memory.orders()) {
            sql.update(
                    "INSERT INTO hand (queue, server, kind, since, until, reason) VALUES (?, ?, ?, ?, ?, ?)",
                    queue,
                    order.server(),
                    order.kind(),
                    order.since(),
                    order.until(),
                    order.reason());
        }
    }

    /** Whether an order to freeze the queue is kept. */
    boolean hasFreeze(String queue) throws SQLException {
        return !sql.select("SELECT 1 FROM hand WHERE queue = ? AND kind = 'FREEZE'", row -> queue, queue)
                .isEmpty();
    }

    /** Whether it is time to write down again that the program is alive. */
    boolean silent() {
        return written == null
                || Duration.between(written, clock.instant()).abs().compareTo(BETWEEN_SIGNS) >= 0;
    }

    /** Writes down that the program is alive. */
    void alive() throws SQLException {
        sql.update("INSERT OR REPLACE INTO alive (one, at) VALUES (1, ?)", clock.instant());
    }

    /** That it is alive was written down for good. */
    void lived() {
        written = clock.instant();
    }
}
