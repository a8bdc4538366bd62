package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.Ports;
import dev.firstup.health.Health;
import dev.firstup.rehearsal.NameServer;
import dev.firstup.rehearsal.ToyServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue is data: a hundred times as many, a third of whose servers never answer, are probed on time by the same few parts. */
class ScaleIT {
    private static final int FEW = 10;
    private static final int MANY = 1_000;
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** How late a busy machine may be. If rounds waited for the silent, 7 s each, probes would be 7 or 14 s apart. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private static final String QUEUE =
            """
            record: q%1$d.world.test
            alias: chat%1$d.world.test
            servers:
              - { name: paris, address: 192.0.2.10, probe: "probe:http://127.0.0.1:%2$d/" }
              - { name: tokyo, address: 192.0.2.20, probe: "probe:tcp://127.0.0.1:%2$d" }
              - { name: quebec, address: 192.0.2.30, probe: "probe:http://127.0.0.1:%3$d/" }
            interval: 10s
            fast-interval: 1s
            down-interval: 10s
            timeout: 7s
            allow-private: true
            publish: []
            """;

    @TempDir
    Path folder;

    private ToyServers toys;
    private SilentServer silent;
    private NameServer names;

    @BeforeEach
    void begin() throws Exception {
        toys = ToyServers.start("answers");
        silent = new SilentServer();
        names = NameServer.start(0, "world.test", Duration.ofSeconds(1), name -> null);
    }

    @AfterEach
    void end() {
        toys.close();
        silent.close();
        names.close();
    }

    @Test
    void everyServerIsProbedOnTime() throws Exception {
        int threads;
        try (FirstupProcess few = start(FEW)) {
            threads = threadsOnceAllWork(few, FEW);
        }
        try (FirstupProcess many = start(MANY)) {
            // Threads that the JVM starts for itself come and go by one or two.
            assertThat(threadsOnceAllWork(many, MANY)).isLessThanOrEqualTo(threads + 2);
            assertOnTime(many);
            assertThat(codes(many))
                    .isEqualTo(Map.of("paris", Set.of("L7OK"), "tokyo", Set.of("L4OK"), "quebec", Set.of("L7TOUT")));
            assertThat(many.metric("jvm_threads_current")).isLessThanOrEqualTo(threads + 2);
            assertThat(many.printed()).doesNotContain("OutOfMemory");
        }
    }

    @Test
    void routesAndEndpointsAreTheSameFew() throws Exception {
        // What does not listen refuses at once: here, nothing is gained by waiting.
        silent.close();
        Parts few = parts(FEW);
        assertThat(parts(MANY)).isEqualTo(few);
    }

    private record Parts(int routes, int endpoints) {}

    private Parts parts(int queues) throws Exception {
        Path routes = write(queues);
        try (BareContext bare = new BareContext(
                routes,
                Map.of("firstup.state", folder.resolve("bare-" + queues + ".db").toString()))) {
            Health health = bare.bean("firstup-health", Health.class);
            FirstupProcess.await()
                    .until(() -> health.views().stream()
                                    .flatMap(it -> it.servers().stream())
                                    .filter(it -> it.last() != null)
                                    .count()
                            == queues * 3L);
            return new Parts(
                    bare.context().getRoutesSize(),
                    bare.context().getEndpoints().size());
        }
    }

    private FirstupProcess start(int queues) throws Exception {
        Path routes = write(queues);
        return new FirstupProcess(
                folder,
                Map.of(
                        "FIRSTUP_ROUTES", routes.toString(),
                        "FIRSTUP_STATE",
                                folder.resolve("state-" + queues + ".db").toString(),
                        "FIRSTUP_TOKEN", folder.resolve("token").toString(),
                        "FIRSTUP_PORT", String.valueOf(Ports.free()),
                        "FIRSTUP_NAMES_DELAY", "10s",
                        "FIRSTUP_NAMES_CHECK", "30s",
                        "FIRSTUP_NAMES_SERVERS", "127.0.0.1:" + names.address().getPort()),
                "run");
    }

    private Path write(int queues) throws Exception {
        Path routes = Files.createDirectories(folder.resolve("routes-" + queues));
        for (int i = 0; i < queues; i++) {
            Files.writeString(
                    routes.resolve("q" + i + ".queue.yaml"), QUEUE.formatted(i, toys.port("answers"), silent.port()));
        }
        return routes;
    }

    /** The threads once each queue's servers were probed and its names read: those that are made at first use are there. */
    private static int threadsOnceAllWork(FirstupProcess firstup, int queues) {
        FirstupProcess.await()
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> probed(firstup).size() == queues * 3 && aliasesMissed(firstup) == queues);
        return (int) firstup.metric("jvm_threads_current");
    }

    /** Watches each server for more than two rounds: never is its last verdict older, nor are two further apart. */
    private static void assertOnTime(FirstupProcess firstup) {
        Duration most = INTERVAL.plus(SLACK);
        Map<String, TreeSet<Instant>> seen = new HashMap<>();
        Instant end = Instant.now().plus(INTERVAL.multipliedBy(2)).plus(SLACK);
        FirstupProcess.await().pollInterval(Duration.ofSeconds(2)).until(() -> {
            probed(firstup).forEach((name, at) -> seen.computeIfAbsent(name, it -> new TreeSet<>())
                    .add(at));
            return Instant.now().isAfter(end);
        });
        assertThat(seen).hasSize(MANY * 3).allSatisfy((name, times) -> assertThat(times)
                .hasSizeGreaterThanOrEqualTo(2));
        List<String> late = new ArrayList<>();
        seen.forEach((name, times) -> {
            Instant before = times.first();
            for (Instant at : times) {
                if (Duration.between(before, at).compareTo(most) > 0) {
                    late.add(name + ": " + Duration.between(before, at) + " between two probes");
                }
                before = at;
            }
            if (end.isAfter(before.plus(most))) {
                late.add(name + ": " + Duration.between(before, end) + " since its last probe");
            }
        });
        assertThat(late.size())
                .as("probes that were late, such as " + late.stream().limit(5).toList())
                .isZero();
    }

    /** For each server that was probed, when it last was. */
    private static Map<String, Instant> probed(FirstupProcess firstup) {
        Map<String, Instant> probed = new HashMap<>();
        servers(firstup).forEach((name, server) -> {
            if (server.path("probedAt").asText(null) != null) {
                probed.put(name, Instant.parse(server.path("probedAt").asText(null)));
            }
        });
        return probed;
    }

    private static long aliasesMissed(FirstupProcess firstup) {
        return FirstupProcess.list(firstup.json("/api/queues"), "queues").stream()
                .filter(it -> !it.required("findings").isEmpty())
                .count();
    }

    /** What probes found, for each of the three servers of all queues. */
    private static Map<String, Set<String>> codes(FirstupProcess firstup) {
        Map<String, Set<String>> codes = new HashMap<>();
        servers(firstup).values().forEach(it -> codes.computeIfAbsent(
                        it.path("name").asText(null), name -> new TreeSet<>())
                .add(it.path("code").asText(null)));
        return codes;
    }

    /** All servers, by queue and name. */
    private static Map<String, JsonNode> servers(FirstupProcess firstup) {
        Map<String, JsonNode> servers = new HashMap<>();
        for (JsonNode queue : FirstupProcess.list(firstup.json("/api/queues"), "queues")) {
            for (JsonNode server : FirstupProcess.list(queue, "servers")) {
                servers.put(
                        queue.path("name").asText(null) + "/"
                                + server.path("name").asText(null),
                        server);
            }
        }
        return servers;
    }
}
