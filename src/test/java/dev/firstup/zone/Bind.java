package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.firstup.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** A real BIND on a free port of 127.0.0.1. */
public final class Bind implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/named"), Path.of("/usr/local/sbin/named"), Path.of("/opt/homebrew/sbin/named"));
    private static final String RNDC_KEY = "key rndc { algorithm hmac-sha256; secret \"cm5kYw==\"; };\n";

    final int port = Ports.free();
    private final int control = Ports.free();
    private final Path named;
    private final Path folder;
    private final String zone;
    private Process process;

    private Bind(Path named, Path folder, String zone) {
        this.named = named;
        this.folder = folder;
        this.zone = zone;
    }

    /**
     * One zone of a server.
     *
     * @param options such as {@code allow-update { key firstup; };}
     * @param records the lines after its SOA and NS
     */
    public record Zone(String name, String options, String records) {}

    /**
     * Starts it in {@code folder}, authoritative for example.test. Without BIND on this machine the test is skipped, and on a
     * build server it fails.
     *
     * @param records the lines of the zone after its SOA and NS
     */
    static Bind start(Path folder, String records) throws IOException {
        return start(folder, "", List.of(new Zone("example.test", "", records)));
    }

    /**
     * Starts it in {@code folder}.
     *
     * @param statements more of its configuration, such as keys
     * @param zones at least one
     */
    public static Bind start(Path folder, String statements, List<Zone> zones) throws IOException {
        Path named = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        if (named == null) {
            return missing("bind9");
        }
        Bind bind = new Bind(named, folder, zones.get(0).name());
        bind.configure(statements, zones);
        bind.start();
        return bind;
    }

    /** Skips the test, and on a build server fails it. */
    static <T> T missing(String debianPackage) {
        String message = "not installed: apt-get install " + debianPackage;
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    private void configure(String statements, List<Zone> zones) throws IOException {
        StringBuilder configuration = new StringBuilder(
                """
                options {
                  directory "%1$s";
                  pid-file none;
                  session-keyfile none;
                  lock-file none;
                  managed-keys-directory "%1$s";
                  listen-on port %2$d { 127.0.0.1; };
                  listen-on-v6 { none; };
                  recursion no;
                  dnssec-validation no;
                  notify no;
                };
                controls { inet 127.0.0.1 port %3$d allow { 127.0.0.1; } keys { rndc; }; };
                """
                        .formatted(folder, port, control));
        configuration.append(RNDC_KEY).append(statements.indent(0));
        for (Zone it : zones) {
            Files.writeString(
                    folder.resolve(it.name() + ".zone"),
                    """
                    $TTL 60
                    @ IN SOA ns1 hostmaster 1 3600 600 86400 60
                    @ IN NS ns1
                    ns1 IN A 127.0.0.1
                    """
                            + it.records().indent(0));
            configuration.append(
                    "zone \"%1$s\" { type primary; file \"%1$s.zone\"; %2$s };\n".formatted(it.name(), it.options()));
        }
        Files.writeString(folder.resolve("named.conf"), configuration);
        Files.writeString(folder.resolve("rndc.conf"), RNDC_KEY);
    }

    /** Starts it again after {@link #stop()}, with what it has written down. */
    public void start() throws IOException {
        process = new ProcessBuilder(
                        named.toString(),
                        "-g",
                        "-n",
                        "1",
                        "-c",
                        folder.resolve("named.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("named.log").toFile()))
                .start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(this::answers);
        } catch (RuntimeException e) {
            stop();
            throw new IllegalStateException("BIND did not start: " + log(), e);
        }
    }

    /** In good order: it writes down what it holds. */
    public void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** It runs no more, and yet its port is open. */
    public void hang() {
        run("sh", "-c", "kill -STOP " + process.pid());
    }

    /** Goes on after {@link #hang()}, with what has come meanwhile. */
    public void goOn() {
        run("sh", "-c", "kill -CONT " + process.pid());
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Everything it has written to its log. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("named.log"));
    }

    /** What {@code dig} reads there, sorted. */
    public List<String> dig(String name, String type) {
        return run("dig", "+short", "+norecurse", "@127.0.0.1", "-p", String.valueOf(port), name, type)
                .lines()
                .sorted()
                .toList();
    }

    /** Adds a record to a zone that anybody on this machine may change, as its owner does. */
    public void add(String zone, String name, String type, String value) throws IOException {
        Name origin = Name.fromString(zone + ".");
        Update update = new Update(origin);
        update.add(Record.fromString(Name.fromString(name, origin), Type.value(type), DClass.IN, 300, value, origin));
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        assertThat(resolver.send(update).getRcode()).isZero();
    }

    /** How often its first zone was changed. */
    public int changes() {
        return Integer.parseInt(dig(zone, "SOA").get(0).split(" ")[2]) - 1;
    }

    /** Controls it, as its operator does. */
    void rndc(String... order) {
        List<String> line = new ArrayList<>(List.of(
                "rndc",
                "-k",
                folder.resolve("rndc.conf").toString(),
                "-s",
                "127.0.0.1",
                "-p",
                String.valueOf(control)));
        line.addAll(List.of(order));
        run(line.toArray(String[]::new));
    }

    static String run(String... line) {
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes());
            assertThat(process.onExit().join().exitValue())
                    .as(String.join(" ", line) + ": " + printed)
                    .isZero();
            return printed;
        } catch (IOException e) {
            return missing("bind9-dnsutils");
        }
    }

    @Override
    public void close() {
        stop();
    }

    private boolean answers() throws IOException {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        resolver.setTimeout(Duration.ofSeconds(1));
        Record question = Record.newRecord(Name.fromString(zone + "."), Type.SOA, DClass.IN);
        return resolver.send(Message.newQuery(question)).getRcode() == 0;
    }
}
