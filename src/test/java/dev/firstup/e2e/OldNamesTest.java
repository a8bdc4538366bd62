package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.ToyServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users wrote for an earlier release, with whatever names they chose, runs beside the pipeline. */
class OldNamesTest {
    @TempDir
    Path folder;

    /** Its timer {@code watch} keeps its thread for good: were that ours as well, nothing would be probed. */
    @Test
    void aUserMayHaveEveryNameThatWasOursBefore() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), 1);
            Path queue = world.routes().resolve("chat.queue.yaml");
            Files.writeString(
                    queue,
                    Files.readString(queue)
                            .replace("probe: \"probe:http://127.0.0.1:1/\"", "probe: probed")
                            .replace("[dyn]", "[publish]")
                            .replace("[chat-room, mailbox]", "[notify]"));
            Files.copy(
                    Path.of("src/test/resources/users/old-names.camel.yaml"),
                    world.routes().resolve("beans.camel.yaml"));
            try (BareContext bare =
                    start(world, Map.of("world.dyn", world.service.url().toString()))) {
                awaitRecord(world, World.PARIS);
                FirstupProcess.await().untilAsserted(() -> assertThat(heard(bare, "status"))
                        .contains("watch", "alive", "heartbeat", "warm-up"));
                servers.takeDown("paris");
                awaitRecord(world, World.TOKYO);
                servers.takeDown("tokyo");
                awaitRecord(world, World.QUEBEC);
                FirstupProcess.await()
                        .untilAsserted(() -> assertThat(heard(bare, "messages")).anyMatch(it -> it.contains("tokyo")));
                assertThat(heard(bare, "store"))
                        .as("nothing of ours comes to the user's routes")
                        .isEmpty();
            }
        }
    }

    /** They say who sends and who hears alike, so the names in them may be any. */
    @Test
    void theSettingsOfAnEarlierReleaseStillRun() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            try (BareContext bare = start(
                    world,
                    Map.of(
                            "firstup.verdicts.to", "direct:verdicts",
                            "firstup.verdicts.from", "direct:verdicts",
                            "firstup.nudge.publish", "seda:publish?size=1&discardWhenFull=true",
                            "firstup.nudge.notify", "seda:notify?size=1&discardWhenFull=true"))) {
                awaitRecord(world, World.PARIS);
                servers.takeDown("paris");
                awaitRecord(world, World.TOKYO);
                FirstupProcess.await()
                        .untilAsserted(() -> assertThat(world.slackTexts()).anyMatch(it -> it.contains("tokyo")));
                assertThat(List.of("aggregate", "publish-nudge", "notify-nudge"))
                        .extracting(it -> bare.context()
                                .getRoute("firstup-" + it)
                                .getEndpoint()
                                .getEndpointBaseUri())
                        .containsExactly("direct://verdicts", "seda://publish", "seda://notify");
            }
        }
    }

    private BareContext start(World world, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("firstup.secrets", folder.resolve("secrets").toString());
        settings.put("firstup.state", world.state().toString());
        return new BareContext(world.routes(), settings);
    }

    /** What came to a bean of the user's, as text. */
    private static List<String> heard(BareContext bare, String bean) {
        return Stream.of(bare.bean(bean, LinkedBlockingQueue.class).toArray())
                .map(String::valueOf)
                .toList();
    }

    private static void awaitRecord(World world, String address) {
        FirstupProcess.await().untilAsserted(() -> assertThat(
                        world.service.records(World.RECORD).get(RecordType.A))
                .containsExactly(address));
    }
}
