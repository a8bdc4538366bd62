package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.Fixtures;
import dev.firstup.model.Decision;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Server;
import dev.firstup.model.rules.Failback;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A queue that was not decided about, for whatever reason, is decided about later, and harms no other. */
class UndecidedTest {
    private final World world = new World();

    UndecidedTest() {
        Server paris = Fixtures.server("paris", "192.0.2.10");
        Server tokyo = Fixtures.server("tokyo", "192.0.2.20");
        world.configure(
                        Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(), paris, tokyo),
                        Fixtures.queue("mail", 1, Failback.AT_ONCE, List.of(), paris, tokyo))
                .run(Duration.ofSeconds(15));
    }

    @Test
    void aQueueThatFailsLosesNoDecisionOfAnother() throws Exception {
        order("chat", "paris", Order.Kind.FORCE_DOWN);
        order("mail", "paris", Order.Kind.FORCE_DOWN);
        order("chat", "tokyo", Order.Kind.FORCE_UP);
        order("mail", "tokyo", Order.Kind.FORCE_UP);
        List<HealthView> views = world.health.views();
        QueueHealth mail = mail();
        Field decider = QueueHealth.class.getDeclaredField("decider");
        decider.setAccessible(true);
        Object whole = decider.get(mail);
        decider.set(mail, new Decider(null, null));

        assertThat(world.health.decide(views))
                .extracting(it -> it.queue().name())
                .containsExactly("chat");
        assertThatThrownBy(() -> world.health.decide(List.of(views.get(1)))).isInstanceOf(NullPointerException.class);

        decider.set(mail, whole);
        assertThat(world.health.decide(world.health.aggregate(List.of())))
                .filteredOn(it -> it.queue().name().equals("mail"))
                .singleElement()
                .satisfies(it -> assertThat(it.chosen().label()).isEqualTo("tokyo"));
    }

    @Test
    void whatIsLeftOutIsOfferedUntilItIsDecided() {
        order("chat", "paris", Order.Kind.MAINT);
        order("chat", "tokyo", Order.Kind.MAINT);
        for (int i = 0; i < 3; i++) {
            assertThat(world.health.aggregate(List.of()))
                    .extracting(it -> it.queue().name())
                    .containsExactly("chat");
        }
        List<Decision> decisions = world.health.decide(world.health.aggregate(List.of()));
        assertThat(decisions).singleElement().satisfies(it -> assertThat(it.events())
                .hasSizeGreaterThanOrEqualTo(2));
        assertThat(world.health.aggregate(List.of())).isEmpty();
    }

    private void order(String queue, String server, Order.Kind kind) {
        world.health.order(new Order(queue, server, kind, world.wall.instant(), null, "because"));
    }

    private QueueHealth mail() throws ReflectiveOperationException {
        Field queues = Health.class.getDeclaredField("queues");
        queues.setAccessible(true);
        return (QueueHealth) ((Map<?, ?>) queues.get(world.health)).get("mail");
    }
}
