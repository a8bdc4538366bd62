package dev.firstup.health;

import dev.firstup.model.Queue;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerHealth.Effective;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Record types that are chosen for together, the servers that have them, and what was chosen. */
final class FamilyGroup {
    /** What was said longer ago is asked again before a move. */
    static final Duration FRESH = Duration.ofSeconds(1);

    final Set<RecordType> types;
    final List<Member> members;
    private final Map<String, Member> byName = new HashMap<>();
    /** What the record should name; null before that is known. */
    @Nullable
    GroupChoice pick;
    /** Whether a choice stands that was made when every better-ranked server was known. */
    boolean started;

    @Nullable
    Instant proposed;

    private @Nullable Instant lastProposal;
    /** When everything that can serve was last asked because the named one may be found down; null where it has not been since a move. */
    private @Nullable Instant asked;
    /** Whether what was said since then counts. */
    private boolean counts;
    /** Whether the record names what it should, as was last looked. */
    boolean stays;
    /** Whether no server can be chosen, and that is known. */
    boolean allDown;
    /** Whether a fall is to be told with that all are down. */
    boolean fallIsNews;
    /** One that was not down when that was last looked for: it is looked at first. */
    private @Nullable Member hope;

    private FamilyGroup(Set<RecordType> types, List<Member> members) {
        this.types = types;
        this.members = List.copyOf(members);
        members.forEach(it -> byName.put(it.name(), it));
    }

    /** The groups of a queue: one, or one for each type. */
    static List<FamilyGroup> of(Queue queue, List<Member> members) {
        if (!queue.rules().apart()) {
            return List.of(new FamilyGroup(queue.types(), members));
        }
        List<FamilyGroup> groups = new ArrayList<>();
        for (RecordType type : queue.types()) {
            List<Member> having = members.stream()
                    .filter(it -> it.health.server().addresses().containsKey(type))
                    .toList();
            groups.add(new FamilyGroup(EnumSet.of(type), having));
        }
        return groups;
    }

    /** Takes over what was chosen and is known under another configuration. */
    void resume(FamilyGroup old, @Nullable GroupChoice pick) {
        this.pick = pick;
        started = old.started;
        lastProposal = old.lastProposal;
        allDown = old.allDown;
        fallIsNews = old.fallIsNews;
    }

    boolean names(Member member) {
        return pick != null && pick.servers().contains(member.name());
    }

    /** The first of those that the record names that is still in the queue; else null. */
    @Nullable
    Member current() {
        return named().findFirst().orElse(null);
    }

    /** Those that the record names and that are still in the queue, in order. Asked for with every verdict: not all are looked at. */
    private Stream<Member> named() {
        return pick == null
                ? Stream.empty()
                : pick.servers().stream()
                        .map(byName::get)
                        .filter(Objects::nonNull)
                        .sorted(Comparator.comparingInt(it -> it.rank));
    }

    /** The rank of the last of those that the record names; -1 where it names none. */
    int lastRank(ToIntFunction<Member> rank) {
        return named().mapToInt(rank).max().orElse(-1);
    }

    /** Whether one of those that the record names is down. */
    boolean leaving() {
        return named().anyMatch(it -> it.health.effective() == Effective.DOWN);
    }

    /** Whether no server can be chosen, and that is not only because the monitor's own probes fail. */
    boolean noneLeft() {
        if (hope != null && hopeful(hope)) {
            return false;
        }
        boolean down = false;
        for (Member it : members) {
            if (hopeful(it)) {
                hope = it;
                return false;
            }
            down |= it.health.effective() == Effective.DOWN;
        }
        return down;
    }

    private static boolean hopeful(Member it) {
        Effective effective = it.health.effective();
        return effective != Effective.DOWN && effective != Effective.MAINT && !Selection.blind(it.health);
    }

    /** Whether each server was down when that was last told. */
    boolean wasDown() {
        return members.stream().allMatch(it -> it.health.downSince() != null || it.health.order() != null);
    }

    boolean anyUp() {
        return members.stream().anyMatch(it -> serves(it.health));
    }

    private static boolean serves(ServerHealth it) {
        return it.effective() == Effective.UP || it.effective() == Effective.DRAIN;
    }

    /** Whether a move may be proposed now: candidates that fail are not hunted. */
    boolean mayPropose(Instant now, Queue.Pace pace) {
        return lastProposal == null || !now.isBefore(lastProposal.plus(pace.fast()));
    }

    /**
     * Has everything that can serve probed again, at once, unless it has just been asked: then what it says counts.
     *
     * @return after when what they say counts
     */
    Instant propose(Instant now) {
        lastProposal = now;
        Instant since = now;
        if (asked != null && counts && now.isBefore(asked.plus(FRESH))) {
            since = asked;
        } else {
            askAll(now, it -> true);
        }
        proposed = since;
        counts = false;
        return since;
    }

    /**
     * What the record names may soon be found down: who could serve instead is asked already, unless that was just done.
     *
     * @param took how long it may be until then
     * @param such who may be asked
     */
    void foresee(Instant now, Duration took, Predicate<Member> such) {
        if (asked == null || !now.plus(took).isBefore(asked.plus(FRESH))) {
            // What is said at this very moment is an answer to it.
            asked = now.minusNanos(1);
            counts = true;
            askAll(now, such);
        }
    }

    /** There is a sign that one fails which could be moved to: what was said before does not count. */
    void suspect(Member member) {
        if (has(member) && !names(member)) {
            counts = false;
        }
    }

    private boolean has(Member member) {
        return byName.get(member.name()) == member;
    }

    /** Whether one is still to answer that was asked: what it said last, it said before. */
    boolean awaits(Member member) {
        Instant since = counts && (proposed == null || proposed.isBefore(asked)) ? asked : proposed;
        return since != null
                && has(member)
                && serves(member.health)
                && !member.last().at().isAfter(since);
    }

    private void askAll(Instant now, Predicate<Member> such) {
        members.stream().filter(it -> serves(it.health)).filter(such).forEach(it -> it.hasten(now));
    }

    /** The candidates have passed: if the one that is named now fails at once, the next move waits for nothing. */
    void moved() {
        lastProposal = null;
        asked = null;
        counts = false;
    }

    /** The servers that what the record holds names, all of it and nothing else; null where it names something else. */
    @Nullable
    GroupChoice named(Map<RecordType, List<String>> observation) {
        List<String> servers = new ArrayList<>();
        Map<RecordType, Set<String>> left = new EnumMap<>(RecordType.class);
        types.forEach(type -> left.put(type, new TreeSet<>(observation.get(type))));
        for (Member it : members) {
            Map<RecordType, String> addresses = it.health.server().addresses();
            boolean whole = types.stream()
                    .filter(addresses::containsKey)
                    .allMatch(type -> observation.getOrDefault(type, List.of()).contains(addresses.get(type)));
            if (whole) {
                servers.add(it.name());
                left.forEach((type, values) -> values.remove(addresses.getOrDefault(type, "")));
            }
        }
        boolean all = left.values().stream().allMatch(Set::isEmpty);
        return all && !servers.isEmpty() ? new GroupChoice(servers, false) : null;
    }

    /** The addresses of the servers that are named, of one type. */
    List<String> values(RecordType type) {
        return named().map(it -> it.health.server().addresses().get(type))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
    }

    /** The server called {@code name}; null where it is not in the queue. */
    @Nullable
    Member member(String name) {
        return byName.get(name);
    }
}
