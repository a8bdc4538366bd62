package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.Ports;
import dev.firstup.model.probe.ReasonCode;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real OpenSSH. */
class SshProbeTest {
    @TempDir
    private Path folder;

    @Test
    void everyStateHasItsVerdict() throws Exception {
        String sshd = Daemon.require("openssh-server", "/usr/sbin/sshd", "/usr/local/sbin/sshd");
        if (Daemon.isRoot()) {
            // Its own unit file makes this folder.
            Daemon.run("mkdir", "-p", "/run/sshd");
        }
        String key = folder.resolve("key").toString();
        Daemon.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
        int port = Ports.free();
        String where = "127.0.0.1:" + port;
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(
                        folder,
                        List.of(
                                sshd,
                                "-D",
                                "-e",
                                "-f",
                                "/dev/null",
                                "-h",
                                key,
                                "-p",
                                String.valueOf(port),
                                "-o",
                                "ListenAddress=127.0.0.1",
                                "-o",
                                "PidFile=none",
                                "-o",
                                "MaxStartups=1"))) {
            daemon.start(() -> probing.probe("probe:ssh", server(port)).code() == ReasonCode.L7OK);
            await().untilAsserted(() -> assertThat(daemon.found("ssh: up", probing.probe("probe:ssh", server(port))))
                    .startsWith("L7OK: \"SSH-2.0-OpenSSH"));
            Socket[] others = new Socket[1];
            await().until(() -> {
                // The last one of ours may not be over yet.
                others[0] = new Socket("127.0.0.1", port);
                return others[0].getInputStream().read() == 'S';
            });
            try (Socket other = others[0]) {
                assertThat(other.isConnected()).isTrue();
                assertThat(daemon.found("ssh: has too many connections", probing.probe("probe:ssh", server(port))))
                        .isEqualTo("L7STS: expected SSH-2.0-, received \"Exceeded MaxStartups\"");
            }
            daemon.hang();
            assertThat(daemon.found("ssh: hung", probing.probe("probe:ssh", server("127.0.0.1", port, Daemon.SHORT))))
                    .isEqualTo("L7TOUT: no answer from " + where + " within 1 s, expected SSH-2.0-");
            daemon.stop();
            assertThat(daemon.found("ssh: stopped", probing.probe("probe:ssh", server(port))))
                    .isEqualTo("L4CON: connection refused by " + where);
            try (AutoCloseable http = Daemon.httpServer(port)) {
                assertThat(http).isNotNull();
                // An HTTP server waits until somebody asks, and so do we.
                assertThat(daemon.found(
                                "ssh: HTTP there", probing.probe("probe:ssh", server("127.0.0.1", port, Daemon.SHORT))))
                        .isEqualTo("L7TOUT: no answer from " + where + " within 1 s, expected SSH-2.0-");
            }
        }
    }
}
