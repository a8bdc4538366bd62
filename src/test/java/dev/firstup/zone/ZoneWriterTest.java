package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.firstup.Ports;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;

/** Updates at servers that do what a good one does not. */
class ZoneWriterTest {
    private static final String RECORD = "chat.example.test";
    private static final int DNS_PORT = 53;
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final TSIG KEY = key("firstup", "firstup-firstup-");
    private static final TSIG OTHER_SECRET = key("firstup", "somebody-else...");
    private static final TSIG OTHER_NAME = key("somebody", "firstup-firstup-");

    @TempDir
    Path secrets;

    @BeforeEach
    void secret() throws IOException {
        Files.writeString(secrets.resolve("tsig"), "Zmlyc3R1cC1maXJzdHVwLQ==\n");
    }

    @Test
    void sendsTheWholeRecordInOneMessage() throws IOException {
        StringBuilder sent = new StringBuilder();
        try (OddServer server = new OddServer(
                query -> {
                    Message update = parsed(query);
                    sent.append(Opcode.string(update.getHeader().getOpcode()));
                    for (int section : new int[] {Section.ZONE, Section.PREREQ, Section.UPDATE, Section.ADDITIONAL}) {
                        update.getSection(section).stream()
                                .filter(it -> !(it instanceof TSIGRecord))
                                .forEach(it ->
                                        sent.append('\n').append(it.toString().replaceAll("\\s+", " ")));
                    }
                    sent.append('\n')
                            .append(update.getTSIG().getName())
                            .append(' ')
                            .append(update.getTSIG().getAlgorithm());
                    return signed(query, Rcode.NOERROR, KEY);
                },
                OddServer::silence)) {
            assertThat(write(server.address())).isEqualTo(Receipt.of("NOERROR from " + server.address()));
            assertThat(server.byTcp).hasValue(0);
        }
        assertThat(sent)
                .hasToString(
                        """
                UPDATE
                example.test. 0 IN SOA
                chat.example.test. 0 ANY A
                chat.example.test. 42 IN A 192.0.2.10
                firstup. hmac-sha256.""");
    }

    /** What comes by UDP, if anything, is not believed; what comes by TCP is. */
    @ParameterizedTest
    @MethodSource
    void goesOnByTcpWhere(String what, UnaryOperator<byte[]> byUdp) throws IOException {
        try (OddServer server = new OddServer(byUdp, query -> signed(query, Rcode.NOERROR, KEY))) {
            assertThat(write(server.address()).answer()).isEqualTo("NOERROR from " + server.address());
            assertThat(server.byUdp).hasValue(1);
            assertThat(server.byTcp).hasValue(1);
        }
    }

    static Stream<Arguments> goesOnByTcpWhere() {
        return Stream.of(
                odd("nothing comes", OddServer::silence),
                odd("it is cut off", query -> signed(query, Rcode.NOERROR, KEY, it -> it.setFlag(Flags.TC))),
                odd("it is not signed", query -> signed(query, Rcode.NOERROR, null)),
                odd("it is an error that is not signed", query -> signed(query, Rcode.REFUSED, null)),
                odd("it is signed by somebody else", query -> signed(query, Rcode.REFUSED, OTHER_SECRET)),
                odd("it is noise", query -> new byte[] {1, 2, 3}),
                odd("it is for another one", query -> {
                    byte[] answer = signed(query, Rcode.REFUSED, null);
                    answer[0] ^= 1;
                    return answer;
                }));
    }

    private static Arguments odd(String what, UnaryOperator<byte[]> answer) {
        return Arguments.of(what, answer);
    }

    /** Never a success, and never a reason to stop for good: it may have been made, so the record is read. */
    @ParameterizedTest
    @MethodSource
    void isUnknownWhere(String sentence, UnaryOperator<byte[]> answer) throws IOException {
        try (OddServer server = new OddServer(answer, answer)) {
            assertThatThrownBy(() -> write(server.address()))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage(sentence.replace("SERVER", server.address()));
        }
    }

    static Stream<Arguments> isUnknownWhere() {
        return Stream.of(
                odd("SERVER may have taken the update: no answer in time", OddServer::silence),
                odd(
                        "SERVER answered, but its answer is cut off",
                        query -> signed(query, Rcode.NOERROR, KEY, it -> it.setFlag(Flags.TC))),
                odd(
                        "the answer NOERROR of SERVER is not signed, so it may be anybody's",
                        query -> signed(query, Rcode.NOERROR, null)),
                odd(
                        "the answer NOERROR of SERVER is wrongly signed, so it may be anybody's",
                        query -> signed(query, Rcode.NOERROR, OTHER_SECRET)),
                odd(
                        "the answer NOERROR of SERVER is wrongly signed, so it may be anybody's",
                        query -> signed(query, Rcode.NOERROR, OTHER_NAME)),
                odd(
                        "SERVER answered SERVFAIL: the server has trouble of its own, which its log tells",
                        query -> signed(query, Rcode.SERVFAIL, KEY)),
                odd(
                        "SERVER may have taken the update: its answer is not one to the question: invalid DNS header - too short",
                        query -> new byte[] {1, 2, 3}));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOTIMP  | SERVER answered NOTIMP: the server takes no updates at all",
                "FORMERR | SERVER answered FORMERR: expected NOERROR",
                "YXRRSET | SERVER answered YXRRSET: expected NOERROR",
            })
    void givesTimeToWhatMayMeanAnything(String rcode, String sentence) throws IOException {
        UnaryOperator<byte[]> answer = query -> signed(query, Rcode.value(rcode), KEY);
        try (OddServer server = new OddServer(answer, answer)) {
            assertThatThrownBy(() -> write(server.address()))
                    .isInstanceOfSatisfying(WaitException.class, it -> assertThat(it.ambiguous())
                            .isTrue())
                    .hasMessage(sentence.replace("SERVER", server.address()));
            assertThat(server.byTcp).hasValue(0);
        }
    }

    @Test
    void stopsWhereTheZoneCannotHoldTheRecord() throws IOException {
        try (OddServer server = new OddServer(query -> signed(query, Rcode.NOTZONE, KEY), OddServer::silence)) {
            assertThatThrownBy(() -> write(server.address()))
                    .isInstanceOf(StopException.class)
                    .hasMessage(server.address() + " answered NOTZONE: " + RECORD
                            + " does not lie in its zone example.test");
        }
    }

    @Test
    void aServerThatIsNotThereWasNotTold() throws IOException {
        assertUntold(Ports.closed(), " cannot be reached: connection refused");
    }

    @Test
    void aServerIsFoundByItsName() throws IOException {
        try (OddServer resolver = new OddServer(query -> addresses(query, "127.0.0.1"), OddServer::silence);
                OddServer server = new OddServer(query -> signed(query, Rcode.NOERROR, KEY), OddServer::silence)) {
            String port = server.address().split(":")[1];
            NameServerLookup names = namesOf(resolver);
            assertThat(writer(names, "ns1.example.test:" + port, secrets)
                            .write(publication())
                            .join()
                            .answer())
                    .isEqualTo("NOERROR from ns1.example.test:" + port + " (127.0.0.1)");
        }
    }

    @Test
    void aServerWhoseNameIsNotFoundWasNotTold() throws IOException {
        try (OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            long start = System.nanoTime();
            ZoneWriter writer = writer(namesOf(silent), "ns1.example.test", secrets);
            assertThatThrownBy(() -> join(writer))
                    .isInstanceOfSatisfying(
                            WaitException.class, it -> assertThat(it.delay()).isZero())
                    .hasMessage("the server ns1.example.test cannot be found: no answer in time");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    /** A name with both families, of which only one is served: whichever is asked first, the update arrives once. */
    @Test
    void theNextAddressIsTakenWhereTheFirstCannotBeReached() throws IOException {
        try (OddServer resolver =
                        new OddServer(query -> addresses(query, "127.0.0.66", "127.0.0.1"), OddServer::silence);
                OddServer server = new OddServer(query -> signed(query, Rcode.NOERROR, KEY), OddServer::silence)) {
            String port = server.address().split(":")[1];
            assertThat(join(writer(namesOf(resolver), "ns1.example.test:" + port, secrets))
                            .answer())
                    .isEqualTo("NOERROR from ns1.example.test:" + port + " (127.0.0.1)");
            assertThat(server.byUdp).hasValue(1);
        }
    }

    @Test
    void whatIsNotInTheZoneIsNotSent() {
        assertStops(
                Updates.publication(Ask.WRITE, "chat.example.org", RecordType.A, List.of(), "192.0.2.10"),
                "chat.example.org does not lie in the zone example.test:"
                        + " name the record's zone in the accounts file, or another publisher in the queue");
        assertStops(
                Updates.publication(Ask.WRITE, "chatexample.test", RecordType.A, List.of(), "192.0.2.10"),
                "chatexample.test does not lie in the zone example.test:"
                        + " name the record's zone in the accounts file, or another publisher in the queue");
        assertStops(
                Updates.publication(Ask.WRITE, "example.test", RecordType.CNAME, List.of(), "lb.example.net"),
                "example.test is the zone itself, which cannot be a CNAME (RFC 1034, 3.6.2): name a record in it");
        assertStops(
                Updates.publication(Ask.READ, RECORD, RecordType.A, List.of()),
                "zone:update writes a record or withdraws it: it was asked to READ");
        assertStops(
                Updates.publication(Ask.WRITE, RECORD, RecordType.A, List.of(), "2001:db8::10"),
                "\"2001:db8::10\" cannot stand in a record of type A");
    }

    private void assertStops(Publication publication, String sentence) {
        assertThat(catchThrowable(() -> join(writer(unused(), "127.0.0.1:1", secrets), publication)))
                .isInstanceOf(StopException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"not-base64-S3CRET", "\"Zmlyc3R1cA==\"", "key firstup { secret S3CRET; };", "Zm=yc3R1cA", "="})
    void aSecretThatIsNoKeyStopsAndIsNotRepeated(String secret) throws IOException {
        Files.writeString(secrets.resolve("tsig"), secret);
        assertThatThrownBy(() -> write("127.0.0.1:1"))
                .isInstanceOf(StopException.class)
                .hasMessage("file:tsig is not the secret of a TSIG key: expected only the base64 text that tsig-keygen"
                        + " prints after the word secret, without quotes");
    }

    @Test
    void aSecretThatIsNotThereMayCome() throws IOException {
        Files.delete(secrets.resolve("tsig"));
        assertThatThrownBy(() -> write("127.0.0.1:1"))
                .isInstanceOfSatisfying(
                        WaitException.class, it -> assertThat(it.delay()).isZero())
                .hasMessage("file:tsig cannot be read (NoSuchFileException): expected it in the file "
                        + secrets.resolve("tsig"));
    }

    @Test
    void aSecretIsReadForEachUpdate() throws IOException {
        try (OddServer server = new OddServer(query -> signed(query, Rcode.NOERROR, KEY), OddServer::silence)) {
            ZoneWriter writer = writer(unused(), server.address(), secrets);
            Files.writeString(secrets.resolve("tsig"), "c29tZWJvZHk=");
            assertThatThrownBy(() -> join(writer)).isInstanceOf(IllegalStateException.class);
            secret();
            assertThat(join(writer).answer()).isEqualTo("NOERROR from " + server.address());
        }
    }

    /** Nobody else is told, and the secret is not even there. */
    @Test
    void warmsUpWithUpdatesThatThisProgramItselfTakes() throws IOException {
        Files.delete(secrets.resolve("tsig"));
        try (OddServer server = new OddServer(OddServer::silence, OddServer::silence)) {
            ZoneWarmUp warmUp = new ZoneWarmUp(
                    unused(), primary(server.address(), secrets), Clock.systemUTC(), ForkJoinPool.commonPool());
            assertThat(warmUp.run()).isTrue();
            assertThat(server.byUdp).hasValue(0);
            assertThat(server.byTcp).hasValue(0);
        }
    }

    @Test
    void oneDeadlineHoldsForEverything() throws IOException {
        try (OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            long start = System.nanoTime();
            ZoneWriter writer = new ZoneWriter(
                    unused(),
                    primary(silent.address(), secrets),
                    Clock.systemUTC(),
                    Duration.ofSeconds(30),
                    SHORT,
                    ForkJoinPool.commonPool());
            assertThatThrownBy(() -> join(writer))
                    .hasMessage(silent.address() + " may have taken the update: no answer in time");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            Awaitility.await("after the deadline nothing is sent")
                    .during(SHORT)
                    .untilAsserted(() -> assertThat(silent.byTcp).hasValue(0));
        }
    }

    private static Message parsed(byte[] query) {
        try {
            return new Message(query);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** @param key null for an answer that is not signed */
    private static byte[] signed(byte[] query, int rcode, TSIG key) {
        return signed(query, rcode, key, header -> {});
    }

    private static byte[] signed(byte[] query, int rcode, TSIG key, Consumer<Header> more) {
        Message asked = parsed(query);
        Message answer = new Message(asked.getHeader().getID());
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(rcode);
        more.accept(answer.getHeader());
        answer.addRecord(asked.getQuestion(), Section.QUESTION);
        if (key != null) {
            key.apply(answer, asked.getTSIG());
        }
        return answer.toWire();
    }

    /** The answer of a resolver for which every name has these IPv4 addresses. */
    private static byte[] addresses(byte[] query, String... addresses) {
        Message answer = OddServer.empty(query);
        Record question = answer.getQuestion();
        if (question.getType() == Type.A) {
            for (String address : addresses) {
                answer.addRecord(
                        new ARecord(
                                question.getName(),
                                DClass.IN,
                                60,
                                new InetSocketAddress(address, DNS_PORT).getAddress()),
                        Section.ANSWER);
            }
        }
        return answer.toWire();
    }

    private static TSIG key(String name, String secret) {
        return new TSIG(
                TSIG.HMAC_SHA256,
                Name.fromConstantString(name + "."),
                new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
    }

    private void assertUntold(String server, String sentence) {
        assertUntold(writer(unused(), server, secrets), server + sentence);
    }

    private static void assertUntold(ZoneWriter writer, String sentence) {
        assertThatThrownBy(() -> join(writer))
                .isInstanceOfSatisfying(WaitException.class, it -> {
                    assertThat(it.delay()).isZero();
                    assertThat(it.ambiguous()).isFalse();
                })
                .hasMessage(sentence);
    }

    private Receipt write(String server) {
        return join(writer(unused(), server, secrets));
    }

    private static Receipt join(ZoneWriter writer) {
        return join(writer, publication());
    }

    private static Receipt join(ZoneWriter writer, Publication publication) {
        try {
            return writer.write(publication).join();
        } catch (CompletionException e) {
            throw (RuntimeException) ZoneErrorText.cause(e);
        }
    }

    private static Publication publication() {
        return Updates.publication(Ask.WRITE, RECORD, RecordType.A, List.of(), "192.0.2.10");
    }

    private static PrimaryServer primary(String server, Path secrets) {
        return PrimaryServer.of(server, "example.test", "firstup", "hmac-sha256", "file:tsig", secrets.toString());
    }

    private static ZoneWriter writer(NameServerLookup names, String server, Path secrets) {
        return new ZoneWriter(
                names,
                primary(server, secrets),
                Clock.systemUTC(),
                SHORT,
                Duration.ofSeconds(1),
                ForkJoinPool.commonPool());
    }

    private static NameServerLookup namesOf(OddServer resolver) {
        return new NameServerLookup(
                () -> LookupSession.builder()
                        .resolver(new SimpleResolver(new InetSocketAddress(
                                "127.0.0.1", Integer.parseInt(resolver.address().split(":")[1]))))
                        .build(),
                53);
    }

    private static NameServerLookup unused() {
        return new NameServerLookup(
                () -> {
                    throw new AssertionError("nothing is to be looked up here");
                },
                53);
    }
}
