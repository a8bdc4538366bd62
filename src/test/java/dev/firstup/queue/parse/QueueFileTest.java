package dev.firstup.queue.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.firstup.model.ProbeConditions;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.QuietTime;
import dev.firstup.model.rules.Rules;
import dev.firstup.queue.QueueFolder;
import dev.firstup.queue.Queues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
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
    private static final Set<ProblemMessage> WITHOUT_FIXTURE = EnumSet.of(
            ProblemMessage.FOLDER_UNREADABLE,
            ProblemMessage.FILE_UNREADABLE,
            ProblemMessage.FILE_TOO_LARGE,
            ProblemMessage.TOO_MANY_PROBLEMS);

    static List<Path> valid() {
        return QueueFixtures.in(QueueFixtures.VALID);
    }

    static List<Path> invalid() {
        return QueueFixtures.in(QueueFixtures.INVALID);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takesWhatIsValid(Path file) {
        QueueFile read = QueueFixtures.parse(file);
        assertThat(lines(read)).isEqualTo(QueueFixtures.expected(file));
        assertThat(read.valid()).isTrue();
        assertThat(read.queues()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void saysEverythingThatIsWrong(Path file) {
        QueueFile read = QueueFixtures.parse(file);
        assertThat(lines(read)).isNotEmpty().isEqualTo(QueueFixtures.expected(file));
        assertThat(read.valid()).isFalse();
        assertThat(read.queues()).isEmpty();
    }

    @Test
    void everyMessageHasItsFixture() {
        List<String> said = Stream.concat(valid().stream(), invalid().stream())
                .flatMap(file -> QueueFixtures.expected(file).stream())
                .toList();
        assertThat(EnumSet.complementOf(EnumSet.copyOf(WITHOUT_FIXTURE))).allSatisfy(message -> assertThat(said)
                .anyMatch(pattern(message).asPredicate()));
        assertThat(invalid()).hasSizeGreaterThanOrEqualTo(40);
    }

    private static Pattern pattern(ProblemMessage message) {
        String text = Stream.of(message.format().replace("%%", "%").split("%[sd]", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return Pattern.compile("^[^:]*:\\d+:\\d+: (error|warning): " + text + "$");
    }

    @Test
    void readsEveryKey() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("chat.example.org.queue.yaml")));
        assertThat(queue)
                .isEqualTo(new Queue(
                        "chat.example.org",
                        0,
                        "chat.example.net",
                        "xn--mnchen-3ya.example.org",
                        List.of("_xmpp-client._tcp.example.org", "_xmpp-server._tcp.xn--mnchen-3ya.example.org"),
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
                        new Rules(3, 2, Duration.ofSeconds(3), Failback.BY_HAND, AllDown.HOLD, 1, false),
                        List.of(),
                        List.of(),
                        List.of(
                                new PublishTarget(
                                        "no-ip",
                                        "chat.example.net",
                                        List.of(
                                                "ns1.example.net",
                                                "192.0.2.53:5300",
                                                "[2001:db8::53]:53",
                                                "2001:db8::54"),
                                        "f1",
                                        Duration.ofMinutes(1),
                                        PublishTarget.Api.NONE,
                                        false,
                                        false),
                                new PublishTarget(
                                        "route53",
                                        "chat.other.example",
                                        List.of("ns.other.example"),
                                        "f2",
                                        Duration.ZERO,
                                        PublishTarget.Api.NONE,
                                        false,
                                        false)),
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
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("smallest.queue.yaml")));
        assertThat(queue.ttl()).isEqualTo(Duration.ofSeconds(60));
        assertThat(queue.pace())
                .isEqualTo(new Queue.Pace(
                        Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(3)));
        assertThat(queue.rules().fall()).isEqualTo(3);
        assertThat(queue.rules().rise()).isEqualTo(2);
        assertThat(queue.rules().failback()).isEqualTo(new Failback(Duration.ofMinutes(10), false));
        assertThat(queue.rules().slow()).isNull();
        assertThat(queue.rules().allDown()).isEqualTo(AllDown.HOLD);
        assertThat(queue.rules().answers()).isEqualTo(1);
        assertThat(queue.rules().apart()).isFalse();
        assertThat(queue.quiet()).isEmpty();
        assertThat(queue.alias()).isNull();
        assertThat(queue.notifiers()).isEmpty();
        assertThat(queue.servers().get(0).publicName()).isEqualTo("chat.example.net");
    }

    @Test
    void asksTheNameServersOfEachRecordAsWitnesses() {
        Queue queue = only(
                QueueFixtures.parse(
                        "a.queue.yaml",
                        bytes(
                                """
                record: chat.example.net
                servers: [paris: 11.0.0.10]
                probe: probe:https
                timeout: 2s
                nameservers: [ns1.example.net]
                publish:
                  - no-ip
                  - { to: route53, record: chat.other.example, nameservers: [] }
                  - { to: route53, nameservers: [ns2.example.net, "192.0.2.53:5300"] }
                """)));
        assertThat(queue.witnesses())
                .containsExactly(
                        nameServers("chat.example.net", "ns1.example.net,ns2.example.net,192.0.2.53:5300"),
                        nameServers("chat.other.example", ""));
        assertThat(only(QueueFixtures.parse(QueueFixtures.VALID.resolve("watch-only.queue.yaml")))
                        .witnesses())
                .isEmpty();
        assertThat(only(QueueFixtures.parse("a.queue.yaml", bytes(SMALLEST + "witnesses: []\n")))
                        .witnesses())
                .isEmpty();
    }

    private static Server nameServers(String record, String nameservers) {
        return new Server(
                "",
                0,
                "the name servers of " + record,
                Map.of(),
                "probe:route",
                "firstup-name-servers",
                0,
                nameservers,
                record,
                Duration.ofSeconds(2));
    }

    @Test
    void readsWitnesses() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("witnesses.queue.yaml")));
        assertThat(queue.witnesses())
                .containsExactly(
                        witness("probe:tcp://9.9.9.9:53", "probe:tcp", "9.9.9.9", 53, "", "9.9.9.9"),
                        witness(
                                "probe:https://example.org/up?host=www.example.org",
                                "probe:https",
                                "example.org",
                                0,
                                "/up",
                                "www.example.org"),
                        witness(
                                "probe:http://[2620:fe::fe]:8080",
                                "probe:http",
                                "2620:fe::fe",
                                8080,
                                "/",
                                "2620:fe::fe"),
                        witness("my-probe", "probe:route", "my-probe", 0, "", "my-probe"));
    }

    private static Server witness(String text, String probe, String host, int port, String path, String publicName) {
        return new Server("", 0, text, Map.of(), probe, host, port, path, publicName, Duration.ofSeconds(3));
    }

    /** Camel decodes what stands outside of RAW(), and takes a plus for a blank. */
    @Test
    void whatIsSaidToAServerStaysAsItWasWritten() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("talk.queue.yaml")));
        assertThat(queue.servers().get(0).probe())
                .isEqualTo("probe:tcp?expect=RAW(+PONG)&send=RAW(%00%D2)&send2=RAW(100%2525%0D%0A)&verify=true");
    }

    @Test
    void theDomainOfXmppIsThePublicName() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("xmpp.queue.yaml")));
        assertThat(queue.servers())
                .extracting(Server::probe, Server::host, Server::port, Server::publicName)
                .containsExactly(
                        tuple("probe:xmpp?verify=false", "192.0.2.10", 0, "example.org"),
                        tuple("probe:xmpps", "192.0.2.20", 0, "example.net"),
                        tuple("probe:xmpp-server", "10.0.0.30", 5270, "chat.example.org"));
    }

    @Test
    void readsConditions() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("conditions.queue.yaml")));
        Server paris = queue.servers().get(0);
        assertThat(paris.probe()).isEqualTo("probe:https");
        assertThat(paris.publicName()).isEqualTo("www.example.org");
        assertThat(paris.conditions().need()).isEqualTo(2);
        assertThat(paris.conditions().others())
                .containsExactly(
                        condition("paris#2", Map.of(), "probe:tcp", "11.0.0.10", 5222, ""),
                        condition("paris#3", Map.of(), "probe:http", "11.0.0.10", 8080, "/up"));
        assertThat(queue.servers().get(1).conditions()).isEqualTo(ProbeConditions.NONE);
        assertThat(queue.servers().get(1).probe()).isEqualTo("probe:tcp");
        assertThat(queue.servers().get(2).conditions())
                .isEqualTo(new ProbeConditions(
                        1, List.of(condition("quebec#2", Map.of(), "probe:tcp", "10.0.0.30", 5222, ""))));
        assertThat(queue.servers().get(3).conditions())
                .as("a route knows its server by the address")
                .isEqualTo(new ProbeConditions(
                        2,
                        List.of(condition(
                                "lima#2", Map.of(RecordType.A, "11.0.0.40"), "probe:route", "my-probe", 0, ""))));
        assertThat(queue.servers().get(4).conditions()).isEqualTo(ProbeConditions.NONE);
    }

    private static Server condition(
            String name, Map<RecordType, String> addresses, String probe, String host, int port, String path) {
        return new Server(
                "conditions", 0, name, addresses, probe, host, port, path, "chat.example.net", Duration.ofSeconds(3));
    }

    @Test
    void makesTwoServersOfOneWithBothFamiliesWhereTheseAreApart() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("apart.queue.yaml")));
        assertThat(queue.rules())
                .isEqualTo(new Rules(
                        3, 2, null, Failback.BY_HAND, new AllDown(AllDown.Policy.FIRST, null, null), 1, true));
        assertThat(queue.servers())
                .extracting(Server::name, Server::addresses, Server::host)
                .containsExactly(
                        tuple("paris/ipv4", Map.of(RecordType.A, "11.0.0.10"), "11.0.0.10"),
                        tuple("paris/ipv6", Map.of(RecordType.AAAA, "2a00::10"), "2a00::10"),
                        tuple("tokyo", Map.of(RecordType.AAAA, "2a00::20"), "2a00::20"),
                        tuple("quebec/ipv4", Map.of(RecordType.A, "11.0.0.30"), "10.0.0.30"),
                        tuple("quebec/ipv6", Map.of(RecordType.AAAA, "2a00::30"), "10.0.0.30"));
        assertThat(queue.servers().get(1).conditions().others())
                .extracting(Server::name, Server::addresses)
                .containsExactly(tuple("paris/ipv6#2", Map.of(RecordType.AAAA, "2a00::10")));
    }

    @Test
    void asksMoreOfAHostThatCanDoIt() {
        Queue able = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("able-host.queue.yaml")));
        assertThat(able.rules().allDown()).isEqualTo(new AllDown(AllDown.Policy.WITHDRAW, null, null));
        assertThat(able.rules().answers()).isEqualTo(16);
        assertThat(able.targets()).extracting(PublishTarget::gap).containsExactly(Duration.ZERO);
        Queue sorry = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("sorry-with-both-families.queue.yaml")));
        assertThat(sorry.rules().allDown()).isEqualTo(new AllDown(AllDown.Policy.SORRY, RecordType.AAAA, "2a00::99"));
        Queue plain = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("sorry-server.queue.yaml")));
        assertThat(plain.rules().allDown()).isEqualTo(new AllDown(AllDown.Policy.SORRY, RecordType.A, "11.0.0.99"));
    }

    @Test
    void readsQuietTimes() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("quiet.queue.yaml")));
        assertThat(queue.quiet())
                .containsExactly(
                        new QuietTime(
                                LocalTime.of(22, 0),
                                Duration.ofHours(8),
                                ZoneId.of("Europe/Berlin"),
                                Set.of(),
                                Set.of()),
                        new QuietTime(
                                LocalTime.MIDNIGHT,
                                Duration.ofDays(2),
                                ZoneId.of("UTC"),
                                Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                                Set.of()),
                        new QuietTime(
                                LocalTime.of(9, 30),
                                Duration.ofMinutes(1),
                                ZoneId.of("America/Argentina/Buenos_Aires"),
                                Set.of(),
                                Set.of(1, 31)));
    }

    @Test
    void aShortIntervalShortensTheFastOne() {
        Queue queue = only(QueueFixtures.parse("a.queue.yaml", bytes(SMALLEST + "interval: 200ms\n")));
        assertThat(queue.pace().fast()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void probesTwoFamiliesAtIPv4() {
        Queue queue = only(QueueFixtures.parse(QueueFixtures.VALID.resolve("dual-stack.queue.yaml")));
        assertThat(queue.servers()).extracting(Server::host).containsExactly("11.0.0.10", "2a00::21");
        assertThat(queue.servers().get(0).addresses())
                .containsExactly(Map.entry(RecordType.A, "11.0.0.10"), Map.entry(RecordType.AAAA, "2a00::10"));
    }

    @Test
    void argumentsAreWrittenWithSpacesAndPlaceholders() {
        Queue queue = only(
                QueueFixtures.parse(
                        "a.queue.yaml",
                        bytes(
                                """
                record: chat.example.net
                servers: [a: 11.0.0.1]
                probe: probe:exec?port=443&command=check_http&args=-S -I {host} -p {port} -H {name}
                publish: [no-ip]
                """)));
        assertThat(queue.servers())
                .extracting(Server::probe)
                .containsExactly("probe:exec?args=-S -I {host} -p {port} -H {name}&command=check_http");
        assertThat(queue.servers()).extracting(Server::port).containsExactly(443);
    }

    @Test
    void serversShareAnEndpointWhateverTheOrderOfItsOptions() {
        Queue queue = only(
                QueueFixtures.parse(
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
    void aRegularExpressionHasBracketsAndQuestionMarks() {
        String text = SMALLEST.replace("probe:https", "probe:tcp://[2620:fe::fe]:21?expect=~(?s).*[25]?&send=a");
        Queue queue = only(QueueFixtures.parse("a.queue.yaml", bytes(text)));

        assertThat(queue.servers())
                .extracting(Server::probe)
                .containsOnly("probe:tcp?expect=RAW(~(?s%29.*[25]?)&send=a");
    }

    @Test
    void aPlusIsNoBlankAndAnAmpersandNoEnd() {
        String text = SMALLEST.replace("probe:https", "probe:http?send=(a%2B)b+&status=200");
        Queue queue = only(QueueFixtures.parse("a.queue.yaml", bytes(text)));

        assertThat(queue.servers())
                .extracting(Server::probe)
                .containsOnly("probe:http?send=RAW((a%2B%29b+)&status=200");
    }

    @Test
    void refusesAFileOfMoreThanAMebibyte() {
        byte[] bytes = bytes(SMALLEST + "#".repeat(1 << 20));
        assertThat(lines(QueueFixtures.parse("a.queue.yaml", bytes)))
                .containsExactly("a.queue.yaml:1:1: error: larger than 1 MiB; split it into several files");
    }

    @Test
    void refusesMoreServersThanItTakes() {
        byte[] bytes = bytes("record: chat.example.net\nprobe: probe:https\npublish: [no-ip]\nservers: ["
                + "{},".repeat(100_001) + "]\n");
        assertThat(lines(QueueFixtures.parse("a.queue.yaml", bytes)))
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
        QueueFile read = QueueFixtures.parse(
                "a.queue.yaml", bytes(text.insert(at, servers).toString()));
        assertThat(lines(read)).isEmpty();
        assertThat(only(read).servers()).hasSize(10_000);
    }

    @Test
    void doesNotListMistakesWithoutEnd() {
        List<String> lines = lines(QueueFixtures.parse(
                "a.queue.yaml",
                bytes("record: chat.example.net\nprobe: probe:https\npublish: [no-ip]\nservers: [" + "x,".repeat(5_000)
                        + "]\n")));
        assertThat(lines).hasSize(ProblemCollector.MOST + 1);
        assertThat(lines.get(ProblemCollector.MOST))
                .endsWith("error: 4000 more problems are not listed; mend the others first");
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
            QueueFile read = QueueFixtures.parse("a.queue.yaml", bytes);
            assertThat(read.valid() ? read.queues() : read.problems())
                    .as("mutation %d", i)
                    .isNotEmpty();
        }
    }

    @Test
    void theTemplateNeedsNothingButRealAddresses() {
        String template = Queues.template("chat.example.org");
        assertThat(template).contains("record: chat.example.org.example.dyndns.org");
        assertThat(lines(QueueFixtures.parse("chat.queue.yaml", bytes(template))))
                .hasSize(2)
                .allMatch(line -> line.contains("found the documentation address 192.0.2."));
        QueueFile allowed = QueueFixtures.parse("chat.queue.yaml", bytes(template + "allow-private: true\n"));
        assertThat(allowed.problems()).isEmpty();
        assertThat(only(allowed).servers()).extracting(Server::name).containsExactly("paris", "tokyo");
    }

    @Test
    void whatTheTemplateCallsDefaultsAreTheDefaults() {
        String template = Queues.template("chat") + "allow-private: true\n";
        String spelledOut = template.replaceAll("(?m)^# ([a-z-]+: .*)$", "$1")
                .replaceAll(
                        "(?m)^(alias|slow|witnesses|quiet|probes|probe: probe:tcp|probe: probe:https:|allow-private: false).*$",
                        "");
        assertThat(spelledOut).contains("\ninterval: 10s").contains("\nfailback: 10m");
        QueueFile read = QueueFixtures.parse("chat.queue.yaml", bytes(spelledOut));
        assertThat(lines(read)).isEmpty();
        assertThat(only(read)).isEqualTo(only(QueueFixtures.parse("chat.queue.yaml", bytes(template))));
    }

    @Test
    void whatTheTemplateShowsIsValid() {
        String template = Queues.template("chat") + "allow-private: true\n";
        String shown = template.replaceAll("(?m)^probe: .*$", "")
                .replaceAll("(?m)^# ((slow|witnesses|quiet|probes):.*)$", "$1")
                .replaceAll("(?m)^#   (at-least|of):", "  $1:");
        QueueFile read = QueueFixtures.parse("chat.queue.yaml", bytes(shown));
        assertThat(lines(read)).isEmpty();
        assertThat(only(read).servers().get(0).conditions().others()).hasSize(2);
        assertThat(only(read).rules().slow()).isEqualTo(Duration.ofMillis(500));
        assertThat(only(read).witnesses()).extracting(Server::host).containsExactly("example.org");
        assertThat(only(read).quiet()).hasSize(1);
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
            return QueueFolder.bytes(file);
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
