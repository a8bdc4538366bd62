package dev.firstup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Event;
import dev.firstup.model.StopException;
import dev.firstup.model.notify.ChannelMessage;
import dev.firstup.model.notify.Notification;
import dev.firstup.notify.MessageRenderer;
import dev.firstup.notify.Notifications;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code notify.camel.yaml} by itself. */
class NotifyFileTest extends PipelineFileSupport {
    private final TestClock clock = new TestClock();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final Rooms rooms = new Rooms();
    /** What the user's routes were given. */
    private final List<ChannelMessage> given = new CopyOnWriteArrayList<>();

    NotifyFileTest() {
        super("notify");
    }

    /** What keeps the messages. */
    public final class Rooms {
        private final List<Notification> untold = new ArrayList<>();
        private final List<Notification> told = new CopyOnWriteArrayList<>();
        private boolean another;

        public List<Notification> untold() {
            List<Notification> now = List.copyOf(untold);
            untold.clear();
            return now;
        }

        public Notification tell(Notification notification) {
            calls.add("written down: attempt " + notification.attempts());
            return another ? null : notification;
        }

        public void told(Notification notification) {
            calls.add(notification.due() == null ? "told" : "not told: " + notification.note());
            told.add(notification);
        }
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("firstup-store", rooms);
        registry.bind("firstup-notifications", new Notifications(clock, Duration.ofMinutes(1)));
        registry.bind("firstup-messages", new MessageRenderer());
        registry.bind("firstup-notify-threads", threads);
    }

    @BeforeEach
    void advise() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ops").routeId("ops").process(it -> {
                    calls.add("sent");
                    given.add(it.getMessage().getBody(ChannelMessage.class));
                });
                from("direct:broken").routeId("broken").process(it -> {
                    calls.add("refused");
                    throw new StopException("answered no_service");
                });
            }
        });
        byHand("firstup-notify-tick");
    }

    @AfterEach
    void end() {
        // Before its own turn: what is on its way may still need the threads.
        context.stop();
        threads.shutdownNow();
    }

    private Notification waiting(String notifier) {
        return new Notification(
                1,
                notifier,
                Fixtures.event(Event.Kind.SERVER_DOWN, "paris", clock.instant(), true),
                0,
                clock.instant(),
                null);
    }

    @Test
    void anAttemptIsWrittenDownThenMadeThenSettled() throws Exception {
        context.start();
        rooms.untold.add(waiting("ops"));
        begin("firstup-notify-tick", null);
        assertThat(calls).containsExactly("written down: attempt 1", "sent", "told");
        assertThat(given).singleElement().satisfies(it -> {
            assertThat(it.notifier()).isEqualTo("ops");
            assertThat(it.subject()).startsWith("chat: ");
            assertThat(it.text()).contains("paris");
        });
    }

    @Test
    void whatAChannelRefusesIsSettledWithItsReasonAndHoldsUpNoOther() throws Exception {
        context.start();
        rooms.untold.addAll(List.of(waiting("broken"), waiting("ops")));
        begin("firstup-notify-tick", null);
        assertThat(calls)
                .containsExactly(
                        "written down: attempt 1",
                        "refused",
                        "not told: answered no_service",
                        "written down: attempt 1",
                        "sent",
                        "told");
        assertThat(rooms.told.get(0).due()).isAfter(clock.instant());
    }

    /** As of a queue that names a route that is there no more. */
    @Test
    void aChannelThatDoesNotExistIsAFailureLikeAnother() throws Exception {
        context.start();
        rooms.untold.add(waiting("nobody"));
        begin("firstup-notify-tick", null);
        assertThat(rooms.told).singleElement().satisfies(it -> {
            assertThat(it.due()).isAfter(clock.instant());
            assertThat(it.note()).contains("nobody");
        });
    }

    /** What failed in the message that gave the nudge has not failed here. */
    @Test
    void aFailureElsewhereIsNone() throws Exception {
        NotifyBuilder nudged = done("firstup-notify-nudge", 1);
        context.start();
        rooms.untold.add(waiting("ops"));
        template.send(
                "seda:firstup-notify?size=1&discardWhenFull=true",
                it -> it.setVariable("failure", new StopException("answered badauth")));
        assertThat(nudged.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(calls).containsExactly("written down: attempt 1", "sent", "told");
    }

    @Test
    void aDryRunSendsNothing() throws Exception {
        context.getPropertiesComponent().addOverrideProperty("firstup.publish.dry-run", "true");
        context.start();
        rooms.untold.add(waiting("ops"));
        begin("firstup-notify-tick", null);
        assertThat(calls).containsExactly("written down: attempt 1", "told");
        assertThat(given).isEmpty();
    }

    @Test
    void whatAnotherHasClaimedIsLeftToIt() throws Exception {
        rooms.another = true;
        context.start();
        rooms.untold.add(waiting("ops"));
        begin("firstup-notify-tick", null);
        assertThat(calls).containsExactly("written down: attempt 1");
    }
}
