package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** The names around a record, at a real BIND: what is wrong is told once, and its end once. */
class NamesIT {
    private static final String RECORD = "chat.dyn.test";
    private static final String PARIS = "192.0.2.10";
    private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=";

    private static final String ACCOUNTS =
            """
            - route:
                id: own
                from:
                  uri: direct:own
                  steps:
                    - to:
                        uri: kamelet:firstup-rfc2136-sink
                        parameters: { server: "%s", zone: dyn.test, keyName: firstup, secret: "file:tsig" }
            - route:
                id: no-ip
                from:
                  uri: direct:no-ip
                  steps:
                    - to:
                        uri: kamelet:firstup-dyndns2-sink
                        parameters: { service: no-ip, username: me, password: "file:tsig" }
            """;

    private static final String QUEUE =
            """
            record: %s
            alias: %s
            srv: %s
            ttl: %s
            servers:
              - { name: paris, address: %s, probe: "probe:tcp://127.0.0.1:%d" }
            interval: 500ms
            fast-interval: 200ms
            allow-private: true
            nameservers: ["%s"]
            publish: [%s]
            """;

    @TempDir
    Path folder;

    private Bind bind;
    private ToyServers servers;
    private Path routes;
    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void begin() throws IOException {
        servers = ToyServers.start("paris");
        bind = Bind.start(
                Files.createDirectory(folder.resolve("bind")),
                "key firstup { algorithm hmac-sha256; secret \"" + SECRET + "\"; };",
                List.of(
                        new Bind.Zone("dyn.test", "allow-update { key firstup; };", "chat 60 IN A " + PARIS),
                        new Bind.Zone(
                                "example.test",
                                "allow-update { 127.0.0.1; };",
                                """
                                right IN CNAME chat.dyn.test.
                                wrong IN CNAME www
                                www IN A 192.0.2.99
                                _good._tcp IN SRV 0 5 %1$d chat.dyn.test.
                                _port._tcp IN SRV 0 5 1 chat.dyn.test.
                                _alias._tcp IN SRV 0 5 %1$d right
                                """
                                        .formatted(servers.port("paris")))));
        routes = Files.createDirectory(folder.resolve("routes"));
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("tsig"), SECRET + "\n");
        Files.writeString(routes.resolve("accounts.camel.yaml"), ACCOUNTS.formatted(bind.address()));
        settings.put("FIRSTUP_ROUTES", routes.toString());
        settings.put("FIRSTUP_SECRETS", secrets.toString());
        settings.put("FIRSTUP_STATE", folder.resolve("state.db").toString());
        settings.put("FIRSTUP_TOKEN", folder.resolve("token").toString());
        settings.put("FIRSTUP_NAMES_SERVERS", bind.address());
        settings.put("FIRSTUP_NAMES_CHECK", "500ms");
        settings.put("FIRSTUP_NAMES_DELAY", "0");
    }

    @AfterEach
    void end() {
        if (servers != null) {
            servers.close();
        }
        if (bind != null) {
            bind.close();
        }
    }

    private void queue(String name, String record, String alias, String srv, String ttl, String publisher)
            throws IOException {
        Files.writeString(
                routes.resolve(name + ".queue.yaml"),
                QUEUE.formatted(record, alias, srv, ttl, PARIS, servers.port("paris"), bind.address(), publisher));
    }

    @Test
    void tellsOnceWhatIsWrongAndOnceThatItIsRightAgain() throws Exception {
        queue("chat", RECORD, "missing.example.test", "[_good._tcp.example.test]", "60s", "own");
        String missing = "missing.example.test is no CNAME to chat.dyn.test: it has neither a CNAME nor an address"
                + " record; make missing.example.test. 300 IN CNAME chat.dyn.test.";
        try (FirstupProcess firstup = run()) {
            FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(
                            firstup.json("/api/queues/chat").required("findings"))
                    .extracting(JsonNode::asText)
                    .containsExactly(missing));
            assertThat(firstup.metric("firstup_name_findings{queue=\"chat\"}")).isEqualTo(1);
            assertThat(firstup.get("/")).contains(missing);
        }
        try (FirstupProcess firstup = run()) {
            FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(
                            firstup.json("/api/queues/chat").required("findings"))
                    .extracting(JsonNode::asText)
                    .containsExactly(missing));
            bind.add("example.test", "missing", "CNAME", "chat.dyn.test.");
            FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(firstup.events("names_ok"))
                    .hasSize(1));
            assertThat(firstup.events("names")).hasSize(1);
            assertThat(firstup.json("/api/queues/chat").required("findings")).isEmpty();
        }
    }

    @Test
    void checkReadsThemOnce() throws Exception {
        queue("chat", RECORD, "right.example.test", "[_good._tcp.example.test]", "60s", "own");
        queue("free", "free.dyn.test", "away.not-here.test", "[]", "60s", "no-ip");
        queue(
                "mail",
                RECORD,
                "right.example.test",
                "[_alias._tcp.example.test, _port._tcp.example.test]",
                "30s",
                "{ to: no-ip, record: chat.dyn.test }");
        try (FirstupProcess firstup = new FirstupProcess(folder, settings, "check", "--dns")) {
            assertThat(firstup.exit()).as(firstup.printed()).isZero();
            assertThat(firstup.out().lines())
                    .contains(
                            "free: at no-ip a free name lapses after 30 days unless you confirm it there",
                            "mail: at no-ip a free name lapses after 30 days unless you confirm it there",
                            "Valid: 3 queues with 3 servers.",
                            "chat: chat.dyn.test holds 192.0.2.10 for 60 s, read at " + bind.address(),
                            "free: free.dyn.test holds nothing yet, read at " + bind.address(),
                            "free: away.not-here.test could not be read: no authoritative server of away.not-here.test"
                                    + " answered: " + bind.address() + ": it answered REFUSED",
                            "mail: warning: chat.dyn.test is served with a TTL of 60 s, asked were 30 s: for so long"
                                    + " after a move users may still be sent to a dead server; set it at the DNS host,"
                                    + " or publish at one that takes it",
                            "mail: warning: _alias._tcp.example.test names right.example.test, which is an alias, and"
                                    + " must not be one (RFC 2782); make _alias._tcp.example.test. 300 IN SRV 0 5 "
                                    + servers.port("paris") + " chat.dyn.test.",
                            "mail: warning: _port._tcp.example.test names port 1, but servers are probed at "
                                    + servers.port("paris") + "; make _port._tcp.example.test. 300 IN SRV 0 5 "
                                    + servers.port("paris") + " chat.dyn.test., or probe that port")
                    .noneMatch(it -> it.startsWith("chat: warning"));
        }
    }

    @Test
    void checkAsksNobodyUnlessItIsTold() throws Exception {
        queue("chat", RECORD, "missing.example.test", "[]", "60s", "own");
        try (FirstupProcess firstup = new FirstupProcess(folder, settings, "check")) {
            assertThat(firstup.exit()).isZero();
            assertThat(firstup.out().lines()).containsExactly("Valid: 1 queue with 1 server.");
        }
    }

    private FirstupProcess run() throws IOException {
        settings.put("FIRSTUP_PORT", String.valueOf(Ports.free()));
        return new FirstupProcess(folder, settings, "run");
    }
}
