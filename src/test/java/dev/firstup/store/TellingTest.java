package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.firstup.Fixtures;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Event.About;
import dev.firstup.model.Event.Change;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.QuietTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is told of what, and when. It is noon by the tests' clock. */
class TellingTest extends StoreCase {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final QuietTime NOON = daily(12, HOUR);

    private static QuietTime daily(int hour, Duration duration) {
        return new QuietTime(LocalTime.of(hour, 0), duration, ZoneOffset.UTC, Set.of(), Set.of());
    }

    private static Queue queue(String name, List<QuietTime> quiet, String... notifiers) {
        PublishTarget target = Fixtures.target("no-ip", name + ".example.org");
        Queue it = Fixtures.queue(name, 1, Failback.AT_ONCE, List.of(target), PARIS, TOKYO);
        return new Queue(
                it.name(),
                it.revision(),
                it.record(),
                it.alias(),
                it.srv(),
                it.ttl(),
                it.servers(),
                it.pace(),
                it.rules(),
                it.witnesses(),
                quiet,
                it.targets(),
                List.of(notifiers));
    }

    private void quiet(QuietTime... quiet) {
        store.configure(Fixtures.configuration(queue("chat", List.of(quiet), "ops")));
    }

    private Event event(String queue, Kind kind, String server, String publisher, String from, String to) {
        return Event.of(kind, clock.instant(), new About(queue, Fixtures.RECORD, server, publisher), "because")
                .with(new Change(from, to, Map.of()))
                .telling(true);
    }

    private void happens(Kind kind) {
        happens(event("chat", kind, null, null, null, null));
    }

    private void happens(Event event) {
        store.keep(new Decision(null, clock.instant(), null, null, null, null, null, List.of(event), null));
    }

    private List<Kind> told() {
        return store.untold().stream().map(it -> it.event().kind()).toList();
    }

    // The monitor as a whole

    @Test
    void whatIsAboutTheMonitorGoesOnceToEveryNotifier() {
        store.configure(Fixtures.configuration(
                queue("chat", List.of(), "ops", "boss"),
                queue("talk", List.of(), "ops"),
                queue("mail", List.of(NOON), "night")));
        happens(event("", Kind.STASIS, null, null, null, null));
        assertThat(store.untold()).extracting(Notification::notifier).containsExactlyInAnyOrder("ops", "boss");
        assertThat(store.events(9)).extracting(Event::queue).containsExactly("");

        clock.pass(HOUR);
        happens(event("", Kind.STASIS_OVER, null, null, null, null));
        assertThat(store.untold().stream().filter(it -> it.event().kind() == Kind.STASIS_OVER))
                .extracting(Notification::notifier)
                .containsExactlyInAnyOrder("ops", "boss", "night");
    }

    @Test
    void whatIsOnlyKeptIsToldToNobody() {
        quiet();
        happens(Event.of(Kind.CONFIG_CHANGED, clock.instant(), About.PROGRAM, "x"));
        assertThat(store.backlog()).isZero();
    }

    // Quiet times

    @Test
    void inAQuietTimeNobodyIsTold() {
        quiet(daily(3, HOUR), NOON);
        for (Kind kind : List.of(Kind.RECOVERED, Kind.SERVER_UP, Kind.DECIDED, Kind.STASIS, Kind.DRIFT)) {
            happens(kind);
        }
        assertThat(store.backlog()).isZero();
        assertThat(store.events(9)).hasSize(5);
        clock.pass(HOUR);
        happens(Kind.RECOVERED);
        assertThat(told()).containsExactly(Kind.RECOVERED);
    }

    @Test
    void whatIsStillWrongAtItsEndIsToldThen() throws IOException {
        quiet(NOON);
        Instant noon = clock.instant();
        happens(Kind.ALL_DOWN);
        happens(event("chat", Kind.PUBLISH_STOPPED, null, "no-ip", null, null));
        happens(event("chat", Kind.SERVER_DOWN, "paris", null, null, null));
        clock.pass(Duration.ofMillis(3_599_999));
        assertThat(told()).isEmpty();
        crash();
        quiet(NOON);
        assertThat(told()).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(store.untold())
                .hasSize(3)
                .allSatisfy(it -> assertThat(it.event().at()).isEqualTo(noon));
    }

    @Test
    void whatWasMendedBeforeItsEndIsNotTold() {
        quiet(NOON);
        happens(event("chat", Kind.SERVER_DOWN, "paris", null, null, null));
        happens(event("chat", Kind.SERVER_DOWN, "tokyo", null, null, null));
        happens(Kind.FAILBACK_LIMITED);
        happens(event("chat", Kind.PUBLISH_WAITING, null, "no-ip", null, null));
        happens(event("chat", Kind.PUBLISH_WAITING, null, "desec", null, null));
        assertThat(store.backlog()).isEqualTo(5);
        clock.pass(MINUTE);
        happens(event("chat", Kind.SERVER_UP, "paris", null, null, null));
        happens(Kind.FAILBACK_FREE);
        happens(event("chat", Kind.PUBLISH_RESUMED, null, "no-ip", null, null));
        clock.pass(HOUR);
        assertThat(store.untold())
                .extracting(it -> it.event().server(), it -> it.event().publisher())
                .containsExactly(tuple("tokyo", null), tuple(null, "desec"));
    }

    @Test
    void ofRemindersOnlyTheNewestIsTold() {
        quiet(NOON);
        happens(event("chat", Kind.PUBLISH_WAITING, null, "no-ip", null, null));
        clock.pass(MINUTE);
        happens(event("chat", Kind.PUBLISH_STOPPED, null, "no-ip", null, null));
        clock.pass(HOUR);
        assertThat(told()).containsExactly(Kind.PUBLISH_STOPPED);
    }

    @Test
    void whereTheRecordEndedUpIsToldUnlessItIsBack() {
        quiet(NOON);
        happens(event("chat", Kind.MOVED, "tokyo", "no-ip", "paris", "tokyo"));
        happens(event("chat", Kind.MOVED, "paris", "no-ip", "tokyo", "paris"));
        assertThat(store.backlog()).isZero();
        happens(event("chat", Kind.MOVED, "tokyo", "no-ip", "paris", "tokyo"));
        happens(event("chat", Kind.MOVED, "quebec", "no-ip", "tokyo", "quebec"));
        clock.pass(HOUR);
        assertThat(store.untold()).extracting(it -> it.event().to()).containsExactly("quebec");
    }

    private void remembered(String queue, boolean allDown, Event... events) {
        QueueMemory memory = new QueueMemory(clock.instant(), Map.of(), List.of(), null, allDown, List.of());
        store.keep(Fixtures.remembering(queue(queue, List.of(NOON), "ops"), memory, events));
    }

    private Event allDown() {
        return event("chat", Kind.ALL_DOWN, null, null, null, null);
    }

    @Test
    void thatAllAreDownIsNotToldOnceOneIsUp() {
        quiet(NOON);
        remembered("chat", true, allDown());
        remembered("chat", true);
        assertThat(store.backlog()).isEqualTo(1);
        remembered("chat", false, event("chat", Kind.DECIDED, "tokyo", null, "nobody", "tokyo"));
        assertThat(store.events(9)).hasSize(2);
        clock.pass(HOUR);
        assertThat(told()).isEmpty();
    }

    @Test
    void anotherQueuesNewsMendsNothing() {
        store.configure(
                Fixtures.configuration(queue("chat", List.of(NOON), "ops"), queue("talk", List.of(NOON), "ops")));
        remembered("chat", true, allDown());
        happens(event("chat", Kind.SERVER_DOWN, "paris", null, null, null));
        remembered("talk", false, event("talk", Kind.SERVER_UP, "paris", null, null, null));
        assertThat(store.backlog()).isEqualTo(2);
    }

    @Test
    void whatWasToBeToldBeforeIsNotTakenBack() {
        quiet(daily(13, HOUR));
        remembered("chat", true, allDown());
        clock.pass(HOUR);
        remembered("chat", false);
        assertThat(told()).containsExactly(Kind.ALL_DOWN);
    }

    @Test
    void aQuietTimeOfDaysIsWaitedForToItsEnd() {
        quiet(new QuietTime(LocalTime.NOON, Duration.ofDays(3), ZoneOffset.UTC, Set.of(), Set.of(31)));
        happens(Kind.ALL_DOWN);
        for (int hour = 0; hour < 72; hour++) {
            assertThat(told()).as("hour " + hour).isEmpty();
            clock.pass(HOUR);
        }
        assertThat(told()).containsExactly(Kind.ALL_DOWN);
    }

    @Test
    void aQuietTimeThatFollowsIsWaitedForToo() {
        quiet(NOON, daily(13, HOUR));
        happens(Kind.ALL_DOWN);
        clock.pass(HOUR);
        assertThat(told()).isEmpty();
        clock.pass(HOUR);
        assertThat(told()).containsExactly(Kind.ALL_DOWN);
    }

    @Test
    void aClockThatIsSetBackLetsNothingWaitForLonger() {
        quiet(NOON);
        happens(Kind.ALL_DOWN);
        clock.back(Duration.ofDays(30).minus(HOUR));
        assertThat(told()).containsExactly(Kind.ALL_DOWN);
    }
}
