package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.rehearsal.ToyServers;
import dev.firstup.zone.PowerDnsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, with a DNS server whose records are written by an API over HTTP. */
class PowerDnsIT {
    private static final String RECORD = "chat.example.test";
    private static final String PARIS = "192.0.2.10";
    private static final String TOKYO = "192.0.2.20";

    private static final String ACCOUNTS =
            """
            - route:
                id: own
                from:
                  uri: direct:own
                  steps:
                    - to:
                        uri: kamelet:powerdns
                        parameters: { url: "%s", zone: example.test, key: "file:powerdns" }
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

    private PowerDnsServer dns;
    private ToyServers servers;
    private FirstupProcess firstup;

    @BeforeEach
    void begin() throws Exception {
        dns = PowerDnsServer.start(Files.createDirectory(folder.resolve("pdns")), RECORD + " A " + PARIS);
        servers = ToyServers.start("paris", "tokyo");
    }

    /** @param key the API's, as Firstup has it */
    private void start(String key, String logLevel) throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("powerdns"), key + "\n");
        Files.writeString(routes.resolve("accounts.camel.yaml"), ACCOUNTS.formatted(dns.url()));
        Files.writeString(
                routes.resolve("chat.queue.yaml"),
                QUEUE.formatted(RECORD, PARIS, servers.port("paris"), TOKYO, servers.port("tokyo"), dns.address()));
        Map<String, String> settings = new HashMap<>();
        settings.put("FIRSTUP_ROUTES", routes.toString());
        settings.put("FIRSTUP_SECRETS", secrets.toString());
        settings.put("FIRSTUP_STATE", folder.resolve("state.db").toString());
        settings.put("FIRSTUP_TOKEN", folder.resolve("token").toString());
        settings.put("FIRSTUP_PORT", String.valueOf(Ports.free()));
        settings.put("FIRSTUP_LOG", logLevel);
        firstup = new FirstupProcess(folder, settings, "run");
        FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertPublished("confirmed"));
        assertThat(dns.changes()).as("what it holds is right").isZero();
    }

    @AfterEach
    void end() {
        if (firstup != null) {
            firstup.close();
        }
        if (servers != null) {
            servers.close();
        }
        if (dns != null) {
            dns.close();
        }
    }

    @Test
    void movesOnceAwayFromAServerThatIsDownAndOnceBack() throws Exception {
        start(PowerDnsServer.KEY, "INFO");
        servers.takeDown("paris");
        awaitMoves("paris to tokyo");
        assertHolds(TOKYO, 1);

        servers.bringUp("paris");
        awaitMoves("tokyo to paris", "paris to tokyo");
        assertHolds(PARIS, 2);
    }

    @Test
    void aWrongKeyStopsAndIsNeverShown() throws Exception {
        start("wrong-wrong-key", "TRACE");
        servers.takeDown("paris");
        FirstupProcess.await().untilAsserted(() -> assertPublished("stopped"));
        assertThat(firstup.events("publish_stopped"))
                .extracting(it -> it.path("reason").asText(null))
                .singleElement()
                .asString()
                .startsWith("status 401 \"Unauthorized\": the host does not accept the credential;");
        assertHolds(PARIS, 0);
        firstup.kill();
        assertThat(firstup.printed()).contains("TRACE", "file:powerdns").doesNotContain("wrong-wrong");
    }

    @Test
    void aMoveThatFindsTheServerStoppedArrivesOnceWhenItIsBack() throws Exception {
        start(PowerDnsServer.KEY, "INFO");
        dns.stop();
        servers.takeDown("paris");
        FirstupProcess.await().untilAsserted(() -> assertThat(firstup.events("publish_waiting"))
                .extracting(it -> it.path("reason").asText(null))
                .singleElement()
                .asString()
                .startsWith("the service cannot be reached: "));

        dns.start();
        awaitMoves("paris to tokyo");
        assertHolds(TOKYO, 1);
        assertThat(firstup.events("publish_stopped")).isEmpty();
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

    /** @param changes how often the zone was changed: once for each request that changed anything */
    private void assertHolds(String address, int changes) throws IOException {
        assertThat(dns.dig(RECORD, "A")).containsExactly(address);
        assertThat(dns.changes()).as(dns.log()).isEqualTo(changes);
    }
}
