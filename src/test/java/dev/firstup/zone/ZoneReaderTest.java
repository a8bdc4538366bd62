package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.rehearsal.NameServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;

class ZoneReaderTest {
    private static final String RECORD = "chat.example.test";

    @Test
    void readsTheRecordAtTheServersThatWereGiven() throws IOException {
        try (NameServer server = serving(
                Map.of(RecordType.A, List.of("192.0.2.20", "192.0.2.10"), RecordType.AAAA, List.of("2001:db8::30")))) {
            assertThat(read(RecordType.A, address(server)).answers())
                    .isEqualTo(Map.of(address(server), List.of("192.0.2.10", "192.0.2.20")));
            assertThat(read(RecordType.AAAA, address(server)).agreed()).containsExactly("2001:db8::30");
        }
    }

    @Test
    void readsACnameInLowerCaseWithoutItsDot() throws IOException {
        try (NameServer server = serving(Map.of(RecordType.CNAME, List.of("LB.Example.net")))) {
            assertThat(read(RecordType.CNAME, address(server)).agreed()).containsExactly("lb.example.net");
        }
    }

    @Test
    void saysSoWhenAnAliasStandsWhereAddressesShould() throws IOException {
        try (NameServer server = serving(Map.of(RecordType.CNAME, List.of("lb.example.net")))) {
            RecordReading reading = read(RecordType.A, address(server));
            assertThat(reading.answers()).isEmpty();
            assertThat(reading.problem())
                    .isEqualTo("chat.example.test is a CNAME to lb.example.net, expected A records or none");
        }
    }

    @Test
    void anAbsentTypeHasNoValuesAndIsNoProblem() throws IOException {
        try (NameServer server = serving(Map.of(RecordType.A, List.of("192.0.2.10")))) {
            RecordReading reading = read(RecordType.AAAA, address(server));
            assertThat(reading.agreed()).isEmpty();
            assertThat(reading.problem()).isNull();
        }
    }

    @Test
    void aNameThatDoesNotExistHasNoValuesAndIsAProblem() throws IOException {
        try (NameServer server = serving(null)) {
            RecordReading reading = read(RecordType.A, address(server));
            assertThat(reading.agreed()).isEmpty();
            assertThat(reading.problem()).isEqualTo("chat.example.test does not exist (NXDOMAIN)");
        }
    }

    @Test
    void showsThatServersDisagree() throws IOException {
        try (NameServer one = serving(Map.of(RecordType.A, List.of("192.0.2.10")));
                NameServer two = serving(Map.of(RecordType.A, List.of("192.0.2.20")))) {
            RecordReading reading = read(RecordType.A, address(one), address(two));
            assertThat(reading.answers().values())
                    .containsExactlyInAnyOrder(List.of("192.0.2.10"), List.of("192.0.2.20"));
            assertThat(reading.agreed()).isNull();
        }
    }

    @Test
    void namesTheServerThatCannotBeReachedAndKeepsTheAnswersOfTheOthers() throws IOException {
        String dead = Ports.closed();
        try (NameServer server = serving(Map.of(RecordType.A, List.of("192.0.2.10")))) {
            RecordReading reading = read(RecordType.A, address(server), dead);
            assertThat(reading.agreed()).containsExactly("192.0.2.10");
            assertThat(reading.failures()).isEqualTo(Map.of(dead, "connection refused"));
            assertThat(reading.problem()).isNull();
        }
    }

    @Test
    void aSilentServerIsAskedByUdpAndTcpAndThenGivenUp() throws IOException {
        try (OddServer server = new OddServer(OddServer::silence, OddServer::silence)) {
            RecordReading reading = read(RecordType.A, server.address());
            assertThat(reading.failures()).isEqualTo(Map.of(server.address(), "no answer in time"));
            assertThat(reading.answers()).isEmpty();
            assertThat(reading.problem())
                    .isEqualTo("no authoritative server of chat.example.test answered: " + server.address()
                            + ": no answer in time");
            assertThat(server.byUdp).hasValue(1);
            assertThat(server.byTcp).hasValue(1);
        }
    }

    @Test
    void theDeadlineHoldsForAllQueriesTogether() throws IOException {
        try (OddServer server = new OddServer(OddServer::silence, OddServer::silence)) {
            ZoneReader reader = reader(unused(), Duration.ofSeconds(30), Duration.ofMillis(200));
            assertThat(reader.read(RECORD, RecordType.A, List.of(server.address()))
                            .join()
                            .failures())
                    .isEqualTo(Map.of(server.address(), "no answer within 200 ms altogether"));
        }
    }

    @Test
    void aRefusalAndAServerFailureAreFailures() throws IOException {
        try (NameServer server = serving(Map.of());
                OddServer failing = new OddServer(answering(Rcode.SERVFAIL), OddServer::silence)) {
            assertThat(reader(unused())
                            .read("chat.example.org", RecordType.A, List.of(address(server)))
                            .join()
                            .failures())
                    .isEqualTo(Map.of(address(server), "it answered REFUSED"));
            assertThat(read(RecordType.A, failing.address()).failures())
                    .isEqualTo(Map.of(failing.address(), "it answered SERVFAIL"));
        }
    }

    @Test
    void anAnswerFromACacheDoesNotCount() throws IOException {
        try (OddServer cache = new OddServer(
                query -> {
                    Message answer = withAddress(query, "192.0.2.10");
                    answer.getHeader().unsetFlag(Flags.AA);
                    return answer.toWire();
                },
                OddServer::silence)) {
            RecordReading reading = read(RecordType.A, cache.address());
            assertThat(reading.answers()).isEmpty();
            assertThat(reading.failures())
                    .isEqualTo(Map.of(cache.address(), "it is not authoritative for chat.example.test"));
        }
    }

    @Test
    void asksWithoutRecursionAndWithRoomForALargerAnswer() throws IOException {
        StringBuilder seen = new StringBuilder();
        try (OddServer server = new OddServer(
                query -> {
                    try {
                        Message asked = new Message(query);
                        seen.append("RD ")
                                .append(asked.getHeader().getFlag(Flags.RD))
                                .append(", UDP ")
                                .append(asked.getOPT().getPayloadSize());
                    } catch (IOException e) {
                        seen.append(e);
                    }
                    return OddServer.empty(query).toWire();
                },
                OddServer::silence)) {
            read(RecordType.A, server.address());
            assertThat(seen).hasToString("RD false, UDP 1232");
        }
    }

    @Test
    void aForgedAnswerIsNotBelieved() throws IOException {
        byte[] garbage = {1, 2, 3};
        try (OddServer wrongId = new OddServer(
                        query -> {
                            Message forged = withAddress(query, "203.0.113.66");
                            forged.getHeader().setID(forged.getHeader().getID() ^ 1);
                            return forged.toWire();
                        },
                        query -> withAddress(query, "192.0.2.10").toWire());
                OddServer noise = new OddServer(query -> garbage, query -> withAddress(query, "192.0.2.10")
                        .toWire());
                OddServer otherName = new OddServer(
                        query -> {
                            Message forged = withAddress(query, "203.0.113.66");
                            byte[] wire = forged.toWire();
                            wire[13] = 'X';
                            return wire;
                        },
                        query -> withAddress(query, "192.0.2.10").toWire())) {
            assertThat(read(RecordType.A, wrongId.address(), noise.address(), otherName.address())
                            .answers())
                    .hasSize(3)
                    .allSatisfy((server, values) -> assertThat(values).containsExactly("192.0.2.10"));
        }
    }

    /** Found by fuzzing: an UPDATE may hold a record without data, and then dnsjava throws what it does not declare. */
    @ParameterizedTest
    @CsvSource({
        "-9, its answer is not one to the question: Invalid DNS TTL: 4160749567",
        "0, its answer holds a record without a value"
    })
    void anAnswerThatIsAnUpdateIsAFailureOfThatServer(byte ttl, String failure) throws IOException {
        byte[] record = {(byte) 0xC0, 12, 0, 1, 0, 1, ttl, -1, -1, -1, 0, 0};
        UnaryOperator<byte[]> update = query -> {
            byte[] empty = OddServer.empty(query).toWire();
            byte[] wire = Arrays.copyOf(empty, empty.length + record.length);
            System.arraycopy(record, 0, wire, empty.length, record.length);
            wire[2] |= Opcode.UPDATE << 3;
            wire[7] = 1;
            return wire;
        };
        try (OddServer server = new OddServer(update, update)) {
            assertThat(read(RecordType.A, server.address()).failures()).isEqualTo(Map.of(server.address(), failure));
        }
    }

    @Test
    void recordsOfOtherNamesInAnAnswerAreLeftOut() throws IOException {
        try (OddServer server = new OddServer(
                query -> {
                    Message answer = withAddress(query, "192.0.2.10");
                    answer.addRecord(record("other.example.test.", "203.0.113.66"), Section.ANSWER);
                    return answer.toWire();
                },
                OddServer::silence)) {
            assertThat(read(RecordType.A, server.address()).agreed()).containsExactly("192.0.2.10");
        }
    }

    @Test
    void anAnswerThatDoesNotFitIsFetchedByTcp() throws IOException {
        List<String> many =
                IntStream.range(1, 201).mapToObj(it -> "192.0.2." + it).toList();
        try (NameServer server = serving(Map.of(RecordType.A, many))) {
            assertThat(read(RecordType.A, address(server)).agreed()).containsExactlyInAnyOrderElementsOf(many);
        }
    }

    @Test
    void findsTheServersOfTheClosestZone() throws IOException {
        try (NameServer server = NameServer.start(
                0,
                "example.test",
                Duration.ofSeconds(60),
                name -> name.equals("deep." + RECORD) ? Map.of(RecordType.A, List.of("192.0.2.10")) : null)) {
            NameServerLookup found = new NameServerLookup(
                    () -> LookupSession.builder()
                            .resolver(new SimpleResolver(server.address()))
                            .build(),
                    server.address().getPort());
            RecordReading reading = reader(found)
                    .read("deep." + RECORD, RecordType.A, List.of())
                    .join();
            assertThat(reading.answers()).isEqualTo(Map.of("ns.example.test (127.0.0.1)", List.of("192.0.2.10")));
            assertThat(reading.failures()).isEmpty();
            assertThat(reading.problem()).isNull();
        }
    }

    @Test
    void remembersTheServersButNotTheRecord() throws IOException {
        Cache cache = NameServerLookup.cache();
        AtomicInteger asked = new AtomicInteger();
        try (OddServer lost = new OddServer(answering(Rcode.SERVFAIL), OddServer::silence);
                NameServer server = NameServer.start(0, "example.test", Duration.ofSeconds(60), name -> {
                    asked.incrementAndGet();
                    return Map.of(RecordType.A, List.of("192.0.2." + asked));
                })) {
            AtomicReference<SimpleResolver> system = new AtomicReference<>(new SimpleResolver(server.address()));
            NameServerLookup found = new NameServerLookup(
                    () -> LookupSession.builder()
                            .resolver(system.get())
                            .cache(cache)
                            .build(),
                    server.address().getPort());
            RecordReading first =
                    reader(found).read(RECORD, RecordType.A, List.of()).join();
            system.set(resolverAt(lost));
            found.forget();
            RecordReading second =
                    reader(found).read(RECORD, RecordType.A, List.of()).join();
            assertThat(second.answers().keySet())
                    .isEqualTo(first.answers().keySet())
                    .containsExactly("ns.example.test (127.0.0.1)");
            assertThat(second.agreed()).isNotEqualTo(first.agreed());
        }
    }

    @Test
    void saysSoWhenTheZoneIsNotFound() throws IOException {
        try (OddServer resolver = new OddServer(answering(Rcode.SERVFAIL), OddServer::silence)) {
            NameServerLookup lost = new NameServerLookup(
                    () -> LookupSession.builder().resolver(resolverAt(resolver)).build(), 53);
            RecordReading reading =
                    reader(lost).read(RECORD, RecordType.A, List.of()).join();
            assertThat(reading.answers()).isEmpty();
            assertThat(reading.problem())
                    .isEqualTo("the name servers of chat.example.test were not found: "
                            + "the system's resolver answered SERVFAIL");
        }
    }

    @Test
    void aServerGivenByNameIsShownWithTheAddressThatWasAsked() throws IOException {
        try (NameServer server = serving(Map.of(RecordType.A, List.of("192.0.2.10")))) {
            NameServerLookup names = new NameServerLookup(
                    () -> LookupSession.builder()
                            .resolver(new SimpleResolver(server.address()))
                            .build(),
                    53);
            String given = "ns.example.test:" + server.address().getPort();
            RecordReading reading = reader(names)
                    .read(RECORD, RecordType.A, List.of(given, "gone.example.test"))
                    .join();
            assertThat(reading.answers()).isEqualTo(Map.of(given + " (127.0.0.1)", List.of("192.0.2.10")));
            assertThat(reading.failures()).isEqualTo(Map.of("gone.example.test", "it has no address"));
        }
    }

    @Test
    void aFamilyThatThisMachineLacksIsNoFailureOfAServerThatAnsweredInTheOtherOne() throws IOException {
        InetAddress four = InetAddress.getByName("192.0.2.53");
        InetAddress six = InetAddress.getByName("2001:db8::53");
        NameServerAnswer answered = answer("ns1", four, List.of("192.0.2.10"), false);
        NameServerAnswer lacking = answer("ns1", six, null, true);
        NameServerAnswer alone = answer("ns2", six, null, true);
        assertThat(ZoneReader.reading(RECORD, List.of(answered, lacking, alone), Map.of()))
                .isEqualTo(new RecordReading(
                        Map.of("ns1 (192.0.2.53)", List.of("192.0.2.10")),
                        Map.of("ns2 (2001:db8:0:0:0:0:0:53)", "no way"),
                        null));
    }

    private static NameServerAnswer answer(String name, InetAddress address, List<String> values, boolean unroutable) {
        AuthoritativeServer server = AuthoritativeServer.named(name, List.of(address), 53);
        return new NameServerAnswer(
                server, server.addresses().get(0), values, 0, values == null ? "no way" : null, unroutable, null);
    }

    @Test
    void aServerIsAskedAtItsNextAddressWhenTheFirstCannotBeReached() throws IOException {
        String dead = Ports.closed();
        try (OddServer server =
                new OddServer(query -> withAddress(query, "192.0.2.10").toWire(), OddServer::silence)) {
            AuthoritativeQuery query = new AuthoritativeQuery(
                    Name.fromString(RECORD + "."), Type.A, Duration.ofSeconds(1), ForkJoinPool.commonPool());
            AuthoritativeServer twice =
                    new AuthoritativeServer("ns", false, List.of(socketAddress(dead), socketAddress(server.address())));
            assertThat(query.ask(twice).join().values()).containsExactly("192.0.2.10");
        }
    }

    @Test
    void aWrongPortIsAFailureOfThatServer() {
        assertThat(read(RecordType.A, "127.0.0.1:70000").failures())
                .isEqualTo(Map.of("127.0.0.1:70000", "70000 is not a port, 1 to 65535"));
    }

    private static NameServer serving(Map<RecordType, List<String>> records) throws IOException {
        return NameServer.start(
                0, "example.test", Duration.ofSeconds(60), name -> name.equals(RECORD) ? records : null);
    }

    private static String address(NameServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    private static RecordReading read(RecordType type, String... servers) {
        return reader(unused()).read(RECORD, type, List.of(servers)).join();
    }

    private static ZoneReader reader(NameServerLookup nameServers) {
        return reader(nameServers, Duration.ofMillis(500), Duration.ofSeconds(5));
    }

    private static ZoneReader reader(NameServerLookup nameServers, Duration timeout, Duration deadline) {
        return new ZoneReader(nameServers, timeout, deadline, ForkJoinPool.commonPool());
    }

    private static NameServerLookup unused() {
        return new NameServerLookup(
                () -> {
                    throw new AssertionError("nothing is to be looked up here");
                },
                53);
    }

    private static UnaryOperator<byte[]> answering(int rcode) {
        return query -> {
            Message answer = OddServer.empty(query);
            answer.getHeader().setRcode(rcode);
            return answer.toWire();
        };
    }

    private static SimpleResolver resolverAt(OddServer server) {
        return new SimpleResolver(socketAddress(server.address()));
    }

    private static InetSocketAddress socketAddress(String address) {
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(address.split(":")[1]));
    }

    private static Message withAddress(byte[] query, String address) {
        Message answer = OddServer.empty(query);
        answer.addRecord(record(RECORD + ".", address), Section.ANSWER);
        return answer;
    }

    private static ARecord record(String name, String address) {
        try {
            return new ARecord(Name.fromString(name), DClass.IN, 60, Address.getByAddress(address));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
