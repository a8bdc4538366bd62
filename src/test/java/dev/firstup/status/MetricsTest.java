package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Degradation;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.component.micrometer.MicrometerEndpoint;
import org.apache.camel.component.micrometer.MicrometerUtils;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private Site site;

    @BeforeEach
    void open() throws Exception {
        site = new Site();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Map<String, Double> scrape() throws Exception {
        return new Exposition(site.get("/observe/metrics").body()).samples();
    }

    @Test
    void everythingIsThere() throws Exception {
        site.rooms.publications = List.of(
                publication("chat", RecordType.A, null)
                        .edit()
                        .proof(new Publication.Proof(StatusFixtures.NOW.minusSeconds(86_400), null, null))
                        .done(),
                publication("chat", RecordType.AAAA, "answered badauth"));
        HttpResponse<String> answer = site.get("/observe/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        Exposition exposition = new Exposition(answer.body());
        assertThat(exposition.samples())
                .containsEntry("firstup_server_up{queue=\"chat\",server=\"paris\"}", 0.0)
                .containsEntry("firstup_server_up{queue=\"chat\",server=\"tokyo\"}", 1.0)
                .containsEntry("firstup_probe_duration_seconds{queue=\"chat\",server=\"tokyo\"}", 0.012345678)
                .containsEntry(
                        "firstup_certificate_expiry_timestamp_seconds{queue=\"chat\",server=\"tokyo\"}", 1740787200.0)
                .containsEntry("firstup_queue_position{queue=\"chat\"}", 2.0)
                .containsEntry("firstup_switches_total{queue=\"chat\"}", 0.0)
                .containsEntry("firstup_config_last_reload_successful", 0.0)
                .containsEntry("firstup_config_problems", 1.0)
                .containsEntry("firstup_publication_stopped{publisher=\"no-ip\",queue=\"chat\"}", 1.0)
                .containsEntry(
                        "firstup_publication_state{publisher=\"no-ip\",queue=\"chat\",record=\"chat.example.dyndns.org\","
                                + "state=\"pending\",type=\"A\"}",
                        1.0)
                .containsEntry(
                        "firstup_publication_state{publisher=\"no-ip\",queue=\"chat\",record=\"chat.example.dyndns.org\","
                                + "state=\"stopped\",type=\"AAAA\"}",
                        1.0)
                .containsEntry(
                        "firstup_publication_last_write_timestamp_seconds{publisher=\"no-ip\",queue=\"chat\","
                                + "record=\"chat.example.dyndns.org\",type=\"A\"}",
                        1738232107.0)
                .containsEntry("firstup_notices_waiting", 4.0)
                .containsEntry("firstup_schedule_lag_seconds", 0.04)
                .containsKeys(
                        "process_cpu_seconds_total",
                        "process_start_time_seconds",
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "jvm_threads_current");
        // Never taken, never said.
        assertThat(exposition.samples().keySet())
                .filteredOn(it -> it.startsWith("firstup_publication_"))
                .hasSize(4);
        assertThat(exposition.types())
                .containsEntry("firstup_server_up", "gauge")
                .containsEntry("firstup_switches_total", "counter");
    }

    private static Publication publication(String queue, RecordType type, String stopped) {
        return StatusFixtures.publication(queue, type, List.of("192.0.2.20"), null, null, null, stopped);
    }

    @Test
    void aWarningIsNoFailure() throws Exception {
        site.rooms.problems = List.of("routes/b.queue.yaml:3:1: warning: ttl is 1h, expected at most 1m");
        assertThat(scrape())
                .containsEntry("firstup_config_last_reload_successful", 1.0)
                .containsEntry("firstup_config_problems", 1.0);
    }

    @Test
    void whatIsNotKnownIsAbsent() throws Exception {
        site.rooms.views = List.of(StatusFixtures.view("chat", null, ServerState.UNKNOWN, ServerState.UNKNOWN));
        site.rooms.idle = null;
        assertThat(scrape())
                .containsEntry("firstup_queue_position{queue=\"chat\"}", 0.0)
                .doesNotContainKey("firstup_schedule_lag_seconds");
        assertThat(site.get("/observe/metrics").body()).doesNotContain("server=");
    }

    @Test
    void whatIsOrderedCountsAndIsSeen() throws Exception {
        HealthView view = StatusFixtures.view(
                "chat",
                "tokyo",
                List.of(
                        StatusFixtures.server("chat", "paris", ServerState.DOWN)
                                .with(StatusFixtures.order(Order.Kind.FORCE_UP, "paris", StatusFixtures.NASTY)),
                        StatusFixtures.server("chat", "tokyo", ServerState.UP)
                                .with(StatusFixtures.order(Order.Kind.DRAIN, "tokyo", ""))
                                .with(Set.of(Degradation.SLOW, Degradation.CERTIFICATE)),
                        StatusFixtures.server("chat", "quebec", ServerState.UP)
                                .with(StatusFixtures.order(Order.Kind.FORCE_DOWN, "quebec", "")),
                        StatusFixtures.server("chat", "lima", ServerState.UP)
                                .with(StatusFixtures.order(Order.Kind.MAINT, "lima", ""))));
        site.rooms.views = List.of(
                StatusFixtures.standing(
                        view,
                        new QueueStanding(
                                false,
                                null,
                                StatusFixtures.NOW,
                                List.of(StatusFixtures.order(Order.Kind.FREEZE, null, StatusFixtures.NASTY)),
                                null)),
                StatusFixtures.view("mail", null, ServerState.UP, ServerState.UP));
        assertThat(scrape())
                .containsEntry("firstup_server_up{queue=\"chat\",server=\"paris\"}", 1.0)
                .containsEntry("firstup_server_up{queue=\"chat\",server=\"tokyo\"}", 1.0)
                .containsEntry("firstup_server_up{queue=\"chat\",server=\"quebec\"}", 0.0)
                .doesNotContainKey("firstup_server_up{queue=\"chat\",server=\"lima\"}")
                .containsEntry("firstup_server_order{kind=\"force-up\",queue=\"chat\",server=\"paris\"}", 1.0)
                .containsEntry("firstup_server_order{kind=\"drain\",queue=\"chat\",server=\"tokyo\"}", 1.0)
                .containsEntry("firstup_server_order{kind=\"force-down\",queue=\"chat\",server=\"quebec\"}", 1.0)
                .containsEntry("firstup_server_order{kind=\"maint\",queue=\"chat\",server=\"lima\"}", 1.0)
                .containsEntry("firstup_server_degraded{queue=\"chat\",reason=\"certificate\",server=\"tokyo\"}", 1.0)
                .containsEntry("firstup_server_degraded{queue=\"chat\",reason=\"slow\",server=\"tokyo\"}", 1.0)
                .containsEntry("firstup_name_findings{queue=\"chat\"}", 1.0)
                .containsEntry("firstup_name_findings{queue=\"mail\"}", 0.0)
                .containsEntry("firstup_queue_frozen{queue=\"chat\"}", 1.0)
                .containsEntry("firstup_queue_frozen{queue=\"mail\"}", 0.0)
                .containsEntry("firstup_failback_limited{queue=\"chat\"}", 1.0)
                .containsEntry("firstup_failback_limited{queue=\"mail\"}", 0.0)
                .containsEntry("firstup_stasis", 0.0);
    }

    @Test
    void whatNobodyHasOrderedIsAbsent() throws Exception {
        assertThat(scrape().keySet())
                .noneMatch(it -> it.startsWith("firstup_server_order") || it.startsWith("firstup_server_degraded"));
    }

    @Test
    void stasisIsOfTheWholeMonitor() throws Exception {
        site.rooms.views = List.of(
                StatusFixtures.standing(
                        StatusFixtures.view("chat", "tokyo", ServerState.UP, ServerState.UP),
                        new QueueStanding(false, StatusFixtures.NOW, null, List.of(), null)),
                StatusFixtures.view("mail", null, ServerState.UP, ServerState.UP));
        assertThat(scrape()).containsEntry("firstup_stasis", 1.0);
    }

    @Test
    void openMetricsForThoseWhoAskForIt() throws Exception {
        HttpResponse<String> answer = site.get(
                "/observe/metrics", "Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body()).endsWith("# EOF\n");
        assertThat(new Exposition(answer.body()).types()).containsEntry("firstup_switches", "counter");
    }

    @Test
    void labelsAreEscaped() throws Exception {
        site.rooms.views = List.of(StatusFixtures.view(
                "chat", null, List.of(StatusFixtures.server("chat", "a\"b\\c\nd é", ServerState.UP))));
        assertThat(scrape()).containsEntry("firstup_server_up{queue=\"chat\",server=\"a\\\"b\\\\c\\nd é\"}", 1.0);
    }

    @Test
    void aServerOrQueueThatIsGoneLeavesNoGauge() throws Exception {
        scrape();
        site.rooms.views = List.of();
        assertThat(scrape().keySet()).noneMatch(it -> it.startsWith("firstup_server_up"));
    }

    /** As publish.camel.yaml and watch.camel.yaml count: one endpoint each, whatever the queues. */
    @Test
    void countersAreCountedByOneEndpoint() throws Exception {
        PluginHelper.getRoutesLoader(site.context())
                .loadRoutes(
                        ResourceHelper.fromString(
                                "count.camel.yaml",
                                """
                        - route:
                            from:
                              uri: direct:count
                              steps:
                                - to:
                                    uri: micrometer:counter:firstup.publish
                                    parameters:
                                      tags.queue: "${body.publication.queue}"
                                      tags.publisher: "${body.publication.publisher}"
                                      tags.outcome: "${body.outcome}"
                        """));
        scrape();
        for (String queue : List.of("chat", "chat", "mail")) {
            site.context()
                    .createProducerTemplate()
                    .sendBody(
                            "direct:count",
                            new Settlement(publication(queue, RecordType.A, null), "confirmed", List.of()));
        }
        assertThat(scrape())
                .containsEntry("firstup_publish_total{outcome=\"confirmed\",publisher=\"no-ip\",queue=\"chat\"}", 2.0)
                .containsEntry("firstup_publish_total{outcome=\"confirmed\",publisher=\"no-ip\",queue=\"mail\"}", 1.0);
        assertThat(site.context().getEndpoints())
                .filteredOn(MicrometerEndpoint.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aRegistryOfTheUsersGetsTheSame() throws Exception {
        site.close();
        SimpleMeterRegistry users = new SimpleMeterRegistry();
        site = new Site(Map.of(), registry -> registry.bind("my-meters", users));
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(users.find("firstup.server.up")
                        .tags("queue", "chat", "server", "tokyo")
                        .gauge())
                .isNotNull());
        assertThat(users.get("firstup.server.up")
                        .tags("queue", "chat", "server", "paris")
                        .gauge()
                        .value())
                .isZero();
        assertThat(users.get("firstup.probe.duration")
                        .tags("queue", "chat", "server", "tokyo")
                        .gauge()
                        .value())
                .isEqualTo(0.012345678);
        assertThat(users.get("firstup.notices.waiting").gauge().value()).isEqualTo(4);
        assertThat(users.get("firstup.switches").tag("queue", "chat").counter().count())
                .isZero();
        // And so does Prometheus, of which none is kept.
        assertThat(scrape())
                .containsEntry("firstup_server_up{queue=\"chat\",server=\"tokyo\"}", 1.0)
                .containsEntry("firstup_switches_total{queue=\"chat\"}", 0.0);
    }

    @Test
    void aMeterOfTheUsersDoesNotTakeThePlaceOfOurs() throws Exception {
        MeterRegistry found =
                MicrometerUtils.getMeterRegistryFromCamelRegistry(site.context().getRegistry(), "metricsRegistry");
        found.counter("firstup.server.up").increment();
        found.timer("firstup.probe.duration").record(Duration.ofSeconds(1));
        found.counter("firstup.switches", "queue", "chat", "host", "x").increment(7);
        found.counter("firstup.publish", "queue", "chat").increment(7);
        found.timer("firstup.switches", "queue", "chat").record(Duration.ofSeconds(1));
        found.counter("firstup_switches", "host", "x").increment(7);
        found.counter("firstup.mine").increment(7);
        for (int i = 0; i < 2; i++) {
            assertThat(scrape())
                    .containsEntry("firstup_server_up{queue=\"chat\",server=\"tokyo\"}", 1.0)
                    .containsEntry("firstup_switches_total{queue=\"chat\"}", 0.0)
                    .containsEntry("firstup_mine_total", 7.0)
                    .doesNotContainKey("firstup_publish_total{queue=\"chat\"}");
        }
    }

    /** Camel's own documentation tells people to call theirs so. */
    @Test
    void aRegistryOfTheUsersMayHaveTheNameThatCamelLooksFor() throws Exception {
        site.close();
        SimpleMeterRegistry users = new SimpleMeterRegistry();
        site = new Site(Map.of(), registry -> registry.bind("metricsRegistry", users));
        MeterRegistry found =
                MicrometerUtils.getMeterRegistryFromCamelRegistry(site.context().getRegistry(), "metricsRegistry");
        found.counter(
                        "firstup.publish",
                        "camelContext",
                        "camel-1",
                        "queue",
                        "chat",
                        "publisher",
                        "no-ip",
                        "outcome",
                        "read")
                .increment();
        assertThat(users.get("firstup.publish").tag("queue", "chat").counter().count())
                .isEqualTo(1);
        assertThat(scrape())
                .containsEntry("firstup_publish_total{outcome=\"read\",publisher=\"no-ip\",queue=\"chat\"}", 1.0);
    }

    @Test
    void aServerThatIsGoneIsGoneFromTheUsersRegistry() {
        UserMeters meters = new UserMeters();
        SimpleMeterRegistry users = new SimpleMeterRegistry();
        assertThat(meters.isEmpty()).isTrue();
        meters.add(users);
        assertThat(meters.isEmpty()).isFalse();
        meters.show(List.of(GaugeFamily.of("up", "Whether it is up.")
                .add(1, "server", "paris")
                .add(1, "server", "tokyo")));
        meters.show(List.of(GaugeFamily.of("up", "Whether it is up.").add(0, "server", "tokyo")));
        assertThat(users.getMeters()).singleElement().satisfies(it -> {
            assertThat(it.getId().getTag("server")).isEqualTo("tokyo");
            assertThat(it.measure().iterator().next().getValue()).isZero();
        });
    }

    @Test
    void tenThousandServersAreNoTrouble() throws Exception {
        List<HealthView> views = new ArrayList<>();
        for (int queue = 0; queue < 1000; queue++) {
            List<ServerHealth> servers = new ArrayList<>();
            for (int server = 0; server < 10; server++) {
                servers.add(StatusFixtures.server("queue" + queue, "server" + server, ServerState.UP));
            }
            views.add(StatusFixtures.view("queue" + queue, "server0", servers));
        }
        site.rooms.views = views;
        assertThat(scrape().keySet())
                .filteredOn(it -> it.startsWith("firstup_server_up"))
                .hasSize(10_000);
        assertThat(site.get("/api/queues").body().split("\"streak\"")).hasSize(10_001);
    }
}
