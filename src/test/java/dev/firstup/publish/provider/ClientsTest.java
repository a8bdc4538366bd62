package dev.firstup.publish.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Firstup sends beside what Debian's ddclient and inadyn send for the same account, record and address: hosts are used to
 * these two. Each difference has its reason here; any other one fails, and so does a reason for what does not differ.
 */
class ClientsTest {
    private static final String RECORD = "chat.example.org";
    private static final String PATH = "/nic/update";

    // What clients get wrong, but for # in the user name: in ddclient's file a comment begins there, quoted or not.
    private static final String USERNAME = "mé&=+%)@example.org";
    private static final String PASSWORD = "a&b=c%+#)";

    /**
     * How a part of the request differs, as patterns that are empty for a part that is not sent.
     *
     * @param theirs the other client's
     * @param ours Firstup's
     * @param reason why that is as it should be
     */
    private record Difference(String theirs, String ours, String reason) {}

    private enum Client {
        DDCLIENT(
                "ddclient",
                Map.of(
                        "query system",
                        new Difference(
                                "dyndns",
                                "",
                                "it once chose among Dyn's products; No-IP's request page has no such thing"),
                        "header user-agent",
                        agent("ddclient/.+"))) {
            @Override
            List<String> command(Path program, Path folder, String host, String address) throws IOException {
                Path configuration = Files.writeString(
                        folder.resolve("ddclient.conf"),
                        """
                        ssl=no
                        protocol=dyndns2
                        use=ip, ip=%s
                        server=%s
                        login='%s'
                        password='%s'
                        %s
                        """
                                .formatted(address, host, USERNAME, PASSWORD, RECORD));
                return List.of(
                        program.toString(),
                        "-foreground",
                        "-daemon=0",
                        "-force",
                        "-file",
                        configuration.toString(),
                        "-cache",
                        folder.resolve("ddclient.cache").toString(),
                        "-pid",
                        folder.resolve("ddclient.pid").toString());
            }
        },
        INADYN(
                "inadyn",
                Map.of(
                        "version",
                        new Difference("HTTP/1.0", "HTTP/1.1", "1.1 is what everything on the way is made for today"),
                        "header connection",
                        new Difference("", "close", "HTTP/1.0 closes without being told"),
                        "header host",
                        new Difference(
                                "127.0.0.1",
                                "127.0.0.1:\\d+",
                                "the port belongs to it (RFC 9110, 7.2); without one, as at any real host, both are the same"),
                        "header user-agent",
                        agent("inadyn/.+"))) {
            @Override
            List<String> command(Path program, Path folder, String host, String address) throws IOException {
                // Otherwise it would ask the resolver what the record names now.
                Files.writeString(folder.resolve(RECORD + ".cache"), "192.0.2.99");
                // It asks the hosts that it knows nowhere else: of this one it has the path from us, and all else is
                // its own.
                Path configuration = Files.writeString(
                        folder.resolve("inadyn.conf"),
                        """
                        allow-ipv6 = true
                        custom host {
                            ssl = false
                            ddns-server = %s
                            ddns-path = "%s?hostname=%%h&myip=%%i"
                            username = "%s"
                            password = "%s"
                            hostname = %s
                            checkip-command = "/bin/echo %s"
                        }
                        """
                                .formatted(host, PATH, USERNAME, PASSWORD, RECORD, address));
                return List.of(
                        program.toString(),
                        "--once",
                        "--foreground",
                        "--force",
                        "--no-pidfile",
                        "--cache-dir=" + folder,
                        "--config=" + configuration);
            }
        };

        private final String program;
        private final Map<String, Difference> explained;

        Client(String program, Map<String, Difference> explained) {
            this.program = program;
            this.explained = explained;
        }

        private static Difference agent(String theirs) {
            return new Difference(
                    theirs,
                    "Firstup firstup/[A-Za-z]+-[A-Za-z0-9.-]+",
                    "each its own; Dyn and No-IP want to read company, program, system and version");
        }

        /** What publishes {@code address} once, and keeps its files in {@code folder}. */
        abstract List<String> command(Path program, Path folder, String host, String address) throws IOException;

        /** Without it on this machine the test is skipped, and on a build server it fails. */
        private Path path() {
            return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
                    .map(it -> Path.of(it, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseGet(() -> {
                        String message = program + " is not installed: apt-get install " + program;
                        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
                    });
        }

        void publish(Path folder, String host, String address) throws Exception {
            Path log = folder.resolve(program + ".log");
            Process process = new ProcessBuilder(command(path(), folder, host, address))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                assertThat(process.waitFor(20, TimeUnit.SECONDS))
                        .as("ends: " + Files.readString(log))
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "DDCLIENT, A, 192.0.2.10",
        "DDCLIENT, AAAA, 2001:db8::10",
        "INADYN, A, 192.0.2.10",
        "INADYN, AAAA, 2001:db8::10"
    })
    void sendTheSame(Client client, RecordType type, String address) throws Exception {
        try (RecordingProvider host = new RecordingProvider("good " + address)) {
            client.publish(folder, host.address(), address);
            Map<String, String> theirs = host.onlyRequest();
            firstup(host.address(), type, address);
            Map<String, String> ours = host.onlyRequest();

            SortedSet<String> parts = new TreeSet<>(theirs.keySet());
            parts.addAll(ours.keySet());
            parts.addAll(client.explained.keySet());
            List<String> unexplained = new ArrayList<>();
            row(type + " record", client.program, "firstup", "why they differ");
            for (String part : parts) {
                String their = theirs.getOrDefault(part, "");
                String our = ours.getOrDefault(part, "");
                Difference difference = client.explained.get(part);
                row(part, their, our, difference == null ? "" : difference.reason());
                if (difference == null
                        ? !our.equals(their)
                        : our.equals(their) || !their.matches(difference.theirs()) || !our.matches(difference.ours())) {
                    unexplained.add(part + ": " + client.program + " \"" + their + "\", firstup \"" + our + "\"");
                }
            }
            assertThat(unexplained).isEmpty();
            assertThat(ours)
                    .containsEntry("path", PATH)
                    .containsEntry("query hostname", RECORD)
                    .containsEntry("query myip", address)
                    .containsEntry("header authorization", "Basic " + USERNAME + ":" + PASSWORD);
        }
    }

    private static void row(String part, String theirs, String ours, String reason) {
        System.out.printf("%-20s | %-56s | %-37s | %s%n", part, theirs, ours, reason);
    }

    private void firstup(String host, RecordType type, String address) throws Exception {
        Files.writeString(folder.resolve("host"), PASSWORD);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().addInitialProperty("firstup.secrets", folder.toString());
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString(
                            "accounts.camel.yaml",
                            """
                            - route:
                                id: host
                                from:
                                  uri: direct:host
                                  steps:
                                    - to:
                                        uri: kamelet:firstup-dyndns2-sink
                                        parameters: { url: "http://%s%s", username: "RAW(%s)", password: "file:host" }
                            """
                                    .formatted(host, PATH, USERNAME)));
            context.start();
            context.createFluentProducerTemplate()
                    .to("direct:host")
                    .withBody(Dyndns2Test.write(type, 0, address))
                    .request();
        }
    }
}
