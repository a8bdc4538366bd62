package dev.firstup.health;

import dev.firstup.model.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people have ordered about one queue and its servers, and has not ended. */
final class Orders {
    private final Map<String, Order> servers = new LinkedHashMap<>();
    private Order freeze;
    private Order move;
    /** Whether the server of {@link #move} has not been named since it was ordered. */
    private boolean moving;

    Orders(Collection<Order> orders) {
        orders.forEach(this::take);
        moving = false;
    }

    /** Takes a new order, which replaces one of the same kind of thing. */
    void take(Order order) {
        switch (order.kind()) {
            case DRAIN, MAINT, FORCE_UP, FORCE_DOWN -> servers.put(order.server(), order);
            case FREEZE -> freeze = order;
            case MOVE -> {
                move = order;
                moving = true;
            }
            case READY -> lift(order.server());
            case FAILBACK -> {}
        }
    }

    private void lift(String server) {
        if (server == null) {
            freeze = null;
            move = null;
        } else {
            servers.remove(server);
            move = moves(server) ? null : move;
        }
    }

    /** Forgets orders about servers that are not in the queue any more. */
    void retain(Collection<String> names) {
        servers.keySet().retainAll(names);
        move = move == null || names.contains(move.server()) ? move : null;
    }

    /** Takes out the orders whose time is over. */
    List<Order> end(Instant now) {
        if (soonestEnd().isAfter(now)) {
            return List.of();
        }
        List<Order> ended = all().stream().filter(it -> !endOf(it).isAfter(now)).toList();
        servers.values().removeAll(ended);
        freeze = ended.contains(freeze) ? null : freeze;
        move = ended.contains(move) ? null : move;
        return ended;
    }

    Instant soonestEnd() {
        Instant soonest = earlier(endOf(freeze), endOf(move));
        for (Order it : servers.values()) {
            soonest = earlier(soonest, endOf(it));
        }
        return soonest;
    }

    private static Instant endOf(Order order) {
        return order == null || order.until() == null ? Instant.MAX : order.until();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    Order of(String server) {
        return servers.get(server);
    }

    Order freeze() {
        return freeze;
    }

    Order move() {
        return move;
    }

    /** Whether {@code server} comes first by order. */
    boolean moves(String server) {
        return move != null && move.server().equals(server);
    }

    /** Whether the record is to name {@code server} at once. */
    boolean movesNow(String server) {
        return moving && moves(server);
    }

    /** What was ordered to be named is. */
    void moved() {
        moving = false;
    }

    /** Those about the queue as a whole. */
    List<Order> ofQueue() {
        List<Order> orders = new ArrayList<>();
        if (freeze != null) {
            orders.add(freeze);
        }
        if (move != null) {
            orders.add(move);
        }
        return orders;
    }

    List<Order> all() {
        List<Order> orders = ofQueue();
        orders.addAll(servers.values());
        return orders;
    }
}
