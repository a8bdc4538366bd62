package dev.firstup.health;

import static dev.firstup.Fixtures.NO_IP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.health.World.Behaviour;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When our own link is cut. */
class StasisTest {
    private static final Server PARIS = Fixtures.server("paris", "192.0.2.10");
    private static final Server TOKYO = Fixtures.server("tokyo", "192.0.2.20");
    private static final Queue CHAT = Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(NO_IP), PARIS, TOKYO);
    private static final List<String> ALL = List.of("paris", "tokyo", "witness");

    private final World world = new World();

    private World running() {
        world.configure(CHAT).dnsSays("192.0.2.10").seconds(15);
        world.forget();
        return world;
    }

    private World all(Behaviour behaviour) {
        ALL.forEach(it -> world.make(it, behaviour));
        return world;
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSES", "SILENT", "UNPROBED"})
    void aCutLinkMovesNothingAndIsToldOnce(Behaviour cut) {
        running();
        all(cut).run(Duration.ofMinutes(1));
        assertThat(world.told()).containsExactly("STASIS");
        assertThat(world.health.views().get(0).standing().stasis()).isNotNull();
        assertThat(world.server("paris").state().up()).isTrue();

        all(Behaviour.UP).run(Duration.ofMinutes(2));
        assertThat(world.told()).containsExactly("STASIS", "STASIS_OVER");
        assertThat(world.moves()).isEmpty();
        assertThat(world.server("paris").state()).isEqualTo(ServerState.UP);
        assertThat(world.health.views().get(0).standing().stasis()).isNull();
        Event over = world.events().stream()
                .filter(it -> it.kind() == Event.Kind.STASIS_OVER)
                .findFirst()
                .orElseThrow();
        assertThat(over.downtime()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSES", "SILENT"})
    void aShortCutIsNotEvenTold(Behaviour cut) {
        running();
        for (int i = 0; i < 50; i++) {
            all(cut).seconds(2);
            all(Behaviour.UP).seconds(57);
        }
        assertThat(world.told()).isEmpty();
        assertThat(world.moves()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSES", "SILENT"})
    void howeverLongTheCutNothingMoves(Behaviour cut) {
        running();
        for (int seconds = 1; seconds < 40; seconds++) {
            all(cut).seconds(seconds);
            all(Behaviour.UP).seconds(50 + seconds % 7);
        }
        assertThat(world.moves()).isEmpty();
        assertThat(world.told()).allSatisfy(it -> assertThat(it).startsWith("STASIS"));
    }

    @Test
    void aLongCutIsToldAgainEveryQuarterOfAnHour() {
        running();
        all(Behaviour.REFUSES).run(Duration.ofMinutes(46));
        assertThat(world.told()).containsExactly("STASIS", "STASIS", "STASIS", "STASIS");
    }

    @Test
    void aServerThatDiedMeanwhileIsLeftAfterwards() {
        running();
        all(Behaviour.SILENT).run(Duration.ofMinutes(1));
        world.make("tokyo", Behaviour.UP).make("witness", Behaviour.UP).seconds(30);
        assertThat(world.chosen()).isEqualTo("tokyo");
    }

    @Test
    void whatFollowsFromAnOrderMeanwhileIsToldAfterwards() {
        running().make("paris", Behaviour.SILENT).seconds(60);
        all(Behaviour.SILENT).seconds(60);
        world.order(Order.Kind.MAINT, "tokyo", null, "").seconds(60);
        assertThat(world.told()).containsExactly("STASIS");
        assertThat(world.server("tokyo").order()).isNotNull();

        world.make("witness", Behaviour.UP).seconds(60);
        assertThat(world.told()).containsExactly("STASIS", "STASIS_OVER", "ALL_DOWN");
    }

    @Test
    void aWitnessThatAnswersMeansThatTheServersAreDown() {
        running();
        world.make("paris", Behaviour.SILENT).make("tokyo", Behaviour.SILENT).run(Duration.ofMinutes(2));
        assertThat(world.told()).containsExactly("ALL_DOWN");
        assertThat(world.health.views().get(0).standing().stasis()).isNull();
    }

    @Test
    void aWitnessThatFailsAloneIsReportedAndLeftOut() {
        running().make("witness", Behaviour.SILENT).run(Duration.ofMinutes(30));
        assertThat(world.told()).containsExactly("WITNESS_LEFT_OUT");
        assertThat(world.probesOf("witness")).isBetween(25L, 32L);

        world.make("witness", Behaviour.UP).run(Duration.ofMinutes(2));
        world.make("witness", Behaviour.REFUSES).run(Duration.ofMinutes(30));
        assertThat(world.told()).containsExactly("WITNESS_LEFT_OUT", "WITNESS_LEFT_OUT");
    }

    @Test
    void whileTheLinkIsCutServersAreNotHunted() {
        running();
        all(Behaviour.REFUSES).seconds(30);
        world.forget();
        world.run(Duration.ofMinutes(10));
        assertThat(world.probesOf("paris")).isBetween(58L, 62L);
    }
}
