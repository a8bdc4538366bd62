package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.rehearsal.ToyServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server is drained by a command, stays so over a kill of the program, and comes back by itself. */
class DrainIT {
    private static final Duration LENGTH = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void aDrainIsDoneShownKeptAndEndsByItself() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            world.accounts(world.service.url(), 1);
            Instant begun;
            try (FirstupProcess first = world.firstup()) {
                world.awaitQuiet(first, 1);
                begun = Instant.now();
                String said = command(
                        world, "drain", "chat", "paris", "--for", LENGTH.toSeconds() + "s", "--because", "kernel");
                assertThat(said).contains("paris").contains("drain").contains("kernel");
                world.awaitQuiet(first, 2);
                assertThat(world.updates()).containsExactly(World.PARIS + " good", World.TOKYO + " good");
                assertDrained(first);
                first.kill();
            }
            try (FirstupProcess second = world.firstup()) {
                FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertDrained(second));
                assertThat(command(world, "status")).contains("kernel");
                world.awaitQuiet(second, 3);
                assertThat(Duration.between(begun, Instant.now())).isGreaterThanOrEqualTo(LENGTH);
                assertThat(world.updates())
                        .containsExactly(World.PARIS + " good", World.TOKYO + " good", World.PARIS + " good");
                assertThat(server(second, "paris").required("order").isNull()).isTrue();
                assertThat(second.events("ordered")).hasSize(1);
                assertThat(second.events("order_ended")).hasSize(1);
                // The move says it all.
                assertThat(world.mailSubjects())
                        .containsExactly("chat: moved from paris to tokyo", "chat: moved from tokyo to paris");
            }
        }
    }

    private static void assertDrained(FirstupProcess firstup) {
        JsonNode queue = firstup.json("/api/queues/chat");
        assertThat(queue.path("chosen").asText(null)).isEqualTo("tokyo");
        assertThat(queue.path("notFirst").asText(null)).contains("paris", "drain", "kernel");
        JsonNode paris = server(firstup, "paris");
        assertThat(paris.path("state").asText(null)).isEqualTo("up");
        assertThat(paris.path("effective").asText(null)).isEqualTo("drain");
        JsonNode order = paris.required("order");
        assertThat(order.path("kind").asText(null)).isEqualTo("drain");
        assertThat(order.path("reason").asText(null)).isEqualTo("kernel");
        assertThat(order.path("until").asText(null)).isNotNull();
    }

    private static JsonNode server(FirstupProcess firstup, String name) {
        return FirstupProcess.list(firstup.json("/api/queues/chat"), "servers").stream()
                .filter(it -> name.equals(it.path("name").asText(null)))
                .findFirst()
                .orElseThrow();
    }

    /** What a command prints that is given while Firstup runs. */
    private String command(World world, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(words));
        try (FirstupProcess process = new FirstupProcess(folder, world.settings(), line.toArray(String[]::new))) {
            assertThat(process.exit()).as(process.printed()).isZero();
            return process.out();
        }
    }
}
