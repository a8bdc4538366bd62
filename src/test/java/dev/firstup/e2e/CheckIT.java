package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.rehearsal.ToyServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said, all of it and clearly, and what is right runs. */
class CheckIT {
    private static final Path INVALID = Path.of("src/test/resources/queues/invalid");

    private static final List<String> TEN = List.of(
            "addresses",
            "duplicate-keys",
            "durations",
            "missing-keys",
            "names",
            "no-probe",
            "server-twice",
            "syntax",
            "unknown-keys",
            "wrong-types");

    @TempDir
    Path folder;

    @Test
    void listsEveryErrorOfTenBrokenFilesAtOnce() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        StringBuilder expected = new StringBuilder();
        for (String name : TEN) {
            broken(routes, name);
            expected.append(Files.readString(INVALID.resolve(name + ".expected"))
                    .replace(name + ".queue.yaml", routes + "/" + name + ".queue.yaml"));
        }
        try (FirstupProcess firstup =
                new FirstupProcess(folder, Map.of("FIRSTUP_ROUTES", routes.toString()), "check", routes.toString())) {
            assertThat(firstup.exit()).isEqualTo(1);
            assertThat(firstup.out().lines())
                    .containsAll(expected.toString().lines().toList());
            assertThat(firstup.err()).isEmpty();
        }
    }

    @Test
    void runsTheGoodFileAndReportsTheBrokenOne() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            broken(world.routes(), "unknown-keys");
            try (FirstupProcess firstup = world.firstup()) {
                world.awaitQuiet(firstup, 1);
                assertThat(world.updates()).containsExactly(World.PARIS + " good");
                assertThat(firstup.json("/api/queues").required("problems"))
                        .isNotEmpty()
                        .allSatisfy(it -> assertThat(it.toString()).contains("unknown-keys.queue.yaml:"));
                assertThat(firstup.metric("firstup_config_last_reload_successful"))
                        .isZero();

                Files.delete(world.routes().resolve("unknown-keys.queue.yaml"));
                FirstupProcess.await().until(() -> firstup.metric("firstup_config_last_reload_successful") == 1);
                assertThat(firstup.json("/api/queues").required("problems")).isEmpty();
            }
        }
    }

    @Test
    void doesNotRunSilentlyWithoutQueues() throws Exception {
        try (World world = new World(folder);
                FirstupProcess firstup = world.firstup()) {
            assertEnds(firstup, "there is no queue to watch", "./firstup init NAME", "./firstup rehearse");
        }
    }

    @Test
    void secondOneOnTheSamePortOrStateSaysSo() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
            try (FirstupProcess first = world.firstup()) {
                world.awaitQuiet(first, 1);
                try (FirstupProcess second = world.firstup()) {
                    assertEnds(second, "the state file " + world.state() + " is in use", "another Firstup");
                }
                Map<String, String> samePort = world.settings();
                samePort.put("FIRSTUP_PORT", first.port());
                samePort.put("FIRSTUP_STATE", folder.resolve("other.db").toString());
                try (FirstupProcess second = new FirstupProcess(folder, samePort, "run")) {
                    assertEnds(second, "cannot listen on 127.0.0.1:" + first.port(), "another Firstup");
                }
                assertThat(first.get("/observe/health")).contains("UP");
            }
            assertThat(world.updates()).hasSize(1);
        }
    }

    /** The names of an earlier release, of which only one was set: verdicts would go where nobody is. */
    @Test
    void verdictsThatWouldNotArriveAreRefused() throws Exception {
        try (World world = new World(folder)) {
            world.queue(1, 1, 1);
            world.set("FIRSTUP_VERDICTS_TO", "direct:verdicts");
            try (FirstupProcess firstup = world.firstup()) {
                assertEnds(firstup, "firstup.verdicts.to is \"direct:verdicts\", where no route begins");
            }
            try (FirstupProcess check = new FirstupProcess(folder, world.settings(), "check")) {
                assertEnds(check, "firstup.verdicts.to is \"direct:verdicts\", where no route begins");
            }
        }
    }

    @Test
    void aSettingThatIsNoNumberIsSaidByEveryCommandThatNeedsIt() throws Exception {
        try (World world = new World(folder)) {
            world.queue(1, 1, 1);
            Map<String, String> settings = world.settings();
            settings.put("FIRSTUP_PORT", "abc");
            for (String command : List.of("run", "check", "status")) {
                try (FirstupProcess firstup = new FirstupProcess(folder, settings, command)) {
                    assertEnds(
                            firstup,
                            "firstup.port is \"abc\", expected a port from 0 to 65535, such as 8053; change it in the"
                                    + " environment, FIRSTUP_PORT");
                }
            }
            settings.put("FIRSTUP_PORT", "");
            settings.put("FIRSTUP_TICK", " ");
            try (FirstupProcess check = new FirstupProcess(folder, settings, "check")) {
                assertThat(check.exit()).as("as if not set: " + check.printed()).isZero();
            }
        }
    }

    @Test
    void theRoutesAreRefusedAlikeByCheckAndRun() throws Exception {
        try (World world = new World(folder)) {
            world.queue(1, 1, 1);
            Path accounts = world.routes().resolve("accounts.camel.yaml");
            Files.writeString(accounts, Files.readString(accounts).replace("firstup-slack-sink", "firstup-slak-sink"));
            for (String command : List.of("run", "check")) {
                Map<String, String> settings = world.settings();
                settings.put("FIRSTUP_PORT", "0");
                try (FirstupProcess firstup = new FirstupProcess(folder, settings, command)) {
                    assertThat(firstup.exit()).isEqualTo(1);
                    // Before it, Camel warns in its own words.
                    assertThat(firstup.printed().lines().reduce((before, last) -> last))
                            .hasValueSatisfying(it -> assertThat(it)
                                    .startsWith("firstup: ")
                                    .contains(
                                            accounts + ":22:22: found \"kamelet:firstup-slak-sink\"",
                                            "did you mean \"firstup-slack-sink\"?"));
                }
            }
        }
    }

    private static void broken(Path folder, String name) throws IOException {
        Files.copy(INVALID.resolve(name + ".queue.yaml"), folder.resolve(name + ".queue.yaml"));
    }

    /** With one line and no stack trace. */
    private static void assertEnds(FirstupProcess firstup, String... parts) throws Exception {
        assertThat(firstup.exit()).isEqualTo(1);
        assertThat(firstup.printed().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("firstup: ").contains(parts));
    }
}
