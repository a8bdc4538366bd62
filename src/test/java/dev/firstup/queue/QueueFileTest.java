package dev.firstup.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.AllDown;
import dev.firstup.model.Failback;
import dev.firstup.model.Queue;
import dev.firstup.model.RecordType;
import dev.firstup.model.Rules;
import dev.firstup.model.Server;
import dev.firstup.model.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class QueueFileTest {
    // Too large for a fixture, or not about a file's content: told by the tests below and those of the live set.
    private static final Set<Message> WITHOUT_FIXTURE = EnumSet.of(
            Message.FOLDER_UNREADABLE, Message.FILE_UNREADABLE, Message.FILE_TOO_LARGE, Message.TOO_MANY_PROBLEMS);

    static List<Path> valid() {
        return Fixtures.in(Fixtures.VALID);
    }

    static List<Path> invalid() {
        return Fixtures.in(Fixtures.INVALID);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takesWhatIsValid(Path file) {
        QueueFile read = Fixtures.parse(file);
        assertThat(lines(read)).isEqualTo(Fixtures.expected(file));
        assertThat(read.valid()).isTrue();
        assertThat(read.queues()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void saysEverythingThatIsWrong(Path file) {
        QueueFile read = Fixtures.parse(file);
        assertThat(lines(read)).isNotEmpty().isEqualTo(Fixtures.expected(file));
        assertThat(read.valid()).isFalse();
        assertThat(read.queues()).isEmpty();
    }

    @Test
    void everyMessageHasItsFixture() {
        List<String> said = Stream.concat(valid().stream(), invalid().stream())
                .flatMap(file -> Fixtures.expected(file).stream())
                .toList();
        assertThat(EnumSet.complementOf(EnumSet.copyOf(WITHOUT_FIXTURE))).allSatisfy(message -> assertThat(said)
                .anyMatch(pattern(message).asPredicate()));
        assertThat(invalid()).hasSizeGreaterThanOrEqualTo(40);
    }

    private static Pattern pattern(Message message) {
        String text = Stream.of(message.format().replace("%%", "%").split("%[sd]", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return Pattern.compile("^[^:]*:\\d+:\\d+: (error|warning): " + text + "$");
    }

    @Test
    void readsEveryKey() {
        Queue queue = only(Fixtures.parse(Fixtures.VALID.resolve("chat.example.org.queue.yaml")));
        assertThat(queue)
                .isEqualTo(new Queue(
                        "chat.example.org",
                        0,
                        "chat.example.net",
                        "xn--mnchen-3ya.example.org",
                        Duration.ofMinutes(1),
                        List.of(
                                web("paris", "192.0.2.10"),
                                web("tokyo", "192.0.2.20"),
                                new Server(
                                        "chat.example.org",
                                        0,
                                        "quebec",
                                        Map.of(RecordType.A, "192.0.2.30"),
                                        "probe:tcp",
                                        "10.0.0.30",
                                        5222,
                                        "",
                                        "xn--mnchen-3ya.example.org",
                                        Duration.ofSeconds(3))),
                        new Queue.Pace(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(3)),
                        new Rules(3, 2, null, Failback.AT_ONCE, AllDown.HOLD, 1, false),
                        List.of(),
                        List.of(),
                        List.of(
                                new Target(
                                        "no-ip",
                                        "chat.example.net",
                                        List.of(
                                                "ns1.example.net",
                                                "192.0.2.53:5300",
                                                "[2001:db8::53]:53",
                                                "2001:db8::54"),
                                        "f1",
                                        Duration.ZERO),
                                new Target(
                                        "route53",
                                        "chat.other.example",
                                        List.of("ns.other.example"),
                                        "f2",
                                        Duration.ZERO)),
                        List.of("ops")));
    }

    private static Server web(String name, String address) {
        return new Server(
                "chat.example.org",
                0,
                name,
                Map.of(RecordType.A, address),
                "probe:http?method=HEAD&status=200-299",
                address,
                8080,
                "/health?full=1",
                "www.example.org",
                Duration.ofSeconds(3));
    }

    @Test
    void hasTheDefaultsOfTheFormat() {
        Queue queue = only(Fixtures.parse(Fixtures.VALID.resolve("smallest.queue.yaml")));
        assertThat(queue.ttl()).isEqualTo(Duration.ofSeconds(60));
        assertThat(queue.pace())
                .isEqualTo(new Queue.Pace(
                        Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(3)));
        assertThat(queue.rules().fall()).isEqualTo(3);
        assertThat(queue.rules().rise()).isEqualTo(2);
        assertThat(queue.rules().failback()).isEqualTo(new Failback(Duration.ofMinutes(10), false));
        assertThat(queue.alias()).isNull();
        assertThat(queue.notifiers()).isEmpty();
        assertThat(queue.servers().get(0).publicName()).isEqualTo("chat.example.net");
    }

    @Test
    void aShortIntervalShortensTheFastOne() {
        Queue queue = only(Fixtures.parse("a.queue.yaml", bytes(SMALLEST + "interval: 200ms\n")));
        assertThat(queue.pace().fast()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void probesTwoFamiliesAtIPv4() {
        Queue queue = only(Fixtures.parse(Fixtures.VALID.resolve("dual-stack.queue.yaml")));
        assertThat(queue.servers()).extracting(Server::host).containsExactly("11.0.0.10", "2a00::21");
        assertThat(queue.servers().get(0).addresses())
                .containsExactly(Map.entry(RecordType.A, "11.0.0.10"), Map.entry(RecordType.AAAA, "2a00::10"));
    }

    @Test
    void serversShareAnEndpointWhateverTheOrderOfItsOptions() {
        Queue queue = only(
                Fixtures.parse(
                        "a.queue.yaml",
                        bytes(
                                """
                record: chat.example.net
                servers:
                  - { name: a, address: 11.0.0.1, probe: "probe:http?status=200&port=81&method=HEAD" }
                  - { name: b, address: 11.0.0.2, probe: "probe:http://:82/up?method=HEAD&status=200" }
                publish: [no-ip]
                """)));
        assertThat(queue.servers()).extracting(Server::probe).containsOnly("probe:http?method=HEAD&status=200");
        assertThat(queue.servers()).extracting(Server::port).containsExactly(81, 82);
        assertThat(queue.servers()).extracting(Server::path).containsExactly("/", "/up");
    }

    @Test
    void refusesAFileOfMoreThanAMebibyte() {
        byte[] bytes = bytes(SMALLEST + "#".repeat(1 << 20));
        assertThat(lines(Fixtures.parse("a.queue.yaml", bytes)))
                .containsExactly("a.queue.yaml:1:1: error: larger than 1 MiB; split it into several files");
    }

    @Test
    void refusesMoreServersThanItTakes() {
        byte[] bytes = bytes("record: chat.example.net\nprobe: probe:https\npublish: [no-ip]\nservers: ["
                + "{},".repeat(100_001) + "]\n");
        assertThat(lines(Fixtures.parse("a.queue.yaml", bytes)))
                .containsExactly("a.queue.yaml:4:10: error: \"servers\": found 100001 entries, expected 100000 at most;"
                        + " split the queue");
    }

    @Test
    void takesTenThousandServers() {
        StringBuilder text = new StringBuilder(SMALLEST.replace("servers: [paris: 11.0.0.10]\n", "servers:\n"));
        int at = text.indexOf("servers:\n") + "servers:\n".length();
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            servers.append("  - s")
                    .append(i)
                    .append(": 11.1.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250)
                    .append('\n');
        }
        QueueFile read =
                Fixtures.parse("a.queue.yaml", bytes(text.insert(at, servers).toString()));
        assertThat(lines(read)).isEmpty();
        assertThat(only(read).servers()).hasSize(10_000);
    }

    @Test
    void doesNotListMistakesWithoutEnd() {
        List<String> lines = lines(Fixtures.parse(
                "a.queue.yaml",
                bytes("record: chat.example.net\nprobe: probe:https\npublish: [no-ip]\nservers: [" + "x,".repeat(5_000)
                        + "]\n")));
        assertThat(lines).hasSize(Report.MOST + 1);
        assertThat(lines.get(Report.MOST)).endsWith("error: 4000 more problems are not listed; mend the others first");
    }

    @Test
    void nothingMakesItThrow() {
        Random random = new Random(53);
        List<byte[]> seeds = Stream.concat(valid().stream(), invalid().stream())
                .map(QueueFileTest::read)
                .toList();
        String alphabet = ":-#&*!|>'\"%@`[]{},? \t\n\r\0\u00ff/.0aZ~<=\\";
        for (int i = 0; i < 6_000; i++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
            for (int change = random.nextInt(8); change >= 0 && bytes.length > 0; change--) {
                bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                        ? (byte) alphabet.charAt(random.nextInt(alphabet.length()))
                        : (byte) random.nextInt();
            }
            QueueFile read = Fixtures.parse("a.queue.yaml", bytes);
            assertThat(read.valid() ? read.queues() : read.problems())
                    .as("mutation %d", i)
                    .isNotEmpty();
        }
    }

    @Test
    void theTemplateNeedsNothingButRealAddresses() {
        String template = Queues.template("chat.example.org");
        assertThat(template).contains("record: chat.example.org.example.dyndns.org");
        assertThat(lines(Fixtures.parse("chat.queue.yaml", bytes(template))))
                .hasSize(2)
                .allMatch(line -> line.contains("found the documentation address 192.0.2."));
        QueueFile allowed = Fixtures.parse("chat.queue.yaml", bytes(template + "allow-private: true\n"));
        assertThat(allowed.problems()).isEmpty();
        assertThat(only(allowed).servers()).extracting(Server::name).containsExactly("paris", "tokyo");
    }

    @Test
    void whatTheTemplateCallsDefaultsAreTheDefaults() {
        String template = Queues.template("chat") + "allow-private: true\n";
        String spelledOut = template.replaceAll("(?m)^# ([a-z-]+: .*)$", "$1")
                .replaceAll("(?m)^(alias|probe: probe:tcp|probe: probe:https:|allow-private: false).*$", "");
        assertThat(spelledOut).contains("\ninterval: 10s").contains("\nfailback: 10m");
        QueueFile read = Fixtures.parse("chat.queue.yaml", bytes(spelledOut));
        assertThat(lines(read)).isEmpty();
        assertThat(only(read)).isEqualTo(only(Fixtures.parse("chat.queue.yaml", bytes(template))));
    }

    private static final String SMALLEST =
            """
            record: chat.example.net
            servers: [paris: 11.0.0.10]
            probe: probe:https
            publish: [no-ip]
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(Path file) {
        try {
            return Folder.bytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Queue only(QueueFile file) {
        assertThat(file.queues()).hasSize(1);
        return file.queues().get(0);
    }

    private static List<String> lines(QueueFile file) {
        return file.problems().stream().map(Problem::toString).toList();
    }
}
