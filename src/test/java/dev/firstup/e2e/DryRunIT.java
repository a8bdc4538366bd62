package dev.firstup.e2e;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.ToyServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a dry run everything happens but sending, and the state of another run stays as it is. */
class DryRunIT {
    /** Is never called: what it says would be in the log. */
    private static final String OWN =
            """
            - route:
                id: own
                from:
                  uri: direct:own
                  steps:
                    - log: "own was called for ${body.record}"
            """;

    @TempDir
    private Path folder;

    @Test
    void nothingIsSentAndNothingIsKept() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            Files.writeString(world.routes().resolve("own.camel.yaml"), OWN);
            Path queue = world.routes().resolve("chat.queue.yaml");
            Files.writeString(
                    queue,
                    Files.readString(queue)
                            .replace(
                                    "publish: [dyn]",
                                    "publish: [dyn, {to: own, record: own.world.test},"
                                            + " {to: own-zone, record: zone.world.test}]"));
            Files.writeString(folder.resolve("secrets/tsig"), "c2VjcmV0LXRzaWcta2V5");
            world.service.put(World.RECORD, RecordType.A, List.of(World.PARIS));
            world.set("BEAT", world.slack.baseUrl() + "/beat");
            world.set("FIRSTUP_HEARTBEAT", "env:BEAT");
            world.set("FIRSTUP_HEARTBEAT_DELAY", "100");
            world.set("FIRSTUP_HEARTBEAT_PERIOD", "100");
            // Another one runs: with that state, this one could not even begin.
            Files.writeString(world.state(), "the state of another run");
            Path temporary = Files.createDirectory(folder.resolve("temporary"));
            world.set("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);

            try (FirstupProcess firstup = world.firstup("--dry-run")) {
                FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(states(firstup, "dyn"))
                        .containsExactly("confirmed"));
                servers.takeDown("paris");
                FirstupProcess.await().untilAsserted(() -> {
                    assertThat(said(firstup, "would have been sent to dyn")).hasSize(1);
                    // Of the two records that are not there; the move itself is never told, for it is none.
                    assertThat(said(firstup, "would have told mailbox: chat: the record cannot be read"))
                            .hasSize(2);
                    assertThat(said(firstup, "would have told chat-room: chat: the record cannot be read"))
                            .hasSize(2);
                });
                // Long enough for another tick of everything.
                Awaitility.await().during(Duration.ofSeconds(3)).untilAsserted(() -> {
                    assertThat(said(firstup, "would have been sent to dyn"))
                            .singleElement()
                            .asString()
                            .contains("would have sent GET http://127.0.0.1:", "myip=" + World.TOKYO);
                    assertThat(said(firstup, "would have asked own to write own.world.test 1 A " + World.TOKYO))
                            .hasSize(1);
                    assertThat(said(firstup, "would have asked own-zone to write zone.world.test 1 A " + World.TOKYO))
                            .hasSize(1);
                });
                JsonNode dyn = publication(firstup, "dyn");
                assertThat(dyn.path("state").asText(null)).isEqualTo("pending");
                assertThat(dyn.path("note").asText(null)).startsWith("dry run: would have sent GET ");
                assertThat(dyn.required("lastWrite").isNull()).isTrue();
                assertThat(firstup.printed())
                        .contains("DRY RUN: nothing is sent")
                        .doesNotContain("own was called")
                        .doesNotContain(World.DYN_PASSWORD);
                assertThat(firstup.events())
                        .noneMatch(it -> "moved".equals(it.path("kind").asText(null)));
                assertThat(temporary).isNotEmptyDirectory();
                firstup.terminate();
            }
            assertThat(world.service.requests()).isZero();
            assertThat(world.mailSubjects()).isEmpty();
            world.slack.verify(0, postRequestedFor(anyUrl()));
            world.slack.verify(0, getRequestedFor(anyUrl()));
            assertThat(world.state()).hasContent("the state of another run");
            assertThat(folder.resolve("token")).doesNotExist();
            try (Stream<Path> left = Files.list(temporary)) {
                assertThat(left).noneMatch(it -> it.getFileName().toString().startsWith("firstup-"));
            }
        }
    }

    private static List<String> said(FirstupProcess firstup, String text) {
        return firstup.printed().lines().filter(it -> it.contains(text)).toList();
    }

    private static JsonNode publication(FirstupProcess firstup, String publisher) {
        return publications(firstup, publisher).get(0);
    }

    private static List<String> states(FirstupProcess firstup, String publisher) {
        return publications(firstup, publisher).stream()
                .map(it -> it.path("state").asText(null))
                .toList();
    }

    private static List<JsonNode> publications(FirstupProcess firstup, String publisher) {
        return FirstupProcess.list(firstup.json("/api/queues/chat"), "publications").stream()
                .filter(it -> publisher.equals(it.path("publisher").asText(null)))
                .toList();
    }
}
