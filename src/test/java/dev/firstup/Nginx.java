package dev.firstup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A real nginx, one process, on ports of 127.0.0.1. */
public final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Path folder;
    private final int port;
    private Process process;

    /**
     * @param port one that it listens on
     * @param servers what its configuration says of HTTP
     */
    public Nginx(Path folder, int port, String servers) throws IOException {
        this.folder = folder;
        this.port = port;
        Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                master_process off;
                pid nginx.pid;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                %s
                }
                """
                        .formatted(servers));
        start();
    }

    /** One that says its name, with a folder of that name in {@code folder}. */
    public static Nginx saying(String name, Path folder) throws IOException {
        int port = Ports.free();
        return new Nginx(
                Files.createDirectory(folder.resolve(name)),
                port,
                "server { listen 127.0.0.1:%d; location / { return 200 \"%s\"; } }".formatted(port, name));
    }

    public int port() {
        return port;
    }

    /** Without nginx on this machine the test is skipped, and on a build server it fails. */
    public static void require() {
        if (!"true".equals(System.getenv("CI"))) {
            assumeTrue(Files.isExecutable(PROGRAM), "needs the Debian package nginx-light");
        }
        assertThat(PROGRAM).as("Debian package nginx-light").isExecutable();
    }

    public void start() throws IOException {
        Path log = folder.resolve("error.log");
        process = new ProcessBuilder(
                        List.of(PROGRAM.toString(), "-e", log.toString(), "-p", folder.toString(), "-c", "nginx.conf"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::listens);
    }

    private boolean listens() throws IOException {
        assertThat(process.isAlive())
                .as("nginx runs: " + Files.readString(folder.resolve("error.log")))
                .isTrue();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** It runs no more, and yet its ports are open. */
    public void hang() throws IOException {
        signal("-STOP");
    }

    public void goOn() throws IOException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", name, "" + process.pid()).start();
        assertThat(kill.onExit().join().exitValue()).isZero();
    }

    /** {@code kill -9}. */
    public void stop() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        stop();
    }
}
