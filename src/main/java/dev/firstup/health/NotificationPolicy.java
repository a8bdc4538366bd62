package dev.firstup.health;

import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerHealth.Effective;
import dev.firstup.model.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happens to servers, as events: each thing once, and where a move or an outage says it, not beside that. */
final class NotificationPolicy {
    /** So long a fall of a named server waits to be told with the move. */
    private static final Duration OVERDUE = Duration.ofMinutes(1);

    private final QueueFacts facts;

    NotificationPolicy(QueueFacts facts) {
        this.facts = facts;
    }

    /** A verdict has changed a server. */
    void changed(Member member, ServerHealth before) {
        ServerHealth after = member.health;
        Instant now = member.last().at();
        if (after.unknowns() >= Selection.BLIND
                && !member.blindTold
                && facts.link.answeredAfter(Objects.requireNonNull(member.blindSince))) {
            // One trouble of ours, however many servers it hides.
            boolean first = facts.members.stream().noneMatch(it -> it.blindTold);
            member.blindTold = true;
            happened(Event.Kind.SERVER_UNKNOWN, member, null, first);
        }
        if (after.state() == ServerState.DOWN && !before.state().down()) {
            member.fell = now;
            facts.changed |= facts.failbacks.fell(now);
            fell(member, before.downSince() == null);
        }
        if (after.state().down()) {
            member.downtime = null;
        } else if (after.state() == ServerState.UP && !before.state().up() && after.downSince() != null) {
            member.downtime = Duration.between(after.downSince(), now);
            boolean tell = recoveryIsNews(member);
            happened(Event.Kind.SERVER_UP, member, member.downtime, tell);
            if (tell) {
                facts.forgetDowntime(member);
            }
        }
        degraded(member);
        // Now, not with the decision: several verdicts may be decided about together, and none of what happened is
        // left out.
        allDown(now);
        if (after.state() == ServerState.UP && !before.state().up()) {
            recoveries();
        }
    }

    private void fell(Member member, boolean isNews) {
        boolean tell = isNews;
        for (FamilyGroup it : facts.groupsOf(member)) {
            it.fallIsNews |= isNews;
            // The fall of a named server is told with what is done about it; until then all may turn out to be down.
            tell &= !it.leaving() && !it.noneLeft();
        }
        member.untold = isNews && !tell;
        happened(Event.Kind.SERVER_DOWN, member, null, tell);
    }

    private void degraded(Member member) {
        DegradationReport degraded = DegradationReport.of(member, facts.queue.rules());
        if (!degraded.now().equals(member.health.degraded())) {
            facts.replace(member, member.health.with(degraded.now()));
        }
        for (String reason : degraded.news()) {
            facts.happened(
                    Event.Kind.DEGRADED,
                    member.name(),
                    reason,
                    null,
                    true,
                    member.last().at());
        }
    }

    /** Looks whether all servers of a group are down, or not any more. */
    void allDown(Instant now) {
        facts.groups.forEach(it -> allDown(it, now));
    }

    private void allDown(FamilyGroup group, Instant now) {
        boolean none = group.noneLeft();
        if (none && !group.allDown) {
            group.allDown = true;
            facts.changed = true;
            String reason =
                    group.members.stream().map(NotificationPolicy::whyNot).collect(Collectors.joining("; "));
            facts.happened(Event.Kind.ALL_DOWN, null, reason, null, group.fallIsNews, now);
            group.fallIsNews = false;
            group.members.forEach(it -> it.untold = false);
        } else if (!none && group.allDown && group.anyUp()) {
            group.allDown = false;
            facts.changed = true;
            Member current = group.current();
            // If another server is up instead, the record moves, and that is what is told.
            if (current != null && current.health.effective() == Effective.UP && current.health.last() != null) {
                if (current.health.state().up()) {
                    happened(Event.Kind.RECOVERED, current, current.downtime, true);
                    facts.forgetDowntime(current);
                } else {
                    // It is still to come back.
                    String reason = DecisionText.order(Objects.requireNonNull(current.health.order()));
                    facts.happened(Event.Kind.RECOVERED, current.name(), reason, null, true, now);
                }
            }
        }
    }

    private static String whyNot(Member member) {
        ServerHealth it = member.health;
        if (it.order() != null && it.order().kind() != Order.Kind.DRAIN) {
            return it.server().name() + " " + DecisionText.order(it.order());
        }
        return it.server().name() + " " + (it.last() == null ? "is down" : DecisionText.found(it));
    }

    /** Tells of the falls that were not told when they happened, now that it is known that they are not the whole story. */
    void falls(FamilyGroup group, Set<String> left) {
        for (Member it : group.members) {
            if (it.untold && it.health.state() == ServerState.DOWN && !left.contains(it.name())) {
                happened(Event.Kind.SERVER_DOWN, it, null, true);
            }
            it.untold = false;
        }
    }

    /** Tells of named servers that are down and are not left, for no other server passes: neither a move nor an outage tells of it. */
    void overdue(Instant now) {
        for (Member it : facts.members) {
            if (it.untold
                    && it.health.state() == ServerState.DOWN
                    && !now.isBefore(Objects.requireNonNull(it.fell).plus(OVERDUE))) {
                it.untold = false;
                happened(Event.Kind.SERVER_DOWN, it, null, true);
            }
        }
    }

    /** Tells of servers that came back while it was not known yet, or was otherwise, what the record names. */
    void recoveries() {
        for (Member it : facts.members) {
            if (it.downtime != null && it.health.last() != null && recoveryIsNews(it)) {
                happened(Event.Kind.SERVER_UP, it, it.downtime, true);
                facts.forgetDowntime(it);
            }
        }
    }

    /** Recovery of a preferred server is told with the move back to it, and that of the first one after all were down as such. */
    private boolean recoveryIsNews(Member member) {
        boolean returns = !facts.returnsByHand() && member.health.order() == null;
        for (FamilyGroup it : facts.groupsOf(member)) {
            if (it.current() == null || it.leaving()) {
                return it.names(member) && !it.allDown;
            }
            if (it.names(member)) {
                return !it.allDown;
            }
            if (returns && facts.preferred(member, it)) {
                return false;
            }
        }
        return true;
    }

    private void happened(Event.Kind kind, Member about, @Nullable Duration downtime, boolean tell) {
        facts.happened(
                kind,
                about.name(),
                DecisionText.found(about.health),
                downtime,
                tell,
                about.last().at());
    }
}
