package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.health.Health;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.queue.account.RouteAccounts;
import dev.firstup.rehearsal.ToyServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.NotifyBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Nothing essential is in main(): what is shipped runs wherever Camel does. */
class RoutesTest {
    @TempDir
    Path folder;

    @Test
    void everyShippedRouteRunsInABareContext() throws Exception {
        assertThat(BareContext.files(Path.of("routes/pipeline"))).hasSizeGreaterThanOrEqualTo(5);
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            try (BareContext bare = new BareContext(
                    world.routes(),
                    Map.of(
                            "firstup.secrets", folder.resolve("secrets").toString(),
                            "firstup.state", world.state().toString(),
                            "firstup.heartbeat", "env:HEARTBEAT"))) {
                NotifyBuilder warm = new NotifyBuilder(bare.context())
                        .fromRoute("firstup-warm-up")
                        .whenCompleted(1)
                        .create();
                assertThat(bare.context().getRoutes())
                        .extracting(Route::getRouteId)
                        .contains(
                                "firstup-queues",
                                "firstup-watch",
                                "firstup-verdicts",
                                "firstup-due-sooner",
                                "firstup-name-servers",
                                "firstup-aggregate",
                                "firstup-decide",
                                "firstup-keep",
                                "firstup-publish",
                                "firstup-names",
                                "firstup-notify",
                                "firstup-api-queues",
                                "firstup-api-orders",
                                "firstup-warm-up",
                                "firstup-heartbeat");
                assertThat(bare.context().getRoutes()).allSatisfy(it -> assertThat(
                                bare.context().getRouteController().getRouteStatus(it.getRouteId()))
                        .isEqualTo(ServiceStatus.Started));

                FirstupProcess.await().untilAsserted(() -> assertThat(
                                world.service.records(World.RECORD).get(RecordType.A))
                        .containsExactly(World.PARIS));
                assertThat(bare.bean("firstup-health", Health.class).views())
                        .extracting(it -> it.chosen().label())
                        .containsExactly("paris");
                assertThat(warm.matches(20, TimeUnit.SECONDS))
                        .as("what a move needs is warm")
                        .isTrue();
            }
        }
    }

    /** What would apply to a whole file, or to the user's routes, hides from who reads one route what happens to its failures. */
    @Test
    void errorsAreHandledWhereARouteNamesIt() throws Exception {
        List<Path> files = BareContext.files(Path.of("routes/pipeline"));
        assertThat(files).hasSizeGreaterThanOrEqualTo(6);
        int named = 0;
        for (Path file : files) {
            Load yaml = new Load(LoadSettings.builder().build());
            for (Object entry : (List<?>) yaml.loadFromString(Files.readString(file))) {
                Map<?, ?> it = (Map<?, ?>) entry;
                assertThat(it.keySet())
                        .as("%s", file)
                        .allMatch(Set.of("beans", "route", "routeConfiguration")::contains);
                if (it.get("routeConfiguration") instanceof Map<?, ?> configuration) {
                    assertThat(configuration.get("id"))
                            .as("the name of a route configuration in %s", file)
                            .asString()
                            .startsWith("firstup-");
                    named++;
                }
            }
        }
        assertThat(named).isPositive();
    }

    /** As every queue that names no witness has one. */
    @Test
    void theNameServersOfARecordAreAWitness() throws Exception {
        try (World world = new World(folder);
                BareContext bare = new BareContext(
                        world.routes(), Map.of("firstup.state", world.state().toString()))) {
            assertThat(witness(bare, "127.0.0.1:" + world.dnsPort()).explained())
                    .isEqualTo("L7OK: 127.0.0.1:" + world.dnsPort() + " answered NOERROR");
            String closed = "127.0.0.1:" + Ports.free();
            Verdict refused = witness(bare, closed);
            assertThat(refused.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(refused.explained())
                    .isEqualTo("L7RSP: no authoritative server of chat.world.test answered: " + closed
                            + ": connection refused");
        }
    }

    private static Verdict witness(BareContext bare, String nameServers) {
        Server witness = new Server(
                "",
                1,
                "the name servers of " + World.RECORD,
                Map.of(),
                "probe:route",
                "firstup-name-servers",
                0,
                nameServers,
                World.RECORD,
                Duration.ofSeconds(2));
        return bare.context().createProducerTemplate().requestBody("probe:route", witness, Verdict.class);
    }

    /** Each by the file of accounts above, by another Kamelet, or by a fixture of its host. */
    @Test
    void everyShippedKameletIsUsed() throws Exception {
        Path shipped = Path.of("src/main/resources/kamelets");
        try (World world = new World(folder)) {
            StringBuilder users =
                    new StringBuilder(Files.readString(world.routes().resolve("accounts.camel.yaml")));
            for (Path folder : List.of(shipped, Path.of("src/test/resources/hosts"))) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        users.append(Files.readString(file));
                    }
                }
            }
            try (Stream<Path> kamelets = Files.list(shipped)) {
                assertThat(kamelets).isNotEmpty().allSatisfy(it -> assertThat(users)
                        .contains("kamelet:" + it.getFileName().toString().replace(".kamelet.yaml", "")));
            }
        }
    }

    /** What a queue can name as publisher or notifier is the user's, here and in the shipped file, and no part of the pipeline. */
    @Test
    void onlyTheUsersRoutesAreAccounts() throws Exception {
        try (World world = new World(folder)) {
            Files.copy(Path.of("routes/accounts.camel.yaml"), world.routes().resolve("shipped.camel.yaml"));
            try (BareContext bare = new BareContext(
                    world.routes(), Map.of("firstup.state", world.state().toString()))) {
                assertThat(bare.bean("firstup-accounts", RouteAccounts.class).routes())
                        .containsOnlyKeys("chat-room", "dyn", "mailbox", "no-ip", "ops", "own-zone");
            }
        }
    }
}
