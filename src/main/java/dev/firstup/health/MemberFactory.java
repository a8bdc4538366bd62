package dev.firstup.health;

import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What of a queue goes on under another configuration, or after a restart. */
final class MemberFactory {
    /** What is remembered of a program that ended longer ago says nothing about how servers are now. */
    private static final Duration FRESH = Duration.ofMinutes(2);

    private MemberFactory() {}

    /**
     * A server as a member of its queue.
     *
     * @param rank its place, from 0
     * @param known the server of this name in the configuration before; null where there was none
     * @param memory what was known when the program ended; null where that is nothing
     * @param due for a server, when it is probed first
     */
    static Member member(
            Queue queue,
            Server server,
            int rank,
            @Nullable Member known,
            @Nullable QueueMemory memory,
            Function<Server, Instant> due,
            Instant now) {
        if (known != null && known.health.server().probedLike(server)) {
            // A shorter interval holds from now on.
            Instant latest = now.plus(queue.pace().interval());
            return Member.like(known, rank, server, known.due.isBefore(latest) ? known.due : latest);
        }
        if (known != null) {
            // Whoever was told that a server is down wants to hear that it is up, also if it is at another address now.
            return new Member(rank, ServerHealth.unknown(server, now, known.health.downSince()), due.apply(server));
        }
        QueueMemory.Remembered it = memory == null ? null : memory.servers().get(server.name());
        if (memory == null || it == null) {
            return new Member(rank, ServerHealth.unknown(server, now, null), due.apply(server));
        }
        boolean fresh = !memory.at().plus(FRESH).isBefore(now) && it.state() != ServerState.UNKNOWN;
        ServerHealth health = fresh
                ? remembered(queue, server, it, now)
                : ServerHealth.unknown(server, now, it.downSince()).with(Set.copyOf(it.degraded()));
        Member member = new Member(rank, health, due.apply(server));
        // Else the next start would take what was known long ago for what was known just now.
        member.changed = !fresh;
        member.remembered = fresh;
        return member;
    }

    private static ServerHealth remembered(Queue queue, Server server, QueueMemory.Remembered it, Instant now) {
        int streak = it.state() == ServerState.UP
                ? queue.rules().rise()
                : -queue.rules().fall();
        return new ServerHealth(
                server,
                it.state(),
                past(it.since(), now),
                streak,
                0,
                0,
                pastOrNone(it.healthySince(), now),
                null,
                pastOrNone(it.downSince(), now),
                null,
                null,
                Set.copyOf(it.degraded()));
    }

    /** The clock may have been set back since. */
    private static Instant past(Instant at, Instant now) {
        return at.isAfter(now) ? now : at;
    }

    private static @Nullable Instant pastOrNone(@Nullable Instant at, Instant now) {
        return at == null ? null : past(at, now);
    }

    /** A record that was moved along with another one so far says the same. */
    static boolean moveTheSame(Queue before, Queue after) {
        if (after.targets().isEmpty()) {
            return true;
        }
        PublishTarget first = after.targets().get(0);
        return before.targets().stream()
                .anyMatch(it -> it.to().equals(first.to()) && it.record().equals(first.record()));
    }

    /** A server that was only renamed is still the one that the record names. */
    static GroupChoice renamed(FamilyGroup group, GroupChoice pick, Queue next) {
        List<String> names = pick.servers().stream()
                .map(name -> renamed(name, group.member(name), next))
                .toList();
        return new GroupChoice(names, pick.sorry());
    }

    private static String renamed(String name, @Nullable Member was, Queue next) {
        boolean stays = next.servers().stream().anyMatch(it -> it.name().equals(name));
        if (was == null || stays) {
            return name;
        }
        return next.servers().stream()
                .filter(it -> it.addresses().equals(was.health.server().addresses()))
                .map(Server::name)
                .findFirst()
                .orElse(name);
    }
}
