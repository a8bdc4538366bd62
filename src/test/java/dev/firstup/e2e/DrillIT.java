package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.rehearsal.ToyServers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While all is well, the record is moved to the second server and back; a stop by hand is cleared. */
class DrillIT {
    @TempDir
    private Path folder;

    private World world;
    private ToyServers servers;

    @BeforeEach
    void start() throws Exception {
        world = new World(folder);
        servers = ToyServers.start("paris", "tokyo", "quebec");
        // As long as by default: a drill does not wait for it.
        world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"), "10m");
        world.accounts(world.service.url(), 1);
    }

    @AfterEach
    void end() {
        servers.close();
        world.close();
    }

    /** What a command of the user's comes to. */
    private record Said(int status, String out, String err) {}

    private Said say(String... words) throws Exception {
        try (FirstupProcess process = new FirstupProcess(folder, world.settings(), words)) {
            return new Said(process.exit(), process.out(), process.err());
        }
    }

    private static void assertAtRest(FirstupProcess firstup) {
        JsonNode queue = firstup.json("/api/queues/chat");
        assertThat(FirstupProcess.list(queue, "orders")).isEmpty();
        assertThat(queue.path("chosen").asText(null)).isEqualTo("paris");
    }

    @Test
    void bothWaysAreTaken() throws Exception {
        try (FirstupProcess firstup = world.firstup()) {
            world.awaitQuiet(firstup, 1);
            // More often than the record may go back by itself within an hour.
            for (int i = 1; i <= 5; i++) {
                Said said = say("drill", "chat");
                assertThat(said.status()).as(said.toString()).isZero();
                assertThat(said.out())
                        .contains(World.RECORD + " at dyn -> tokyo", World.RECORD + " at dyn -> paris")
                        .contains("  detected", "  decided", "  sent", "  confirmed", "  visible")
                        .endsWith("Both ways were taken: the credentials and the way back are proved.\n");
                assertThat(world.updates()).hasSize(1 + 2 * i).endsWith(World.TOKYO + " good", World.PARIS + " good");
                assertAtRest(firstup);
            }
            assertThat(firstup.events("failback_limited")).isEmpty();
            assertThat(firstup.metric("firstup_failback_limited{queue=\"chat\"}"))
                    .isZero();
            JsonNode publication = FirstupProcess.list(firstup.json("/api/queues/chat"), "publications")
                    .get(0);
            assertThat(publication.path("lastWrite").asText(null)).isNotNull();
        }
    }

    @Test
    void itIsRefusedUnlessAllIsWell() throws Exception {
        try (FirstupProcess firstup = world.firstup()) {
            world.awaitQuiet(firstup, 1);
            assertThat(say("freeze", "chat").status()).isZero();
            assertRefused("somebody has ordered freeze", "./firstup ready chat");
            assertThat(say("ready", "chat").status()).isZero();
            servers.takeDown("paris");
            world.awaitQuiet(firstup, 2);
            assertRefused("it is degraded", "paris is down", "expected ok");
            servers.takeDown("tokyo");
            servers.takeDown("quebec");
            FirstupProcess.await()
                    .untilAsserted(() -> assertThat(firstup.events("all_down")).hasSize(1));
            assertRefused("it is down");
            assertThat(say("drill", "nobody").err()).contains("no queue is called \"nobody\", expected one of chat");
            assertThat(say("drill", "chat", "--patience", "soon").status()).isEqualTo(2);
            assertThat(firstup.events("ordered")).hasSize(2);
            assertThat(world.updates()).hasSize(2);
        }
    }

    private void assertRefused(String... parts) throws Exception {
        Said said = say("drill", "chat");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).startsWith("firstup: no drill: ").contains(parts);
    }

    @Test
    void aCredentialThatDoesNotWorkIsFoundAndAStopIsClearedByHand() throws Exception {
        try (FirstupProcess firstup = world.firstup()) {
            world.awaitQuiet(firstup, 1);
            assertThat(say("publish", "chat", "--retry").err())
                    .contains("nothing of chat has stopped", "dyn (" + World.RECORD + " A) is confirmed");

            world.service.answer("badauth");
            Said drill = say("drill", "chat");
            assertThat(drill.status()).as(drill.toString()).isEqualTo(1);
            assertThat(drill.out())
                    .contains("The drill failed: " + World.RECORD + " A at dyn: stopped (", "badauth")
                    .contains("Now it stands so:", "confirmed  " + World.PARIS);
            assertAtRest(firstup);
            assertThat(world.updates()).containsExactly(World.PARIS + " good", World.TOKYO + " badauth");

            // A move that is needed, and not taken.
            assertThat(say("drain", "chat", "paris").status()).isZero();
            FirstupProcess.await()
                    .untilAsserted(() -> assertThat(say("publish", "chat").out())
                            .contains(World.RECORD + " A at dyn: stopped", "stopped    ", "decided    " + World.TOKYO)
                            .contains("last write 20"));
            world.service.recover();
            Said retry = say("publish", "chat", "--retry", "--to", "dyn");
            assertThat(retry.status()).as(retry.toString()).isZero();
            FirstupProcess.await()
                    .untilAsserted(() -> assertThat(world.updates()).endsWith(World.TOKYO + " good"));
            // Each that was told is told once: its notifier took it.
            world.awaitQuiet(firstup, 2);
            assertThat(firstup.events("ordered"))
                    .extracting(it -> it.path("reason").asText(null))
                    .anyMatch(it -> it.startsWith("retry of dyn, which had stopped: ") && it.contains("badauth"));
            assertThat(say("publish", "chat").out()).contains(World.RECORD + " A at dyn: confirmed");
            assertThat(List.of(firstup.printed(), drill.out(), retry.out()))
                    .noneMatch(it -> it.contains(World.DYN_PASSWORD));
        }
    }
}
