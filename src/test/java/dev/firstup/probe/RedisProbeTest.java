package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis. */
class RedisProbeTest {
    @TempDir
    private Path folder;

    @Test
    void everyStateHasItsVerdict() throws Exception {
        String redis = Daemon.require("redis-server", "/usr/bin/redis-server", "/usr/local/bin/redis-server");
        int port = Ports.free();
        List<String> open = List.of(
                redis, "--port", String.valueOf(port), "--bind", "127.0.0.1", "--dir", folder.toString(), "--save", "");
        String where = "127.0.0.1:" + port;
        Files.writeString(folder.resolve("good"), "a&b=c%+#)\n");
        Files.writeString(folder.resolve("bad"), "other\n");
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(folder, open)) {
            probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", folder.toString());
            daemon.start(port);
            assertThat(daemon.found("redis: up", probing.probe("probe:redis", server(port))))
                    .isEqualTo("L7OK: \"+PONG\"");
            daemon.hang();
            assertThat(daemon.found(
                            "redis: hung", probing.probe("probe:redis", server("127.0.0.1", port, Daemon.SHORT))))
                    .isEqualTo("L7TOUT: no answer from " + where + " within 1 s, expected +PONG");
            daemon.stop();
            assertThat(daemon.found("redis: stopped", probing.probe("probe:redis", server(port))))
                    .isEqualTo("L4CON: connection refused by " + where);
            try (AutoCloseable http = Daemon.httpServer(port)) {
                assertThat(http).isNotNull();
                assertThat(daemon.found("redis: HTTP there", probing.probe("probe:redis", server(port))))
                        .startsWith("L7RSP: expected +PONG, received \"HTTP/1.1 400 Bad Request");
            }
        }
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(folder, with(open, "--requirepass", "a&b=c%+#)"))) {
            probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", folder.toString());
            daemon.start(port);
            assertThat(daemon.found("redis: wants a password", probing.probe("probe:redis", server(port))))
                    .isEqualTo("L7OK: \"-NOAUTH Authentication required.\"");
            assertThat(daemon.found("redis: gets it", probing.probe("probe:redis?password=file:good", server(port))))
                    .isEqualTo("L7OK: \"+PONG\"");
            assertThat(daemon.found(
                            "redis: gets another", probing.probe("probe:redis?password=file:bad", server(port))))
                    .startsWith("L7STS: expected +OK after AUTH, received \"-WRONGPASS ");
        }
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(
                        folder, with(open, "--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "no"))) {
            daemon.start(port);
            assertThat(daemon.found("redis: its primary is lost", probing.probe("probe:redis", server(port))))
                    .startsWith("L7STS: expected +PONG, received \"-MASTERDOWN Link with MASTER is down");
        }
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }
}
