package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.rehearsal.ToyServers;
import dev.firstup.zone.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, with a DNS server as people have it: one of their own, and no account anywhere. */
class BindIT {
    private static final String RECORD = "chat.example.test";
    private static final String PARIS = "192.0.2.10";
    private static final String TOKYO = "192.0.2.20";
    private static final String SECRET = "Zmlyc3R1cC1maXJzdHVwLWZpcnN0dXAtZmlyc3R1cCE=";

    private static final String ACCOUNTS =
            """
            - route:
                id: own
                from:
                  uri: direct:own
                  steps:
                    - to:
                        uri: kamelet:rfc2136
                        parameters: { server: "%s", zone: example.test, keyName: firstup, secret: "file:tsig" }
            """;

    private static final String QUEUE =
            """
            record: %s
            ttl: 1s
            servers:
              - { name: paris, address: %s, probe: "probe:http://127.0.0.1:%d/" }
              - { name: tokyo, address: %s, probe: "probe:http://127.0.0.1:%d/" }
            interval: 500ms
            fast-interval: 200ms
            down-interval: 500ms
            timeout: 3s
            failback: 1s
            allow-private: true
            nameservers: ["%s"]
            publish: [own]
            """;

    @TempDir
    Path folder;

    private Bind bind;
    private ToyServers servers;
    private FirstupProcess firstup;

    @BeforeEach
    void begin() throws Exception {
        bind = Bind.start(
                Files.createDirectory(folder.resolve("bind")),
                "key firstup { algorithm hmac-sha256; secret \"" + SECRET + "\"; };",
                List.of(new Bind.Zone("example.test", "allow-update { key firstup; };", "chat IN A " + PARIS)));
        servers = ToyServers.start("paris", "tokyo");
    }

    /** @param secret the key's, as Firstup has it */
    private void start(String secret, String logLevel) throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("tsig"), secret + "\n");
        Files.writeString(routes.resolve("accounts.camel.yaml"), ACCOUNTS.formatted(bind.address()));
        Files.writeString(
                routes.resolve("chat.queue.yaml"),
                QUEUE.formatted(RECORD, PARIS, servers.port("paris"), TOKYO, servers.port("tokyo"), bind.address()));
        Map<String, String> settings = new HashMap<>();
        settings.put("FIRSTUP_ROUTES", routes.toString());
        settings.put("FIRSTUP_SECRETS", secrets.toString());
        settings.put("FIRSTUP_STATE", folder.resolve("state.db").toString());
        settings.put("FIRSTUP_TOKEN", folder.resolve("token").toString());
        settings.put("FIRSTUP_PORT", String.valueOf(Ports.free()));
        settings.put("FIRSTUP_LOG", logLevel);
        firstup = new FirstupProcess(folder, settings, "run");
        FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertPublished("confirmed"));
        assertThat(bind.changes()).as("what it holds is right").isZero();
    }

    @AfterEach
    void end() {
        if (firstup != null) {
            firstup.close();
        }
        if (servers != null) {
            servers.close();
        }
        if (bind != null) {
            bind.close();
        }
    }

    @Test
    void movesOnceAwayFromAServerThatIsDownAndOnceBack() throws Exception {
        start(SECRET, "INFO");
        servers.takeDown("paris");
        awaitMoves("paris to tokyo");
        assertHolds(TOKYO, 1);

        servers.bringUp("paris");
        awaitMoves("tokyo to paris", "paris to tokyo");
        assertHolds(PARIS, 2);
    }

    @Test
    void aWrongKeyStopsAndIsNeverShown() throws Exception {
        String wrong = "d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3I=";
        start(wrong, "TRACE");
        servers.takeDown("paris");
        FirstupProcess.await().untilAsserted(() -> assertPublished("stopped"));
        assertThat(firstup.events("publish_stopped"))
                .extracting(it -> it.path("reason").asText(null))
                .containsExactly(
                        bind.address() + " answered BADSIG: the key's secret is wrong: file:tsig is not the one that"
                                + " the server has for firstup; when it is mended, change the declaration or say"
                                + " ./firstup publish chat --retry");
        assertHolds(PARIS, 0);
        firstup.kill();
        assertThat(firstup.printed())
                .contains("TRACE", "file:tsig")
                .doesNotContain(wrong.substring(0, 40), "wrong-wrong");
    }

    @Test
    void aMoveThatFindsTheServerStoppedArrivesOnceWhenItIsBack() throws Exception {
        start(SECRET, "INFO");
        bind.stop();
        servers.takeDown("paris");
        FirstupProcess.await().untilAsserted(() -> assertThat(firstup.events("publish_waiting"))
                .extracting(it -> it.path("reason").asText(null))
                .containsExactly(bind.address() + " cannot be reached: connection refused"));
        assertThat(firstup.events("decided"))
                .extracting(it -> it.path("to").asText(null))
                .contains("tokyo");

        bind.start();
        awaitMoves("paris to tokyo");
        assertHolds(TOKYO, 1);
        assertThat(firstup.events("publish_stopped")).isEmpty();
    }

    /** What it gets meanwhile waits in its sockets, by UDP and by TCP; nobody answers for it. */
    @Test
    void aMoveThatFindsTheServerHangingArrivesOnceWhenItGoesOn() throws Exception {
        start(SECRET, "INFO");
        bind.hang();
        try {
            servers.takeDown("paris");
            FirstupProcess.await().untilAsserted(() -> assertThat(firstup.events("publish_waiting"))
                    .extracting(it -> it.path("reason").asText(null))
                    .containsExactly(bind.address() + " may have taken the update: no answer in time"));
        } finally {
            bind.goOn();
        }
        awaitMoves("paris to tokyo");
        assertHolds(TOKYO, 1);
    }

    /** @param moves the newest first */
    private void awaitMoves(String... moves) {
        FirstupProcess.await().ignoreExceptions().untilAsserted(() -> {
            assertThat(firstup.events("moved"))
                    .extracting(it -> it.path("from").asText(null) + " to "
                            + it.path("to").asText(null))
                    .containsExactly(moves);
            assertPublished("confirmed");
        });
    }

    private void assertPublished(String state) {
        assertThat(FirstupProcess.list(firstup.json("/api/queues/chat"), "publications"))
                .extracting(it -> it.path("state").asText(null))
                .containsExactly(state);
    }

    /** @param changes how often the zone was changed: once for each update that changed anything */
    private void assertHolds(String address, int changes) throws IOException {
        assertThat(bind.dig(RECORD, "A")).containsExactly(address);
        assertThat(bind.changes()).as(bind.log()).isEqualTo(changes);
    }
}
