package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.Ports;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.NameServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

class ReachabilityCheckTest {
    private static final String RECORD = "chat.example.test";
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void anAnswerIsAnAnswer() throws IOException {
        try (NameServer server = serving()) {
            assertThat(ask(RECORD, LONG, address(server))).isEqualTo(address(server) + " answered NOERROR");
            assertThat(ask("gone.example.test", LONG, address(server)))
                    .isEqualTo(address(server) + " answered NXDOMAIN");
            assertThat(ask("example.org", LONG, address(server))).isEqualTo(address(server) + " answered REFUSED");
        }
        for (int rcode : new int[] {Rcode.SERVFAIL, Rcode.FORMERR, Rcode.NOTIMP}) {
            try (OddServer server = new OddServer(answering(rcode), OddServer::silence)) {
                assertThat(ask(RECORD, LONG, server.address()))
                        .isEqualTo(server.address() + " answered " + Rcode.string(rcode));
            }
        }
    }

    @Test
    void soIsOneToNoQuestion() throws IOException {
        UnaryOperator<byte[]> questionless = query -> {
            Message answer = new Message(((query[0] & 0xFF) << 8) | query[1] & 0xFF);
            answer.getHeader().setRcode(Rcode.REFUSED);
            answer.getHeader().setFlag(Flags.QR);
            return answer.toWire();
        };
        try (OddServer server = new OddServer(questionless, questionless)) {
            assertThat(ask(RECORD, LONG, server.address())).isEqualTo(server.address() + " answered something odd");
        }
    }

    @Test
    void oneThatAnswersSufficesAtOnce() throws Exception {
        try (NameServer server = serving();
                OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            CompletableFuture<String> answer =
                    reach(unused()).ask(RECORD, List.of(silent.address(), address(server)), LONG);
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(address(server) + " answered NOERROR");
        }
    }

    @Test
    void oneThatAnswersByTcpOnlySuffices() throws IOException {
        try (OddServer server = new OddServer(OddServer::silence, answering(Rcode.NOERROR))) {
            assertThat(ask(RECORD, SHORT, server.address())).isEqualTo(server.address() + " answered NOERROR");
        }
    }

    @Test
    void silenceIsAFailureWithinTheTimeout() throws Exception {
        String dead = Ports.closed();
        try (OddServer one = new OddServer(OddServer::silence, OddServer::silence);
                OddServer two = new OddServer(OddServer::silence, OddServer::silence)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> ask(RECORD, SHORT, one.address(), two.address(), dead))
                    .cause()
                    .isInstanceOf(ZoneException.class)
                    .message()
                    .startsWith("no authoritative server of chat.example.test answered: 127.0.0.1:")
                    .contains(
                            one.address() + ": no answer in time",
                            two.address() + ": no answer in time",
                            dead + ": connection refused");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);
        }
    }

    @Test
    void thatAllRefuseTheConnectionIsKnownAtOnce() throws Exception {
        CompletableFuture<String> answer = reach(unused()).ask(RECORD, List.of(Ports.closed()), LONG);
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasMessageEndingWith("connection refused");
    }

    @Test
    void findsTheServersAndAsksThemStillWhenTheResolverIsGone() throws Exception {
        try (NameServer server = serving();
                OddServer lost = new OddServer(OddServer::silence, OddServer::silence);
                OddServer failing = new OddServer(answering(Rcode.SERVFAIL), OddServer::silence)) {
            AtomicReference<InetSocketAddress> system = new AtomicReference<>(server.address());
            NameServerLookup found = new NameServerLookup(
                    () -> LookupSession.builder()
                            .resolver(new SimpleResolver(system.get()))
                            .build(),
                    server.address().getPort());
            ReachabilityCheck reach = reach(found);
            String answered = "ns.example.test (127.0.0.1) answered NOERROR";
            assertThat(reach.ask(RECORD, List.of(), LONG).join()).isEqualTo(answered);
            for (OddServer resolver : List.of(lost, failing)) {
                system.set(socketAddress(resolver));
                found.forget();
                assertThat(reach.ask(RECORD, List.of(), SHORT).join()).isEqualTo(answered);
            }
        }
    }

    @Test
    void serversThatAreKnownByNameAreAskedStillWhenTheResolverIsGone() throws Exception {
        try (NameServer server = serving();
                OddServer failing = new OddServer(answering(Rcode.SERVFAIL), OddServer::silence)) {
            AtomicReference<InetSocketAddress> system = new AtomicReference<>(server.address());
            NameServerLookup found = new NameServerLookup(
                    () -> LookupSession.builder()
                            .resolver(new SimpleResolver(system.get()))
                            .build(),
                    53);
            ReachabilityCheck reach = reach(found);
            List<String> given = List.of("ns.example.test:" + server.address().getPort());
            String answered = given.get(0) + " (127.0.0.1) answered NOERROR";
            assertThat(reach.ask(RECORD, given, LONG).join()).isEqualTo(answered);
            system.set(socketAddress(failing));
            found.forget();
            assertThat(reach.ask(RECORD, given, SHORT).join()).isEqualTo(answered);
            assertThatThrownBy(
                            () -> reach.ask("other.example.test", given, SHORT).join())
                    .hasMessageContaining("the name servers of other.example.test were not found: " + given.get(0)
                            + ": its address: the system's resolver answered SERVFAIL");
        }
    }

    @Test
    void theResolverIsNotAskedAgainSoon() throws Exception {
        try (NameServer server = serving()) {
            AtomicInteger asked = new AtomicInteger();
            NameServerLookup found = new NameServerLookup(
                    () -> {
                        asked.incrementAndGet();
                        return LookupSession.builder()
                                .resolver(new SimpleResolver(server.address()))
                                .build();
                    },
                    server.address().getPort());
            ReachabilityCheck reach = new ReachabilityCheck(found, LONG, ForkJoinPool.commonPool());
            reach.ask(RECORD, List.of(), LONG).join();
            found.forget();
            assertThat(reach.ask(RECORD, List.of(), LONG).join()).startsWith("ns.example.test");
            assertThat(asked).hasValue(1);
            reach.ask("other." + RECORD, List.of(), LONG).join();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void aServerOfManyRecordsIsNotAskedForEach() throws Exception {
        try (OddServer server = new OddServer(answering(Rcode.NOERROR), OddServer::silence)) {
            ReachabilityCheck reach = reach(unused());
            List<CompletableFuture<String>> answers = IntStream.range(0, 500)
                    .mapToObj(it -> reach.ask("chat" + it + ".example.test", List.of(server.address()), LONG))
                    .toList();
            assertThat(answers).allSatisfy(it -> assertThat(it.join()).endsWith(" answered NOERROR"));
            assertThat(server.byUdp.get()).isLessThan(100);
        }
    }

    @Test
    void saysSoWhenTheServersWereNeverFound() throws Exception {
        try (OddServer lost = new OddServer(OddServer::silence, OddServer::silence)) {
            ReachabilityCheck reach = reach(new NameServerLookup(
                    () -> LookupSession.builder()
                            .resolver(new SimpleResolver(socketAddress(lost)))
                            .build(),
                    53));
            long start = System.nanoTime();
            assertThatThrownBy(() -> reach.ask(RECORD, List.of(), SHORT).join())
                    .cause()
                    .isInstanceOf(ZoneException.class)
                    .hasMessage("the name servers of chat.example.test were not found: no answer in time");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);
        }
    }

    private static String ask(String record, Duration patience, String... servers) {
        return reach(unused()).ask(record, List.of(servers), patience).join();
    }

    private static ReachabilityCheck reach(NameServerLookup nameServers) {
        return new ReachabilityCheck(nameServers, Duration.ZERO, ForkJoinPool.commonPool());
    }

    private static NameServerLookup unused() {
        return new NameServerLookup(
                () -> {
                    throw new AssertionError("nothing is to be looked up here");
                },
                53);
    }

    private static NameServer serving() throws IOException {
        return NameServer.start(
                0,
                "example.test",
                Duration.ofSeconds(60),
                name -> name.equals(RECORD) ? Map.of(RecordType.A, List.of("192.0.2.10")) : null);
    }

    private static String address(NameServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    private static UnaryOperator<byte[]> answering(int rcode) {
        return query -> {
            Message answer = OddServer.empty(query);
            answer.getHeader().setRcode(rcode);
            return answer.toWire();
        };
    }

    private static InetSocketAddress socketAddress(OddServer server) {
        return new InetSocketAddress(
                "127.0.0.1", Integer.parseInt(server.address().split(":")[1]));
    }
}
