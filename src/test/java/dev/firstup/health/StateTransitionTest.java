package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateTransitionTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");

    /** {@code +} is a good probe, {@code -} a failed one, {@code ?} one that could not be made. */
    @ParameterizedTest(name = "fall {0}, rise {1}: {2} is {3}")
    @CsvSource({
        "3, 2, '', UNKNOWN",
        "3, 2, +, UNKNOWN",
        "3, 2, ++, UP",
        "3, 2, --, UNKNOWN",
        "3, 2, ---, DOWN",
        "3, 2, +-+-, UNKNOWN",
        "3, 2, --+--, UNKNOWN",
        "3, 2, ++-, FALLING",
        "3, 2, ++--, FALLING",
        "3, 2, ++---, DOWN",
        "3, 2, ++--+, UP",
        "3, 2, ++--+--, FALLING",
        "3, 2, ++----, DOWN",
        "3, 2, ---+, RISING",
        "3, 2, ---+-, DOWN",
        "3, 2, ---+-+, RISING",
        "3, 2, ---++, UP",
        "3, 2, ---+++, UP",
        "1, 1, +, UP",
        "1, 1, -, DOWN",
        "1, 1, +-, DOWN",
        "1, 1, -+, UP",
        "1, 3, -++, RISING",
        "3, 2, ???, UNKNOWN",
        "3, 2, +?+, UP",
        "3, 2, -?-?-, DOWN",
        "3, 2, ++????, UP",
        "3, 2, ++-?, FALLING",
        "3, 2, ---?, DOWN",
        "3, 2, ---+?, RISING",
    })
    void verdictsMakeAState(int fall, int rise, String verdicts, ServerState expected) {
        assertThat(after(verdicts, fall, rise).state()).isEqualTo(expected);
    }

    @Test
    void unknownVerdictsAreCountedAndChangeNothingElse() {
        ServerHealth before = after("++-", 3, 2);
        ServerHealth after = after("++-??", 3, 2);

        assertThat(after.unknowns()).isEqualTo(2);
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("unknowns", "last")
                .isEqualTo(before);
        assertThat(after("++-??-", 3, 2).unknowns()).isZero();
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        // The tenth of twenty, never three in a row.
        "++-+-+-+-+-+-+-+-+-+-, DOWN",
        "++-+-+-+-+-+-+-+-+-+, UP",
        "++--+--+--+--+--, DOWN",
        // One in three is bearable for ever.
        "++-++-++-++-++-++-++-++-++-++-++-++-++-+, UP",
        // Also before it was ever up.
        "-+-+-+-+-+-+-+-+-+-, DOWN",
    })
    void aServerThatLosesHalfOfItsProbesIsDown(String verdicts, ServerState expected) {
        assertThat(after(verdicts, 3, 2).state()).isEqualTo(expected);
    }

    @Test
    void aLossyServerIsUpAgainOnceItsLossesHavePassed() {
        String lossy = "++" + "--+".repeat(7);

        assertThat(after(lossy + "+".repeat(5), 3, 2).state()).isEqualTo(ServerState.RISING);
        assertThat(after(lossy + "+".repeat(6), 3, 2).state()).isEqualTo(ServerState.UP);
    }

    @Test
    void aServerThatWasHardDownHasNoPastToLiveDown() {
        assertThat(after("++" + "-".repeat(40) + "++", 3, 2).state()).isEqualTo(ServerState.UP);
        assertThat(after("++" + "-+".repeat(9) + "---" + "++", 3, 2).state()).isEqualTo(ServerState.UP);
    }

    @Test
    void healthIsUnbrokenOnlyWithoutASingleFailure() {
        assertThat(after("++", 3, 2).healthySince()).isEqualTo(second(2));
        assertThat(after("++++", 3, 2).healthySince()).isEqualTo(second(2));
        assertThat(after("++-", 3, 2).healthySince()).isNull();
        assertThat(after("++-+", 3, 2).healthySince()).isEqualTo(second(4));
        assertThat(after("++?+", 3, 2).healthySince()).isEqualTo(second(2));
    }

    @Test
    void timesSayWhenAStateWasEnteredAndWhenTheServerFell() {
        ServerHealth down = after("++-----", 3, 2);
        assertThat(down.since()).isEqualTo(second(5));
        assertThat(down.downSince()).isEqualTo(second(5));
        // A step on the way up is no new fall.
        assertThat(after("++---+-", 3, 2).downSince()).isEqualTo(second(5));
    }

    @Test
    void aServerKnownToBeDownKeepsTheTimeOfItsFall() {
        Instant before = START.minusSeconds(3600);
        assertThat(after("---", 3, 2, before).downSince()).isEqualTo(before);
        assertThat(after("++", 3, 2, before).downSince()).isEqualTo(before);
    }

    private static Instant second(int second) {
        return START.plusSeconds(second);
    }

    private static ServerHealth after(String verdicts, int fall, int rise) {
        return after(verdicts, fall, rise, null);
    }

    private static ServerHealth after(String verdicts, int fall, int rise, Instant downSince) {
        ServerHealth health = ServerHealth.unknown(PARIS, START, downSince);
        for (int i = 0; i < verdicts.length(); i++) {
            ProbeOutcome outcome =
                    switch (verdicts.charAt(i)) {
                        case '+' -> ProbeOutcome.UP;
                        case '-' -> ProbeOutcome.DOWN;
                        default -> ProbeOutcome.UNKNOWN;
                    };
            Verdict verdict = Verdict.of(PARIS, second(i + 1), outcome, ReasonCode.L4OK, "so", Duration.ZERO);
            health = StateTransition.after(health, verdict, fall, rise, false);
        }
        return health;
    }
}
