package dev.firstup.health;

import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One queue as it is watched: when its servers are due, what their verdicts change, what is ordered. One thread at a time. */
final class QueueHealth {
    /** How many neighbours are asked, so that somebody's answer shows whether it is our own link. */
    private static final int NEIGHBOURS = 3;

    private final QueueFacts facts;
    private final ProbeScheduler scheduler;
    private final NotificationPolicy notifications;
    private final Decider decider;
    private Map<String, Place> places = Map.of();
    /** No server is due before: thousands of queues are asked ten times a second. */
    private Instant soonest;

    /** Which of a member's probes a name in a verdict means. */
    private record Place(int member, int part) {}

    /**
     * @param queue the configuration
     * @param memory what was known when the program ended; null where that is nothing
     * @param due for a server, when it is probed first
     * @param now the time
     */
    QueueHealth(
            Queue queue,
            LinkMonitor link,
            ProbeScheduler scheduler,
            @Nullable QueueMemory memory,
            Function<Server, Instant> due,
            Instant now) {
        facts = new QueueFacts(queue, link, memory);
        this.scheduler = scheduler;
        notifications = new NotificationPolicy(facts);
        decider = new Decider(facts, notifications);
        configure(queue, memory, due, now);
    }

    /** Takes a new configuration; what was known of servers that are still probed in the same way is kept. */
    synchronized void configure(Queue queue, Function<Server, Instant> due, Instant now) {
        configure(queue, null, due, now);
    }

    private void configure(Queue queue, @Nullable QueueMemory memory, Function<Server, Instant> due, Instant now) {
        List<Member> members = new ArrayList<>();
        Map<String, Member> old = new HashMap<>();
        facts.members.forEach(it -> old.put(it.name(), it));
        Map<String, Place> named = new HashMap<>();
        for (Server server : queue.servers()) {
            int rank = members.size();
            members.add(MemberFactory.member(queue, server, rank, old.get(server.name()), memory, due, now));
            named.put(server.name(), new Place(rank, 0));
            int part = 0;
            for (Server other : server.conditions().others()) {
                named.put(other.name(), new Place(rank, ++part));
            }
        }
        facts.orders.retain(named.keySet());
        members.forEach(it -> it.health = it.health.with(facts.orders.of(it.name())));
        List<FamilyGroup> groups = FamilyGroup.of(queue, members);
        if (memory != null) {
            groups.forEach(it -> it.allDown = memory.allDown() && (groups.size() == 1 || it.wasDown()));
        }
        if (MemberFactory.moveTheSame(facts.queue, queue)) {
            groups.forEach(it -> resume(it, queue));
        } else {
            facts.observation.forget();
        }
        facts.queue = queue;
        facts.members = List.copyOf(members);
        facts.groups = groups;
        places = Map.copyOf(named);
        soonest = Instant.MIN;
        decider.reconfigured();
        // Without a publisher there is no record that could say what was chosen before.
        facts.observation.adopted |= queue.targets().isEmpty();
    }

    private void resume(FamilyGroup group, Queue queue) {
        for (FamilyGroup old : facts.groups) {
            // That a server has another address as well, or one less, is no reason to choose another one.
            boolean together = facts.groups.size() == 1 && !queue.rules().apart();
            if (together || old.types.equals(group.types)) {
                group.resume(old, old.pick == null ? null : MemberFactory.renamed(old, old.pick, queue));
            }
        }
    }

    synchronized Queue queue() {
        return facts.queue;
    }

    /** Before this time nothing of this queue is due. */
    synchronized Instant soonest() {
        return soonest;
    }

    /**
     * Adds the servers whose probe is due now to {@code batch}, and counts those probes as under way.
     *
     * @param most once there are so many in it, the others wait
     * @return whether there is something to decide about, also where nobody is probed
     */
    synchronized boolean due(Instant now, List<Server> batch, int most) {
        if (soonest.isAfter(now)) {
            return false;
        }
        endOrders(now);
        soonest = facts.orders.soonestEnd();
        if (batch.size() < most) {
            for (Member it : facts.members) {
                if (mayFall(it, now)) {
                    foresee(it, it.last(), now);
                }
            }
        }
        for (Member it : facts.members) {
            if (batch.size() < most && !it.next().isAfter(now)) {
                it.begin(now, facts.link, batch);
            }
            soonest = earlier(soonest, it.next());
        }
        return facts.hasNews();
    }

    /** Whether a server is due now that failed and is not in doubt. */
    private boolean mayFall(Member it, Instant now) {
        Instant failing = it.health.failingSince();
        return failing != null
                && it.last().outcome() == ProbeOutcome.DOWN
                && !it.next().isAfter(now)
                && facts.link.answeredAfter(failing);
    }

    /** Takes one verdict in; false if nothing can follow from it. */
    synchronized boolean aggregate(Verdict part) {
        Place place = places.get(part.server());
        if (place == null) {
            return false;
        }
        Member member = facts.members.get(place.member());
        Verdict verdict = member.take(part, place.part());
        if (verdict == null || member.maintained()) {
            return false;
        }
        boolean doubt = doubt(member, verdict);
        boolean allDown = facts.allDown();
        ServerHealth before = member.health;
        int fall = facts.queue.rules().fall();
        facts.replace(
                member,
                StateTransition.after(before, verdict, fall, facts.queue.rules().rise(), doubt));
        schedule(member);
        notifications.changed(member, before);
        if (!allDown && facts.allDown()) {
            // From now on all are asked more often.
            Instant next = verdict.at().plus(facts.queue.pace().interval());
            facts.members.forEach(it -> hasten(it, next));
        }
        if (before.state() != member.health.state() || before.unknowns() != member.health.unknowns()) {
            decider.unsettle();
        }
        return !decider.settled() || facts.hasNews() || facts.changed || member.changed;
    }

    /** Whether nothing had answered since this server began to fail when its last probe began. Then somebody is asked. */
    private boolean doubt(Member member, Verdict verdict) {
        Instant now = verdict.at();
        boolean unknown = verdict.outcome() == ProbeOutcome.UNKNOWN;
        Instant blind = member.blindSince == null ? now : member.blindSince;
        member.blindSince = unknown ? blind : null;
        member.blindTold &= unknown;
        if (verdict.outcome() == ProbeOutcome.UP) {
            return false;
        }
        Instant failing = member.health.failingSince();
        Instant since = unknown ? blind : failing == null ? now : failing;
        if (!facts.link.answeredAfter(since)) {
            facts.link.doubt(now, facts.queue.witnesses());
            scheduler.urge();
        }
        if (!unknown && since.equals(now)) {
            facts.members.stream()
                    .filter(it -> it != member && it.health.state() == ServerState.UP)
                    .limit(NEIGHBOURS)
                    .forEach(it -> hasten(it, now));
            foresee(member, verdict, now);
        }
        return !member.proven;
    }

    /** There is a sign that a server fails: it is due now, and what its probe says counts. */
    synchronized void suspect(Server server, Instant now) {
        Place place = server.revision() == facts.queue.revision() ? places.get(server.name()) : null;
        if (place != null) {
            Member member = facts.members.get(place.member());
            member.again = member.underWay();
            facts.groups.forEach(it -> it.suspect(member));
            if (!inDoubt(member)) {
                hasten(member, now);
                if (member.health.last() != null) {
                    foresee(member, member.health.last(), now);
                }
                scheduler.urge();
            }
        }
    }

    /** Where one more failure of what the record names is enough, who could serve instead is asked now, and not only after it. */
    private void foresee(Member member, Verdict last, Instant now) {
        if (falls(member, last)) {
            for (FamilyGroup group : facts.groups) {
                if (group.names(member)) {
                    group.foresee(now, last.took(), it -> !inDoubt(it));
                    soonest = earlier(soonest, now);
                }
            }
        }
    }

    /**
     * Whether one more failure is enough. One that has just answered or failed slowly will do so again, and by then what is said
     * meanwhile is old.
     */
    private boolean falls(Member it, Verdict last) {
        boolean forced = it.health.order() != null && it.health.order().kind() != Order.Kind.DRAIN;
        return !forced
                && !it.health.state().down()
                && 1 - Math.min(it.health.streak(), 0) >= facts.queue.rules().fall()
                && last.took().compareTo(FamilyGroup.FRESH) < 0;
    }

    /**
     * Whether nothing has answered since it began to fail. It is asked as soon as anything does: sooner it would say nothing, and then
     * be in the way.
     */
    private boolean inDoubt(Member it) {
        return doubtful(it) && !answeredSince(it);
    }

    /** Whether anything has answered since this one, which fails, began to. */
    private boolean answeredSince(Member it) {
        return facts.link.answeredAfter(Objects.requireNonNull(it.health.failingSince()));
    }

    private void hasten(Member member, Instant now) {
        member.hasten(now);
        soonest = earlier(soonest, member.next());
    }

    private void hasten(Instant now) {
        facts.members.forEach(it -> hasten(it, now));
        // Also where nobody is to be probed: an order may have ended.
        soonest = earlier(soonest, now);
        decider.unsettle();
    }

    /** Something has answered: servers that would be down, were it not for the doubt, are asked again. */
    synchronized void undoubt(Instant now) {
        for (Member it : facts.members) {
            if (doubtful(it)) {
                if (it.last().outcome() == ProbeOutcome.DOWN) {
                    hasten(it, now);
                    scheduler.urge();
                } else {
                    // One that cannot be probed is not asked for each answer of all the others.
                    hasten(it, it.last().at().plus(facts.queue.pace().fast()));
                }
            }
        }
    }

    /** Whether the server that {@code verdict} is about would be down, were it not for the doubt. */
    synchronized boolean doubts(Verdict verdict) {
        Place place = places.get(verdict.server());
        return place != null && doubtful(facts.members.get(place.member()));
    }

    private boolean doubtful(Member it) {
        return !it.health.state().down()
                && -it.health.streak() >= facts.queue.rules().fall();
    }

    private void schedule(Member member) {
        Instant now = member.last().at();
        Queue.Pace pace = facts.queue.pace();
        member.due = switch (member.health.state()) {
            case UNKNOWN, FALLING -> doubtful(member) ? now.plus(doubt(member)) : scheduler.soon(member, pace, now);
            case RISING -> now.plus(pace.fast());
            case UP -> scheduler.next(member, pace.interval(), now);
            case DOWN -> scheduler.next(member, noneLeft(member) ? pace.interval() : pace.down(), now);
        };
        if (member.again) {
            // What it has just said may be from before the sign.
            facts.groups.forEach(it -> it.suspect(member));
        }
        // One in doubt is asked as soon as anything answers.
        boolean again = member.again && !doubtful(member);
        for (FamilyGroup it : facts.groups) {
            again |= it.awaits(member);
        }
        if (again) {
            member.hasten(now);
        }
        member.again = false;
        soonest = earlier(soonest, member.due);
    }

    /** If our own link is cut, thousands of servers are not to be asked each second; as soon as it is not, they are. */
    private Duration doubt(Member member) {
        boolean over = member.last().outcome() == ProbeOutcome.DOWN && answeredSince(member);
        if (over) {
            scheduler.urge();
        }
        return over ? Duration.ZERO : facts.queue.pace().interval();
    }

    private boolean noneLeft(Member member) {
        return facts.groupsOf(member).stream().anyMatch(FamilyGroup::noneLeft);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Hears what the record holds: once all its types were heard, the servers that they name are the current choice. */
    synchronized void adopt(Publication publication, Instant now) {
        if (!facts.observation.complete(publication, facts.queue, now)) {
            return;
        }
        decider.unsettle();
        boolean foreign = false;
        boolean several = false;
        for (FamilyGroup it : facts.groups) {
            it.pick = named(it);
            foreign |= it.pick == null && facts.observation.holdsAnything(it.types);
            several |= it.pick != null
                    && it.pick.servers().size() > queue().rules().answers();
        }
        facts.members.forEach(it -> forgetHealth(it, now));
        if (foreign || several) {
            String reason = "it holds " + facts.observation
                    + (foreign
                            ? ", which is not one server of this queue"
                            : ", which are more servers of this queue than it is to name");
            facts.happened(Event.Kind.FOREIGN, null, reason, null, true, now);
        }
        notifications.recoveries();
    }

    /** While a server is named, how long it has been healthy is not worth a write: after a restart it is not known. */
    private void forgetHealth(Member member, Instant now) {
        if (member.remembered && facts.groups.stream().anyMatch(it -> it.names(member))) {
            member.health = member.health.healthyFrom(now);
        }
        member.remembered = false;
    }

    /** What the record names, as it was heard; null where that is none of what this queue would say. */
    private @Nullable GroupChoice named(FamilyGroup group) {
        if (facts.observation.unreadable(group.types)) {
            return null;
        }
        GroupChoice servers = group.named(facts.observation.values());
        AllDown.Policy policy = facts.queue.rules().allDown().policy();
        if (servers != null || policy == AllDown.Policy.HOLD || policy == AllDown.Policy.FIRST) {
            return servers;
        }
        if (policy == AllDown.Policy.SORRY) {
            return facts.observation.holds(group.types, facts.sorry(group)) ? GroupChoice.SORRY : null;
        }
        // A record that is empty for another reason has not been moved yet.
        return group.allDown && !facts.observation.holdsAnything(group.types) ? GroupChoice.NOBODY : null;
    }

    /** Takes an order. What follows from it is decided next. */
    synchronized void order(Order order, Instant now) {
        Place place = order.server() == null ? null : places.get(order.server());
        if (order.server() != null && place == null) {
            // It left the queue since the order was checked.
            return;
        }
        if (order.kind() == Order.Kind.FAILBACK) {
            facts.failbackOrdered = true;
        } else {
            if (order.kind() == Order.Kind.MOVE) {
                facts.groupsOf(facts.members.get(Objects.requireNonNull(place).member()))
                        .forEach(this::unmove);
            }
            facts.orders.take(order);
            applyOrders(now);
        }
        facts.happened(Event.Kind.ORDERED, order.server(), DecisionText.order(order), null, false, now);
        hasten(now);
    }

    private void unmove(FamilyGroup group) {
        group.members.forEach(it -> facts.orders.unmove(it.name()));
    }

    private void endOrders(Instant now) {
        for (Order it : facts.orders.end(now)) {
            String reason = it.kind().word() + ", after " + DurationText.length(Duration.between(it.since(), now))
                    + DecisionText.because(it);
            facts.happened(Event.Kind.ORDER_ENDED, it.server(), reason, null, false, now);
            applyOrders(now);
            hasten(now);
        }
    }

    private void applyOrders(Instant now) {
        facts.changed = true;
        for (Member it : facts.members) {
            Order order = facts.orders.of(it.name());
            boolean wasMaintained = it.maintained();
            it.health = it.health.with(order);
            if (wasMaintained && !it.maintained()) {
                // What it was before says nothing about what was done to it since.
                facts.replace(
                        it,
                        ServerHealth.unknown(it.health.server(), now, it.health.downSince())
                                .with(order)
                                .with(it.health.degraded()));
            }
        }
        facts.rememberPreferred();
        notifications.allDown(now);
    }

    synchronized HealthView view(Instant now) {
        List<ServerHealth> servers = new ArrayList<>(facts.members.size());
        facts.members.forEach(it -> servers.add(it.health));
        QueueStanding standing = new QueueStanding(
                facts.allDown(),
                facts.link.stasis(),
                facts.failbacks.limited(),
                facts.orders.ofQueue(),
                decider.notFirst(now));
        return new HealthView(facts.queue, servers, facts.choice(), standing, now);
    }

    /** What the record should say now; null if there is nothing to keep. */
    synchronized @Nullable Decision decide(Instant now) {
        try {
            return weigh(now);
        } catch (RuntimeException e) {
            decider.unsettle();
            throw e;
        }
    }

    private @Nullable Decision weigh(Instant now) {
        endOrders(now);
        if (!facts.link.doubted() && facts.failbacks.lifts(now)) {
            facts.changed = true;
            String reason = "no server was down for an hour";
            facts.happened(Event.Kind.FAILBACK_FREE, null, reason, null, true, now);
        }
        Decider.Move move = null;
        boolean confirms = false;
        if (facts.observation.adopted && facts.link.stasis() == null) {
            move = decider.choose(now);
            confirms = move == null && decider.confirms();
            notifications.overdue(now);
        }
        if (facts.groups.stream().anyMatch(it -> now.equals(it.proposed))) {
            // Those that are proposed are due at once.
            soonest = now;
            scheduler.urge();
        }
        QueueMemory memory = facts.remember(now);
        if (move == null && !confirms && memory == null && !facts.hasNews()) {
            return null;
        }
        Queue queue = facts.queue;
        List<Event> events = facts.takeNews();
        if (move != null) {
            return new Decision(
                    queue,
                    now,
                    move.detected(),
                    facts.choice(),
                    move.from(),
                    move.cause(),
                    move.downtime(),
                    events,
                    memory);
        }
        Choice choice = confirms ? facts.choice() : null;
        String cause = choice != null ? choice.label() + " is up and stays chosen" : "nothing moves";
        return new Decision(queue, now, now, choice, choice, cause, null, events, memory);
    }
}
