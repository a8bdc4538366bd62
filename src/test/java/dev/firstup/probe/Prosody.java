package dev.firstup.probe;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.firstup.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A real Prosody on free ports of 127.0.0.1. */
final class Prosody implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/prosody");

    public final int clients = Ports.free();
    public final int clientsByTls = Ports.free();
    public final int servers = Ports.free();
    private final Path folder;
    private Process process;

    /**
     * Without Prosody on this machine the test is skipped, and on a build server it fails.
     *
     * @param hosts what its configuration says of its domains
     */
    Prosody(Path folder, String hosts) throws IOException {
        require(PROGRAM, "prosody lua-sec");
        this.folder = folder;
        Files.writeString(
                folder.resolve("prosody.cfg.lua"),
                """
                run_as_root = true
                pidfile = "%1$s/prosody.pid"
                data_path = "%1$s"
                log = { info = "%1$s/prosody.log" }
                interfaces = { "127.0.0.1" }
                c2s_ports = { %2$d }
                c2s_direct_tls_ports = { %3$d }
                s2s_ports = { %4$d }
                s2s_secure_domains = { "strict.example" }
                modules_enabled = { "tls", "saslauth", "dialback", "disco", "ping" }
                -- How much work a login is.
                scram_iterations = 10000
                """
                                .formatted(folder, clients, clientsByTls, servers)
                        + hosts);
        start();
    }

    public static void require(Path program, String packages) {
        if (!Files.isExecutable(program)) {
            String message = "not installed: apt-get install " + packages;
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
    }

    /** Makes an account whose password is kept as it is. */
    public static void account(Path folder, String domain, String username, String password) throws IOException {
        Path accounts = Files.createDirectories(
                folder.resolve(domain.replace(".", "%2e")).resolve("accounts"));
        Files.writeString(accounts.resolve(username + ".dat"), "return { password = \"" + password + "\" };\n");
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config",
                        folder.resolve("prosody.cfg.lua").toString(),
                        "-F")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output.log").toFile()))
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> listens(clients) && listens(clientsByTls) && listens(servers));
        } catch (RuntimeException e) {
            stop();
            throw new IllegalStateException("Prosody did not start: " + log(), e);
        }
    }

    void stop() {
        process.destroyForcibly().onExit().join();
    }

    /** It runs no more, and yet its ports are open. */
    void hang() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Goes on after {@link #hang()}. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("output.log"))
                + (Files.exists(folder.resolve("prosody.log")) ? Files.readString(folder.resolve("prosody.log")) : "");
    }

    @Override
    public void close() {
        stop();
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("no signal " + name);
        }
    }

    public static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
