package dev.firstup.health;

import dev.firstup.model.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people have ordered about one queue and its servers, and has not ended. */
final class ActiveOrders {
    private final Map<String, Order> servers = new LinkedHashMap<>();
    private final Map<String, Order> moves = new LinkedHashMap<>();
    private @Nullable Order freeze;
    /** The servers of {@link #moves} that have not been named since that was ordered. */
    private final Set<String> moving = new HashSet<>();

    ActiveOrders(Collection<Order> orders) {
        orders.forEach(this::take);
        moving.clear();
    }

    /** Takes a new order, which replaces one of the same kind of thing. */
    void take(Order order) {
        switch (order.kind()) {
            case DRAIN, MAINT, FORCE_UP, FORCE_DOWN -> servers.put(order.server(), order);
            case FREEZE -> freeze = order;
            case MOVE -> {
                moves.put(order.server(), order);
                moving.add(order.server());
            }
            case READY -> lift(order.server());
            case FAILBACK -> {}
        }
    }

    private void lift(@Nullable String server) {
        if (server == null) {
            freeze = null;
            moves.clear();
            moving.clear();
        } else {
            servers.remove(server);
            unmove(server);
        }
    }

    /** Somewhere else than to {@code server} it is to move now. */
    void unmove(String server) {
        moves.remove(server);
        moving.remove(server);
    }

    /** Forgets orders about servers that are not in the queue any more. */
    void retain(Collection<String> names) {
        servers.keySet().retainAll(names);
        moves.keySet().retainAll(names);
        moving.retainAll(names);
    }

    /** Takes out the orders whose time is over. */
    List<Order> end(Instant now) {
        if (soonestEnd().isAfter(now)) {
            return List.of();
        }
        List<Order> ended = all().stream().filter(it -> !endOf(it).isAfter(now)).toList();
        servers.values().removeAll(ended);
        freeze = ended.contains(freeze) ? null : freeze;
        moves.values().removeAll(ended);
        moving.retainAll(moves.keySet());
        return ended;
    }

    Instant soonestEnd() {
        Instant soonest = endOf(freeze);
        for (Order it : moves.values()) {
            soonest = earlier(soonest, endOf(it));
        }
        for (Order it : servers.values()) {
            soonest = earlier(soonest, endOf(it));
        }
        return soonest;
    }

    private static Instant endOf(@Nullable Order order) {
        return order == null || order.until() == null ? Instant.MAX : order.until();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Nullable
    Order of(String server) {
        return servers.get(server);
    }

    @Nullable
    Order freeze() {
        return freeze;
    }

    /** That this server comes first; null where nobody has ordered that. */
    @Nullable
    Order move(String server) {
        return moves.get(server);
    }

    /** Whether {@code server} comes first by order. */
    boolean moves(String server) {
        return !moves.isEmpty() && moves.containsKey(server);
    }

    /** Whether the record is to name {@code server} at once. */
    boolean movesNow(String server) {
        return moving.contains(server);
    }

    /** The record names {@code server}, as was ordered. */
    void moved(String server) {
        moving.remove(server);
    }

    /** Those about the queue as a whole. */
    List<Order> ofQueue() {
        List<Order> orders = new ArrayList<>();
        if (freeze != null) {
            orders.add(freeze);
        }
        orders.addAll(moves.values());
        return orders;
    }

    List<Order> all() {
        List<Order> orders = ofQueue();
        orders.addAll(servers.values());
        return orders;
    }
}
