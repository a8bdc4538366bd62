package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.RecordReading;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

/** The reader against the DNS server that most of the world runs. */
class BindTest {
    private static Bind bind;
    private static NameServerLookup nameServers;
    private static ZoneReader reader;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        bind = Bind.start(
                folder,
                """
                chat IN A 192.0.2.10
                chat IN AAAA 2001:db8::10
                alias IN CNAME lb.example.net.
                below IN NS ns1.below
                ns1.below IN A 127.0.0.1
                """
                        + IntStream.rangeClosed(1, 100)
                                .mapToObj(it -> "many IN A 192.0.2." + it + "\n")
                                .collect(Collectors.joining()));
        nameServers = new NameServerLookup(
                () -> LookupSession.builder()
                        .resolver(new SimpleResolver(new InetSocketAddress("127.0.0.1", bind.port)))
                        .build(),
                bind.port);
        reader = new ZoneReader(nameServers, Duration.ofSeconds(2), Duration.ofSeconds(5), ForkJoinPool.commonPool());
    }

    @AfterAll
    static void stop() {
        if (bind != null) {
            bind.close();
        }
    }

    @Test
    void readsAddressesOfBothFamilies() {
        assertThat(read("chat.example.test", RecordType.A).agreed()).containsExactly("192.0.2.10");
        assertThat(read("chat.example.test", RecordType.AAAA).agreed()).containsExactly("2001:db8::10");
    }

    @Test
    void findsTheZoneAndItsServers() {
        assertThat(reader.read("chat.example.test", RecordType.A, List.of()).join())
                .isEqualTo(new RecordReading(
                        Map.of("ns1.example.test (127.0.0.1)", List.of("192.0.2.10")), Map.of(), null));
    }

    @Test
    void readsAnAlias() {
        assertThat(read("alias.example.test", RecordType.CNAME).agreed()).containsExactly("lb.example.net");
        assertThat(read("alias.example.test", RecordType.A).problem())
                .isEqualTo("alias.example.test is a CNAME to lb.example.net, expected A records or none");
    }

    @Test
    void fetchesByTcpWhatDoesNotFit() {
        assertThat(read("many.example.test", RecordType.A).agreed()).hasSize(100);
    }

    @Test
    void tellsWhatDoesNotExist() {
        assertThat(read("chat.example.test", RecordType.CNAME))
                .isEqualTo(new RecordReading(Map.of(bind.address(), List.of()), Map.of(), null));
        assertThat(read("gone.example.test", RecordType.A))
                .isEqualTo(new RecordReading(
                        Map.of(bind.address(), List.of()), Map.of(), "gone.example.test does not exist (NXDOMAIN)"));
    }

    @Test
    void tellsThatItIsTheWrongServer() {
        assertThat(read("chat.example.org", RecordType.A).failures())
                .isEqualTo(Map.of(bind.address(), "it answered REFUSED"));
        assertThat(read("chat.below.example.test", RecordType.A).failures())
                .isEqualTo(Map.of(bind.address(), "it is not authoritative for chat.below.example.test"));
    }

    @Test
    void anyAnswerShowsThatItCanBeReached() {
        assertThat(reach("chat.example.test")).isEqualTo("ns1.example.test (127.0.0.1) answered NOERROR");
        assertThat(reach("gone.example.test", bind.address())).isEqualTo(bind.address() + " answered NXDOMAIN");
        assertThat(reach("chat.example.org", bind.address())).isEqualTo(bind.address() + " answered REFUSED");
    }

    private static String reach(String record, String... servers) {
        return new ReachabilityCheck(nameServers, ReachabilityCheck.FRESH, ForkJoinPool.commonPool())
                .ask(record, List.of(servers), Duration.ofSeconds(5))
                .join();
    }

    private static RecordReading read(String record, RecordType type) {
        return reader.read(record, type, List.of(bind.address())).join();
    }
}
