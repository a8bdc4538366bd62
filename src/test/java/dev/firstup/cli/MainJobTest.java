package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Event;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.DynService;
import dev.firstup.rehearsal.NameServer;
import dev.firstup.rehearsal.ToyServers;
import dev.firstup.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainJobTest {
    @TempDir
    Path folder;

    @Test
    void movesTheRecordToTheSecondServerAndBack() throws Exception {
        String record = "chat.rehearsal.test";
        try (ToyServers servers = ToyServers.start("paris", "tokyo");
                DynService service = DynService.start("rehearsal", "a&b=c%+#)", List.of(record));
                NameServer names = NameServer.start(0, "rehearsal.test", Duration.ofSeconds(5), service::records)) {
            Files.createDirectories(folder.resolve("secrets"));
            Files.writeString(folder.resolve("secrets/rehearsal"), "a&b=c%+#)\n");
            Files.writeString(
                    folder.resolve("accounts.camel.yaml"),
                    """
                    - route:
                        id: rehearsal
                        from:
                          uri: direct:rehearsal
                          steps:
                            - to:
                                uri: kamelet:firstup-dyndns2-sink
                                parameters: { url: "%s", username: rehearsal, password: "file:rehearsal", gap: 1 }
                    """
                            .formatted(service.url()));
            Files.writeString(
                    folder.resolve("chat.queue.yaml"),
                    """
                    record: %s
                    ttl: 5s
                    servers:
                      - { name: paris, address: 192.0.2.10, probe: "probe:http://127.0.0.1:%d/" }
                      - { name: tokyo, address: 192.0.2.20, probe: "probe:http://127.0.0.1:%d/" }
                    interval: 1s
                    fast-interval: 200ms
                    down-interval: 1s
                    timeout: 500ms
                    failback: auto
                    allow-private: true
                    nameservers: ["127.0.0.1:%d"]
                    publish: [rehearsal]
                    """
                            .formatted(
                                    record,
                                    servers.port("paris"),
                                    servers.port("tokyo"),
                                    names.address().getPort()));
            try (Pipeline pipeline = Pipeline.start(
                    new Installation(Path.of("")),
                    folder,
                    Map.of(
                            "firstup.secrets", folder.resolve("secrets").toString(),
                            "firstup.state", folder.resolve("state.db").toString(),
                            "firstup.token", folder.resolve("token").toString()))) {
                Store store = pipeline.bean("firstup-store", Store.class);
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(service.records(record).get(RecordType.A))
                                .containsExactly("192.0.2.10"));
                servers.takeDown("paris");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(service.records(record).get(RecordType.A))
                                .containsExactly("192.0.2.20"));
                servers.bringUp("paris");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(service.records(record).get(RecordType.A))
                                .containsExactly("192.0.2.10"));
                await().untilAsserted(() -> assertThat(store.events(10))
                        .filteredOn(it -> it.kind() == Event.Kind.MOVED)
                        .extracting(Event::to)
                        .containsExactly("paris", "tokyo", "paris"));
            }
        }
    }
}
