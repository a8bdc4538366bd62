package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Order;
import dev.firstup.model.Order.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActiveOrdersTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant END = NOW.plusSeconds(60);

    private final ActiveOrders orders = new ActiveOrders(List.of());

    private static Order order(Kind kind, String server) {
        return new Order("chat", server, kind, NOW, null, "");
    }

    private static Order until(Instant end, Kind kind, String server) {
        return new Order("chat", server, kind, NOW, end, "");
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAIN", "MAINT", "FORCE_UP", "FORCE_DOWN"})
    void aServerHasOneOrderTheNewest(Kind kind) {
        orders.take(order(Kind.DRAIN, "paris"));
        Order newer = order(kind, "paris");
        orders.take(newer);
        assertThat(orders.of("paris")).isSameAs(newer);
        assertThat(orders.of("tokyo")).isNull();
        assertThat(orders.all()).containsExactly(newer);
        assertThat(orders.ofQueue()).isEmpty();
    }

    @Test
    void aQueueHasOneFreezeAndOneMoveToAServer() {
        Order freeze = order(Kind.FREEZE, null);
        Order move = order(Kind.MOVE, "quebec");
        Order drain = order(Kind.DRAIN, "paris");
        orders.take(order(Kind.FREEZE, null));
        orders.take(order(Kind.MOVE, "quebec"));
        orders.take(drain);
        orders.take(freeze);
        orders.take(move);
        assertThat(orders.freeze()).isSameAs(freeze);
        assertThat(orders.move("quebec")).isSameAs(move);
        assertThat(orders.move("tokyo")).isNull();
        assertThat(orders.ofQueue()).containsExactly(freeze, move);
        assertThat(orders.all()).containsExactly(freeze, move, drain);
        assertThat(orders.moves("quebec")).isTrue();
        assertThat(orders.moves("tokyo")).isFalse();
    }

    @Test
    void aMoveThatAnotherReplacesIsForgotten() {
        orders.take(order(Kind.MOVE, "quebec"));
        orders.take(order(Kind.MOVE, "tokyo"));
        orders.unmove("quebec");
        assertThat(orders.moves("quebec")).isFalse();
        assertThat(orders.movesNow("quebec")).isFalse();
        assertThat(orders.movesNow("tokyo")).isTrue();
    }

    @Test
    void readyWithAServerLiftsItsOrderAndAMoveToIt() {
        orders.take(order(Kind.FREEZE, null));
        orders.take(order(Kind.MOVE, "quebec"));
        orders.take(order(Kind.DRAIN, "quebec"));
        orders.take(order(Kind.MAINT, "paris"));
        orders.take(order(Kind.READY, "paris"));
        assertThat(orders.of("paris")).isNull();
        assertThat(orders.move("quebec")).isNotNull();

        orders.take(order(Kind.READY, "quebec"));
        assertThat(orders.of("quebec")).isNull();
        assertThat(orders.move("quebec")).isNull();
        assertThat(orders.freeze()).isNotNull();
    }

    @Test
    void readyWithoutAServerLiftsWhatIsAboutTheQueue() {
        orders.take(order(Kind.FREEZE, null));
        orders.take(order(Kind.MOVE, "quebec"));
        orders.take(order(Kind.DRAIN, "paris"));
        orders.take(order(Kind.READY, null));
        assertThat(orders.ofQueue()).isEmpty();
        assertThat(orders.of("paris")).isNotNull();
    }

    @Test
    void aFailbackIsNotKept() {
        orders.take(order(Kind.FAILBACK, null));
        assertThat(orders.all()).isEmpty();
    }

    @Test
    void aMoveIsToBeDoneUntilItIsDone() {
        assertThat(orders.movesNow("quebec")).isFalse();
        orders.take(order(Kind.MOVE, "quebec"));
        assertThat(orders.movesNow("quebec")).isTrue();
        assertThat(orders.movesNow("paris")).isFalse();
        orders.moved("paris");
        assertThat(orders.movesNow("quebec")).isTrue();
        orders.moved("quebec");
        assertThat(orders.movesNow("quebec")).isFalse();
        assertThat(orders.moves("quebec")).isTrue();
    }

    @Test
    void aMoveThatIsRememberedWasDone() {
        ActiveOrders remembered = new ActiveOrders(List.of(order(Kind.MOVE, "quebec"), order(Kind.DRAIN, "paris")));
        assertThat(remembered.moves("quebec")).isTrue();
        assertThat(remembered.movesNow("quebec")).isFalse();
        assertThat(remembered.of("paris").kind()).isEqualTo(Kind.DRAIN);
    }

    @Test
    void anOrderEndsExactlyThen() {
        Order drain = until(END, Kind.DRAIN, "paris");
        orders.take(drain);
        orders.take(order(Kind.DRAIN, "tokyo"));
        assertThat(orders.soonestEnd()).isEqualTo(END);
        assertThat(orders.end(END.minusNanos(1))).isEmpty();
        assertThat(orders.of("paris")).isNotNull();

        assertThat(orders.end(END)).containsExactly(drain);
        assertThat(orders.of("paris")).isNull();
        assertThat(orders.of("tokyo")).isNotNull();
        assertThat(orders.soonestEnd()).isEqualTo(Instant.MAX);
        assertThat(orders.end(END.plusSeconds(1))).isEmpty();
    }

    @Test
    void eachEndsByItself() {
        Order freeze = until(END, Kind.FREEZE, null);
        Order move = until(END.plusSeconds(1), Kind.MOVE, "quebec");
        Order drain = until(END.plusSeconds(2), Kind.DRAIN, "paris");
        orders.take(freeze);
        orders.take(move);
        orders.take(drain);
        assertThat(orders.soonestEnd()).isEqualTo(END);
        assertThat(orders.end(END)).containsExactly(freeze);
        assertThat(orders.all()).containsExactly(move, drain);
        assertThat(orders.soonestEnd()).isEqualTo(END.plusSeconds(1));
        assertThat(orders.end(END.plusSeconds(1))).containsExactly(move);
        assertThat(orders.all()).containsExactly(drain);
        assertThat(orders.soonestEnd()).isEqualTo(END.plusSeconds(2));
        assertThat(orders.end(END.plusSeconds(5))).containsExactly(drain);
        assertThat(orders.all()).isEmpty();
    }

    @Test
    void ordersAboutServersThatAreGoneAreForgotten() {
        orders.take(order(Kind.MOVE, "quebec"));
        orders.take(order(Kind.DRAIN, "paris"));
        orders.take(order(Kind.MAINT, "tokyo"));
        orders.retain(List.of("paris", "quebec"));
        assertThat(orders.of("tokyo")).isNull();
        assertThat(orders.of("paris")).isNotNull();
        assertThat(orders.move("quebec")).isNotNull();

        orders.retain(List.of("paris"));
        assertThat(orders.move("quebec")).isNull();
        orders.retain(List.of("paris"));
        assertThat(orders.all()).hasSize(1);
    }
}
