package dev.firstup.health;

import dev.firstup.model.Choice;
import dev.firstup.model.Event;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that is known of one queue. Who works on it holds the lock of its {@link QueueHealth}. */
final class QueueFacts {
    final LinkMonitor link;
    final RecordObservation observation = new RecordObservation();
    final ActiveOrders orders;
    final FailbackLimiter failbacks;
    Queue queue;
    List<Member> members = List.of();
    List<FamilyGroup> groups = List.of();
    /** Whether the record is to return to the best server now. */
    boolean failbackOrdered;
    /** Whether what is remembered of the queue as a whole has changed since it was last kept. */
    boolean changed;

    private List<Event> news = new ArrayList<>();

    QueueFacts(Queue queue, LinkMonitor link, @Nullable QueueMemory memory) {
        this.queue = queue;
        this.link = link;
        this.orders = new ActiveOrders(memory == null ? List.of() : memory.orders());
        this.failbacks =
                memory == null ? new FailbackLimiter() : new FailbackLimiter(memory.failbacks(), memory.limited());
    }

    /** Something happened. */
    void happened(
            Event.Kind kind,
            @Nullable String server,
            String reason,
            @Nullable Duration downtime,
            boolean tell,
            Instant at) {
        happened(Event.of(kind, at, Event.About.server(queue, server), reason)
                .after(downtime)
                .telling(tell));
    }

    void happened(Event event) {
        news.add(event);
    }

    boolean hasNews() {
        return !news.isEmpty() && news.stream().anyMatch(this::sayable);
    }

    /** What has happened and was not taken yet. While our own link looks cut, what people would be told waits. */
    List<Event> takeNews() {
        List<Event> taken = news.stream().filter(this::sayable).toList();
        news = news.stream().filter(it -> !sayable(it)).collect(Collectors.toCollection(ArrayList::new));
        return taken;
    }

    private boolean sayable(Event event) {
        return !event.tell() || link.stasis() == null;
    }

    /** The groups that {@code member} can be chosen for. */
    List<FamilyGroup> groupsOf(Member member) {
        return groups.size() == 1
                ? groups
                : groups.stream().filter(it -> it.members.contains(member)).toList();
    }

    boolean allDown() {
        for (FamilyGroup it : groups) {
            if (it.allDown) {
                return true;
            }
        }
        return false;
    }

    /** Replaces what is known of a server, and notes whether it is worth remembering. */
    void replace(Member member, ServerHealth next) {
        ServerHealth before = member.health;
        member.health = next;
        if (before.state() == next.state()
                && before.healthySince() == next.healthySince()
                && before.downSince() == next.downSince()
                && before.degraded() == next.degraded()) {
            return;
        }
        // How long it has been healthy matters, and is worth a write, only while it may come in beside or instead of
        // one that serves.
        boolean waits = queue.rules().answers() > 1 || groups.stream().anyMatch(it -> mayReturn(member, it));
        member.changed |= before.state().up() != next.state().up()
                || before.state().down() != next.state().down()
                || before.downSince() != next.downSince()
                || !before.degraded().equals(next.degraded())
                || waits && before.healthySince() != next.healthySince();
    }

    /** From here on, that this server was down is no longer news. */
    void forgetDowntime(Member member) {
        member.downtime = null;
        replace(member, member.health.toldUp());
    }

    /** Whether {@code member} is preferred to one that the group names, and is not named itself. */
    boolean preferred(Member member, FamilyGroup group) {
        return preferred(member, group, group.lastRank(this::rank));
    }

    /** @param last the rank of the last of those that the group names */
    boolean preferred(Member member, FamilyGroup group, int last) {
        return rank(member) < last && !group.names(member);
    }

    /** Another choice, or other orders: of those that the record may return to now, it is to be remembered how long they are up. */
    void rememberPreferred() {
        for (FamilyGroup group : groups) {
            int last = group.lastRank(this::rank);
            int later = group.lastRank(it -> it.rank);
            for (Member it : group.members) {
                it.changed |= preferred(it, group, last) || it.rank < later && !group.names(it);
            }
        }
    }

    /** Whether the record may return to {@code member}, now or when an order to move has ended. */
    private boolean mayReturn(Member member, FamilyGroup group) {
        return preferred(member, group) || member.rank < group.lastRank(it -> it.rank) && !group.names(member);
    }

    int rank(Member member) {
        return orders.moves(member.name()) ? -1 : member.rank;
    }

    /** Whether the record never returns to a better server by itself. */
    boolean returnsByHand() {
        return queue.rules().failback().manual() || failbacks.limited() != null;
    }

    /** How long a server must be healthy before the record returns to it: a way back must not spend the gap of the next escape. */
    Duration patience() {
        Duration longest = queue.rules().failback().after();
        for (PublishTarget it : queue.targets()) {
            longest = it.gap().compareTo(longest) > 0 ? it.gap() : longest;
        }
        return longest;
    }

    /** What {@link #choice} said last, and of what it was made: it is asked for with every verdict. */
    private @Nullable Choice made;

    private @Nullable List<FamilyGroup> madeOf;
    private final List<@Nullable GroupChoice> madeFrom = new ArrayList<>();

    /** What the record should say, of those types of which that is known; null where it is of none. */
    @Nullable
    Choice choice() {
        boolean same = madeOf == groups;
        for (int i = 0; i < groups.size() && same; i++) {
            same = madeFrom.get(i) == groups.get(i).pick;
        }
        if (!same) {
            made = make();
            madeOf = groups;
            madeFrom.clear();
            groups.forEach(it -> madeFrom.add(it.pick));
        }
        return made;
    }

    private @Nullable Choice make() {
        List<String> names = new ArrayList<>();
        Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
        for (FamilyGroup group : groups) {
            if (group.pick == null) {
                continue;
            }
            group.pick.servers().stream().filter(it -> !names.contains(it)).forEach(names::add);
            Map<RecordType, List<String>> sorry = group.pick.sorry() ? sorry(group) : Map.of();
            for (RecordType type : group.types) {
                values.put(type, group.pick.sorry() ? sorry.get(type) : group.values(type));
            }
        }
        return values.isEmpty() ? null : new Choice(names, values);
    }

    /** What a group says while the server that says sorry is named. */
    Map<RecordType, List<String>> sorry(FamilyGroup group) {
        AllDown allDown = queue.rules().allDown();
        Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
        for (RecordType type : group.types) {
            values.put(type, type == allDown.type() ? List.of(allDown.address()) : List.of());
        }
        return values;
    }

    /** What must survive a restart, if anything of it has changed since it was last asked for; else null. */
    @Nullable
    QueueMemory remember(Instant now) {
        Map<String, QueueMemory.Remembered> servers = new HashMap<>();
        for (Member it : members) {
            if (it.changed) {
                it.changed = false;
                servers.put(it.name(), it.remembered());
            }
        }
        if (servers.isEmpty() && !changed) {
            return null;
        }
        changed = false;
        return new QueueMemory(now, servers, failbacks.times(), failbacks.limited(), allDown(), orders.all());
    }

    Failback failback() {
        return queue.rules().failback();
    }
}
