package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.NamesReading;
import dev.firstup.model.names.NamesReading.Alias;
import dev.firstup.model.names.NamesReading.Held;
import dev.firstup.model.names.NamesReading.Service;
import dev.firstup.model.rules.Failback;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

/** The names around a record, at a real BIND that knows the zones of both. */
class NamesTest {
    private static final String RECORD = "chat.dyn.test";
    private static Bind bind;
    private static NameServerLookup nameServers;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        bind = Bind.start(
                folder,
                "",
                List.of(
                        new Bind.Zone(
                                "dyn.test",
                                "",
                                """
                                chat 3600 IN A 192.0.2.10
                                chat 60 IN AAAA 2001:db8::10
                                other 30 IN A 192.0.2.10
                                lb IN CNAME elsewhere.example.net.
                                """),
                        new Bind.Zone(
                                "example.test",
                                "",
                                """
                                @ IN A 192.0.2.10
                                @ IN AAAA 2001:db8::10
                                right 300 IN CNAME Chat.dyn.test.
                                second IN CNAME other.dyn.test.
                                chain IN CNAME right
                                wrong IN CNAME www
                                www IN A 192.0.2.99
                                away IN CNAME www.not-here.test.
                                round IN CNAME and-round
                                and-round IN CNAME round
                                mail IN MX 10 www
                                _good._tcp IN SRV 0 5 5222 chat.dyn.test.
                                _two._tcp IN SRV 10 5 5223 Right
                                _two._tcp IN SRV 0 5 5222 chat.dyn.test.
                                _no._tcp IN SRV 0 0 0 .
                                """
                                        + "a IN CNAME b\nb IN CNAME c\nc IN CNAME d\nd IN CNAME e\ne IN CNAME f\n"
                                        + "f IN CNAME g\ng IN CNAME h\nh IN CNAME i\ni IN CNAME chat.dyn.test.\n")));
        nameServers = new NameServerLookup(
                () -> LookupSession.builder()
                        .resolver(new SimpleResolver(new InetSocketAddress("127.0.0.1", bind.port)))
                        .build(),
                bind.port);
    }

    @AfterAll
    static void stop() {
        if (bind != null) {
            bind.close();
        }
    }

    @Test
    void tellsWhatTheRecordHoldsAndForHowLongOthersRememberIt() {
        List<Held> records = read(null, List.of()).records();
        assertThat(records)
                .containsExactly(
                        new Held(
                                RECORD,
                                Map.of(RecordType.A, List.of("192.0.2.10"), RecordType.AAAA, List.of("2001:db8::10")),
                                Duration.ofHours(1),
                                List.of("ns1.dyn.test (127.0.0.1)"),
                                null),
                        new Held(
                                "other.dyn.test",
                                Map.of(RecordType.A, List.of("192.0.2.10")),
                                Duration.ofSeconds(30),
                                List.of(bind.address()),
                                null),
                        new Held("gone.dyn.test", Map.of(), null, List.of("ns1.dyn.test (127.0.0.1)"), null));
    }

    @Test
    void aRecordThatIsAnAliasItselfIsNotRead() {
        Queue queue = queue(null, List.of(), "lb.dyn.test");
        assertThat(new NamesReader(reader(), List.of()).read(queue).join().records())
                .containsExactly(new Held(
                        "lb.dyn.test",
                        Map.of(),
                        null,
                        List.of(),
                        "lb.dyn.test is a CNAME to elsewhere.example.net, expected A records or none"));
    }

    @Test
    void followsAnAliasToTheRecordAndNoFurther() {
        assertThat(alias("right.example.test")).isEqualTo(cname("right.example.test", RECORD));
        assertThat(alias("second.example.test")).isEqualTo(cname("second.example.test", "other.dyn.test"));
        assertThat(alias("chain.example.test")).isEqualTo(cname("chain.example.test", "right.example.test", RECORD));
    }

    @Test
    void followsAnAliasThatLeadsElsewhere() {
        assertThat(alias("wrong.example.test")).isEqualTo(cname("wrong.example.test", "www.example.test"));
        assertThat(alias("round.example.test"))
                .isEqualTo(cname("round.example.test", "and-round.example.test", "round.example.test"));
        assertThat(alias("a.example.test").chain()).hasSize(8).endsWith("i.example.test");
        assertThat(alias("a.example.test").unread()).isNull();
    }

    @Test
    void whereAChainCannotBeReadToItsEndNothingIsSaid() {
        assertThat(alias("away.example.test").chain()).containsExactly("www.not-here.test");
        assertThat(alias("away.example.test").unread()).contains("www.not-here.test");
        assertThat(alias("chat.not-here.test").unread()).contains("chat.not-here.test");
    }

    @Test
    void tellsWhatANameHoldsThatIsNoAlias() {
        assertThat(alias("example.test"))
                .isEqualTo(new Alias(
                        "example.test",
                        List.of(),
                        Map.of(RecordType.A, List.of("192.0.2.10"), RecordType.AAAA, List.of("2001:db8::10")),
                        null));
        assertThat(alias("gone.example.test")).isEqualTo(new Alias("gone.example.test", List.of(), Map.of(), null));
        assertThat(alias("mail.example.test")).isEqualTo(new Alias("mail.example.test", List.of(), Map.of(), null));
    }

    @Test
    void readsServices() {
        List<String> names = List.of(
                "_good._tcp.example.test",
                "_two._tcp.example.test",
                "_no._tcp.example.test",
                "_gone._tcp.example.test",
                "_good._tcp.not-here.test");
        List<Service> services = read(null, names).services();
        assertThat(services).extracting(Service::name).isEqualTo(names);
        assertThat(services)
                .extracting(Service::entries)
                .containsExactly(
                        List.of(new Service.Entry(0, 5, 5222, RECORD)),
                        List.of(
                                new Service.Entry(0, 5, 5222, RECORD),
                                new Service.Entry(10, 5, 5223, "right.example.test")),
                        List.of(new Service.Entry(0, 0, 0, "")),
                        List.of(),
                        List.of());
        assertThat(services.subList(0, 4))
                .allSatisfy(it -> assertThat(it.unread()).isNull());
        assertThat(services.get(4).unread()).isNotBlank();
    }

    /** Where the servers of a zone cannot be found from here, others may be named. */
    @Test
    void asksTheServersThatAreNamed() {
        NameServerLookup blind = new NameServerLookup(
                () -> {
                    throw new AssertionError("the zone was looked for");
                },
                bind.port);
        ZoneReader reader =
                new ZoneReader(blind, Duration.ofSeconds(2), Duration.ofSeconds(5), ForkJoinPool.commonPool());
        NamesReading reading = new NamesReader(reader, List.of(bind.address()))
                .read(queue("right.example.test", List.of("_good._tcp.example.test"), RECORD))
                .join();
        assertThat(reading.alias()).isEqualTo(cname("right.example.test", RECORD));
        assertThat(reading.services().get(0).entries()).hasSize(1);
        assertThat(reading.records().get(0).servers()).containsExactly(bind.address());
    }

    private static Alias cname(String name, String... chain) {
        return new Alias(name, List.of(chain), Map.of(), null);
    }

    private static Alias alias(String name) {
        return read(name, List.of()).alias();
    }

    private static ZoneReader reader() {
        return new ZoneReader(nameServers, Duration.ofSeconds(2), Duration.ofSeconds(5), ForkJoinPool.commonPool());
    }

    private static NamesReading read(String alias, List<String> srv) {
        return new NamesReader(reader(), List.of())
                .read(queue(alias, srv, RECORD, "other.dyn.test", "gone.dyn.test"))
                .join();
    }

    /** The second of the records is read back at a server of its own. */
    private static Queue queue(String alias, List<String> srv, String... records) {
        List<PublishTarget> targets = Stream.of(records)
                .map(it -> new PublishTarget(
                        "no-ip",
                        it,
                        it.startsWith("other") ? List.of(bind.address()) : List.of(),
                        "f",
                        Duration.ZERO,
                        PublishTarget.Api.NONE,
                        false,
                        false))
                .toList();
        return Fixtures.named(
                Fixtures.queue("chat", 1, Failback.AT_ONCE, targets, Fixtures.server("paris", "192.0.2.10")),
                records[0],
                alias,
                srv);
    }
}
