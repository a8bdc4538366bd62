package dev.firstup.publish;

import static dev.firstup.publish.Desk.DRIFT_CHECK;
import static dev.firstup.publish.Desk.GAP;
import static dev.firstup.publish.Desk.LAG;
import static dev.firstup.publish.Desk.LEASE;
import static dev.firstup.publish.Desk.PARIS;
import static dev.firstup.publish.Desk.TOKYO;
import static dev.firstup.publish.Desk.unreadable;
import static dev.firstup.publish.Desk.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Taken;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    private static final Receipt GOOD = new Receipt(false, "good " + TOKYO, null);
    private static final Receipt NOCHG = new Receipt(true, "nochg " + TOKYO, null);

    // What is asked

    @Test
    void beforeTheFirstDecisionARecordIsOnlyRead() {
        Desk desk = new Desk().answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
        assertThat(desk.dueIn()).isEqualTo(DRIFT_CHECK);
        assertThat(desk.claim()).isEqualTo(Ask.READ);
    }

    @Test
    void whatIsAlreadySoIsNotSent() {
        Desk desk = Desk.settled().decide("paris", PARIS);
        assertThat(desk.claim()).isEqualTo(Ask.READ);
        assertThat(desk.it.attempt().values()).isNull();
    }

    @Test
    void whatDiffersIsSentWithTheAttemptNotedFirst() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
        assertThat(desk.it.attempt().sentAt()).isEqualTo(desk.clock.instant());
        // Should it get lost, it may arrive a lease later, and the next thing to do is to read.
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(LEASE).plus(GAP));
        assertThat(desk.claim()).isEqualTo(Ask.READ);
    }

    @Test
    void nothingDecidedIsWithdrawn() {
        assertThat(Desk.settled().decide("tokyo").claim()).isEqualTo(Ask.WITHDRAW);
    }

    @Test
    void theHostsGapIsKept() {
        Desk desk = moved().decide("paris", PARIS);
        assertThat(desk.claim()).isEqualTo(Ask.NOTHING);
        assertThat(desk.dueIn()).isEqualTo(GAP);
        assertThat(desk.pass(GAP).claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void aPublisherThatReturnsAnythingHasConfirmed() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        desk.settle("any text", null);
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(GAP));
    }

    private static Desk moved() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        return desk.pass(Duration.ofSeconds(1)).settle(GOOD, null);
    }

    @Test
    void aClockThatIsSetBackBlocksNoLongerThanTheGap() {
        Desk confirmed = moved();
        confirmed.clock.back(Duration.ofDays(30));
        assertThat(confirmed.decide("paris", PARIS).claim()).isEqualTo(Ask.NOTHING);
        assertThat(confirmed.dueIn()).isEqualTo(GAP);
        assertThat(confirmed.pass(GAP).claim()).isEqualTo(Ask.WRITE);

        Desk doubtful = timedOut();
        doubtful.clock.back(Duration.ofDays(30));
        doubtful.answer(values(PARIS)).pass(GAP).answer(values(PARIS));
        assertThat(doubtful.claim()).isEqualTo(Ask.WRITE);
    }

    /** A second is set back now and then: that is no reason to ask a host that wants to be left alone. */
    @Test
    void aClockThatIsSetBackEndsNoWaitThatAHostAskedFor() {
        Desk desk = waiting(HALF_HOUR);
        desk.clock.back(Duration.ofSeconds(1));
        desk.claim();
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(HALF_HOUR));
    }

    @Test
    void aClockThatIsSetBackMakesNoNameServerLagForHours() {
        Desk desk = moved();
        desk.clock.back(HOUR);
        desk.decide("paris", PARIS).claim();
        desk.pass(GAP).claim();
        desk.settle(null, new IOException("timed out")).pass(LAG).answer(values(PARIS));
        assertThat(desk.it.agrees()).isTrue();
    }

    @Test
    void noHostIsWaitedForLongerThanADay() {
        Desk desk = waiting(Duration.ofDays(300));
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(Duration.ofDays(1)));
    }

    // What is told

    @Test
    void aMoveIsToldOnceItIsVisible() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        Instant decided = desk.clock.instant();
        desk.pass(Duration.ofSeconds(1)).claim();
        desk.pass(Duration.ofSeconds(1)).settle(GOOD, null);
        assertThat(desk.outcome).isEqualTo("confirmed");
        desk.answer(values(PARIS));
        assertThat(desk.dueIn()).isEqualTo(Duration.ofSeconds(1));
        assertThat(desk.events).isEmpty();
        desk.pass(Duration.ofSeconds(1)).answer(values(TOKYO));

        assertThat(desk.told()).containsExactly(Kind.MOVED);
        Event event = desk.events.get(0);
        assertThat(event.from()).isEqualTo("paris");
        assertThat(event.to()).isEqualTo("tokyo");
        assertThat(event.reason()).isEqualTo("because");
        assertThat(event.times())
                .containsExactly(
                        Map.entry(Step.DETECTED, decided),
                        Map.entry(Step.DECIDED, decided),
                        Map.entry(Step.SENT, decided.plusSeconds(1)),
                        Map.entry(Step.CONFIRMED, decided.plusSeconds(2)),
                        Map.entry(Step.VISIBLE, decided.plusSeconds(3)));
        desk.pass(DRIFT_CHECK).answer(values(TOKYO));
        assertThat(desk.told()).hasSize(1);
    }

    @Test
    void theFirstPublicationIsKeptAndNotTold() {
        Desk desk = new Desk().answer(values()).decideFrom(null, "paris", PARIS);
        desk.claim();
        desk.settle(GOOD, null).answer(values(PARIS));

        assertThat(desk.events).extracting(Event::kind).containsExactly(Kind.MOVED);
        assertThat(desk.events.get(0).from()).isNull();
        assertThat(desk.told()).isEmpty();
    }

    @Test
    void serversThatLagAreWaitedForAMinuteAndThenNamed() {
        RecordReading lagging = new RecordReading(Map.of("ns1", List.of(TOKYO), "ns2", List.of(PARIS)), Map.of(), null);
        Desk desk = moved();
        desk.pass(Duration.ofSeconds(59)).answer(lagging);
        assertThat(desk.events).isEmpty();

        desk.pass(Duration.ofSeconds(1)).answer(lagging);
        assertThat(desk.told()).containsExactly(Kind.MOVED);
        assertThat(desk.events.get(0).reason()).contains("not visible yet").contains("ns2 answers " + PARIS);
        assertThat(desk.events.get(0).times()).doesNotContainKey(Step.VISIBLE);
    }

    @Test
    void serversThatCannotBeAskedAreNamedAndNotWaitedFor() {
        Desk desk = moved().answer(new RecordReading(Map.of("ns1", List.of(TOKYO)), Map.of("ns2", "no answer"), null));
        assertThat(desk.told()).containsExactly(Kind.MOVED);
        assertThat(desk.events.get(0).reason()).contains("ns2: no answer");
        assertThat(desk.events.get(0).times()).containsKey(Step.VISIBLE);
    }

    @Test
    void aNewAddressOfTheSameServerIsNoMove() {
        Desk desk = Desk.settled().decide("paris", "192.0.2.99");
        desk.claim();
        desk.settle(GOOD, null).answer(values("192.0.2.99"));
        assertThat(desk.it.told().moved()).isTrue();
        assertThat(desk.events).isEmpty();
    }

    // Answers that are no yes

    @Test
    void afterATimeOutTheRecordIsReadAndWhatArrivedCounts() {
        Desk desk = timedOut();
        assertThat(desk.outcome).isEqualTo("unknown");
        desk.pass(Duration.ofSeconds(1)).answer(values(TOKYO));
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.it.attempt().failures()).isZero();
        desk.answer(values(TOKYO));
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_WAITING, Kind.MOVED);
    }

    @Test
    void afterATimeOutItIsSentAgainOnlyAfterTheGap() {
        Desk desk = timedOut();
        for (int second = 0; second < GAP.toSeconds() - 1; second++) {
            desk.pass(Duration.ofSeconds(1));
            if (!desk.it.schedule().due().isAfter(desk.clock.instant())) {
                desk.answer(values(PARIS));
            }
        }
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
        desk.pass(Duration.ofSeconds(1)).answer(values(PARIS));
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_WAITING);
    }

    @Test
    void aLongDoubtDoesNotPressTheNameServers() {
        Desk desk = timedOut().pass(Duration.ofSeconds(61)).answer(values(PARIS));
        assertThat(desk.dueIn()).isEqualTo(Duration.ofSeconds(30));
        desk.pass(Duration.ofSeconds(50)).answer(values(PARIS));
        assertThat(desk.it.schedule().due()).isEqualTo(desk.it.schedule().notBefore());
    }

    @Test
    void whenNothingCanBeReadItIsSentAgainAfterTheGap() {
        Desk desk = timedOut().pass(GAP).answer(unreadable("no answer"));
        assertThat(desk.it.confirmed().values()).isNull();
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    /** It is written down before it is sent: then there may be a slow way. */
    @Test
    void theGapIsReckonedFromWhenTheAnswerWasGivenUp() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        desk.pass(Duration.ofSeconds(20)).settle(null, new IOException("timed out"));
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(GAP));
    }

    @Test
    void whatTheProgramBeforeSentMayHaveBeenItsLastAct() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        Instant sent = desk.it.attempt().sentAt();
        desk.pass(Duration.ofSeconds(30));
        Publications next = new Publications(desk.clock, Duration.ofMinutes(1), GAP, LAG, DRIFT_CHECK);
        Instant started = desk.clock.instant();
        desk.pass(Duration.ofSeconds(1));
        assertThat(next.claim(desk.it).schedule().notBefore()).isEqualTo(started.plus(GAP));
        desk.pass(HOUR);
        assertThat(next.claim(desk.it).schedule().notBefore()).isEqualTo(started.plus(GAP));

        desk.clock.back(Duration.ofDays(30));
        assertThat(next.claim(desk.it).schedule().notBefore())
                .as("set back: sent %s", sent)
                .isEqualTo(desk.clock.instant().plus(GAP));
    }

    @Test
    void whatTheHostAnsweredBeforeARestartWasNotItsLastAct() {
        Desk desk = waiting(HALF_HOUR).pass(HALF_HOUR);
        Publications next = new Publications(desk.clock, LEASE, GAP, LAG, DRIFT_CHECK);
        assertThat(next.claim(desk.it).schedule().notBefore()).isEqualTo(desk.clock.instant());
    }

    /** Replicas lag: it would be sent again at once. */
    @Test
    void afterARestartTheNameServersAreNotBelievedAgainstWhatTheHostHasJustTaken() {
        Desk desk = moved().hold().answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(TOKYO);
        desk.pass(LAG).hold().answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    @Test
    void onceTheNameServersHaveShownWhatTheHostTookTheyAreBelieved() {
        Desk desk = moved().answer(values(TOKYO)).decide("paris", PARIS);
        desk.pass(GAP).write(null, new IOException("timed out"));
        assertThat(desk.answer(values(PARIS)).it.agrees()).isTrue();
    }

    /** They may show what was before both. */
    @Test
    void nameServersThatHaveNotShownWhatTheHostTookAreNotBelieved() {
        Desk desk = moved().decide("paris", PARIS).pass(GAP).write(null, new IOException("timed out"));
        desk.answer(values(PARIS));
        assertThat(desk.it.attempt().values()).containsExactly(PARIS);
        assertThat(desk.pass(LAG).answer(values(PARIS)).it.agrees()).isTrue();
    }

    /** What they show may be the one before the one before. */
    @Test
    void ofTwoWritesThatTheNameServersHaveNotShownTheySayNothingForAWhile() {
        Desk desk = moved().decide("paris", PARIS).pass(GAP).write(GOOD, null);
        desk.answer(values(PARIS)).decide("tokyo", TOKYO).pass(GAP);
        desk.write(null, new IOException("timed out")).answer(values(TOKYO));
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
    }

    /** What it took later than it was sent may be seen later, too. */
    @Test
    void theLagIsReckonedFromWhenTheHostTookIt() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        desk.pass(LEASE).settle(GOOD, null).decide("paris", PARIS);
        desk.pass(LAG.minusSeconds(1)).write(GOOD, null);
        desk.answer(values(PARIS)).decide("tokyo", TOKYO).pass(GAP);
        desk.write(null, new IOException("timed out")).answer(values(TOKYO));
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
    }

    /** It may arrive yet, and the name servers show that last. */
    @Test
    void whatWasGivenUpIsAWriteThatTheNameServersMayNotShowYet() {
        Desk desk = timedOut().pass(GAP).decide("paris", PARIS).answer(unreadable("no answer"));
        assertThat(desk.it.attempt().values()).isNull();
        desk.write(null, new IOException("timed out")).answer(values(PARIS));
        assertThat(desk.it.attempt().values()).containsExactly(PARIS);
        assertThat(desk.pass(LAG).answer(values(PARIS)).it.agrees()).isTrue();
    }

    private static Desk timedOut() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        return desk.settle(null, new IOException("timed out"));
    }

    @Test
    void theTimeUntilTheSameIsSentAgainAfterTimeOutsGrowsUpToAQuarterOfAnHour() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        for (long minutes : List.of(2, 4, 8, 15, 15, 15, 15)) {
            assertThat(desk.claim()).isEqualTo(Ask.WRITE);
            desk.settle(null, new IOException());
            desk.pass(Duration.ofMinutes(minutes).minusSeconds(1)).answer(values(PARIS));
            assertThat(desk.it.attempt().values()).isNotNull();
            desk.pass(Duration.ofSeconds(1)).answer(values(PARIS));
        }
        // At once, and after an hour.
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_WAITING, Kind.PUBLISH_WAITING);
    }

    @Test
    void anotherDecisionWaitsForTheGapOnlyWhenAHostDoesNotAnswer() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        for (int i = 0; i < 5; i++) {
            desk.claim();
            desk.settle(null, new IOException()).pass(HOUR).answer(values(PARIS));
        }
        desk.claim();
        desk.settle(null, new IOException()).decide("quebec", "192.0.2.30");
        desk.pass(GAP.minusSeconds(1)).answer(values(PARIS));
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
        desk.pass(Duration.ofSeconds(1)).answer(values(PARIS));
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void aHostThatSaysHowLongToWaitIsObeyedAndTheRecordReadFirst() {
        Desk desk = waiting(HALF_HOUR);
        assertThat(desk.dueIn()).isEqualTo(HALF_HOUR);
        desk.pass(HALF_HOUR).answer(values(PARIS));
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
        desk.settle(GOOD, null);
        assertThat(desk.it.attempt().failures()).isZero();
        assertThat(desk.events).extracting(Event::kind).containsExactly(Kind.PUBLISH_WAITING, Kind.PUBLISH_RESUMED);
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_WAITING);
    }

    @Test
    void whatAHostTookInSpiteOfItsErrorIsNotSentAgain() {
        Desk desk = waiting(HALF_HOUR).pass(HALF_HOUR).answer(values(TOKYO));
        assertThat(desk.it.agrees()).isTrue();
    }

    @Test
    void anUnreachableHostIsAskedSoonAgain() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        for (long seconds : List.of(10, 20, 40, 80, 120, 120)) {
            assertThat(desk.claim()).isEqualTo(Ask.WRITE);
            desk.settle(null, new WaitException(Duration.ZERO, "unreachable"));
            assertThat(desk.dueIn()).hasSeconds(seconds);
            desk.pass(desk.dueIn());
        }
    }

    @Test
    void anotherDecisionWaitsForAHostThatSaidSoAndNotForAnUnreachableOne() {
        assertThat(waiting(Duration.ZERO).decide("quebec", "192.0.2.30").claim())
                .isEqualTo(Ask.WRITE);
        Desk desk = waiting(HALF_HOUR).decide("quebec", "192.0.2.30").answer(values(PARIS));
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(HALF_HOUR));
        assertThat(desk.pass(HALF_HOUR.minusSeconds(1)).claim()).isEqualTo(Ask.READ);
    }

    private static Desk waiting(Duration delay) {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        return desk.settle(null, new WaitException(delay, "911"));
    }

    @Test
    void anAmbiguousAnswerIsWaitedForAndThenStops() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        for (long minutes : List.of(1, 5, 15)) {
            assertThat(desk.claim()).isEqualTo(Ask.WRITE);
            desk.settle(null, WaitException.ambiguous("status 404"));
            assertThat(desk.dueIn()).hasMinutes(minutes);
            desk.pass(desk.dueIn()).answer(values(PARIS));
        }
        desk.claim();
        desk.settle(null, WaitException.ambiguous("status 404"));
        assertThat(desk.it.schedule().stopped()).isEqualTo("status 404, 4 times in a row");
    }

    @Test
    void anAmbiguousAnswerAfterAnOutageIsTheFirstOfItsKind() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        for (int i = 0; i < 5; i++) {
            desk.claim();
            desk.settle(null, new IOException("timed out")).pass(HOUR).answer(values(PARIS));
        }
        for (int i = 0; i < 3; i++) {
            desk.claim();
            desk.settle(null, WaitException.ambiguous("status 404")).pass(HOUR).answer(values(PARIS));
        }
        desk.claim();
        desk.settle(null, new WaitException(HALF_HOUR, "911")).pass(HOUR).answer(values(PARIS));
        desk.claim();
        desk.settle(null, WaitException.ambiguous("status 404"));
        assertThat(desk.it.schedule().stopped()).isNull();
        assertThat(desk.dueIn()).hasMinutes(1);
    }

    @Test
    void aLongWaitIsRemindedOfHourly() {
        Desk desk = waiting(Duration.ofHours(5));
        for (int minute = 0; minute < 4 * 60; minute++) {
            desk.pass(Duration.ofMinutes(1));
            if (!desk.it.schedule().due().isAfter(desk.clock.instant())) {
                desk.answer(values(PARIS));
            }
        }
        assertThat(desk.told()).hasSize(5).containsOnly(Kind.PUBLISH_WAITING);
        assertThat(desk.events.get(1).reason()).startsWith("not confirmed since 2026-01-31T13:00:00Z; ns1 answers");
        desk.decide("paris", PARIS).pass(HOUR).answer(values(PARIS));
        assertThat(desk.told()).hasSize(5);
    }

    @Test
    void theEndOfTroubleIsToldWhereNoMoveTellsIt() {
        Desk desk = Desk.settled().decide("paris", "192.0.2.99");
        desk.claim();
        desk.settle(null, new WaitException(Duration.ZERO, "unreachable")).pass(HALF_HOUR);
        desk.claim();
        desk.settle(GOOD, null);
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_WAITING, Kind.PUBLISH_RESUMED);
    }

    @Test
    void aStopIsToldAndRemindedOfHourlyWhileSomethingDiffers() {
        Desk desk = stopped();
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED);
        assertThat(desk.dueIn()).isEqualTo(HOUR);
        desk.pass(HOUR).answer(values(PARIS));
        desk.pass(HOUR).answer(unreadable("no answer"));
        assertThat(desk.told().stream().filter(it -> it == Kind.PUBLISH_STOPPED))
                .hasSize(3);
    }

    /** What else happens to the queue, and a restart, has it looked at sooner. */
    @Test
    void aStopIsNotRemindedOfEachTimeItIsLookedAt() {
        Desk desk = stopped().pass(HALF_HOUR).answer(values(PARIS));
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED);
        assertThat(desk.dueIn()).isEqualTo(HALF_HOUR);
        desk.decide("quebec", "192.0.2.30").answer(values(PARIS));
        assertThat(desk.told()).as("another decision").hasSize(2);
    }

    @Test
    void aStopIsNotRemindedOfWhenNothingIsToBeSent() {
        Desk desk = stopped().decide("paris", PARIS).pass(HOUR).answer(unreadable(null));
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED);
        assertThat(desk.claim()).isEqualTo(Ask.READ);
    }

    @Test
    void whatAPersonMendedByHandIsSeen() {
        Desk desk = stopped().pass(HOUR).answer(values(TOKYO)).answer(values(TOKYO));
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED, Kind.MOVED);
        assertThat(desk.it.schedule().stopped()).isNull();
        assertThat(desk.decide("paris", PARIS).pass(HOUR).claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void aDecisionThatAsksForNothingEndsNoStop() {
        Desk desk = stopped().decide("paris", PARIS).pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.schedule().stopped()).isEqualTo("badauth");
        assertThat(desk.decide("tokyo", TOKYO).claim()).isEqualTo(Ask.READ);
        desk.settle(values(PARIS), null);
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED, Kind.PUBLISH_STOPPED);
    }

    @Test
    void aStopSaysWhatToDo() {
        Desk desk = stopped().pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.schedule().stopped()).isEqualTo("badauth");
        assertThat(desk.events)
                .extracting(Event::reason)
                .hasSize(2)
                .containsOnly(
                        "badauth; when it is mended, change the declaration or say ./firstup publish chat --retry");
    }

    private static Desk stopped() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        return desk.settle(null, new StopException("badauth"));
    }

    @Test
    void afterTwoNoChangesTheNameServersAreNotBelievedAgainstTheHost() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.claim();
        desk.settle(NOCHG, null);
        assertThat(desk.outcome).isEqualTo("unchanged");
        desk.hold().pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);

        desk.decide("tokyo", TOKYO).pass(HOUR);
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
        desk.settle(NOCHG, null);
        desk.hold().pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(TOKYO);
    }

    @Test
    void afterTwoNoChangesARecordOfWhichNothingIsKnownIsStillRead() {
        Desk desk = Desk.settled().decide("tokyo", TOKYO);
        desk.it = desk.it
                .edit()
                .taken(taken -> new Taken(null, 2, taken.unseen()))
                .done();
        desk.claim();
        desk.settle(null, new IOException("timed out")).pass(GAP).answer(unreadable("no answer"));
        assertThat(desk.it.confirmed().values()).isNull();
        desk.hold().pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    // What is odd about a record

    @Test
    void driftIsToldOnceForEachValueAndForgottenWhenItGoes() {
        Desk desk = Desk.settled();
        desk.pass(DRIFT_CHECK).answer(values("203.0.113.9"));
        desk.pass(DRIFT_CHECK).answer(values("203.0.113.9"));
        assertThat(desk.told()).containsExactly(Kind.DRIFT);
        desk.pass(DRIFT_CHECK).answer(unreadable(null));
        desk.pass(DRIFT_CHECK).answer(values("203.0.113.9"));
        assertThat(desk.told()).containsExactly(Kind.DRIFT);

        desk.pass(DRIFT_CHECK).answer(values());
        assertThat(desk.told()).hasSize(2);
        desk.pass(DRIFT_CHECK).answer(values(PARIS));
        assertThat(desk.it.told().oddity()).isNull();
        desk.pass(DRIFT_CHECK).answer(values());
        assertThat(desk.told()).containsExactly(Kind.DRIFT, Kind.DRIFT, Kind.DRIFT);
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    @Test
    void replicasThatLagAfterAChangeAreNoDrift() {
        Desk desk = moved().answer(values(TOKYO));
        desk.pass(DRIFT_CHECK.minusSeconds(2)).answer(values(PARIS));
        assertThat(desk.told()).containsExactly(Kind.MOVED);
        desk.pass(DRIFT_CHECK).answer(values(PARIS));
        assertThat(desk.told()).containsExactly(Kind.MOVED, Kind.DRIFT);
    }

    @Test
    void aRecordThatCannotBeReadIsToldOnce() {
        Desk desk = Desk.settled();
        desk.answer(unreadable("no answer"));
        assertThat(desk.dueIn()).isEqualTo(Duration.ofSeconds(30));
        // It may be our own link.
        assertThat(desk.told()).isEmpty();
        desk.answer(unreadable("SERVFAIL")).answer(unreadable("no answer"));
        assertThat(desk.told()).containsExactly(Kind.UNREADABLE);
        desk.answer(values(PARIS)).answer(unreadable("SERVFAIL")).answer(unreadable("SERVFAIL"));
        assertThat(desk.told()).containsExactly(Kind.UNREADABLE, Kind.UNREADABLE);
    }

    @Test
    void aNameThatDoesNotExistIsToldAtOnce() {
        Desk desk = Desk.settled();
        desk.answer(new RecordReading(Map.of("ns.example.org", List.of()), Map.of(), "NXDOMAIN"));
        assertThat(desk.told()).containsExactly(Kind.UNREADABLE);
    }

    @Test
    void aRecordThatIsDeletedAfterItDriftedIsNews() {
        RecordReading deleted = new RecordReading(Map.of("ns.example.org", List.of()), Map.of(), "NXDOMAIN");
        Desk desk = Desk.settled().answer(values("203.0.113.9")).answer(deleted);
        assertThat(desk.told()).containsExactly(Kind.DRIFT, Kind.UNREADABLE);
    }

    @Test
    void anEndpointThatFailsToReadIsAProblemOfTheRecord() {
        Desk desk = Desk.settled();
        desk.claim();
        desk.settle(null, new IOException("no socket"));
        assertThat(desk.it.told().oddity()).isEqualTo("once: no socket");
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    // All of it together

    /** A host that minds its gap, and now and then does not say what it did. */
    private static final class Host {
        private final Random random;
        private String value = PARIS;
        private Instant asked = Instant.MIN;
        private boolean calm;

        private Host(Random random) {
            this.random = random;
        }

        private Object write(Instant now, String sent) throws IOException {
            assertThat(Duration.between(asked, now)).as("gap").isGreaterThanOrEqualTo(GAP);
            asked = now;
            int mood = calm ? 9 : random.nextInt(10);
            if (mood == 0) {
                throw new IOException("timed out before");
            }
            if (mood == 1) {
                throw new WaitException(HALF_HOUR, "911");
            }
            boolean same = sent.equals(value);
            value = sent;
            if (mood == 2) {
                throw new IOException("timed out after");
            }
            return new Receipt(same, "good", null);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverHappensTheHostIsLeftAloneAndTheRecordEndsRight(long seed) {
        Random random = new Random(seed);
        Host host = new Host(random);
        Desk desk = Desk.settled();
        int writes = 0;
        for (int second = 0; second < 110_000; second++) {
            host.calm = second > 100_000;
            desk.pass(Duration.ofSeconds(1));
            if (!host.calm && random.nextInt(200) == 0) {
                boolean paris = random.nextBoolean();
                desk.decide(paris ? "paris" : "tokyo", paris ? PARIS : TOKYO);
            }
            if (desk.it.schedule().due().isAfter(desk.clock.instant())) {
                continue;
            }
            Ask ask = desk.claim();
            if (ask == Ask.READ) {
                boolean readable = host.calm || random.nextInt(10) != 0;
                desk.settle(readable ? values(host.value) : unreadable("no answer"), null);
            } else if (ask == Ask.WRITE) {
                writes++;
                assertThat(desk.it.decided()).isNotEqualTo(desk.it.confirmed());
                write(desk, host);
            }
        }
        assertThat(host.value).isEqualTo(desk.it.decided().get(0));
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.it.told().moved()).isTrue();
        assertThat(writes).isGreaterThan(50);
    }

    private static void write(Desk desk, Host host) {
        try {
            desk.settle(host.write(desk.clock.instant(), desk.it.decided().get(0)), null);
        } catch (IOException | WaitException e) {
            desk.settle(null, e);
        }
    }
}
