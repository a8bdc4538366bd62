package dev.firstup.e2e;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.rehearsal.ToyServers;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With everything said that can be said, and everything going wrong that can, no secret is seen anywhere. */
class SecrecyIT {
    private static final String BEAT = "/ping/BEATSECRET?a&b=c%25+%23)";

    @TempDir
    Path folder;

    @Test
    void noSecretIsSeenAnywhere() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            world.slack.stubFor(get(urlEqualTo(BEAT)).willReturn(aResponse()));
            world.set("FIRSTUP_LOG", "TRACE");
            world.set("BEAT", world.slack.baseUrl() + BEAT);
            world.set("FIRSTUP_HEARTBEAT", "env:BEAT");
            world.set("FIRSTUP_HEARTBEAT_DELAY", "500");
            world.set("FIRSTUP_HEARTBEAT_PERIOD", "500");
            try (FirstupProcess firstup = world.firstup()) {
                // All goes well ...
                world.awaitQuiet(firstup, 1);
                FirstupProcess.await().untilAsserted(() -> world.slack.verify(getRequestedFor(urlEqualTo(BEAT))));
                servers.takeDown("paris");
                world.awaitQuiet(firstup, 2);
                assertThat(world.slackTexts()).anyMatch(it -> it.contains("moved from paris to tokyo"));
                assertThat(world.mailSubjects()).hasSize(1);
                assertThat(firstup.order("Bearer " + world.token(), "{\"kind\": \"ready\"}"))
                        .isEqualTo(200);

                // ... and then nothing does.
                assertThat(firstup.order("Basic " + world.token(), "{")).isEqualTo(401);
                assertThat(firstup.order("Bearer " + world.token(), "{")).isEqualTo(400);
                world.slack.stubFor(get(urlEqualTo(BEAT))
                        .willReturn(aResponse().withStatus(404).withBody("nothing at " + BEAT)));
                world.slack.stubFor(post(urlEqualTo(World.HOOK))
                        .willReturn(aResponse().withStatus(404).withBody("nothing at " + World.HOOK)));
                world.mail.setUser("ops@example.org", "me", "another");
                FirstupProcess.await().untilAsserted(() -> assertThat(firstup.printed())
                        .contains("env:BEAT")
                        .contains("404"));
                world.service.answer("badauth");
                servers.bringUp("paris");
                FirstupProcess.await().untilAsserted(() -> {
                    assertThat(firstup.events("publish_stopped")).isNotEmpty();
                    assertThat(firstup.printed()).contains("Slack answered 404").contains("refused the login of me");
                });

                Map<String, String> places = places(firstup, world);
                assertThat(places.get("what it prints")).contains("TRACE").contains("file:dyn");
                for (String secret : secrets(world)) {
                    places.forEach((place, text) -> assertThat(text.contains(secret))
                            .as(secret + " is in " + place + ": " + around(text, secret))
                            .isFalse());
                }
            }
        }
    }

    private Map<String, String> places(FirstupProcess firstup, World world) throws Exception {
        Map<String, String> places = new HashMap<>();
        for (String path : List.of("/", "/api/queues", "/api/queues/chat", "/api/events", "/observe/metrics")) {
            places.put(path, firstup.get(path));
        }
        // A publisher has stopped.
        places.put("/observe/health", firstup.get("/observe/health", 503));
        for (String what : List.of("Thread.print", "VM.system_properties", "VM.command_line")) {
            places.put(what, asked(firstup, what));
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> state = files.filter(
                            it -> it.toString().startsWith(world.state().toString()))
                    .toList();
            assertThat(state).isNotEmpty();
            for (Path file : state) {
                places.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        firstup.kill();
        places.put("what it prints", firstup.printed());
        return places;
    }

    private String asked(FirstupProcess firstup, String what) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "jcmd-", ".out");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(firstup.pid()),
                        what)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(jcmd.waitFor()).as(what).isZero();
        return Files.readString(out);
    }

    private static Set<String> secrets(World world) throws IOException {
        Set<String> forms = new LinkedHashSet<>();
        for (String secret : List.of(World.DYN_PASSWORD, World.MAIL_PASSWORD, World.HOOK, BEAT, world.token())) {
            forms.addAll(List.of(
                    secret,
                    URLEncoder.encode(secret, StandardCharsets.UTF_8),
                    secret.replace("&", "&amp;"),
                    secret.replace("/", "\\/"),
                    base64(secret),
                    base64("me:" + secret),
                    base64("\0me\0" + secret)));
        }
        forms.addAll(List.of("dyn-a", "mail-a", "T0HOOK", "B0HOOK", "BEATSECRET"));
        return forms;
    }

    /** Without its end, which depends on what follows. */
    private static String base64(String text) {
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return encoded.substring(0, encoded.length() - 1);
    }

    private static String around(String text, String secret) {
        int at = text.indexOf(secret);
        return at < 0 ? "" : text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 300));
    }
}
