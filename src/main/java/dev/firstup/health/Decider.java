package dev.firstup.health;

import dev.firstup.model.Choice;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerHealth.Effective;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a queue's record should name, and why. */
final class Decider {
    private final QueueFacts facts;
    private final NotificationPolicy notifications;
    /** Whether nothing but another verdict can change what was chosen last. */
    private boolean settled;
    /** Whether the choice has been handed on since the queue was read or changed. */
    private boolean confirmed;

    Decider(QueueFacts facts, NotificationPolicy notifications) {
        this.facts = facts;
        this.notifications = notifications;
    }

    /**
     * Another choice than before.
     *
     * @param from what the record should say so far; null where that is not known
     * @param cause why
     * @param detected when what made the difference was found
     * @param downtime how long the first server that came in had been down before; null where it had not
     */
    record Move(@Nullable Choice from, String cause, Instant detected, @Nullable Duration downtime) {}

    /** The queue was read or changed: the choice is to be handed on again. */
    void reconfigured() {
        confirmed = false;
        settled = false;
    }

    void unsettle() {
        settled = false;
    }

    boolean settled() {
        return settled;
    }

    /** Whether the choice stands and has not been handed on; from now on it has. */
    boolean confirms() {
        boolean confirms = !confirmed && facts.groups.stream().allMatch(it -> it.stays);
        confirmed |= confirms;
        return confirms;
    }

    /** Chooses anew; null where the record should say what it should say already. */
    @Nullable
    Move choose(Instant now) {
        Choice before = facts.choice();
        List<Move> moves = new ArrayList<>();
        boolean open = false;
        for (FamilyGroup group : facts.groups) {
            Selection selection = selection(group, now);
            // One of which nothing is known may go on being named; what is new about it is not published.
            group.stays = selection.kind() == Selection.Kind.STAY
                    && selection.servers().stream().noneMatch(it -> it.effective() == Effective.UNKNOWN);
            Move move = weigh(group, selection, before, now);
            if (move != null) {
                moves.add(move);
            }
            open |= move == null && group.proposed != null || selection.kind() == Selection.Kind.WAIT;
            settled = group.stays && !waiting(group);
        }
        settled &= !open && confirmed && facts.groups.size() == 1 && facts.failbacks.limited() == null;
        if (!open) {
            facts.failbackOrdered = false;
        }
        return moves.isEmpty() ? null : commit(moves, before, now);
    }

    private Selection selection(FamilyGroup group, Instant now) {
        return Selection.of(
                ordered(group), named(group), facts.queue.rules().answers(), group.started, group.proposed, door(now));
    }

    /** What has moved, as one: an event, and what the move itself tells need not be told beside it. */
    private Move commit(List<Move> moves, @Nullable Choice before, Instant now) {
        confirmed = true;
        facts.rememberPreferred();
        Move first = moves.get(0);
        String cause =
                String.join("; ", moves.stream().map(Move::cause).distinct().toList());
        Choice after = facts.choice();
        Order freeze = facts.orders.freeze();
        String reason =
                freeze == null ? cause : cause + "; nothing is written: freeze by hand" + DecisionText.because(freeze);
        // Otherwise people are told once the record has moved from one of the servers to another.
        boolean tell = facts.queue.targets().isEmpty()
                || freeze != null
                || before == null && facts.observation.mayHoldAnything();
        String server = after == null || after.servers().isEmpty()
                ? null
                : after.servers().get(0);
        Event.Change change = new Event.Change(
                before == null ? null : before.label(),
                after == null ? null : after.label(),
                Map.of(Event.Step.DETECTED, first.detected(), Event.Step.DECIDED, now));
        facts.happened(Event.of(Event.Kind.DECIDED, now, Event.About.server(facts.queue, server), reason)
                .with(change)
                .after(first.downtime())
                .telling(tell));
        notifications.recoveries();
        return new Move(before, cause, first.detected(), first.downtime());
    }

    private List<ServerHealth> ordered(FamilyGroup group) {
        List<ServerHealth> servers = new ArrayList<>(group.members.size());
        for (Member it : group.members) {
            servers.add(facts.orders.moves(it.name()) ? 0 : servers.size(), it.health);
        }
        return servers;
    }

    private static List<String> named(FamilyGroup group) {
        return group.pick == null ? List.of() : group.pick.servers();
    }

    private Selection.Door door(Instant now) {
        return new Selection.Door() {
            @Override
            public boolean admits(ServerHealth server, boolean better) {
                if (facts.orders.movesNow(server.server().name()) || better && facts.failbackOrdered) {
                    return true;
                }
                Instant since = server.healthySince();
                Order order = server.order();
                if (since == null && order != null && forcedUp(server)) {
                    since = order.since();
                }
                boolean byHand = better && facts.returnsByHand();
                return !byHand && since != null && !now.isBefore(since.plus(facts.patience()));
            }

            @Override
            public boolean trusts(ServerHealth server) {
                return forcedUp(server) || facts.orders.movesNow(server.server().name());
            }
        };
    }

    private static boolean forcedUp(ServerHealth server) {
        return server.order() != null && server.order().kind() == Order.Kind.FORCE_UP;
    }

    /** Whether time alone can bring a move: a server that is up is not named, and may come in later. */
    private boolean waiting(FamilyGroup group) {
        boolean room = named(group).size() < facts.queue.rules().answers();
        int last = group.lastRank(facts::rank);
        for (Member it : group.members) {
            boolean may = room && !group.names(it) || facts.preferred(it, group, last);
            if (may && it.health.effective() == Effective.UP) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Move weigh(FamilyGroup group, Selection selection, @Nullable Choice before, Instant now) {
        switch (selection.kind()) {
            case WAIT -> {}
            case STAY -> {
                group.proposed = null;
                group.started = true;
                // A move to one that is named is done: later it comes back like any other.
                named(group).forEach(facts.orders::moved);
            }
            case NONE -> {
                group.proposed = null;
                return allDown(group, before, now);
            }
            case MOVE -> {
                if (selection.candidates() == 0 && group.proposed == null && !mayTrust(group, selection)) {
                    return null;
                }
                if (selection.candidates() == 0 || group.proposed != null) {
                    group.proposed = null;
                    group.started = true;
                    return move(group, selection, before, now);
                }
                if (group.mayPropose(now, facts.queue.pace())) {
                    if (group.propose(now).isBefore(now)) {
                        // They were asked a moment ago, and may have answered.
                        return weigh(group, selection(group, now), before, now);
                    }
                }
            }
        }
        return null;
    }

    /** Whether what needs no probe may be done: none is only added while it may be our own link, unless that was ordered just now. */
    private boolean mayTrust(FamilyGroup group, Selection selection) {
        List<String> names =
                selection.servers().stream().map(it -> it.server().name()).toList();
        boolean only = !named(group).isEmpty() && names.containsAll(named(group));
        return !only || !facts.link.doubted() || names.stream().anyMatch(facts.orders::movesNow);
    }

    private @Nullable Move allDown(FamilyGroup group, @Nullable Choice before, Instant now) {
        GroupChoice pick =
                switch (facts.queue.rules().allDown().policy()) {
                    case HOLD -> null;
                    case FIRST ->
                        group.members.stream()
                                .filter(it -> !it.maintained())
                                .map(it -> new GroupChoice(List.of(it.name()), false))
                                .findFirst()
                                .orElse(null);
                    case WITHDRAW -> GroupChoice.NOBODY;
                    case SORRY -> GroupChoice.SORRY;
                };
        if (!group.allDown || pick == null || pick.equals(group.pick)) {
            return null;
        }
        group.pick = pick;
        return new Move(before, "all servers are down", now, null);
    }

    private Move move(FamilyGroup group, Selection selection, @Nullable Choice before, Instant now) {
        List<String> names =
                selection.servers().stream().map(it -> it.server().name()).toList();
        List<String> left = named(group);
        List<Member> old = group.members.stream().filter(group::names).toList();
        GroupChoice was = group.pick;
        List<Member> coming = group.members.stream()
                .filter(it -> names.contains(it.name()) && !left.contains(it.name()))
                .toList();
        Member first = coming.isEmpty() ? null : coming.get(0);
        Order ordered = coming.stream()
                .filter(it -> facts.orders.movesNow(it.name()))
                .map(it -> facts.orders.move(it.name()))
                .findFirst()
                .orElse(null);
        Member returning = first != null
                        && facts.preferred(first, group)
                        && old.stream().anyMatch(it -> it.health.effective() == Effective.UP)
                ? first
                : null;
        group.pick = new GroupChoice(names, false);
        group.moved();

        String cause;
        Instant detected = now;
        if (ordered != null) {
            cause = "ordered by hand: " + DecisionText.order(ordered);
        } else if (returning != null && facts.failbackOrdered) {
            cause = returning.name() + " is up and preferred, and failback was ordered by hand";
        } else if (returning != null) {
            cause = returning.name() + " is up again and preferred";
            detected = since(returning).plus(facts.patience());
            returned(now);
        } else if (was == null) {
            cause = coming.get(0).name() + " is the first that is up, and the record "
                    + facts.observation.found(facts.queue);
        } else if (was.servers().isEmpty()) {
            cause = coming.get(0).name() + " is up again";
            detected = coming.get(0).health.since();
        } else {
            List<String> reasons = new ArrayList<>();
            for (String name : was.servers()) {
                Member it = group.member(name);
                if (it == null) {
                    reasons.add(name + " is no longer in the queue");
                } else if (!names.contains(name)) {
                    reasons.add(name + " " + why(it));
                    // If all were down, it is the recovery that made the difference.
                    detected = it.fell == null || it.health.order() != null
                            ? now
                            : first == null ? it.fell : later(it.fell, first.health.since());
                }
            }
            cause = reasons.isEmpty()
                    ? coming.get(0).name() + " is up, and there is room for it"
                    : String.join("; ", reasons);
        }
        names.forEach(facts.orders::moved);
        Duration downtime = first == null ? null : first.downtime;
        // A server that is named by order alone is still to come back.
        coming.stream().filter(it -> it.health.state().up()).forEach(facts::forgetDowntime);
        Set<String> gone = new HashSet<>(left);
        names.forEach(gone::remove);
        notifications.falls(group, gone);
        return new Move(before, cause, detected, downtime);
    }

    private static Instant since(Member it) {
        Instant healthy = it.health.healthySince();
        // Else it is up by order alone.
        return healthy == null ? Objects.requireNonNull(it.health.order()).since() : healthy;
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void returned(Instant now) {
        facts.changed = true;
        if (facts.failbacks.add(now)) {
            String reason =
                    FailbackLimiter.MOST + " times in an hour; it does so by itself again after an hour without a"
                            + " server down, or now by ./firstup failback " + facts.queue.name();
            facts.happened(Event.Kind.FAILBACK_LIMITED, null, reason, null, true, now);
        }
    }

    private static String why(Member it) {
        ServerHealth health = it.health;
        Order order = health.order();
        if (order != null && order.kind() != Order.Kind.FORCE_UP && health.effective() != Effective.UP) {
            return "is taken out by hand: " + DecisionText.order(order);
        }
        boolean said = health.last() != null && health.last().outcome() != ProbeOutcome.UNKNOWN;
        return health.effective() == Effective.UP
                ? "makes room"
                : "is down" + (said ? ": " + DecisionText.found(health) : "");
    }

    /** Why the record does not name the first server, in one sentence; null where it does, or nothing is known. */
    @Nullable
    String notFirst(Instant now) {
        for (FamilyGroup group : facts.groups) {
            Member first = group.members.isEmpty() ? null : group.members.get(0);
            if (first != null && group.pick != null && !group.names(first)) {
                return first.name() + " " + whyNot(first, now);
            }
        }
        return null;
    }

    private String whyNot(Member it, Instant now) {
        Effective effective = it.health.effective();
        if (effective == Effective.UNKNOWN) {
            return "is not known to be up";
        }
        if (effective != Effective.UP) {
            return why(it);
        }
        for (Order move : facts.orders.ofQueue()) {
            if (move.kind() == Order.Kind.MOVE) {
                return "comes after " + move.server() + " by hand: " + DecisionText.order(move);
            }
        }
        if (facts.failback().manual()) {
            return "is up, and failback is manual";
        }
        if (facts.failbacks.limited() != null) {
            return "is up, and the record went back too often: by hand, or after an hour without a server down";
        }
        if (facts.patience().isZero()) {
            return "is up, and the record is about to go back";
        }
        Instant since = it.health.healthySince();
        return "is up" + (since == null ? "" : " for " + DurationText.length(Duration.between(since, now)))
                + ", and the record goes back after " + DurationText.length(facts.patience()) + " of health";
    }
}
