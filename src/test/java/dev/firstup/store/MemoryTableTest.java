package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.Fixtures;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Degradation;
import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Order;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.QueueMemory.Remembered;
import dev.firstup.model.Server;
import dev.firstup.model.ServerState;
import dev.firstup.model.rules.Failback;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemoryTableTest extends StoreCase {
    private final Queue queue = chat(PARIS, TOKYO);

    private void keep(Queue queue, QueueMemory memory) {
        store.keep(Fixtures.remembering(queue, memory));
    }

    private QueueMemory servers(Map<String, Remembered> servers) {
        return new QueueMemory(clock.instant(), servers, List.of(), null, false, List.of());
    }

    private QueueMemory orders(Order... orders) {
        return new QueueMemory(clock.instant(), Map.of(), List.of(), null, false, List.of(orders));
    }

    private Remembered up() {
        return new Remembered(ServerState.UP, clock.instant(), clock.instant(), null, List.of());
    }

    private Remembered down() {
        return new Remembered(ServerState.DOWN, clock.instant(), null, clock.instant(), List.of());
    }

    private Order order(String server, Order.Kind kind, Instant until) {
        return new Order("chat", server, kind, clock.instant(), until, "new disk, it's here");
    }

    /** What the next program is told. */
    private QueueMemory restart(Queue... queues) throws IOException {
        crash();
        return store.configure(Fixtures.configuration(queues)).get("chat");
    }

    @Test
    void nothingIsRememberedOfWhatIsNew() throws IOException {
        assertThat(store.configure(Fixtures.configuration(queue))).isEmpty();
        assertThat(restart(queue)).isNull();
    }

    /** The limit is many times what it takes, and a fraction of what it takes to look for each server among all. */
    @Test
    @Timeout(20)
    void aLargeQueueIsReadAgainInNoTime() {
        Server[] servers = IntStream.range(0, 40_000)
                .mapToObj(it -> Fixtures.server("server-" + it, "192.0.2.1"))
                .toArray(Server[]::new);
        Queue large = chat(servers);
        store.configure(Fixtures.configuration(large));
        Map<String, Remembered> all = new HashMap<>();
        large.servers().forEach(it -> all.put(it.name(), up()));
        keep(large, servers(all));

        for (int i = 0; i < 5; i++) {
            assertThat(store.configure(Fixtures.configuration(large))
                            .get("chat")
                            .servers())
                    .hasSameSizeAs(servers);
        }
    }

    @Test
    void everythingIsRemembered() throws IOException {
        Instant now = clock.instant();
        store.configure(Fixtures.configuration(queue));
        QueueMemory full = new QueueMemory(
                now,
                Map.of(
                        "paris",
                        new Remembered(
                                ServerState.UP,
                                now.minusMillis(1),
                                now.minusMillis(2),
                                now.minusMillis(3),
                                List.of(Degradation.CERTIFICATE, Degradation.SLOW)),
                        "tokyo",
                        new Remembered(ServerState.DOWN, now, null, now, List.of())),
                List.of(now.minusSeconds(3), now.minusSeconds(2)),
                now.minusMillis(5),
                true,
                List.of(
                        order("tokyo", Order.Kind.MAINT, now.plusMillis(90_001)),
                        order(null, Order.Kind.FREEZE, null),
                        order("paris", Order.Kind.MOVE, null)));
        keep(queue, full);
        assertThat(restart(queue)).isEqualTo(full);
    }

    @Test
    void aServerThatDidNotChangeStaysAndTheRestIsReplaced() throws IOException {
        Instant now = clock.instant();
        store.configure(Fixtures.configuration(queue));
        keep(
                queue,
                new QueueMemory(
                        now,
                        Map.of("paris", up(), "tokyo", down()),
                        List.of(now),
                        now,
                        true,
                        List.of(order("paris", Order.Kind.DRAIN, null))));
        keep(queue, servers(Map.of("tokyo", up())));
        assertThat(restart(queue))
                .isEqualTo(
                        new QueueMemory(now, Map.of("paris", up(), "tokyo", up()), List.of(), null, false, List.of()));
    }

    @Test
    void aDecisionWithoutAMemoryLeavesItAlone() throws IOException {
        store.configure(Fixtures.configuration(queue));
        QueueMemory memory = servers(Map.of("paris", down()));
        keep(queue, memory);
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(restart(queue)).isEqualTo(memory);
    }

    @Test
    void aServerThatLeftIsForgotten() throws IOException {
        store.configure(Fixtures.configuration(queue));
        keep(
                queue,
                new QueueMemory(
                        clock.instant(),
                        Map.of("paris", down(), "tokyo", up()),
                        List.of(),
                        null,
                        false,
                        List.of(order("paris", Order.Kind.MAINT, null), order("tokyo", Order.Kind.DRAIN, null))));
        store.configure(Fixtures.configuration(chat(TOKYO)));
        QueueMemory memory = restart(queue);
        assertThat(memory.servers()).containsOnlyKeys("tokyo");
        assertThat(memory.orders()).extracting(Order::server).containsExactly("tokyo");
    }

    @Test
    void anOrderIsForBothFamiliesThatAreChosenForApart() throws IOException {
        Queue apart =
                chat(Fixtures.server("paris/ipv4", "192.0.2.10"), Fixtures.server("paris/ipv6", "192.0.2.11"), TOKYO);
        store.configure(Fixtures.configuration(apart));
        keep(apart, orders(order("paris", Order.Kind.MAINT, null)));
        assertThat(restart(apart).orders()).extracting(Order::server).containsExactly("paris");
        assertThat(restart(chat(Fixtures.server("parish", "192.0.2.1"))))
                .satisfies(it -> assertThat(it.orders()).isEmpty());
    }

    @Test
    void aQueueThatIsGoneIsForgotten() throws IOException {
        store.configure(Fixtures.configuration(queue));
        QueueMemory memory = new QueueMemory(
                clock.instant(),
                Map.of("paris", down()),
                List.of(),
                null,
                true,
                List.of(order(null, Order.Kind.FREEZE, null)));
        keep(queue, memory);
        store.configure(Fixtures.configuration());
        // A decision that was on its way brings nothing back.
        keep(queue, memory);
        assertThat(store.configure(Fixtures.configuration(queue))).isEmpty();
        assertThat(restart(queue)).isNull();
    }

    @Test
    void aQueueWhoseFileIsBrokenAtTheStartIsNotForgottenButItsStatesAreOld() throws IOException {
        store.configure(Fixtures.configuration(queue));
        Instant fell = clock.instant();
        keep(
                queue,
                new QueueMemory(
                        fell,
                        Map.of("paris", down()),
                        List.of(),
                        null,
                        true,
                        List.of(
                                order(null, Order.Kind.FREEZE, null),
                                order("paris", Order.Kind.MAINT, fell.plusSeconds(1)))));
        crash();
        clock.pass(MINUTE);
        assertThat(store.configure(new Configuration(List.of(), List.of("broken"), false, List.of())))
                .isEmpty();
        QueueMemory mended = store.configure(Fixtures.configuration(queue)).get("chat");
        assertThat(mended.at()).isEqualTo(fell);
        assertThat(mended.allDown()).isTrue();
        assertThat(mended.orders()).extracting(Order::kind).containsExactly(Order.Kind.FREEZE);
        assertThat(mended.servers().get("paris").state()).isEqualTo(ServerState.UNKNOWN);
        assertThat(mended.servers().get("paris").downSince()).isEqualTo(fell);
        assertThat(store.events(9)).extracting(Event::kind).containsExactly(Kind.ORDER_ENDED);
    }

    // How old it is

    @Test
    void fromThisTheNextStartSeesHowLongNothingRan() throws IOException {
        store.configure(Fixtures.configuration(queue));
        keep(queue, servers(Map.of("paris", up())));
        clock.pass(MINUTE);
        store.alive();
        Instant last = clock.instant();
        clock.pass(MINUTE);
        QueueMemory memory = restart(queue);
        assertThat(memory.at()).isEqualTo(last);
        assertThat(memory.servers().get("paris").state()).isEqualTo(ServerState.UP);
    }

    @Test
    void aSignOfLifeIsWrittenOnceInHalfAMinute() throws IOException {
        store.configure(Fixtures.configuration(queue));
        keep(queue, servers(Map.of("paris", up())));
        Instant kept = clock.instant();
        clock.pass(Duration.ofMillis(29_999));
        store.alive();
        assertThat(restart(queue).at()).isEqualTo(kept);

        clock.pass(Duration.ofMillis(1));
        store.alive();
        Instant written = clock.instant();
        assertThat(restart(queue).at()).isEqualTo(written);
    }

    @Test
    void aClockThatIsSetBackIsNoticed() throws IOException {
        store.configure(Fixtures.configuration(queue));
        keep(queue, servers(Map.of("paris", up())));
        clock.back(Duration.ofDays(1));
        assertThat(restart(queue).at()).isEqualTo(Instant.EPOCH);

        store.alive();
        clock.back(Duration.ofDays(1));
        store.alive();
        Instant written = clock.instant();
        assertThat(restart(queue).at()).isEqualTo(written);
    }

    @Test
    void noSignOfLifeBeforeTheQueuesAreKnown() throws IOException {
        store.configure(Fixtures.configuration(queue));
        keep(queue, servers(Map.of("paris", up())));
        Instant kept = clock.instant();
        crash();
        clock.pass(Duration.ofHours(1));
        store.alive();
        assertThat(store.configure(Fixtures.configuration(queue)).get("chat").at())
                .isEqualTo(kept);
    }

    @Test
    void statesThatWereOldAtOneStartAreNotFreshAtTheNext() throws IOException {
        store.configure(Fixtures.configuration(queue));
        Instant fell = clock.instant();
        keep(queue, servers(Map.of("paris", down())));
        clock.pass(Duration.ofMinutes(2).plusMillis(1));
        QueueMemory old = restart(queue);
        assertThat(old.at()).isEqualTo(fell);
        store.alive();
        clock.pass(Duration.ofSeconds(1));
        QueueMemory next = restart(queue);
        assertThat(next.at()).isEqualTo(clock.instant().minusSeconds(1));
        assertThat(next.servers().get("paris").state()).isEqualTo(ServerState.UNKNOWN);
        assertThat(next.servers().get("paris").downSince()).isEqualTo(fell);
    }

    @Test
    void nothingIsHandedOutBeforeTheQueuesAreKnown() throws IOException {
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO));
        crash();
        assertThat(store.due()).isEmpty();
        store.configure(Fixtures.configuration(queue));
        assertThat(store.due()).hasSize(1);
    }

    // Orders that end

    @Test
    void anOrderThatEndedWhileNothingRanIsKeptAsAnEvent() throws IOException {
        store.configure(Fixtures.configuration(queue));
        Instant until = clock.instant().plusSeconds(30);
        keep(
                queue,
                orders(
                        order("paris", Order.Kind.MAINT, until),
                        order(null, Order.Kind.FREEZE, until),
                        order("tokyo", Order.Kind.DRAIN, until.plusMillis(1))));
        crash();
        clock.pass(Duration.ofSeconds(30));
        QueueMemory memory = store.configure(Fixtures.configuration(queue)).get("chat");
        assertThat(memory.orders()).extracting(Order::server).containsExactly("tokyo");
        assertThat(store.events(9)).extracting(Event::kind).containsExactly(Kind.ORDER_ENDED, Kind.ORDER_ENDED);
        assertThat(store.events(9).get(1)).satisfies(it -> {
            assertThat(it.at()).isEqualTo(until);
            assertThat(it.queue()).isEqualTo("chat");
            assertThat(it.record()).isEqualTo(Fixtures.RECORD);
            assertThat(it.server()).isEqualTo("paris");
            assertThat(it.reason())
                    .isEqualTo("maint ended by itself while Firstup was not running;"
                            + " it was ordered because: new disk, it's here");
            assertThat(it.tell()).isFalse();
        });
        assertThat(restart(queue).orders()).extracting(Order::server).containsExactly("tokyo");
        assertThat(store.events(9)).hasSize(2);
    }

    @Test
    void anOrderThatEndsWhileItRunsIsNotEndedHere() {
        store.configure(Fixtures.configuration(queue));
        keep(queue, orders(order("paris", Order.Kind.MAINT, clock.instant().plusSeconds(30))));
        clock.pass(MINUTE);
        QueueMemory memory = store.configure(Fixtures.configuration(queue)).get("chat");
        assertThat(memory.orders()).hasSize(1);
        assertThat(store.events(9)).isEmpty();
    }

    // The version before

    @Test
    void whatTheVersionBeforeKnewIsTakenOver() throws Exception {
        Instant fell = clock.instant();
        store.configure(Fixtures.configuration(queue));
        store.close();
        asTheVersionBeforeLeftIt(fell);

        store = new Store(file.toString(), clock);
        QueueMemory memory = store.configure(Fixtures.configuration(queue)).get("chat");
        assertThat(memory)
                .isEqualTo(new QueueMemory(
                        Instant.EPOCH,
                        Map.of("paris", new Remembered(ServerState.UNKNOWN, fell, null, fell, List.of())),
                        List.of(),
                        null,
                        false,
                        List.of()));
        assertThat(store.publications()).hasSize(1);
        assertThat(restart(queue).servers()).containsOnlyKeys("paris");
        store.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet left = statement.executeQuery("SELECT name FROM sqlite_master WHERE name = 'down'")) {
            assertThat(left.next()).isFalse();
        }
        store = new Store(file.toString(), clock);
    }

    private void asTheVersionBeforeLeftIt(Instant fell) throws SQLException {
        assertThat(Files.exists(file)).isTrue();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String table : List.of("server", "standing", "hand", "alive")) {
                statement.executeUpdate("DROP TABLE " + table);
            }
            statement.executeUpdate(
                    "CREATE TABLE down (queue TEXT NOT NULL, server TEXT NOT NULL, since INTEGER NOT NULL,"
                            + " PRIMARY KEY (queue, server))");
            statement.executeUpdate("INSERT INTO down VALUES ('chat', 'paris', " + fell.toEpochMilli() + ")");
            statement.executeUpdate("INSERT INTO down VALUES ('chat', 'gone', " + fell.toEpochMilli() + ")");
            statement.executeUpdate("INSERT INTO down VALUES ('talk', 'paris', " + fell.toEpochMilli() + ")");
        }
    }

    @Test
    void queuesDoNotShareWhatIsRemembered() throws IOException {
        Queue talk = Fixtures.queue(
                "talk", 1, Failback.AT_ONCE, List.of(Fixtures.target("no-ip", "talk.example.org")), PARIS, TOKYO);
        store.configure(Fixtures.configuration(queue, talk));
        keep(queue, servers(Map.of("paris", down())));
        keep(talk, new QueueMemory(clock.instant(), Map.of("paris", up()), List.of(), null, true, List.of()));
        keep(queue, orders());
        crash();
        Map<String, QueueMemory> memories = store.configure(Fixtures.configuration(queue, talk));
        assertThat(memories.get("chat").servers().get("paris")).isEqualTo(down());
        assertThat(memories.get("chat").allDown()).isFalse();
        assertThat(memories.get("talk").servers().get("paris")).isEqualTo(up());
        assertThat(memories.get("talk").allDown()).isTrue();
    }

    @Test
    void whatCouldNotBeWrittenLeavesNothingHalf() throws Exception {
        store.close();
        Connection connection = StateFile.open(file, clock);
        store = new Store(connection, clock);
        store.configure(Fixtures.configuration(queue));
        QueueMemory memory = servers(Map.of("paris", up()));
        keep(queue, memory);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "CREATE TRIGGER full BEFORE INSERT ON standing BEGIN SELECT RAISE(ABORT, 'full'); END");
        }
        Decision decision = Fixtures.remembering(queue, servers(Map.of("paris", down())));
        assertThatThrownBy(() -> store.keep(decision))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("full");
        assertThat(restart(queue)).isEqualTo(memory);
    }
}
