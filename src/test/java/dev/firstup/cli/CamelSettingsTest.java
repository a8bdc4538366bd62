package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.Ports;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.spi.ResourceReloadStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program beside settings of Camel's own. */
class CamelSettingsTest {
    @TempDir
    Path folder;

    private Pipeline start(Map<String, String> more) throws Exception {
        Files.writeString(
                folder.resolve("chat.queue.yaml"),
                """
                record: chat.example.test
                servers: [ { name: paris, address: 127.0.0.1, probe: "probe:tcp://127.0.0.1:1" } ]
                allow-private: true
                publish: []
                """);
        Map<String, String> settings = new HashMap<>(Map.of(
                "firstup.secrets", folder.resolve("secrets").toString(),
                "firstup.state", folder.resolve("state.db").toString(),
                "firstup.token", folder.resolve("token").toString()));
        settings.putAll(more);
        return Pipeline.start(new Installation(Path.of("")), folder, settings);
    }

    @Test
    void whatCamelCountsIsReadTogetherWithOurs() throws Exception {
        String port = String.valueOf(Ports.free());
        try (Pipeline pipeline = start(Map.of("firstup.port", port, "camel.metrics.enabled", "true"))) {
            assertThat(pipeline.context().getRoutesSize()).isPositive();
            HttpRequest reading = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/observe/metrics"))
                    .build();
            await().untilAsserted(() -> assertThat(HttpClient.newHttpClient()
                            .send(reading, BodyHandlers.ofString())
                            .body())
                    .contains("firstup_probe_duration_seconds{queue=\"chat\",server=\"paris\"}")
                    .contains("firstup_switches_total{queue=\"chat\"}")
                    .contains("camel_exchange"));
        }
    }

    @Test
    void beansOfTheUsersMayNameTheRegistry() throws Exception {
        Files.writeString(
                folder.resolve("meters.camel.yaml"),
                """
                - beans:
                    - name: policies
                      type: org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory
                      properties: { meterRegistry: "#bean:metricsRegistry" }
                """);
        try (Pipeline pipeline = start(Map.of("firstup.port", "0"))) {
            MicrometerRoutePolicyFactory policies = pipeline.bean("policies", MicrometerRoutePolicyFactory.class);
            assertThat(policies.getMeterRegistry()).isSameAs(pipeline.bean("metricsRegistry", MeterRegistry.class));
        }
    }

    /** It would take all routes out, and not put ours in again. */
    @Test
    void camelsOwnReloadingIsNotHeeded() throws Exception {
        try (Pipeline pipeline = start(Map.of(
                "firstup.port", "0",
                "camel.main.routesReloadEnabled", "true",
                "camel.main.routesReloadDirectory", folder.toString(),
                "camel.main.routesReloadPattern", "*.camel.yaml"))) {
            assertThat(pipeline.context().hasService(ResourceReloadStrategy.class))
                    .isNull();
        }
    }

    @Test
    void whatIsTakenForALengthIsOne() throws Exception {
        try (Pipeline pipeline = start(Map.of(
                "firstup.port", "0",
                "firstup.publish.lease", "60000ms",
                "firstup.publish.gap", "0s",
                "firstup.publish.lag", "PT5M",
                "firstup.publish.drift-check", "2m30s",
                "firstup.notify.lease", "1h30m"))) {
            assertThat(pipeline.context().getRoutesSize()).isPositive();
        }
    }

    @Test
    void hiddenFilesAreTheEditors() throws Exception {
        Files.createSymbolicLink(folder.resolve(".#accounts.camel.yaml"), Path.of("somebody@here.4711:1"));
        Files.writeString(folder.resolve("._accounts.camel.yaml"), "\0\5\26");
        try (Pipeline pipeline = start(Map.of("firstup.port", "0"))) {
            assertThat(pipeline.context().getRoutesSize()).isPositive();
        }
    }
}
