package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.Selection.Kind;
import dev.firstup.model.Order;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    /** The server that may not come in, the one that a person vouches for, and what the door was asked. */
    private String barred = "";

    private String trusted = "";
    private final List<String> asked = new ArrayList<>();

    private final Selection.Door door = new Selection.Door() {
        @Override
        public boolean admits(ServerHealth server, boolean better) {
            asked.add(server.server().name() + (better ? " better" : " worse"));
            return !server.server().name().equals(barred);
        }

        @Override
        public boolean trusts(ServerHealth server) {
            return server.server().name().equals(trusted);
        }
    };

    private static ServerHealth server(String name, ServerState state, int unknowns, ProbeOutcome last, int seconds) {
        Server server = Fixtures.server(name, "192.0.2.1");
        Verdict verdict = last == null
                ? null
                : Verdict.of(server, NOW.plusSeconds(seconds), last, ReasonCode.L4OK, "so", Duration.ZERO);
        return new ServerHealth(server, state, NOW, 0, unknowns, 0, null, null, null, verdict, null, Set.of());
    }

    private static ServerHealth is(String name, ServerState state) {
        return server(name, state, 0, ProbeOutcome.UP, 0);
    }

    private static ServerHealth blind(String name, int unknowns) {
        return server(name, ServerState.UNKNOWN, unknowns, ProbeOutcome.UNKNOWN, 0);
    }

    private static ServerHealth drained(ServerHealth it) {
        return it.with(new Order("chat", it.server().name(), Order.Kind.DRAIN, NOW, null, ""));
    }

    private Selection select(
            Set<String> named, int answers, boolean started, Instant proposed, ServerHealth... servers) {
        return Selection.of(List.of(servers), named, answers, started, proposed, door);
    }

    private Selection first(String named, ServerHealth... servers) {
        return select(named == null ? Set.of() : Set.of(named), 1, true, null, servers);
    }

    private static void is(Selection selection, Kind kind, int candidates, String... names) {
        assertThat(selection.kind()).isEqualTo(kind);
        assertThat(selection.servers()).extracting(it -> it.server().name()).containsExactly(names);
        assertThat(selection.candidates()).isEqualTo(candidates);
    }

    @Test
    void theFirstThatIsUp() {
        is(first("paris", is("paris", ServerState.UP), is("tokyo", ServerState.UP)), Kind.STAY, 0, "paris");
        is(first("paris", is("paris", ServerState.FALLING), is("tokyo", ServerState.UP)), Kind.STAY, 0, "paris");
        is(first("paris", is("paris", ServerState.DOWN), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "tokyo");
        is(first("paris", is("paris", ServerState.RISING), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "tokyo");
        is(first(null, is("paris", ServerState.UP), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "paris");
        is(first("gone", is("paris", ServerState.UP), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "paris");
        is(first("paris", is("paris", ServerState.DOWN), is("tokyo", ServerState.DOWN)), Kind.NONE, 0);
    }

    @Test
    void whoComesInWhereSomebodyServesMustBeAdmitted() {
        is(first("tokyo", is("paris", ServerState.UP), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "paris");
        assertThat(asked).containsExactly("paris better");
        barred = "paris";
        is(first("tokyo", is("paris", ServerState.UP), is("tokyo", ServerState.UP)), Kind.STAY, 0, "tokyo");
    }

    @Test
    void whereNobodyServesNobodyIsAsked() {
        barred = "paris";
        is(first("tokyo", is("paris", ServerState.UP), is("tokyo", ServerState.DOWN)), Kind.MOVE, 1, "paris");
        assertThat(asked).isEmpty();
    }

    @Test
    void aPlaceBesideOneThatServesIsNotBetterThanIt() {
        ServerHealth[] all = {is("paris", ServerState.UP), is("tokyo", ServerState.DOWN), is("quebec", ServerState.UP)};
        is(select(Set.of("paris", "tokyo"), 2, true, null, all), Kind.MOVE, 1, "paris", "quebec");
        assertThat(asked).containsExactly("quebec worse");
        barred = "quebec";
        is(select(Set.of("paris", "tokyo"), 2, true, null, all), Kind.MOVE, 0, "paris");
    }

    @Test
    void noMoreThanItMayName() {
        ServerHealth[] all = {is("paris", ServerState.UP), is("tokyo", ServerState.UP), is("quebec", ServerState.UP)};
        is(select(Set.of(), 2, true, null, all), Kind.MOVE, 2, "paris", "tokyo");
        is(select(Set.of("paris", "tokyo", "quebec"), 2, true, null, all), Kind.MOVE, 0, "paris", "tokyo");
        is(select(Set.of("paris", "tokyo", "quebec"), 3, true, null, all), Kind.STAY, 0, "paris", "tokyo", "quebec");
    }

    @Test
    void aDrainedServerServesOnlyWhereNoOtherDoes() {
        is(first("paris", drained(is("paris", ServerState.UP)), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "tokyo");
        is(first("paris", drained(is("paris", ServerState.UP)), is("tokyo", ServerState.DOWN)), Kind.STAY, 0, "paris");
        is(first("tokyo", drained(is("paris", ServerState.UP)), is("tokyo", ServerState.DOWN)), Kind.MOVE, 1, "paris");
        is(first("tokyo", drained(is("paris", ServerState.DOWN)), is("tokyo", ServerState.DOWN)), Kind.NONE, 0);
    }

    @Test
    void whatIsNotKnownIsWaitedForUntilItIsBlind() {
        is(first(null, blind("paris", 2), is("tokyo", ServerState.UP)), Kind.WAIT, 0);
        is(first(null, blind("paris", 3), is("tokyo", ServerState.UP)), Kind.MOVE, 1, "tokyo");
        is(first(null, is("tokyo", ServerState.UP), blind("paris", 0)), Kind.MOVE, 1, "tokyo");
        assertThat(Selection.blind(blind("paris", 2))).isFalse();
        assertThat(Selection.blind(blind("paris", 3))).isTrue();
        assertThat(Selection.blind(server("paris", ServerState.UP, 3, ProbeOutcome.UNKNOWN, 0)))
                .isFalse();
    }

    @Test
    void onceAChoiceStoodOneThatIsDownIsLeftWithoutWaiting() {
        ServerHealth[] all = {blind("paris", 0), is("tokyo", ServerState.DOWN), is("quebec", ServerState.UP)};
        is(select(Set.of("tokyo"), 1, true, null, all), Kind.MOVE, 1, "quebec");
        is(select(Set.of("tokyo"), 1, false, null, all), Kind.WAIT, 0);
        is(select(Set.of("quebec"), 1, true, null, all), Kind.WAIT, 0);
    }

    @Test
    void aNamedServerThatIsBlindStays() {
        is(first("paris", blind("paris", 3), is("tokyo", ServerState.UP)), Kind.STAY, 0, "paris");
    }

    // Once a move is proposed

    @Test
    void candidatesMustHaveAnsweredSinceTheProposal() {
        ServerHealth paris = is("paris", ServerState.DOWN);
        ServerHealth quebec = server("quebec", ServerState.UP, 0, ProbeOutcome.UP, 9);
        is(
                select(
                        Set.of("paris"),
                        1,
                        true,
                        NOW,
                        paris,
                        server("tokyo", ServerState.UP, 0, ProbeOutcome.UP, 0),
                        quebec),
                Kind.WAIT,
                0);
        is(
                select(Set.of("paris"), 1, true, NOW, paris, server("tokyo", ServerState.UP, 0, null, 0), quebec),
                Kind.WAIT,
                0);
        is(
                select(
                        Set.of("paris"),
                        1,
                        true,
                        NOW,
                        paris,
                        server("tokyo", ServerState.UP, 0, ProbeOutcome.UP, 1),
                        quebec),
                Kind.MOVE,
                1,
                "tokyo");
        is(
                select(
                        Set.of("paris"),
                        1,
                        true,
                        NOW,
                        paris,
                        server("tokyo", ServerState.FALLING, 0, ProbeOutcome.DOWN, 1),
                        quebec),
                Kind.MOVE,
                1,
                "quebec");
        is(
                select(
                        Set.of("paris"),
                        1,
                        true,
                        NOW,
                        paris,
                        server("tokyo", ServerState.UP, 1, ProbeOutcome.UNKNOWN, 1),
                        quebec),
                Kind.MOVE,
                1,
                "quebec");
        is(
                select(
                        Set.of("paris"),
                        1,
                        true,
                        NOW,
                        paris,
                        server("tokyo", ServerState.FALLING, 0, ProbeOutcome.DOWN, 1)),
                Kind.NONE,
                0);
    }

    @Test
    void whoIsVouchedForIsNotAsked() {
        trusted = "tokyo";
        ServerHealth tokyo = server("tokyo", ServerState.UP, 0, ProbeOutcome.DOWN, 1);
        is(select(Set.of("paris"), 1, true, NOW, is("paris", ServerState.DOWN), tokyo), Kind.MOVE, 0, "tokyo");
        is(select(Set.of("paris"), 1, true, null, is("paris", ServerState.DOWN), tokyo), Kind.MOVE, 0, "tokyo");
    }

    @Test
    void whoIsNamedAndServesIsNotAskedAgain() {
        is(
                select(Set.of("paris"), 1, true, NOW, is("paris", ServerState.FALLING), is("tokyo", ServerState.UP)),
                Kind.STAY,
                0,
                "paris");
    }
}
