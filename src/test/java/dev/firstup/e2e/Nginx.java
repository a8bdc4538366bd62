package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firstup.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real nginx, one process, on one port of 127.0.0.1. */
final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Path folder;
    private final int port = Ports.free();
    private Process process;

    Nginx(Path folder, String name) throws IOException {
        this.folder = Files.createDirectory(folder.resolve(name));
        Files.writeString(
                this.folder.resolve("nginx.conf"),
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
                  server {
                    listen 127.0.0.1:%d;
                    location / { return 200 "%s"; }
                  }
                }
                """
                        .formatted(port, name));
        start();
    }

    /** Without nginx on this machine the test is skipped, and on a build server it fails. */
    static void require() {
        if (!"true".equals(System.getenv("CI"))) {
            assumeTrue(Files.isExecutable(PROGRAM), "needs the Debian package nginx-light");
        }
        assertThat(PROGRAM).as("Debian package nginx-light").isExecutable();
    }

    int port() {
        return port;
    }

    void start() throws IOException {
        Path log = folder.resolve("error.log");
        process = new ProcessBuilder(
                        List.of(PROGRAM.toString(), "-e", log.toString(), "-p", folder.toString(), "-c", "nginx.conf"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        FirstupProcess.await().until(this::listens);
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

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
