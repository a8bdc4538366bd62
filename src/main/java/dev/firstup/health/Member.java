package dev.firstup.health;

import dev.firstup.model.Order;
import dev.firstup.model.ProbeConditions;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One server of a queue: its health, when it is probed, and what is still to be told about it. */
final class Member {
    /** How much longer than its time-out a probe is waited for before it counts as lost. */
    static final Duration LOST = Duration.ofSeconds(10);

    final int rank;
    ServerHealth health;
    /** When it is to be probed. */
    Instant due;
    /** When it was last found down by this program: unlike {@code downSince}, never before the program started. */
    @Nullable
    Instant fell;
    /** Whether its fall is still to be told, unless something greater is told instead. */
    boolean untold;
    /** How long it was down before it came back, until that has been told; null where there is nothing to tell. */
    @Nullable
    Duration downtime;
    /** Since when its probes cannot be made; null while they can. */
    @Nullable
    Instant blindSince;

    boolean blindTold;
    /** Good probes in a row that were slow, or minus those that were not. */
    int slow;
    /** Whether it is known from before a restart, and has not been looked at since the record was heard. */
    boolean remembered;
    /** Whether what is remembered of it has changed since it was last kept. */
    boolean changed;

    /** Whether, when its last probe began, something else had answered since it first failed: then it fails by itself. */
    boolean proven;

    /** Whether there was a sign that it fails while its probe was under way, which may have missed that. */
    boolean again;

    /** When its probes that are under way count as lost; null while none is. */
    private @Nullable Instant lost;

    private long sequence = -1;
    /** The verdicts of the round under way, where one server has several probes. */
    private @Nullable Verdict @Nullable [] round;

    Member(int rank, ServerHealth health, Instant due) {
        this.rank = rank;
        this.health = health;
        this.due = due;
    }

    /** The same as {@code old}, in another configuration. */
    static Member like(Member old, int rank, Server server, Instant due) {
        Member member = new Member(rank, old.health.with(server), due);
        member.fell = old.fell;
        member.untold = old.untold;
        member.downtime = old.downtime;
        member.blindSince = old.blindSince;
        member.blindTold = old.blindTold;
        member.proven = old.proven;
        member.slow = old.slow;
        member.changed = old.changed;
        member.sequence = old.sequence;
        return member;
    }

    String name() {
        return health.server().name();
    }

    /** Its last verdict; there must have been one. */
    Verdict last() {
        return Objects.requireNonNull(health.last());
    }

    boolean maintained() {
        return health.order() != null && health.order().kind() == Order.Kind.MAINT;
    }

    /** When it is due next; as if never while nobody is to probe it. */
    Instant next() {
        if (maintained()) {
            return Instant.MAX;
        }
        return lost == null || due.isAfter(lost) ? due : lost;
    }

    /** Counts its probes as under way. */
    void begin(Instant now, LinkMonitor link, List<Server> batch) {
        lost = now.plus(health.server().timeout()).plus(LOST);
        proven = health.failingSince() != null && link.answeredAfter(health.failingSince());
        Server server = health.server();
        batch.add(server);
        List<Server> others = server.conditions().others();
        if (!others.isEmpty()) {
            round = new Verdict[1 + others.size()];
            batch.addAll(others);
        }
    }

    /** Whether a probe of it is under way. */
    boolean underWay() {
        return lost != null;
    }

    void hasten(Instant now) {
        due = due.isBefore(now) ? due : now;
    }

    /**
     * Takes in the verdict of one of its probes.
     *
     * @param part which of its probes: 0 for the first
     * @return what all its probes of this round amount to; null while that is not known, or where the verdict is an old one
     */
    @Nullable
    Verdict take(Verdict verdict, int part) {
        if (verdict.revision() != health.server().revision() || verdict.sequence() <= sequence) {
            return null;
        }
        if (health.server().conditions().others().isEmpty()) {
            return settled(verdict);
        }
        if (round == null) {
            return null;
        }
        round[part] = verdict;
        List<Verdict> all = new ArrayList<>();
        for (Verdict it : round) {
            if (it == null) {
                return null;
            }
            all.add(it);
        }
        round = null;
        return settled(ProbeConditions.combine(health.server(), all).stamped(verdict.sequence(), verdict.at()));
    }

    private Verdict settled(Verdict verdict) {
        sequence = verdict.sequence();
        lost = null;
        return verdict;
    }

    QueueMemory.Remembered remembered() {
        ServerState state = health.state();
        return new QueueMemory.Remembered(
                state.up() ? ServerState.UP : state.down() ? ServerState.DOWN : ServerState.UNKNOWN,
                health.since(),
                health.healthySince(),
                health.downSince(),
                List.copyOf(health.degraded()));
    }
}
