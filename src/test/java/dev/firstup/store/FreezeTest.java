package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.firstup.Fixtures;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.rules.Failback;
import dev.firstup.publish.Publications;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While a queue is frozen it is decided about, and nothing is written. */
class FreezeTest extends StoreCase {
    private static final Queue CHAT = chat(PARIS, TOKYO);
    private static final Queue TALK = Fixtures.queue(
            "talk", 1, Failback.AT_ONCE, List.of(Fixtures.target("no-ip", "talk.example.org")), PARIS, TOKYO);

    @BeforeEach
    void configure() {
        store.configure(Fixtures.configuration(CHAT, TALK));
    }

    private void orders(Order... orders) {
        store.keep(Fixtures.remembering(
                CHAT, new QueueMemory(clock.instant(), Map.of(), List.of(), null, false, List.of(orders))));
    }

    private Order freeze(Instant until) {
        return new Order("chat", null, Order.Kind.FREEZE, clock.instant(), until, "");
    }

    private static Order other() {
        return new Order("chat", "paris", Order.Kind.DRAIN, Instant.EPOCH, null, "");
    }

    private Publication chatNow() {
        return store.publications().stream()
                .filter(it -> it.queue().equals("chat"))
                .findFirst()
                .orElseThrow();
    }

    /** What the publish room would do about it now. */
    private Ask asked(Publication it) {
        return new Publications(clock, MINUTE, MINUTE, MINUTE, MINUTE).claim(it).ask();
    }

    private void settleAll() {
        for (Publication it : store.due()) {
            settle(store.claim(claim(it, Ask.READ)));
        }
        assertThat(store.due()).isEmpty();
    }

    @Test
    void onlyReadingIsAskedOfAFrozenQueue() {
        store.keep(decision(CHAT, PARIS, TOKYO));
        store.keep(decision(TALK, PARIS, TOKYO));
        orders(freeze(null), other());
        assertThat(store.publications()).extracting(it -> it.wanted().held()).containsExactly(true, false);
        assertThat(store.due())
                .extracting(Publication::queue, this::asked)
                .containsExactlyInAnyOrder(tuple("chat", Ask.READ), tuple("talk", Ask.WRITE));
        Publication claimed = store.claim(claim(chatNow(), Ask.READ));
        assertThat(claimed.wanted().held()).isTrue();
        assertThat(store.settle(new Settlement(claimed, "read", List.of()))
                        .wanted()
                        .held())
                .isTrue();
    }

    @Test
    void whatIsDecidedMeanwhileIsKeptForLater() {
        orders(freeze(null));
        settleAll();
        store.keep(decision(CHAT, PARIS, TOKYO));
        assertThat(chatNow().decided()).containsExactly("192.0.2.20");
        assertThat(asked(chatNow())).isEqualTo(Ask.READ);
        settleAll();

        orders(other());
        assertThat(store.due()).singleElement().satisfies(it -> {
            assertThat(it.queue()).isEqualTo("chat");
            assertThat(it.wanted().held()).isFalse();
            assertThat(asked(it)).isEqualTo(Ask.WRITE);
        });
    }

    /** The clock of the store is the system's, and may have been set. */
    @Test
    void itsEndIsWhatTheHealthRoomSays() {
        orders(freeze(clock.instant().plusSeconds(30)));
        store.keep(decision(CHAT, PARIS, TOKYO));
        settleAll();
        clock.pass(Duration.ofSeconds(31));
        assertThat(chatNow().wanted().held()).isTrue();
        orders();
        assertThat(store.due()).singleElement().satisfies(it -> assertThat(asked(it))
                .isEqualTo(Ask.WRITE));
    }

    @Test
    void anotherOrderDoesNotThaw() {
        orders(freeze(null));
        settleAll();
        orders(freeze(null), other());
        assertThat(store.due()).isEmpty();
        assertThat(chatNow().wanted().held()).isTrue();
    }

    @Test
    void aReloadNeitherThawsNorHoldsForLonger() {
        store.keep(decision(CHAT, PARIS, TOKYO));
        orders(freeze(null));
        store.configure(Fixtures.configuration(CHAT, TALK));
        assertThat(chatNow().wanted().held()).isTrue();
        orders();
        assertThat(chatNow().wanted().held()).isFalse();
    }

    @Test
    void aFreezeOutlivesARestart() throws IOException {
        store.keep(decision(CHAT, PARIS, TOKYO));
        orders(freeze(null));
        crash();
        configure();
        store.keep(decision(CHAT, null, TOKYO));
        assertThat(chatNow().wanted().held()).isTrue();
        orders();
        assertThat(chatNow().wanted().held()).isFalse();
    }

    // Frozen or thawed while something is under way

    @Test
    void whatWaitsForAThreadIsNotSentAfterAFreeze() {
        store.keep(decision(CHAT, PARIS, TOKYO));
        Publication waiting = chatNow();
        assertThat(store.due()).contains(waiting);
        orders(freeze(null));
        assertThat(store.claim(claim(waiting, Ask.WRITE))).isNull();
        assertThat(chatNow().attempt().values()).isNull();
        assertThat(store.due())
                .singleElement()
                .satisfies(it -> assertThat(it.wanted().held()).isTrue());
    }

    @Test
    void whatWaitsForAThreadIsWeighedAgainAfterAThaw() {
        orders(freeze(null));
        store.keep(decision(CHAT, PARIS, TOKYO));
        Publication waiting = chatNow();
        assertThat(store.due()).contains(waiting);
        orders();
        assertThat(store.claim(claim(waiting, Ask.READ))).isNull();
        assertThat(store.due()).contains(chatNow());
    }

    @Test
    void aFreezeDuringARequestLosesNotItsOutcomeAndSendsNothing() {
        store.keep(decision(CHAT, PARIS, TOKYO));
        Publication claimed = store.claim(claim(chatNow(), Ask.WRITE));
        orders(freeze(null));
        assertThat(store.claim(claim(chatNow(), Ask.READ))).isNull();

        settle(confirmed(claimed, false));
        assertThat(chatNow().confirmed().values()).containsExactly("192.0.2.20");
        assertThat(chatNow().attempt().values()).isNull();
        assertThat(chatNow().wanted().held()).isTrue();
        assertThat(asked(chatNow())).isEqualTo(Ask.READ);
    }

    @Test
    void aFreezeDuringTheLastReadingDoesNotSwallowTheMove() {
        store.keep(decision(CHAT, PARIS, TOKYO));
        settle(confirmed(store.claim(claim(chatNow(), Ask.WRITE)), false));
        clock.pass(MINUTE);
        Publication reading = store.claim(claim(chatNow(), Ask.READ));
        orders(freeze(null));
        settle(
                copy(
                        reading,
                        reading.confirmed().values(),
                        reading.confirmed().at(),
                        null,
                        reading.schedule().due(),
                        0,
                        null,
                        true,
                        Ask.READ),
                moved());
        assertThat(store.events(9)).extracting(Event::kind).containsExactly(Kind.MOVED);
        assertThat(chatNow().told().moved()).isTrue();
    }

    @Test
    void aThawDuringAReadingLosesNotItsOutcomeAndWhatIsDecidedIsDueThen() {
        orders(freeze(null));
        store.keep(decision(CHAT, PARIS, TOKYO));
        Publication reading = store.claim(claim(chatNow(), Ask.READ));
        orders();
        assertThat(store.claim(claim(chatNow(), Ask.WRITE))).as("one at a time").isNull();

        settle(copy(
                reading,
                List.of("192.0.2.10"),
                clock.instant(),
                null,
                clock.instant().plus(MINUTE),
                0,
                null,
                false,
                Ask.READ));
        assertThat(chatNow().confirmed().values()).containsExactly("192.0.2.10");
        assertThat(store.due()).contains(chatNow());
        assertThat(asked(chatNow())).isEqualTo(Ask.WRITE);
        assertThat(store.claim(claim(chatNow(), Ask.WRITE))).isNotNull();
    }

    @Test
    void frozenAndThawedDuringARequestIsAsIfNothingHadBeen() {
        store.keep(decision(CHAT, PARIS, TOKYO));
        Publication claimed = store.claim(claim(chatNow(), Ask.WRITE));
        orders(freeze(null));
        orders();
        assertThat(store.claim(claim(chatNow(), Ask.WRITE))).isNull();
        settle(confirmed(claimed, true), moved());
        assertThat(chatNow().agrees()).isTrue();
        assertThat(chatNow().told().moved()).isTrue();
        assertThat(store.events(9)).extracting(Event::kind).containsExactly(Kind.MOVED);
    }
}
