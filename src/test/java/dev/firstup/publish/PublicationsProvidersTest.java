package dev.firstup.publish;

import static dev.firstup.publish.Desk.GAP;
import static dev.firstup.publish.Desk.LEASE;
import static dev.firstup.publish.Desk.PARIS;
import static dev.firstup.publish.Desk.TOKYO;
import static dev.firstup.publish.Desk.unreadable;
import static dev.firstup.publish.Desk.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.DryRunException;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hosts that can do more than take updates, and name servers that lag behind them. */
class PublicationsProvidersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String FOREIGN = "203.0.113.9";
    private static final Receipt GOOD = Receipt.of("good");
    private static final Receipt TICKET = new Receipt(false, "accepted", "C1");
    private static final RecordReading RUNNING = new RecordReading(Map.of(), Map.of("api", "still at it"), null);
    private static final StopException REFUSED = StopException.ofAccount("status 401");

    private static Desk plain() {
        return Desk.at(Api.NONE, Duration.ZERO, false);
    }

    private static Desk readable() {
        return Desk.at(Api.READS, Duration.ZERO, false);
    }

    private static Desk alone() {
        return Desk.at(Api.ALONE, Duration.ZERO, false);
    }

    // A host that says what it holds

    @Test
    void whatBecameOfAnUpdateIsAskedOfTheHost() {
        Desk desk = readable().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.pass(SECOND).look(values(TOKYO), null);
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.it.attempt().values()).isNull();
    }

    @Test
    void aHostThatDoesNotSayIsNotTheOnlyOneWhoKnows() {
        Desk desk = readable().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.pass(GAP).look(null, new IOException("timed out"));
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
        desk.pass(desk.dueIn()).answer(values(TOKYO));
        assertThat(desk.it.agrees()).isTrue();
    }

    @Test
    void aHostIsNotAskedEverySecondWhatItHolds() {
        Desk desk = readable().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        assertThat(desk.pass(SECOND).look(values(PARIS), null).dueIn()).hasSeconds(5);
    }

    @Test
    void aHostThatDoesNotWantToBeReadIsNotReadBefore() {
        Desk desk = readable().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.pass(SECOND).look(null, new WaitException(HOUR, "status 429"));
        assertThat(desk.outcome).isEqualTo("waiting");
        desk.pass(HOUR.minusSeconds(1)).decide("quebec", "192.0.2.30").answer(values(PARIS));
        assertThat(desk.pass(SECOND).claim()).isEqualTo(Ask.LOOK);
    }

    @Test
    void theCredentialIsProvedOnceADay() {
        Desk desk = readable();
        desk.pass(DAY.minusSeconds(1)).answer(values(PARIS));
        desk.pass(SECOND).look(values(PARIS), null);
        assertThat(desk.it.proof().read()).isEqualTo(desk.clock.instant());
        assertThat(desk.claim()).isEqualTo(Ask.READ);
        assertThat(desk.events).isEmpty();
    }

    @Test
    void aCredentialThatIsRefusedIsToldBeforeItIsNeededAndStopsNothing() {
        Desk desk = readable().pass(DAY).look(null, REFUSED);
        assertThat(desk.told()).containsExactly(Kind.CREDENTIAL);
        assertThat(desk.events.get(0).reason()).contains("status 401").contains("mend it before the next move");
        assertThat(desk.account).isTrue();
        assertThat(desk.it.schedule().stopped()).isNull();
        assertThat(desk.claim()).isEqualTo(Ask.READ);
    }

    @Test
    void aProofThatCouldNotBeHadIsSoughtAgainInAnHour() {
        Desk desk = readable().pass(DAY).look(null, new IOException("timed out"));
        assertThat(desk.told()).isEmpty();
        desk.pass(HOUR.minusSeconds(1)).answer(values(PARIS));
        assertThat(desk.pass(SECOND).claim()).isEqualTo(Ask.LOOK);
    }

    // A host that takes its time

    @Test
    void whatIsAcceptedIsNotDone() {
        Desk desk = readable().decide("tokyo", TOKYO).write(TICKET, null);
        assertThat(desk.outcome).isEqualTo("accepted");
        assertThat(desk.it.taken().ticket()).isEqualTo("C1");
        desk.pass(Duration.ofMinutes(4)).look(RUNNING, null);
        assertThat(desk.it.agrees()).isFalse();
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);

        desk.pass(SECOND).look(values(TOKYO), null);
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.it.taken().ticket()).isNull();
        assertThat(desk.told()).containsExactly(Kind.MOVED);
    }

    @Test
    void whatWasAcceptedAndFailedIsSentAgainAfterTheGap() {
        Desk desk = readable().decide("tokyo", TOKYO).write(TICKET, null);
        desk.pass(SECOND).look(values(PARIS), null);
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
        desk.pass(GAP).look(values(PARIS), null).write(TICKET, null);
        assertThat(desk.outcome).isEqualTo("accepted");
    }

    @Test
    void aHostThatIsNeverDoneIsNotTheOnlyOneWhoKnows() {
        Desk desk = readable().decide("tokyo", TOKYO).write(TICKET, null);
        desk.pass(MINUTE.multipliedBy(5)).answer(values(TOKYO));
        assertThat(desk.it.agrees()).isTrue();

        Desk lost = readable().decide("tokyo", TOKYO).write(TICKET, null);
        lost.pass(MINUTE.multipliedBy(5)).answer(values(PARIS)).write(TICKET, null);
    }

    @Test
    void aHostThatDoesNotWantToBeReadIsStillAtIt() {
        Desk desk = readable().decide("tokyo", TOKYO).write(TICKET, null);
        desk.pass(SECOND).look(null, new WaitException(Duration.ofSeconds(30), "status 429"));
        assertThat(desk.it.taken().ticket()).isEqualTo("C1");
    }

    @Test
    void whatWasSentBeforeAStopIsStillFoundOut() {
        Desk desk = readable().decide("tokyo", TOKYO).write(TICKET, null);
        desk.pass(SECOND).look(null, REFUSED);
        assertThat(desk.it.schedule().stopped()).isEqualTo("status 401");
        desk.pass(Duration.ofMinutes(5)).answer(values(TOKYO));
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.it.schedule().stopped()).isEqualTo("status 401");
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED);
    }

    @Test
    void aDecisionThatIsTakenBackWhileItIsFoundOutIsSent() {
        Desk desk = readable().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.pass(GAP).look(values(PARIS), null).decide("paris", PARIS);
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    // A host that alone knows

    @Test
    void nameServersDoNotKnowWhatIsBehindAProxy() {
        Desk desk = alone().look(values(PARIS), null);
        desk.look(null, REFUSED);
        assertThat(desk.it.schedule().stopped()).isEqualTo("status 401");
        assertThat(desk.told()).containsExactly(Kind.PUBLISH_STOPPED);
        desk.pass(HOUR).answer(values("198.51.100.1"));
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
        assertThat(desk.told()).hasSize(1);
    }

    // Name servers that lag

    @Test
    void afterARestartNameServersAreNotBelievedAgainstAHostThatJustTookIt() {
        Desk desk = plain().decide("tokyo", TOKYO).write(GOOD, null);
        desk.hold().pass(MINUTE).answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(TOKYO);
        desk.pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    @Test
    void aDecisionThatIsTakenBackWaitsForWhatMayStillArrive() {
        Desk desk = plain().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.decide("paris", PARIS).pass(GAP).answer(values(PARIS));
        assertThat(desk.it.attempt().values()).containsExactly(TOKYO);
        desk.pass(MINUTE).answer(values(TOKYO)).write(GOOD, null);
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    @Test
    void aDecisionThatIsTakenBackIsSentWhenNobodyCanSayWhatTheRecordHolds() {
        Desk desk = plain().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.decide("paris", PARIS).pass(GAP).answer(unreadable("no answer"));
        assertThat(desk.it.confirmed().values()).isNull();
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void whatTheRecordHeldBeforeTheLastUpdateProvesNothing() {
        Desk desk = plain().decide("tokyo", TOKYO).write(GOOD, null);
        desk.decide("paris", PARIS).pass(GAP).write(null, new IOException("timed out"));
        desk.pass(SECOND).answer(values(PARIS));
        assertThat(desk.it.attempt().values()).containsExactly(PARIS);
        desk.pass(HOUR).answer(values(PARIS));
        assertThat(desk.it.agrees()).isTrue();
    }

    @Test
    void anotherDecisionDoesNotWaitUntilNameServersAreBelieved() {
        Desk desk = plain().decide("tokyo", TOKYO).write(GOOD, null);
        desk.decide("paris", PARIS).pass(GAP).write(null, new IOException("timed out"));
        desk.decide("quebec", "192.0.2.30").pass(GAP).answer(values(PARIS));
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void whatGotLostBeforeAHostCouldNotBeReachedIsLookedForBeforeTheNextAttempt() {
        Desk desk = plain().decide("tokyo", TOKYO).write(null, new IOException("timed out"));
        desk.pass(GAP).answer(unreadable("no answer")).write(null, new WaitException(Duration.ZERO, "unreachable"));
        desk.decide("quebec", "192.0.2.30").answer(values(PARIS));
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    // How long a host is left alone

    @Test
    void theGapOfAHostCountsFromWhenItsAnswerWasGivenUp() {
        Desk desk = Desk.at(Api.NONE, Duration.ofMinutes(10), false).decide("tokyo", TOKYO);
        desk.claim();
        desk.pass(Duration.ofSeconds(10)).settle(null, new IOException("timed out"));
        assertThat(desk.it.schedule().notBefore())
                .isEqualTo(desk.clock.instant().plus(Duration.ofMinutes(10)));
    }

    @Test
    void theGapOfAHostCountsWhateverItSaid() {
        Desk desk = Desk.at(Api.NONE, Duration.ofMinutes(10), false).decide("tokyo", TOKYO);
        assertThat(desk.write(null, WaitException.ambiguous("status 404")).dueIn())
                .hasMinutes(10);
        Desk other = Desk.at(Api.NONE, Duration.ofMinutes(10), false).decide("tokyo", TOKYO);
        assertThat(other.write(null, new WaitException(MINUTE, "status 503")).dueIn())
                .hasMinutes(10);
    }

    @Test
    void aHostThatTookWhatItRefusedIsLeftAloneForTheGap() {
        Desk desk = plain().decide("tokyo", TOKYO).write(null, WaitException.ambiguous("status 404"));
        desk.pass(MINUTE).answer(values(TOKYO)).decide("paris", PARIS);
        assertThat(desk.claim()).isEqualTo(Ask.NOTHING);
        assertThat(desk.dueIn()).isEqualTo(LEASE.plus(GAP).minus(MINUTE));
    }

    // Somebody else changes the record

    private static Desk repairing() {
        return Desk.at(Api.NONE, Duration.ZERO, true);
    }

    @Test
    void whatSomebodyElseHasChangedIsWrittenAgainAfterTwoReadingsThatAgree() {
        Desk desk = repairing().answer(values(FOREIGN));
        assertThat(desk.told()).containsExactly(Kind.DRIFT);
        assertThat(desk.dueIn()).hasSeconds(30);
        desk.pass(desk.dueIn()).answer(values(FOREIGN)).write(GOOD, null);
        assertThat(desk.told()).containsExactly(Kind.DRIFT, Kind.REPAIRED);
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
    }

    @Test
    void serversThatDisagreeAboutARepairAreNoFurtherReasonForOne() {
        Desk desk = repairing().answer(values(FOREIGN)).answer(values(FOREIGN)).write(GOOD, null);
        RecordReading halfway =
                new RecordReading(Map.of("ns1", List.of(PARIS), "ns2", List.of(FOREIGN)), Map.of(), null);
        desk.pass(SECOND).answer(halfway).answer(halfway);
        assertThat(desk.it.agrees()).isTrue();
        assertThat(desk.told()).containsExactly(Kind.DRIFT, Kind.REPAIRED);
    }

    @Test
    void anotherReadingIsAnotherChange() {
        Desk desk = repairing().answer(values(FOREIGN)).answer(values("203.0.113.10"));
        assertThat(desk.claim()).isEqualTo(Ask.READ);
        assertThat(desk.told()).containsExactly(Kind.DRIFT, Kind.DRIFT);
    }

    @Test
    void itIsWrittenAgainTwiceADayAtMost() {
        Desk desk = repairing();
        for (int i = 0; i < 2; i++) {
            desk.answer(values(FOREIGN))
                    .answer(values(FOREIGN))
                    .write(GOOD, null)
                    .pass(HOUR);
        }
        desk.answer(values(FOREIGN)).answer(values(FOREIGN)).answer(values(FOREIGN));
        assertThat(desk.told().stream().filter(it -> it == Kind.REPAIRED)).hasSize(2);
        desk.pass(DAY).answer(values(FOREIGN));
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void aClockThatIsSetBackAllowsNoFurtherRepairs() {
        Desk desk = repairing();
        for (int i = 0; i < 2; i++) {
            desk.answer(values(FOREIGN))
                    .answer(values(FOREIGN))
                    .write(GOOD, null)
                    .pass(HOUR);
        }
        desk.clock.back(HOUR.plus(MINUTE));
        desk.answer(values(FOREIGN)).pass(HOUR);
        desk.answer(values(FOREIGN)).answer(values(FOREIGN)).answer(values(FOREIGN));
        assertThat(desk.told().stream().filter(it -> it == Kind.REPAIRED)).hasSize(2);
    }

    @Test
    void whatTheHostSaysItHasIsNotWrittenAgain() {
        Desk desk = repairing().answer(values(FOREIGN)).answer(values(FOREIGN));
        desk.write(new Receipt(true, "nochg", null), null).pass(HOUR);
        desk.answer(values(FOREIGN)).answer(values(FOREIGN)).answer(values(FOREIGN));
        assertThat(desk.told()).containsExactly(Kind.DRIFT, Kind.REPAIRED, Kind.DRIFT);
    }

    @Test
    void whoOnlyReportsWritesNothing() {
        Desk desk = plain().answer(values(FOREIGN)).answer(values(FOREIGN));
        assertThat(desk.claim()).isEqualTo(Ask.READ);
        assertThat(desk.told()).containsExactly(Kind.DRIFT);
    }

    // What nobody has tried for long

    @Test
    void aWriteThatWasNotProvedForAMonthIsRemindedOfEachMonth() {
        Desk desk = plain();
        Instant written = desk.it.proof().written();
        desk.pass(Duration.ofDays(30).minus(HOUR).minusSeconds(1)).answer(values(PARIS));
        assertThat(desk.told()).isEmpty();
        desk.pass(SECOND).answer(values(PARIS)).answer(values(PARIS));
        assertThat(desk.told()).containsExactly(Kind.CREDENTIAL);
        assertThat(desk.events.get(0).reason())
                .isEqualTo("the host last took a write on " + written
                        + ": say ./firstup drill chat to see that it still would");
        desk.pass(Duration.ofDays(30)).answer(values(PARIS));
        assertThat(desk.told()).containsExactly(Kind.CREDENTIAL, Kind.CREDENTIAL);
    }

    @Test
    void aWriteStartsTheMonthAnew() {
        Desk desk = plain().pass(Duration.ofDays(20)).decide("tokyo", TOKYO).write(GOOD, null);
        desk.answer(values(TOKYO)).pass(Duration.ofDays(29)).answer(values(TOKYO));
        assertThat(desk.told()).containsExactly(Kind.MOVED);
    }

    // A dry run

    @Test
    void aDryRunSaysOnceWhatItWouldHaveSent() {
        Desk desk = plain().decide("tokyo", TOKYO).write(null, new DryRunException("GET https://host/?myip=" + TOKYO));
        assertThat(desk.outcome).isEqualTo("dry");
        assertThat(desk.events).extracting(Event::kind).containsExactly(Kind.WOULD_SEND);
        assertThat(desk.told()).isEmpty();
        assertThat(desk.it.attempt().values()).isNull();
        assertThat(desk.it.confirmed().values()).containsExactly(PARIS);
        assertThat(desk.dueIn()).isEqualTo(DAY);
        desk.decide("quebec", "192.0.2.30");
        assertThat(desk.claim()).isEqualTo(Ask.WRITE);
    }

    @Test
    void aPublisherThatCannotSayIsNotAsked() {
        Desk desk = plain().decide("tokyo", TOKYO);
        desk.claim();
        try {
            desk.publications.dry(desk.it);
        } catch (DryRunException e) {
            desk.settle(null, e);
        }
        assertThat(desk.events.get(0).reason())
                .isEqualTo("would have asked host to write chat.example.org 60 A " + TOKYO);
    }
}
