package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.health.Health;
import dev.firstup.model.Event;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.ServerState;
import dev.firstup.rehearsal.ToyServers;
import dev.firstup.store.FullDisk;
import dev.firstup.store.Store;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is decided while nothing can be written: by the shipped routes, with servers that come and go, and orders. */
class DiskFullTest {
    private static final Duration FULL = Duration.ofSeconds(30);
    private static final int INTERVAL = 200;

    private static final String QUEUE =
            """
            record: chat.world.test
            servers:
              - { name: paris, address: 192.0.2.10, probe: "probe:http://127.0.0.1:%d/" }
              - { name: tokyo, address: 192.0.2.20, probe: "probe:http://127.0.0.1:%d/" }
            interval: %dms
            fast-interval: 100ms
            down-interval: 200ms
            fall: 1
            rise: 1
            failback: manual
            witnesses: []
            allow-private: true
            publish: []
            """;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private ToyServers servers;
    private BareContext bare;
    private Health health;
    private Store store;

    @BeforeEach
    void begin() throws Exception {
        servers = ToyServers.start("paris", "tokyo");
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(
                routes.resolve("chat.queue.yaml"),
                QUEUE.formatted(servers.port("paris"), servers.port("tokyo"), INTERVAL));
        start(Map.of());
    }

    private void start(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put(
                "firstup.state",
                folder.resolve("state" + settings.size() + ".db").toString());
        all.put("firstup.orders.patience", "100");
        bare = new BareContext(folder.resolve("routes"), all);
        health = bare.bean("firstup-health", Health.class);
        store = bare.bean("firstup-store", Store.class);
        FirstupProcess.await()
                .until(() -> !health.views().isEmpty()
                        && health.views().get(0).servers().stream().allMatch(it -> it.state() == ServerState.UP));
        FirstupProcess.await().until(() -> !events(Event.Kind.DECIDED).isEmpty());
    }

    @AfterEach
    void end() {
        bare.close();
        servers.close();
    }

    /** In the order in which they were kept. */
    private List<Event> events(Event.Kind kind) {
        List<Event> events = new ArrayList<>(store.events(1000));
        Collections.reverse(events);
        return events.stream().filter(it -> it.kind() == kind).toList();
    }

    private List<ServerHealth> view() {
        return health.views().get(0).servers();
    }

    private int order(String because) throws Exception {
        int port = bare.context().hasService(VertxPlatformHttpServer.class).getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/queues/chat/orders"))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(folder.resolve("token")).strip())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"kind\": \"freeze\", \"because\": \"" + because + "\"}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void nothingIsLostNorReorderedNorProbedLater() throws Exception {
        long before = last();
        FullDisk.fill(store);
        long began = System.nanoTime();
        List<String> ordered = new ArrayList<>();
        List<String> moves = new ArrayList<>();
        while (Duration.ofNanos(System.nanoTime() - began).compareTo(FULL) < 0) {
            String because = "no. " + ordered.size();
            ordered.add(because);
            assertThat(order(because)).as(because).isEqualTo(503);
            // From the one that is named to the other, back and forth: no failback, of which there may be few.
            String dies = chosen();
            String next = dies.equals("paris") ? "tokyo" : "paris";
            servers.takeDown(dies);
            moves.add(next);
            FirstupProcess.await().until(() -> chosen().equals(next));
            servers.bringUp(dies);
            FirstupProcess.await().until(() -> view().stream().allMatch(it -> it.state() == ServerState.UP));
        }
        long probes = last() - before;
        long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
        assertThat(probes).as("in %d ms", took).isGreaterThan(took / INTERVAL);
        assertThat(events(Event.Kind.ORDERED)).isEmpty();

        FullDisk.free(store);
        // The next attempt comes half a minute after the last one at the latest.
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(events(Event.Kind.ORDERED))
                .hasSize(ordered.size()));
        assertThat(events(Event.Kind.ORDERED)).extracting(Event::reason).satisfies(reasons -> {
            for (int i = 0; i < ordered.size(); i++) {
                assertThat(reasons.get(i)).endsWith(ordered.get(i));
            }
        });
        FirstupProcess.await().untilAsserted(() -> assertThat(events(Event.Kind.DECIDED))
                .extracting(Event::to)
                .endsWith(moves.toArray(String[]::new)));
        assertThat(events(Event.Kind.DECIDED)).isSortedAccordingTo(Comparator.comparing(Event::at));
        assertThat(order("at last")).isEqualTo(200);
    }

    private String chosen() {
        return health.views().get(0).chosen().label();
    }

    private long last() {
        return view().stream().mapToLong(it -> it.last().sequence()).max().orElseThrow();
    }

    /** As where several places watch, and verdicts come by another thread. */
    @Test
    void verdictsMayTakeAnotherWay() throws Exception {
        bare.close();
        start(Map.of("firstup.verdicts.to", "seda:elsewhere", "firstup.verdicts.from", "seda:elsewhere"));
        servers.takeDown("paris");
        FirstupProcess.await().until(() -> chosen().equals("tokyo"));
        FirstupProcess.await().until(() -> order("written") == 200);
    }

    /** Its servers stay in flight meanwhile, and none is forgotten. */
    @Test
    void everyServerIsProbedAgainAfterTheVerdictsStoodStill() throws Exception {
        bare.context().getRouteController().stopRoute("firstup-verdicts");
        long stood = last();
        bare.context().getRouteController().startRoute("firstup-verdicts");
        FirstupProcess.await().untilAsserted(() -> assertThat(view())
                .allSatisfy(it -> assertThat(it.last().sequence()).isGreaterThan(stood + 2)));
    }
}
