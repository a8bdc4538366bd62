package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.rehearsal.ToyServers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.data.TemporalUnitOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of Firstup itself in the middle of a move: after a restart the move is made, once, and told. */
class CrashIT {
    private static final List<String> MOVED = List.of("chat: moved from paris to tokyo");

    @TempDir
    Path folder;

    private World world;
    private ToyServers servers;
    private Gate dns;
    private Gate slack;

    @BeforeEach
    void begin() throws Exception {
        world = new World(folder);
        servers = ToyServers.start("paris", "tokyo", "quebec");
        world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
        dns = new Gate(world.service.url());
        slack = new Gate(URI.create(world.slack.baseUrl()));
        world.hook("http://127.0.0.1:" + slack.uri().getPort());
    }

    @AfterEach
    void end() {
        dns.close();
        slack.close();
        servers.close();
        world.close();
    }

    @Test
    void betweenTheDecisionAndTheUpdate() throws Exception {
        // The first update opens a gap in which the next decision has to wait.
        Duration gap = Duration.ofSeconds(10);
        world.accounts(dns.uri(), (int) gap.toSeconds());
        try (FirstupProcess first = started()) {
            servers.takeDown("paris");
            FirstupProcess.await().untilAsserted(() -> assertThat(first.events("decided"))
                    .extracting(it -> it.path("to").asText(null))
                    .containsExactly("tokyo", "paris"));
            first.kill();
        }
        assertThat(dns.arrivals()).hasSize(1);

        try (FirstupProcess second = world.firstup()) {
            world.awaitQuiet(second, 2);
            assertMovedOnce(second);
            assertThat(dns.arrivals()).hasSize(2);
            assertThat(Duration.between(dns.arrivals().get(0), dns.arrivals().get(1)))
                    .isGreaterThanOrEqualTo(gap);
        }
    }

    @Test
    void whileTheUpdateIsOnItsWay() throws Exception {
        Duration gap = Duration.ofSeconds(6);
        world.accounts(dns.uri(), (int) gap.toSeconds());
        try (FirstupProcess first = started()) {
            dns.keep(Gate.Keeps.REQUESTS);
            servers.takeDown("paris");
            FirstupProcess.await().until(() -> !dns.kept().isEmpty());
            first.kill();
        }
        assertThat(world.updates()).containsExactly(World.PARIS + " good");
        dns.keep(Gate.Keeps.NOTHING);

        try (FirstupProcess second = world.firstup()) {
            world.awaitQuiet(second, 2);
            assertMovedOnce(second);
            assertThat(dns.arrivals()).hasSize(3);
            // What was sent may have arrived, for all that Firstup knows: it counts.
            assertThat(Duration.between(dns.arrivals().get(1), dns.arrivals().get(2)))
                    .isGreaterThanOrEqualTo(gap);
        }
    }

    @Test
    void betweenTheUpdateAndItsAnswer() throws Exception {
        world.accounts(dns.uri(), 1);
        try (FirstupProcess first = started()) {
            dns.keep(Gate.Keeps.ANSWERS);
            servers.takeDown("paris");
            FirstupProcess.await().until(() -> !dns.kept().isEmpty());
            first.kill();
        }
        dns.keep(Gate.Keeps.NOTHING);

        try (FirstupProcess second = world.firstup()) {
            world.awaitQuiet(second, 2);
            assertMovedOnce(second);
            assertThat(dns.arrivals()).hasSize(2);
            JsonNode move = second.events("moved").get(0);
            TemporalUnitOffset aMoment = within(1, ChronoUnit.SECONDS);
            assertThat(Instant.parse(move.path("times").path("sent").asText(null)))
                    .isCloseTo(dns.arrivals().get(1), aMoment);
        }
    }

    @Test
    void beforeAMessageIsTaken() throws Exception {
        world.accounts(dns.uri(), 1);
        world.set("FIRSTUP_NOTIFY_LEASE", "2s");
        try (FirstupProcess first = started()) {
            slack.keep(Gate.Keeps.REQUESTS);
            servers.takeDown("paris");
            // The mail is written down as told; what is not may be told twice.
            FirstupProcess.await()
                    .until(() -> !slack.kept().isEmpty()
                            && world.mailSubjects().equals(MOVED)
                            && first.metric("firstup_notices_waiting") == 1);
            first.kill();
        }
        assertThat(world.slackTexts()).isEmpty();
        slack.keep(Gate.Keeps.NOTHING);

        try (FirstupProcess second = world.firstup()) {
            world.awaitQuiet(second, 2);
            assertMovedOnce(second);
        }
    }

    /** Nobody can know whether a message was taken whose answer is lost: twice is better than never. */
    @Test
    void afterAMessageIsTaken() throws Exception {
        world.accounts(dns.uri(), 1);
        world.set("FIRSTUP_NOTIFY_LEASE", "2s");
        try (FirstupProcess first = started()) {
            slack.keep(Gate.Keeps.ANSWERS);
            servers.takeDown("paris");
            FirstupProcess.await().until(() -> !slack.kept().isEmpty());
            first.kill();
        }
        assertThat(world.slackTexts()).hasSize(1);
        slack.keep(Gate.Keeps.NOTHING);

        try (FirstupProcess second = world.firstup()) {
            world.awaitQuiet(second, 2);
            assertThat(world.slackTexts()).hasSize(2).allSatisfy(text -> assertThat(text)
                    .contains(MOVED));
            assertThat(world.updates()).containsExactly(World.PARIS + " good", World.TOKYO + " good");
        }
    }

    private FirstupProcess started() throws Exception {
        FirstupProcess firstup = world.firstup();
        world.awaitQuiet(firstup, 1);
        return firstup;
    }

    private void assertMovedOnce(FirstupProcess firstup) {
        assertThat(world.updates()).containsExactly(World.PARIS + " good", World.TOKYO + " good");
        assertThat(firstup.events("moved"))
                .extracting(it ->
                        it.path("from").asText(null) + " to " + it.path("to").asText(null))
                .containsExactly("paris to tokyo", "null to paris");
        assertThat(world.slackTexts()).singleElement().satisfies(text -> assertThat(text)
                .contains(MOVED));
        assertThat(world.mailSubjects()).isEqualTo(MOVED);
    }
}
