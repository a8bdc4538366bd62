package dev.firstup.store;

import static dev.firstup.Fixtures.NO_IP;
import static dev.firstup.Fixtures.RECORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.firstup.Fixtures;
import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Publication.Taken;
import dev.firstup.model.Publication.Told;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.notify.Notification;
import dev.firstup.model.publish.RetryRequest;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.rules.Failback;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoreTest extends StoreCase {
    // Round trips

    @Test
    void aNewPublicationIsHeldAndDueAtOnce() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(store.due()).singleElement().satisfies(it -> {
            assertThat(it.wanted().held()).isTrue();
            assertThat(it.decided()).isNull();
            assertThat(it.confirmed().values()).isNull();
            assertThat(it.wanted().move()).isNull();
            assertThat(it.ttl()).isEqualTo(MINUTE);
            assertThat(it.nameservers()).isEmpty();
            assertThat(it.told().moved()).isTrue();
        });
    }

    @Test
    void everythingAboutAPublicationIsKept() throws IOException {
        PublishTarget target = new PublishTarget(
                "no-ip",
                RECORD,
                List.of("127.0.0.1:5300", "ns2.example.org"),
                "print",
                Duration.ofSeconds(61),
                PublishTarget.Api.READS,
                true,
                true);
        Queue queue = Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(target), PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(new Decision(
                queue,
                clock.instant(),
                clock.instant().minusSeconds(3),
                Fixtures.choice(queue, TOKYO),
                Fixtures.choice(queue, PARIS),
                "because",
                Duration.ofSeconds(7),
                List.of(),
                null));
        Publication it = only();
        Instant now = clock.instant();
        Publication full = it.edit()
                .confirmed(List.of("192.0.2.1", "192.0.2.2"), now.plusMillis(1))
                .attempt(none -> new Attempt(List.of(), now.plusMillis(2), 5, 13, 6))
                .taken(nothing -> new Taken("C123", 7, 14))
                .notBefore(now.plusMillis(3))
                .due(now.plusMillis(4))
                .stopped("stopped")
                .told(nothing ->
                        new Told(true, now.plusMillis(8), "reported", List.of(now.minusMillis(9), now.plusMillis(9))))
                .proof(new Publication.Proof(now.plusMillis(10), now.plusMillis(11), now.plusMillis(12)))
                .note("it's a note")
                .done();
        settle(full);

        assertThat(only()).isEqualTo(full);
        assertThat(only().wanted().move())
                .isEqualTo(new Publication.Move(
                        "paris", "tokyo", "because", now.minusSeconds(3), now, Duration.ofSeconds(7)));
        crash();
        assertThat(only()).isEqualTo(full);
    }

    @Test
    void everythingAboutAnEventIsKept() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Instant now = clock.instant();
        Event full = Event.of(Kind.MOVED, now, new Event.About("chat", RECORD, "tokyo", "no-ip"), "because")
                .with(new Event.Change(
                        "paris", "tokyo", Map.of(Event.Step.DETECTED, now, Event.Step.VISIBLE, now.plusMillis(1500))))
                .after(Duration.ofSeconds(5))
                .telling(true);
        Event bare = Event.of(Kind.CONFIG_REJECTED, now, Event.About.PROGRAM, "bad");
        store.keep(decision(chat(PARIS), null, null, full, bare));

        assertThat(store.events(10))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(bare, full);
        assertThat(store.events(1)).hasSize(1);
    }

    // Crashes

    @Test
    void afterACrashEverythingIsHeldAndTheAttemptIsStillThere() throws IOException {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO, Fixtures.event(Kind.ALL_DOWN, null, clock.instant(), true)));
        store.claim(claim(only(), Ask.WRITE));
        crash();
        assertThat(only().attempt().values()).containsExactly("192.0.2.20");
        assertThat(store.untold()).hasSize(1);

        store.configure(Fixtures.configuration(queue));
        assertThat(store.due()).singleElement().satisfies(it -> {
            assertThat(it.wanted().held()).isTrue();
            assertThat(it.attempt().values()).containsExactly("192.0.2.20");
            assertThat(it.wanted().move().to()).isEqualTo("tokyo");
        });
    }

    @Test
    void aMoveThatARestartInterruptedIsStillThatMove() throws IOException {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO));
        Publication.Move move = only().wanted().move();
        crash();
        store.configure(Fixtures.configuration(queue));
        clock.pass(MINUTE);
        store.keep(decision(queue, TOKYO, TOKYO));

        assertThat(only().wanted().move()).isEqualTo(move);
        assertThat(only().wanted().held()).isFalse();
        assertThat(only().told().moved()).isFalse();
    }

    // What waits for a thread

    private static Queue numbered(int number) {
        PublishTarget target = Fixtures.target("no-ip", "q" + number + ".example");
        return Fixtures.queue("q" + number, 1, Failback.AT_ONCE, List.of(target), PARIS, TOKYO);
    }

    @Test
    void eachRowIsHandedOutOnceUntilItIsClaimed() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Publication due = store.due().get(0);
        assertThat(store.due()).isEmpty();
        store.claim(claim(due, Ask.READ));
        assertThat(store.due()).isEmpty();
        clock.pass(MINUTE);
        assertThat(store.due()).hasSize(1);
    }

    @Test
    void whatGotLostOnItsWayIsHandedOutAgain() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(store.due()).hasSize(1);
        clock.pass(Duration.ofMinutes(9));
        assertThat(store.due()).isEmpty();
        clock.pass(MINUTE);
        assertThat(store.due()).hasSize(1);
    }

    @Test
    void whileAllThreadsAreBlockedNoMoreIsHandedOut() {
        Queue[] queues = IntStream.range(0, 500).mapToObj(StoreTest::numbered).toArray(Queue[]::new);
        store.configure(Fixtures.configuration(queues));
        Event told = Fixtures.event(Kind.ALL_DOWN, null, clock.instant(), true);
        store.configure(Fixtures.configuration(chat(PARIS)));
        store.keep(
                decision(chat(PARIS), null, null, Collections.nCopies(500, told).toArray(Event[]::new)));
        store.configure(Fixtures.configuration(queues));
        int publications = 0;
        int notifications = 0;
        for (int tick = 0; tick < 100; tick++) {
            publications += store.due().size();
            notifications += store.untold().size();
        }
        assertThat(publications).isEqualTo(HandedOut.MOST);
        assertThat(notifications).isEqualTo(HandedOut.MOST);
    }

    @Test
    void whatIsToBeWrittenGoesBeforeAnyReading() {
        Queue[] queues = IntStream.range(0, 500).mapToObj(StoreTest::numbered).toArray(Queue[]::new);
        store.configure(Fixtures.configuration(queues));
        assertThat(store.due()).hasSize(HandedOut.MOST);
        clock.pass(MINUTE);
        store.keep(decision(queues[400], PARIS, TOKYO));
        assertThat(store.due()).extracting(Publication::queue).containsExactly("q400");
    }

    @Test
    void aDecisionDoesNotWaitForAReadingThatWaitsForAThread() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        assertThat(store.due()).hasSize(1);
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(store.due()).singleElement().satisfies(it -> assertThat(it.decided())
                .containsExactly("192.0.2.20"));
    }

    @Test
    void aClockThatIsSetBackBlocksNothing() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        Event told = Fixtures.event(Kind.ALL_DOWN, null, clock.instant(), true);
        store.keep(decision(queue, PARIS, TOKYO, told));
        store.claim(claim(store.due().get(0), Ask.WRITE));
        Notification notification = store.untold().get(0);
        store.tell(new Notification(
                notification.id(),
                "ops",
                notification.event(),
                1,
                clock.instant().plus(MINUTE),
                null));
        assertThat(store.due()).isEmpty();
        assertThat(store.untold()).isEmpty();

        clock.back(Duration.ofDays(30));
        assertThat(store.untold()).hasSize(1);
        assertThat(store.claim(claim(store.due().get(0), Ask.READ))).isNotNull();
    }

    // Claims and settlements that cross

    @Test
    void aClaimHasOneWinner() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Publication due = store.due().get(0);
        assertThat(store.claim(claim(due, Ask.READ))).isNotNull();
        assertThat(store.claim(claim(due, Ask.READ))).isNull();
        assertThat(store.due()).isEmpty();
    }

    @Test
    void nothingToDoIsWrittenDownAndNotHandedOut() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(store.claim(claim(only(), Ask.NOTHING))).isNull();
        assertThat(only().schedule().due()).isEqualTo(clock.instant().plus(MINUTE));
    }

    @Test
    void aDecisionBetweenClaimAndSettleIsNotLost() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, null, PARIS));
        Publication claimed = store.claim(claim(only(), Ask.WRITE));
        clock.pass(Duration.ofSeconds(1));
        store.keep(decision(queue, PARIS, TOKYO));
        settle(confirmed(claimed, true), moved());

        assertThat(only().confirmed().values()).containsExactly("192.0.2.10");
        assertThat(only().decided()).containsExactly("192.0.2.20");
        assertThat(only().told().moved()).isFalse();
        assertThat(store.due()).hasSize(1);
        assertThat(store.events(10)).isEmpty();
    }

    @Test
    void aReadingThatIsUnderWayCannotForgetAnAttempt() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        Publication reading = store.claim(claim(only(), Ask.READ));
        clock.pass(Duration.ofSeconds(1));
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(store.claim(claim(only(), Ask.WRITE))).isNull();

        settle(reading);
        assertThat(store.claim(claim(only(), Ask.WRITE))).isNotNull();
        assertThat(only().attempt().values()).containsExactly("192.0.2.20");
    }

    @Test
    void aClaimThatGotLostIsWaitedForNoLongerThanItsLease() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.claim(claim(only(), Ask.READ));
        clock.pass(MINUTE);
        assertThat(store.claim(claim(only(), Ask.READ))).isNotNull();
    }

    @Test
    void whatWasReadBeforeAnAttemptWasSettledCannotSendAgain() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO));
        Publication stale = only();
        settle(copy(
                confirmed(store.claim(claim(stale, Ask.WRITE)), false),
                List.of("192.0.2.20"),
                clock.instant(),
                null,
                clock.instant(),
                0,
                null,
                false,
                Ask.NOTHING));

        assertThat(store.claim(claim(stale, Ask.WRITE))).isNull();
        assertThat(store.claim(claim(only(), Ask.READ))).isNotNull();
    }

    @Test
    void whatIsSettledAfterItsLeaseCannotForgetANewerAttempt() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO));
        Publication reading = store.claim(claim(only(), Ask.READ));
        clock.pass(MINUTE);
        Publication first = store.claim(claim(only(), Ask.WRITE));
        settle(reading);
        assertThat(only().attempt().values()).containsExactly("192.0.2.20");

        clock.pass(MINUTE);
        Publication second = store.claim(claim(only(), Ask.WRITE));
        settle(confirmed(first, true), moved());
        assertThat(only().attempt().values()).containsExactly("192.0.2.20");
        assertThat(store.events(10)).isEmpty();
        settle(confirmed(second, true), moved());
        assertThat(only().agrees()).isTrue();
        assertThat(store.events(10)).hasSize(1);
    }

    @Test
    void aReadingThatOutlivedItsLeaseAndAnotherOneIsOld() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Publication old = store.claim(claim(only(), Ask.READ));
        clock.pass(MINUTE);
        settle(store.claim(claim(only(), Ask.READ)));
        Instant due = only().schedule().due();
        settle(copy(old, List.of("192.0.2.99"), clock.instant(), null, due, 0, null, true, Ask.READ));
        assertThat(only().confirmed().values()).isNull();
    }

    @Test
    void aDecisionThatIsTakenBackBeforeItWasSentIsNoMove() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, null, PARIS));
        settle(confirmed(store.claim(claim(only(), Ask.WRITE)), true));
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(only().told().moved()).isFalse();
        clock.pass(MINUTE);
        store.keep(decision(queue, TOKYO, PARIS));
        assertThat(only().agrees()).isTrue();
        assertThat(only().told().moved()).isTrue();
    }

    @Test
    void bothFamiliesOfAMoveAreToldAsOne() {
        Queue queue = chat(
                PARIS, Fixtures.server("tokyo", Map.of(RecordType.A, "192.0.2.20", RecordType.AAAA, "2001:db8::20")));
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, queue.servers().get(1)));
        List<Publication> both = store.publications();
        assertThat(both).extracting(Publication::type).containsExactly(RecordType.A, RecordType.AAAA);
        for (Publication it : both) {
            settle(confirmed(store.claim(claim(it, Ask.WRITE)), true), moved());
        }
        assertThat(store.events(10)).extracting(Event::kind).containsExactly(Kind.MOVED);
    }

    // What a record should say

    private void decide(Queue queue, Choice previous, Choice chosen) {
        Instant now = clock.instant();
        store.keep(new Decision(queue, now, now, chosen, previous, "because", null, List.of(), null));
    }

    private static Choice of(List<String> servers, Map<RecordType, List<String>> values) {
        return new Choice(servers, values);
    }

    @Test
    void severalValuesHaveNoOrder() throws IOException {
        Queue queue = chat(PARIS, TOKYO);
        Choice both = of(List.of("tokyo", "paris"), Map.of(RecordType.A, List.of("192.0.2.20", "192.0.2.10")));
        store.configure(Fixtures.configuration(queue));
        decide(queue, Fixtures.choice(queue, PARIS), both);
        assertThat(only().decided()).containsExactly("192.0.2.10", "192.0.2.20");
        assertThat(only().wanted().move().from()).isEqualTo("paris");
        assertThat(only().wanted().move().to()).isEqualTo("tokyo, paris");
        settle(confirmed(store.claim(claim(only(), Ask.WRITE)), true));
        Publication.Move move = only().wanted().move();

        clock.pass(MINUTE);
        decide(queue, both, of(List.of("paris", "tokyo"), Map.of(RecordType.A, List.of("192.0.2.10", "192.0.2.20"))));
        assertThat(only().wanted().move()).isEqualTo(move);
        assertThat(only().agrees()).isTrue();
        crash();
        assertThat(only().agrees()).isTrue();
        assertThat(only().decided()).containsExactly("192.0.2.10", "192.0.2.20");
    }

    @Test
    void whatIsReadInAnotherOrderAgrees() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        decide(queue, null, of(List.of("paris", "tokyo"), Map.of(RecordType.A, List.of("192.0.2.10", "192.0.2.20"))));
        Publication claimed = store.claim(claim(only(), Ask.READ));
        settle(copy(
                claimed,
                List.of("192.0.2.20", "192.0.2.10"),
                clock.instant(),
                null,
                claimed.schedule().due(),
                0,
                null,
                false,
                Ask.READ));
        assertThat(only().agrees()).isTrue();
        assertThat(store.due()).isEmpty();
    }

    @Test
    void nothingIsWithdrawnOfEachType() throws IOException {
        Queue queue = chat(
                PARIS, Fixtures.server("tokyo", Map.of(RecordType.A, "192.0.2.20", RecordType.AAAA, "2001:db8::20")));
        store.configure(Fixtures.configuration(queue));
        decide(
                queue,
                Fixtures.choice(queue, PARIS),
                of(List.of(), Map.of(RecordType.A, List.of(), RecordType.AAAA, List.of())));
        crash();
        assertThat(store.publications()).hasSize(2).allSatisfy(it -> {
            assertThat(it.decided()).isEmpty();
            assertThat(it.wanted().move().to()).isEqualTo("nobody");
            assertThat(it.agrees()).isFalse();
        });
    }

    @Test
    void aSorryAddressIsNobodysServer() {
        Queue queue = chat(
                PARIS, Fixtures.server("tokyo", Map.of(RecordType.A, "192.0.2.20", RecordType.AAAA, "2001:db8::20")));
        store.configure(Fixtures.configuration(queue));
        Choice sorry = of(List.of(), Map.of(RecordType.A, List.of("192.0.2.99"), RecordType.AAAA, List.of()));
        decide(queue, Fixtures.choice(queue, PARIS), sorry);
        assertThat(store.publications())
                .extracting(Publication::decided)
                .containsExactly(List.of("192.0.2.99"), List.of());
        assertThat(only().wanted().move().to()).isEqualTo("192.0.2.99");
        decide(queue, sorry, Fixtures.choice(queue, PARIS));
        // Nobody was told of anything else.
        assertThat(only().wanted().move().from()).isEqualTo("paris");
    }

    @Test
    void aTypeAboutWhichNothingIsDecidedIsLeftAlone() {
        Queue queue = chat(
                PARIS, Fixtures.server("tokyo", Map.of(RecordType.A, "192.0.2.20", RecordType.AAAA, "2001:db8::20")));
        store.configure(Fixtures.configuration(queue));
        decide(queue, null, of(List.of("paris"), Map.of(RecordType.A, List.of("192.0.2.10"))));
        assertThat(store.publications())
                .extracting(Publication::decided, it -> it.wanted().held())
                .containsExactly(tuple(List.of("192.0.2.10"), false), tuple(null, true));
    }

    // Another configuration

    @Test
    void anotherFingerprintClearsAStop() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Publication it = only();
        settle(copy(it, null, null, null, clock.instant().plus(MINUTE), 4, "badauth", true, Ask.NOTHING));
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(only().schedule().stopped()).isEqualTo("badauth");
        assertThat(store.due()).isEmpty();

        PublishTarget mended = new PublishTarget(
                "no-ip", RECORD, List.of(), "another", Duration.ZERO, PublishTarget.Api.NONE, false, false);
        Publication claimed = claim(only(), Ask.READ);
        store.configure(Fixtures.configuration(Fixtures.queue("chat", 2, Failback.AT_ONCE, List.of(mended), PARIS)));
        assertThat(only().schedule().stopped()).isNull();
        assertThat(only().attempt().failures()).isZero();
        assertThat(store.due()).hasSize(1);
        // What was under way knows nothing of that.
        settle(claimed);
        assertThat(only().schedule().stopped()).isNull();
    }

    /** It said less of an account then. */
    @Test
    void anUpgradeFromRelease01ClearsNoStop() {
        String old = "0123456789abcdef";
        store.configure(Fixtures.configuration(with(old)));
        settle(copy(only(), null, null, null, clock.instant().plus(MINUTE), 4, "badauth", true, Ask.NOTHING));

        store.configure(Fixtures.configuration(with(old + "01234567")));
        assertThat(only().schedule().stopped()).isEqualTo("badauth");
        assertThat(only().fingerprint()).isEqualTo(old + "01234567");
        store.configure(Fixtures.configuration(with(old + "89abcdef")));
        assertThat(only().schedule().stopped()).isNull();
    }

    private static Queue with(String fingerprint) {
        PublishTarget target = new PublishTarget(
                "no-ip", RECORD, List.of(), fingerprint, Duration.ZERO, PublishTarget.Api.NONE, false, false);
        return Fixtures.queue("chat", 1, Failback.AT_ONCE, List.of(target), PARIS);
    }

    private Publication stop(Publication it) {
        return copy(it, null, null, null, clock.instant().plus(MINUTE), 4, "badauth", true, Ask.NOTHING)
                .edit()
                .attempt(last -> new Attempt(last.values(), last.sentAt(), last.failures(), last.lost(), 3))
                .notBefore(clock.instant().plus(MINUTE))
                .done();
    }

    private void assertRetried() {
        assertThat(only().schedule().stopped()).isNull();
        assertThat(only().attempt().failures()).isZero();
        assertThat(only().attempt().ambiguous()).isZero();
        assertThat(only().schedule().due()).isEqualTo(clock.instant());
        // The host is left alone for as long as it wants to be.
        assertThat(only().schedule().notBefore()).isEqualTo(clock.instant().plus(MINUTE));
    }

    @Test
    void aStopIsClearedByHand() throws IOException {
        store.configure(Fixtures.configuration(chat(PARIS)));
        settle(stop(only()));
        assertThat(store.due()).isEmpty();
        Event ordered = Fixtures.event(Kind.ORDERED, null, clock.instant(), false);
        store.retry(new RetryRequest(List.of(only()), List.of(ordered)));
        assertRetried();
        assertThat(store.due()).hasSize(1);
        assertThat(store.events(1)).extracting(Event::kind).containsExactly(Kind.ORDERED);
        crash();
        assertRetried();
        assertThat(store.events(1)).extracting(Event::kind).containsExactly(Kind.ORDERED);
    }

    @Test
    void whatWasReadMeanwhileDoesNotStopItAgain() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        settle(stop(only()));
        clock.pass(MINUTE);
        Publication reading = store.claim(claim(store.due().get(0), Ask.READ));
        store.retry(new RetryRequest(List.of(only()), List.of()));
        store.settle(new Settlement(
                reading, "read", List.of(Fixtures.event(Kind.PUBLISH_STOPPED, null, clock.instant(), true))));
        assertThat(only().schedule().stopped()).isNull();
        assertThat(only().attempt().failures()).isZero();
        assertThat(only().attempt().ambiguous()).isZero();
        assertThat(store.due()).hasSize(1);
        assertThat(store.events(9)).isEmpty();
        assertThat(store.untold()).isEmpty();
    }

    @Test
    void whatIsNotStoppedAnyMoreIsLeftAsItIs() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        settle(stop(only()));
        Publication stopped = only();
        settle(copy(only(), null, null, null, clock.instant().plus(MINUTE), 2, null, true, Ask.NOTHING));
        store.retry(new RetryRequest(List.of(stopped), List.of()));
        assertThat(only().attempt().failures()).isEqualTo(2);
        assertThat(store.due()).isEmpty();
    }

    @Test
    void aStopIsClearedAtAStartThatSaysSo() throws IOException {
        store.configure(Fixtures.configuration(chat(PARIS)));
        settle(stop(only()));
        crash();
        store.setRetryStopped(true);
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertRetried();
        settle(copy(only(), null, null, null, clock.instant().plus(MINUTE), 1, "badauth", true, Ask.NOTHING));
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(only().schedule().stopped()).isEqualTo("badauth");
    }

    @Test
    void aRemovedQueueIsQuietAndComesBackHeld() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, null, PARIS));
        assertThat(only().wanted().held()).isFalse();
        store.configure(Fixtures.configuration());
        assertThat(store.due()).isEmpty();
        // A decision that was on its way does not wake it.
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(store.due()).isEmpty();
        assertThat(only().decided()).containsExactly("192.0.2.10");

        store.configure(Fixtures.configuration(queue));
        assertThat(store.due())
                .singleElement()
                .satisfies(it -> assertThat(it.wanted().held()).isTrue());
    }

    @Test
    void aRecordThatGoesToAnotherQueueIsReadAnew() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        store.keep(decision(chat(PARIS), null, PARIS));
        settle(confirmed(store.claim(claim(only(), Ask.WRITE)), true));
        assertThat(store.due()).isEmpty();
        store.configure(Fixtures.configuration(Fixtures.queue("talk", 1, Failback.AT_ONCE, List.of(NO_IP), PARIS)));
        assertThat(store.due())
                .singleElement()
                .satisfies(it -> assertThat(it.wanted().held()).isTrue());
    }

    // Notices

    @Test
    void whatIsToBeToldIsKeptUntilItIsTold() {
        Queue queue = chat(PARIS);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(
                queue,
                null,
                null,
                Fixtures.event(Kind.ALL_DOWN, null, clock.instant(), true),
                Fixtures.event(Kind.SERVER_DOWN, "paris", clock.instant(), false)));
        Notification notification = store.untold().get(0);
        assertThat(store.backlog()).isEqualTo(1);
        assertThat(notification.event().kind()).isEqualTo(Kind.ALL_DOWN);
        assertThat(notification.notifier()).isEqualTo("ops");

        Instant later = clock.instant().plus(MINUTE);
        Notification attempt = new Notification(notification.id(), "ops", notification.event(), 1, later, null);
        assertThat(store.tell(attempt)).isEqualTo(attempt);
        assertThat(store.tell(attempt)).isNull();
        assertThat(store.untold()).isEmpty();
        store.told(new Notification(notification.id(), "ops", notification.event(), 1, later, "refused"));
        clock.pass(MINUTE);
        assertThat(store.untold()).singleElement().satisfies(it -> {
            assertThat(it.attempts()).isEqualTo(1);
            assertThat(it.note()).isEqualTo("refused");
        });
        store.told(new Notification(notification.id(), "ops", notification.event(), 2, null, null));
        assertThat(store.backlog()).isZero();
    }

    @Test
    void thatAQueueIsGoneIsToldToThoseWhoWereToldAboutIt() {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Event gone = Fixtures.event(Kind.CONFIG_CHANGED, null, clock.instant(), true);
        store.configure(Fixtures.configuration(List.of(gone)));
        assertThat(store.untold()).hasSize(1);
    }

    @Test
    void whatIsForANotifierThatNoQueueNamesIsDropped() throws IOException {
        store.configure(Fixtures.configuration(chat(PARIS)));
        Event told = Fixtures.event(Kind.ALL_DOWN, null, clock.instant(), true);
        store.keep(decision(chat(PARIS), null, null, told, told));
        crash();
        store.configure(new Configuration(List.of(), List.of("broken"), false, List.of()));
        assertThat(store.backlog()).isEqualTo(2);

        store.configure(Fixtures.configuration());
        assertThat(store.backlog()).isZero();
        assertThat(store.events(1)).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(Kind.CONFIG_CHANGED);
            assertThat(it.reason()).endsWith("no queue names any more: 2 to ops");
            assertThat(it.tell()).isFalse();
        });
    }

    @Test
    void oldEventsGoButNeverOnesThatAreStillToBeTold() {
        Queue queue = chat(PARIS);
        store.configure(Fixtures.configuration(queue));
        List<Event> events = new ArrayList<>();
        events.add(Fixtures.event(Kind.ALL_DOWN, null, clock.instant(), true));
        events.addAll(Collections.nCopies(10_100, Fixtures.event(Kind.SERVER_UP, "paris", clock.instant(), false)));
        store.keep(decision(queue, null, null, events.toArray(Event[]::new)));

        assertThat(store.events(20_000)).hasSize(10_001);
        assertThat(store.untold()).hasSize(1);
    }

    @Test
    void aWriteThatWasNotProvedForLongIsRemindedOfOnceForBothTypesOfARecord() {
        Queue queue =
                chat(Fixtures.server("paris", Map.of(RecordType.A, "192.0.2.10", RecordType.AAAA, "2001:db8::1")));
        store.configure(Fixtures.configuration(queue));
        for (int month = 1; month <= 2; month++) {
            for (Publication it : store.publications()) {
                Event event = Fixtures.event(Kind.CREDENTIAL, null, clock.instant(), true)
                        .alsoOf(it);
                store.claim(it.edit()
                        .ask(Ask.READ)
                        .due(clock.instant().plus(MINUTE))
                        .done());
                Publication reminded = it.edit()
                        .ask(Ask.READ)
                        .due(clock.instant())
                        .proof(new Publication.Proof(null, null, clock.instant()))
                        .done();
                store.settle(new Settlement(reminded, "read", List.of(event)));
                clock.pass(Duration.ofSeconds(1));
            }
            assertThat(store.events(10)).hasSize(month);
            clock.pass(Duration.ofDays(30));
        }
    }

    @Test
    void unreadableIsToldOnceForBothTypesOfARecord() {
        Queue queue =
                chat(Fixtures.server("paris", Map.of(RecordType.A, "192.0.2.10", RecordType.AAAA, "2001:db8::1")));
        store.configure(Fixtures.configuration(queue));
        for (Publication it : store.publications()) {
            Publication odd = it.edit()
                    .due(clock.instant())
                    .told(told -> told.oddity("NXDOMAIN"))
                    .done();
            settle(odd, Fixtures.event(Kind.UNREADABLE, null, clock.instant(), true));
        }
        assertThat(store.untold()).hasSize(1);
    }

    @Test
    void thousandsOfPublicationsAreNoTrouble() {
        Queue[] queues = IntStream.range(0, 5_000)
                .mapToObj(it -> Fixtures.queue(
                        "q" + it, 1, Failback.AT_ONCE, List.of(Fixtures.target("no-ip", "q" + it + ".example")), PARIS))
                .toArray(Queue[]::new);
        store.configure(Fixtures.configuration(queues));
        int seen = 0;
        for (List<Publication> due = store.due(); !due.isEmpty(); due = store.due()) {
            seen += due.size();
            due.forEach(it -> store.claim(claim(it, Ask.READ)));
        }
        assertThat(seen).isEqualTo(5_000);
        for (int i = 0; i < 100; i++) {
            store.keep(decision(queues[i], null, PARIS));
        }
        assertThat(store.publications().stream().filter(it -> !it.wanted().held()))
                .hasSize(100);
    }

    // The file

    @Test
    void theFileIsForItsOwnerOnly() throws IOException {
        store.configure(Fixtures.configuration(chat(PARIS)));
        try (var files = Files.list(file.getParent())) {
            assertThat(files).isNotEmpty().allSatisfy(it -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(it)))
                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void aSecondOneOnTheSameFileIsToldSo() {
        assertThatThrownBy(() -> new Store(file.toString(), clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is another Firstup running?");
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(store.due()).hasSize(1);
    }

    @Test
    void aFileThatIsNoDatabaseIsSetAside() throws IOException {
        startWith("this is no database, whatever its name says".repeat(100).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTruncatedFileIsSetAside() throws IOException {
        store.configure(Fixtures.configuration(chat(PARIS)));
        store.close();
        byte[] whole = Files.readAllBytes(file);
        startWith(Arrays.copyOf(whole, whole.length / 2));
    }

    @Test
    void aDamagedFileIsSetAside() throws IOException {
        store.configure(Fixtures.configuration(chat(PARIS)));
        store.close();
        byte[] damaged = Files.readAllBytes(file);
        Arrays.fill(damaged, 4096, damaged.length, (byte) 0x5a);
        startWith(damaged);
    }

    private void startWith(byte[] content) throws IOException {
        store.close();
        Files.write(file, content);
        store = new Store(file.toString(), clock);
        store.configure(Fixtures.configuration(chat(PARIS)));
        assertThat(store.due()).hasSize(1);
        try (var files = Files.list(file.getParent())) {
            List<Path> aside =
                    files.filter(it -> it.toString().contains(".unreadable-")).toList();
            assertThat(aside).hasSize(1);
            assertThat(Files.readAllBytes(aside.get(0))).isEqualTo(content);
        }
    }

    @Test
    void anEmptyFileIsANewState() throws IOException {
        store.close();
        Files.write(file, new byte[0]);
        store = new Store(file.toString(), clock);
        assertThat(store.publications()).isEmpty();
    }

    @Test
    void whatIsNoFileIsLeftAloneAndNamed() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("directory"));
        assertThatThrownBy(() -> new Store(directory.toString(), clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be used")
                .hasMessageContaining("firstup.state");
        assertThat(directory).isDirectory();
        assertThatThrownBy(() -> new Store(file.resolve("below-a-file").toString(), clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("firstup.state");
    }

    @Test
    void afterTheDiskWasFullItGoesOn() throws Exception {
        store.close();
        Connection connection = StateFile.open(folder.resolve("small.db"), clock);
        store = new Store(connection, clock);
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        limit(connection, 1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        store.keep(decision(
                                queue, null, PARIS, Fixtures.event(Kind.SERVER_DOWN, "paris", clock.instant(), true)));
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("full");
        limit(connection, 1_000_000);
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(only().wanted().move().to()).isEqualTo("tokyo");
    }

    @Test
    void aMoveReachesTheDiskBeforeItIsSentAndAnOrderAtOnce() {
        store.close();
        List<String> said = new ArrayList<>();
        store = new Store(noting(StateFile.open(folder.resolve("noted.db"), clock), said), clock);
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        said.clear();
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(said).containsExactly("PRAGMA synchronous = NORMAL", "BEGIN", "COMMIT");
        said.clear();
        store.claim(claim(only(), Ask.WRITE));
        assertThat(said)
                .startsWith("PRAGMA synchronous = FULL", "BEGIN", "COMMIT")
                .endsWith("BEGIN", "COMMIT");
        said.clear();
        store.keep(decision(queue, TOKYO, PARIS, Fixtures.event(Kind.ORDERED, null, clock.instant(), false)));
        store.keep(decision(queue, null, null, Fixtures.event(Kind.SERVER_DOWN, "paris", clock.instant(), true)));
        assertThat(said).containsExactly("BEGIN", "COMMIT", "BEGIN", "COMMIT");
    }

    /** @param said gets what is executed, other than with parameters */
    private static Connection noting(Connection connection, List<String> said) {
        return noting(Connection.class, connection, (result, arguments) -> {
            if (!(result instanceof Statement statement) || result instanceof PreparedStatement) {
                return result;
            }
            return noting(Statement.class, statement, (executed, sql) -> {
                if (sql != null) {
                    said.add((String) sql[0]);
                }
                return executed;
            });
        });
    }

    private static <T> T noting(Class<T> type, T noted, BiFunction<Object, Object[], Object> what) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> what.apply(method.invoke(noted, arguments), arguments)));
    }

    @Test
    void aFullDiskIsNoticedAndItsEndToo() throws Exception {
        store.close();
        Connection connection = StateFile.open(folder.resolve("small.db"), clock);
        store = new Store(connection, clock);
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        assertThat(store.writable()).isNull();
        limit(connection, 1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        store.keep(decision(
                                queue, null, PARIS, Fixtures.event(Kind.SERVER_DOWN, "paris", clock.instant(), true)));
                    }
                })
                .hasMessageContaining("full");
        clock.pass(Duration.ofMillis(9_999));
        assertThat(store.writable()).as("not tried again yet").isNull();
        clock.pass(Duration.ofMillis(1));
        assertThat(store.writable())
                .startsWith("the state could not be read or written: ")
                .contains("full");
        limit(connection, 1_000_000);
        clock.pass(Duration.ofSeconds(10));
        assertThat(store.writable()).isNull();
    }

    @Test
    void aTrialLeavesNothingBehind() throws Exception {
        store.writable();
        store.close();
        long size = Files.size(file);
        for (int i = 0; i < 100; i++) {
            store = new Store(file.toString(), clock);
            assertThat(store.writable()).isNull();
            store.close();
        }
        assertThat(Files.size(file)).isEqualTo(size);
    }

    private static void limit(Connection connection, int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + pages);
        }
    }

    /** A route of the user's that never returns would otherwise take one thread after the other. */
    @Test
    void onePublisherTakesNoMoreThanHalfOfTheThreads() {
        store.setThreads(4);
        List<PublishTarget> targets = Stream.of("one.example", "two.example", "three.example")
                .map(it -> Fixtures.target("no-ip", it))
                .collect(Collectors.toCollection(ArrayList::new));
        targets.add(Fixtures.target("he", "four.example"));
        Queue queue = Fixtures.queue("chat", 1, Failback.AT_ONCE, targets, PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO));

        UnaryOperator<Publication> written = it -> it.edit()
                .ask(Ask.WRITE)
                .attempt(attempt -> new Attempt(it.decided(), null, 0, 0, 0))
                .due(clock.instant().plus(MINUTE))
                .done();
        List<Publication> claimed = store.due().stream()
                .map(it -> store.claim(written.apply(it)))
                .filter(Objects::nonNull)
                .toList();
        assertThat(claimed).extracting(Publication::publisher).containsExactlyInAnyOrder("no-ip", "no-ip", "he");

        store.returned(claimed.stream()
                .filter(it -> it.publisher().equals("no-ip"))
                .findFirst()
                .orElseThrow());
        assertThat(store.due())
                .singleElement()
                .extracting(it -> store.claim(written.apply(it)))
                .isNotNull();
    }

    /** More of it than is handed out at a time is no wall before the others. */
    @Test
    void whatWaitsForAPublisherThatNeverReturnsHoldsUpNoOther() {
        store.setThreads(2);
        List<PublishTarget> targets = IntStream.range(0, HandedOut.MOST + 2)
                .mapToObj(it -> Fixtures.target("no-ip", it + ".example"))
                .collect(Collectors.toCollection(ArrayList::new));
        Queue slow = Fixtures.queue("chat", 1, Failback.AT_ONCE, targets, PARIS, TOKYO);
        Queue other =
                Fixtures.queue("mail", 1, Failback.AT_ONCE, List.of(Fixtures.target("he", "he.example")), PARIS, TOKYO);
        store.configure(Fixtures.configuration(slow, other));
        store.keep(decision(slow, PARIS, TOKYO));
        clock.pass(Duration.ofSeconds(1));
        store.keep(decision(other, PARIS, TOKYO));
        store.due().forEach(it -> store.claim(claim(it, Ask.WRITE)));
        assertThat(store.due()).extracting(Publication::publisher).contains("he");
    }

    @Test
    void whatIsPublishedNoMoreIsNotHandedOutAfterTheClockWasSetBack() {
        Queue queue = chat(PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, null, TOKYO));
        store.claim(claim(only(), Ask.WRITE));
        store.configure(Fixtures.configuration());
        clock.back(Duration.ofHours(1));
        assertThat(store.due()).isEmpty();
    }
}
