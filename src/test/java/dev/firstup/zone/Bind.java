package dev.firstup.zone;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A real BIND on a free port of 127.0.0.1, authoritative for example.test. */
final class Bind implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/named"), Path.of("/usr/local/sbin/named"), Path.of("/opt/homebrew/sbin/named"));

    final int port;
    private final Process process;

    private Bind(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Starts it in {@code folder}. Without BIND on this machine the test is skipped, and on a build server it fails.
     *
     * @param zone the lines of the zone after its SOA
     */
    static Bind start(Path folder, String zone) throws IOException {
        Path named = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        if (named == null) {
            String message = "BIND is not installed: apt-get install bind9";
            return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
        }
        int port = freePort();
        Files.writeString(
                folder.resolve("example.test.zone"),
                """
                $TTL 60
                @ IN SOA ns1 hostmaster 1 3600 600 86400 60
                @ IN NS ns1
                ns1 IN A 127.0.0.1
                """
                        + zone.indent(0));
        Path configuration = Files.writeString(
                folder.resolve("named.conf"),
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
                controls { };
                zone "example.test" { type primary; file "example.test.zone"; };
                """
                        .formatted(folder, port));
        Process process = new ProcessBuilder(
                        Stream.of(named.toString(), "-g", "-n", "1", "-c", configuration.toString())
                                .toList())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("named.log").toFile())
                .start();
        Bind bind = new Bind(port, process);
        try {
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(bind::answers);
        } catch (RuntimeException e) {
            bind.close();
            throw new IllegalStateException("BIND did not start: " + Files.readString(folder.resolve("named.log")), e);
        }
        return bind;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private boolean answers() throws IOException {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        resolver.setTimeout(Duration.ofSeconds(1));
        Record question = Record.newRecord(Name.fromString("example.test."), Type.SOA, DClass.IN);
        return resolver.send(Message.newQuery(question)).getRcode() == 0;
    }

    private static int freePort() throws IOException {
        try (ServerSocket tcp = new ServerSocket(0);
                DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
            return udp.getLocalPort();
        }
    }
}
