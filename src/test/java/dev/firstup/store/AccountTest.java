package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What one account refuses concerns all records that are written with it; and what people know of a record. */
class AccountTest extends StoreCase {
    private static final Queue CHAT = queue("chat", "no-ip");
    private static final Queue MAIL = queue("mail", "no-ip");
    private static final Queue NEWS = queue("news", "no-ip");
    private static final Queue OTHER = queue("other", "dyn");

    private static Queue queue(String name, String publisher) {
        PublishTarget target = Fixtures.target(publisher, name + ".example.org");
        return Fixtures.queue(name, 1, Failback.AT_ONCE, List.of(target), PARIS, TOKYO);
    }

    private void begin() {
        Queue[] all = {CHAT, MAIL, NEWS, OTHER};
        store.configure(Fixtures.configuration(all));
        for (Queue it : all) {
            store.keep(decision(it, null, PARIS));
            settle(confirmed(store.claim(claim(of(it.name()), Ask.WRITE)), true));
        }
        clock.pass(Duration.ofHours(1));
    }

    private Publication of(String queue) {
        return store.publications().stream()
                .filter(it -> it.queue().equals(queue))
                .findFirst()
                .orElseThrow();
    }

    /** The account is refused when {@code chat} is to be written. */
    private void refuse() {
        Publication stopped = of("chat")
                .edit()
                .attempt(attempt -> attempt.failed(0).closed())
                .stopped("badauth")
                .due(clock.instant().plus(MINUTE))
                .done();
        Event event = event(Kind.PUBLISH_STOPPED, stopped);
        store.settle(new Settlement(stopped, "stopped", List.of(event), true));
    }

    private Event event(Kind kind, Publication about) {
        return Event.of(kind, clock.instant(), Event.About.publication(about), "because")
                .with(new Event.Change(null, about.wanted().move().to(), Map.of()))
                .telling(true);
    }

    @Test
    void whatIsWrittenWithARefusedAccountIsStopped() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        store.keep(decision(MAIL, PARIS, TOKYO));
        store.claim(claim(of("chat"), Ask.WRITE));
        refuse();

        assertThat(of("mail").schedule().stopped()).isEqualTo("badauth");
        assertThat(of("mail").told().trouble()).isEqualTo(clock.instant());
        // It needs nothing now, and will be refused when it does.
        assertThat(of("news").schedule().stopped()).isEqualTo("badauth");
        assertThat(of("news").told().trouble()).isNull();
        assertThat(of("other").schedule().stopped()).isNull();
        assertThat(store.events(10)).extracting(Event::queue).containsExactly("mail", "chat");
    }

    @Test
    void anUpdateThatIsUnderWayWhenTheAccountIsRefusedIsTheLast() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        store.keep(decision(MAIL, PARIS, TOKYO));
        store.claim(claim(of("chat"), Ask.WRITE));
        Publication late = store.claim(claim(of("mail"), Ask.WRITE));
        refuse();
        assertThat(of("mail").attempt().values()).containsExactly("192.0.2.20");

        store.settle(
                new Settlement(late.edit().attempt(attempt -> attempt.failed(0)).done(), "unknown", List.of()));
        assertThat(of("mail").schedule().stopped()).isEqualTo("badauth");
        assertThat(of("mail").attempt().values()).containsExactly("192.0.2.20");
    }

    @Test
    void aReadingThatIsUnderWayWhenTheAccountIsRefusedKnowsNothingOfIt() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        store.claim(claim(of("chat"), Ask.WRITE));
        Publication look = store.claim(claim(of("news"), Ask.LOOK));
        refuse();
        settle(look);
        assertThat(of("news").schedule().stopped()).isEqualTo("badauth");
    }

    @Test
    void aReadingOfWhatIsInDoubtWhenTheAccountIsRefusedKnowsNothingOfItEither() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        store.keep(decision(MAIL, PARIS, TOKYO));
        store.claim(claim(of("chat"), Ask.WRITE));
        Publication sent = store.claim(claim(of("mail"), Ask.WRITE));
        store.settle(new Settlement(sent.edit().due(clock.instant()).done(), "unknown", List.of()));
        Publication reading = store.claim(claim(of("mail"), Ask.READ));
        assertThat(reading).isNotNull();
        refuse();
        store.settle(new Settlement(reading, "read", List.of()));
        assertThat(of("mail").schedule().stopped()).isEqualTo("badauth");
    }

    /** Thousands of records would otherwise all be read at the same time of the day. */
    @Test
    void aProofThatWasHadIsNotSoughtByEveryRecordOfTheAccount() {
        begin();
        Publication asked = store.claim(claim(of("chat"), Ask.LOOK))
                .edit()
                .proof(new Publication.Proof(null, clock.instant(), null))
                .done();
        store.settle(new Settlement(asked, "read", List.of()));
        assertThat(of("mail").proof().read()).isEqualTo(clock.instant());
        assertThat(of("other").proof().read()).isNull();

        // What was only a trouble of the moment takes nothing back.
        Instant read = clock.instant();
        Publication again = store.claim(claim(of("mail"), Ask.LOOK))
                .edit()
                .proof(new Publication.Proof(null, read.minusSeconds(1), null))
                .done();
        store.settle(new Settlement(again, "read", List.of()));
        assertThat(of("news").proof().read()).isEqualTo(read);
    }

    @Test
    void aProofThatWasRefusedIsNotSoughtByEveryRecordOfTheAccount() {
        begin();
        Publication asked = store.claim(claim(of("chat"), Ask.LOOK))
                .edit()
                .proof(new Publication.Proof(null, clock.instant(), null))
                .done();
        store.settle(new Settlement(asked, "read", List.of(event(Kind.CREDENTIAL, asked)), true));

        assertThat(of("mail").proof().read()).isEqualTo(clock.instant());
        assertThat(of("mail").schedule().stopped()).isNull();
        assertThat(of("other").proof().read()).isNull();
        assertThat(store.events(10)).hasSize(1);
    }

    // What people know

    /** The host takes what is decided about {@code chat}. */
    private void take(boolean tell) {
        Publication it = confirmed(store.claim(claim(of("chat"), Ask.WRITE)), tell);
        settle(it, tell ? new Event[] {event(Kind.MOVED, it)} : new Event[0]);
    }

    @Test
    void aMoveThatNobodyWasToldOfIsStillToBeToldWhenItIsDecidedAgain() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        take(false);
        clock.pass(MINUTE);
        store.keep(decision(CHAT, TOKYO, PARIS));
        clock.pass(MINUTE);
        store.keep(decision(CHAT, PARIS, TOKYO));

        assertThat(of("chat").agrees()).isTrue();
        assertThat(of("chat").told().moved()).isFalse();
    }

    @Test
    void aMoveBeginsForPeopleWhereTheyLastHeardThatTheRecordWas() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        take(true);
        clock.pass(MINUTE);
        store.keep(decision(CHAT, TOKYO, PARIS));
        take(false);
        // As after a restart, at which the record was read.
        clock.pass(MINUTE);
        store.keep(decision(CHAT, PARIS, TOKYO));
        clock.pass(MINUTE);
        store.keep(decision(CHAT, PARIS, PARIS));

        assertThat(of("chat").wanted().move().from()).isEqualTo("tokyo");
        assertThat(of("chat").told().moved()).isFalse();
    }

    @Test
    void aMoveBackToWherePeopleKnowItToBeIsNone() {
        begin();
        store.keep(decision(CHAT, PARIS, TOKYO));
        take(true);
        clock.pass(MINUTE);
        store.keep(decision(CHAT, TOKYO, PARIS));
        clock.pass(MINUTE);
        store.keep(decision(CHAT, PARIS, TOKYO));
        assertThat(of("chat").told().moved()).isTrue();
    }
}
