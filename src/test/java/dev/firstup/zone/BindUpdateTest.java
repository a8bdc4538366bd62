package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.zone.Bind.Zone;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates of the DNS server that most of the world runs, by the Kamelet, and what its refusals lead to. */
class BindUpdateTest {
    private static final String RECORD = "chat.example.test";
    private static final String SECRET = "Zmlyc3R1cC1maXJzdHVwLWZpcnN0dXAtZmlyc3R1cCE=";
    private static final String KEYS =
            """
            key firstup { algorithm hmac-sha256; secret "%1$s"; };
            key long.firstup { algorithm hmac-sha512; secret "%1$s"; };
            key middle.firstup { algorithm hmac-sha384; secret "%1$s"; };
            key stranger { algorithm hmac-sha256; secret "%1$s"; };
            """
                    .formatted(SECRET);
    private static final String OURS = "allow-update { key firstup; key long.firstup; key middle.firstup; };";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    private static Bind bind;

    @TempDir
    Path secrets;

    private final CamelContext context = new DefaultCamelContext();

    @BeforeAll
    static void startBind() throws IOException {
        bind = Bind.start(
                folder,
                KEYS,
                List.of(
                        new Zone("example.test", OURS, "lb IN CNAME old.example.net."),
                        new Zone("frozen.test", OURS, ""),
                        new Zone("strict.test", "update-policy { grant firstup name chat.strict.test A AAAA; };", ""),
                        new Zone("closed.test", "allow-update { none; };", "")));
    }

    @AfterAll
    static void stopBind() {
        if (bind != null) {
            bind.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(secrets.resolve("tsig"), SECRET + "\n");
        context.getPropertiesComponent().addInitialProperty("firstup.secrets", secrets.toString());
        // What fails here is looked at here; nobody needs it in the log.
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @CsvSource({"firstup, hmac-sha256", "middle.firstup, hmac-sha384", "long.firstup, hmac-sha512"})
    void replacesWhateverTheRecordHeld(String key, String algorithm) throws Exception {
        account(bind.address(), "example.test", key, "algorithm: " + algorithm);
        assertThat(write(RecordType.A, "192.0.2.10")).isEqualTo(taken());
        assertHolds(RecordType.A, "192.0.2.10");
        write(RecordType.A, "192.0.2.20");
        assertHolds(RecordType.A, "192.0.2.20");
        write(RecordType.A, "192.0.2.10", "192.0.2.30");
        assertHolds(RecordType.A, "192.0.2.10", "192.0.2.30");
        write(RecordType.AAAA, "2001:db8::10");
        assertHolds(RecordType.AAAA, "2001:db8::10");
        assertHolds(RecordType.A, "192.0.2.10", "192.0.2.30");

        assertThat(withdraw(RecordType.A)).isEqualTo(taken());
        assertHolds(RecordType.A);
        assertHolds(RecordType.AAAA, "2001:db8::10");
        withdraw(RecordType.AAAA);
        assertThat(read(RECORD, RecordType.AAAA).problem()).isEqualTo(RECORD + " does not exist (NXDOMAIN)");
    }

    @Test
    void replacesAnAlias() throws Exception {
        account(bind.address(), "example.test", "firstup", "");
        ask(publication(Ask.WRITE, "lb.example.test", RecordType.CNAME, "new.example.net"));
        assertThat(bind.dig("lb.example.test", "CNAME")).containsExactly("new.example.net.");
        assertThat(read("lb.example.test", RecordType.CNAME).agreed()).containsExactly("new.example.net");
        ask(publication(Ask.WITHDRAW, "lb.example.test", RecordType.CNAME));
        assertThat(bind.dig("lb.example.test", "CNAME")).isEmpty();
    }

    /** As the README has it. */
    @Test
    void aKeyMayBeForOneRecordOnly() throws Exception {
        account(bind.address(), "strict.test", "firstup", "");
        ask(publication(Ask.WRITE, "chat.strict.test", RecordType.A, "192.0.2.10"));
        assertThat(bind.dig("chat.strict.test", "A")).containsExactly("192.0.2.10");
        ask(publication(Ask.WITHDRAW, "chat.strict.test", RecordType.A));
        assertThat(bind.dig("chat.strict.test", "A")).isEmpty();
        assertAmbiguous(publication(Ask.WRITE, "mail.strict.test", RecordType.A, "192.0.2.10"), refusal("firstup"));
    }

    @Test
    void theTimeToLiveIsTheQueues() throws Exception {
        account(bind.address(), "example.test", "firstup", "");
        write(RecordType.A, "192.0.2.10");
        assertThat(digged("+noall", "+answer")).isEqualTo("chat.example.test. 42 IN A 192.0.2.10");
    }

    private static String digged(String... options) throws IOException {
        List<String> line = new ArrayList<>(List.of("dig", "@127.0.0.1", "-p", String.valueOf(bind.port), RECORD, "A"));
        line.addAll(List.of(options));
        Process dig = new ProcessBuilder(line).start();
        return new String(dig.getInputStream().readAllBytes()).strip().replaceAll("\\s+", " ");
    }

    @Test
    void whatDoesNotFitIntoADatagramGoesByTcp() throws Exception {
        account(bind.address(), "example.test", "firstup", "");
        String[] many = IntStream.rangeClosed(1, 100)
                .mapToObj(it -> "192.0.2." + it)
                .sorted()
                .toArray(String[]::new);
        int before = bind.changes();
        write(RecordType.A, many);
        assertHolds(RecordType.A, many);
        assertThat(bind.changes()).isEqualTo(before + 1);
    }

    /** The answer to a datagram is lost: the server gets the same update by TCP, and has nothing to change. */
    @Test
    void anUpdateThatArrivesTwiceIsMadeOnce() throws Exception {
        try (OddServer between = new OddServer(
                query -> {
                    byUdp(query);
                    return null;
                },
                BindUpdateTest::byTcp)) {
            account(between.address(), "example.test", "firstup", "");
            int before = bind.changes();
            assertThat(write(RecordType.A, "192.0.2.77").answer()).isEqualTo("NOERROR from " + between.address());
            assertHolds(RecordType.A, "192.0.2.77");
            assertThat(between.byUdp).hasValue(1);
            assertThat(between.byTcp).hasValue(1);
            assertThat(bind.changes()).isEqualTo(before + 1);
        }
    }

    private static byte[] byUdp(byte[] query) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(query, query.length, new InetSocketAddress("127.0.0.1", bind.port)));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            socket.receive(answer);
            return answer.getData();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] byTcp(byte[] query) {
        try (Socket socket = new Socket("127.0.0.1", bind.port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(query.length);
            out.write(query);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return in.readNBytes(in.readUnsignedShort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWrongSecretStops() throws Exception {
        Files.writeString(secrets.resolve("tsig"), "d3Jvbmc=\n");
        account(bind.address(), "example.test", "firstup", "");
        assertStops(bind.address() + " answered BADSIG: the key's secret is wrong:"
                + " file:tsig is not the one that the server has for firstup");
    }

    @ParameterizedTest
    @CsvSource({"nobody, hmac-sha256", "firstup, hmac-sha512"})
    void anUnknownKeyStops(String key, String algorithm) throws Exception {
        account(bind.address(), "example.test", key, "algorithm: " + algorithm);
        assertStops(bind.address() + " answered BADKEY: the server knows no key " + key + " of " + algorithm
                + " (or not in the view that it shows us): compare keyName and algorithm with its configuration");
    }

    @Test
    void aZoneThatIsNotThereMayCome() throws Exception {
        account(bind.address(), "example.org", "firstup", "");
        assertAmbiguous(
                publication(Ask.WRITE, "chat.example.org", RecordType.A, "192.0.2.10"),
                bind.address() + " answered NOTAUTH: the server is not authoritative for example.org:"
                        + " is the zone there, and is this its primary server?");
    }

    @Test
    void aRefusalMayBeLifted() throws Exception {
        account(bind.address(), "closed.test", "firstup", "");
        assertAmbiguous(publication(Ask.WRITE, "chat.closed.test", RecordType.A, "192.0.2.10"), refusal("firstup"));
    }

    @Test
    void soMayThatOfAKeyWithoutRights() throws Exception {
        account(bind.address(), "example.test", "stranger", "");
        assertAmbiguous(
                publication(Ask.WRITE, RECORD, RecordType.A, "192.0.2.10"),
                bind.address()
                        + " answered REFUSED: the server refuses the update: is the key stranger allowed to update"
                        + " this zone (allow-update or update-policy), or is the zone frozen?");
    }

    @Test
    void aFrozenZoneTakesItWhenItHasThawed() throws Exception {
        account(bind.address(), "frozen.test", "firstup", "");
        Publication publication = publication(Ask.WRITE, "chat.frozen.test", RecordType.A, "192.0.2.10");
        bind.rndc("freeze", "frozen.test");
        assertAmbiguous(
                publication,
                bind.address()
                        + " answered REFUSED: the server refuses the update: is the key firstup allowed to update"
                        + " this zone (allow-update or update-policy), or is the zone frozen?");
        bind.rndc("thaw", "frozen.test");
        assertThat(ask(publication)).isEqualTo(taken());
        assertThat(bind.dig("chat.frozen.test", "A")).containsExactly("192.0.2.10");
    }

    @Test
    void aServerHasAnIpv6AddressToo() throws Exception {
        account("[::1]:" + bind.port, "example.test", "firstup", "");
        assertThat(catchThrowable(() -> write(RecordType.A, "192.0.2.66")))
                .isInstanceOfSatisfying(
                        WaitException.class, wait -> assertThat(wait.delay()).isZero())
                .hasMessageStartingWith("[::1]:" + bind.port + " cannot be reached: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {-10, 10})
    void aClockOfOursThatIsWrongIsWaitedFor(int minutes) throws Exception {
        Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
        context.getComponent("zone", ZoneComponent.class).clock(wrong);
        account(bind.address(), "example.test", "firstup", "");
        assertClocksDiffer(Duration.ofMinutes(-minutes));
    }

    /** @param ahead by how much the server's clock is, as it must say itself */
    private void assertClocksDiffer(Duration ahead) {
        Throwable failure = catchThrowable(() -> write(RecordType.A, "192.0.2.66"));
        assertThat(failure).isInstanceOfSatisfying(WaitException.class, wait -> {
            assertThat(wait.delay()).isEqualTo(MINUTE);
            assertThat(wait.ambiguous()).isFalse();
        });
        Matcher sentence = Pattern.compile(Pattern.quote(bind.address())
                        + " answered BADTIME: this machine's clock and the server's differ by more than 300 s"
                        + " \\(the server says (\\S+), here it is (\\S+)\\)")
                .matcher(failure.getMessage());
        assertThat(sentence.matches()).as(failure.getMessage()).isTrue();
        assertThat(Duration.between(Instant.parse(sentence.group(2)), Instant.parse(sentence.group(1))))
                .isBetween(ahead.minusSeconds(30), ahead.plusSeconds(30));
        assertThat(bind.dig(RECORD, "A")).doesNotContain("192.0.2.66");
    }

    private void account(String server, String zone, String key, String more) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString(
                        "accounts.camel.yaml",
                        """
                        - route:
                            id: own
                            from:
                              uri: direct:own
                              steps:
                                - to:
                                    uri: kamelet:firstup-rfc2136-sink
                                    parameters: { server: "%s", zone: %s, keyName: %s, secret: "file:tsig", %s }
                        """
                                .formatted(server, zone, key, more)));
    }

    private Receipt write(RecordType type, String... values) {
        return ask(publication(Ask.WRITE, RECORD, type, values));
    }

    private Receipt withdraw(RecordType type) {
        return ask(publication(Ask.WITHDRAW, RECORD, type));
    }

    private Receipt ask(Publication publication) {
        try {
            return context.createProducerTemplate().requestBody("direct:own", publication, Receipt.class);
        } catch (CamelExecutionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private static Receipt taken() {
        return Receipt.of("NOERROR from " + bind.address());
    }

    private void assertStops(String sentence) {
        assertThat(catchThrowable(() -> write(RecordType.A, "192.0.2.66")))
                .isInstanceOf(StopException.class)
                .hasMessage(sentence);
        assertThat(bind.dig(RECORD, "A")).doesNotContain("192.0.2.66");
    }

    private void assertAmbiguous(Publication publication, String sentence) {
        assertThat(catchThrowable(() -> ask(publication)))
                .isInstanceOfSatisfying(WaitException.class, wait -> assertThat(wait.ambiguous())
                        .isTrue())
                .hasMessage(sentence);
    }

    private static String refusal(String key) {
        return bind.address() + " answered REFUSED: the server refuses the update: is the key " + key
                + " allowed to update this zone (allow-update or update-policy), or is the zone frozen?";
    }

    /** As our own reader and as somebody else's read it. */
    private void assertHolds(RecordType type, String... values) {
        assertThat(read(RECORD, type))
                .isEqualTo(new RecordReading(Map.of(bind.address(), List.of(values)), Map.of(), null));
        assertThat(bind.dig(RECORD, type.name())).containsExactly(values);
    }

    private RecordReading read(String record, RecordType type) {
        return context.createProducerTemplate()
                .requestBody("zone:read", publication(Ask.READ, record, type), RecordReading.class);
    }

    private static Publication publication(Ask ask, String record, RecordType type, String... values) {
        return Updates.publication(ask, record, type, List.of(bind.address()), values);
    }
}
