package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.firstup.model.Verdict;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The probe {@code exec} with real monitoring plugins, against servers in each state. */
class PluginsTest {
    private static final Path FOLDER = Path.of("/usr/lib/nagios/plugins");

    private final Verdicts table = new Verdicts("monitoring-plugins");

    @Test
    void whatPluginsSayIsUnderstood() throws Exception {
        if (!Files.isExecutable(FOLDER.resolve("check_http"))) {
            String message = "not installed: apt-get install monitoring-plugins-basic";
            Object skipped = "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
            assertThat(skipped).isNull();
        }
        int closed;
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            closed = once.getLocalPort();
        }
        try (Probing probing = new Probing();
                Peer good = Peer.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Peer bad = Peer.saying("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
                Peer silent = Peer.of(Peer.silent())) {
            Asking ask = (state, port, plugin) -> {
                Verdict verdict = probing.probe(
                        "probe:exec?command=" + plugin,
                        Probing.server("127.0.0.1", port, "", "chat.example", Duration.ofSeconds(5)));
                return table.note(state + ": " + plugin, verdict);
            };
            String http = "check_http&args=-I {host} -p {port} -H {name}";
            assertThat(ask.about("up", good.port(), http)).startsWith("L7OK: HTTP OK: HTTP/1.1 200 OK");
            assertThat(ask.about("answers 503", bad.port(), http))
                    .startsWith("L7STS: HTTP CRITICAL: HTTP/1.1 503 Service Unavailable");
            assertThat(ask.about("silent", silent.port(), http + " -t 1"))
                    .startsWith("L7STS: CRITICAL - Socket timeout");
            assertThat(ask.about("silent", silent.port(), http)).isEqualTo("L7TOUT: check_http did not end within 5 s");
            assertThat(ask.about("refusing", closed, http))
                    .startsWith("L7STS: ")
                    .contains("refused");
            assertThat(ask.about("wrong options", good.port(), "check_http&args=--nonsense"))
                    .startsWith("SOCKERR: ");
            String tcp = "check_tcp&args=-H {host} -p {port}";
            assertThat(ask.about("up", good.port(), tcp)).startsWith("L7OK: TCP OK");
            assertThat(ask.about("slow", good.port(), tcp + " -w 0")).startsWith("L7OK: TCP WARNING");
            assertThat(ask.about("refusing", closed, tcp)).startsWith("L7STS: ").contains("refused");
            assertThat(ask.about("up", 0, "check_dummy&args=0 fine")).isEqualTo("L7OK: OK: fine");
            assertThat(ask.about("unknown", 0, "check_dummy&args=3 'no idea'")).isEqualTo("SOCKERR: UNKNOWN: no idea");
        } finally {
            table.print();
        }
    }

    private interface Asking {
        String about(String state, int port, String plugin);
    }
}
