package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.rehearsal.ToyServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar with its libraries, its settings and a user's routes, where no checkout is: it holds the pipeline itself. */
class PackedIT {
    private static final Path CHECKOUT = Path.of("").toAbsolutePath();

    @TempDir
    Path folder;

    @BeforeEach
    void unpack() throws IOException {
        unpack(folder);
    }

    private static void unpack(Path folder) throws IOException {
        Files.copy(CHECKOUT.resolve("target/firstup.jar"), folder.resolve("firstup.jar"));
        Files.createSymbolicLink(folder.resolve("lib"), CHECKOUT.resolve("target/lib"));
        Files.copy(CHECKOUT.resolve("application.properties"), folder.resolve("application.properties"));
    }

    /** As a user would: what lies where the settings say needs no setting. */
    private FirstupProcess alone(String... command) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("FIRSTUP_PORT", String.valueOf(Ports.free()));
        return FirstupProcess.alone(folder, settings, command);
    }

    private static void assertMoves(World world, ToyServers servers, FirstupProcess firstup) {
        world.awaitQuiet(firstup, 1);
        servers.takeDown("paris");
        world.awaitQuiet(firstup, 2);
        assertThat(world.updates()).containsExactly(World.PARIS + " good", World.TOKYO + " good");
    }

    private static void queue(World world, ToyServers servers) throws IOException {
        world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
    }

    @Test
    void itRunsThePipelineThatItHolds() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            queue(world, servers);
            try (FirstupProcess check = alone("check")) {
                assertThat(check.exit()).as(check.printed()).isZero();
            }
            try (FirstupProcess firstup = alone()) {
                assertMoves(world, servers, firstup);
            }
        }
    }

    /** To patterns, URIs and lists these characters mean something; to a folder they do not. */
    @Test
    void itRunsInAFolderOfAnyName() throws Exception {
        Path odd = Files.createDirectory(folder.resolve("a,b?c*d{e}f\\g h"));
        unpack(odd);
        Map<String, String> settings = Map.of("FIRSTUP_PORT", String.valueOf(Ports.free()));
        try (World world = new World(odd);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            queue(world, servers);
            try (FirstupProcess check = FirstupProcess.alone(odd, settings, "check")) {
                assertThat(check.exit()).as(check.printed()).isZero();
            }
            try (FirstupProcess firstup = FirstupProcess.alone(odd, settings)) {
                assertMoves(world, servers, firstup);
            }
            assertThat(odd.resolve("state/firstup.db")).exists();
            Path elsewhere = Files.createDirectory(folder.resolve("stand"));
            try (FirstupProcess check = new FirstupProcess(odd, elsewhere, settings, "check")) {
                assertThat(check.exit()).as(check.printed()).isZero();
            }
            servers.bringUp("paris");
            try (FirstupProcess firstup = new FirstupProcess(odd, elsewhere, settings, "run")) {
                world.awaitQuiet(firstup, 3);
            }
        }
    }

    /** A setting that may be meant for another program of the same machine. */
    @Test
    void aPatternOfCamelMainLeavesNothingOut() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            queue(world, servers);
            Map<String, String> settings = Map.of(
                    "FIRSTUP_PORT",
                    String.valueOf(Ports.free()),
                    "CAMEL_MAIN_ROUTES_INCLUDE_PATTERN",
                    "file:nowhere/*.camel.yaml");
            try (FirstupProcess firstup = FirstupProcess.alone(folder, settings)) {
                assertMoves(world, servers, firstup);
                assertThat(firstup.out())
                        .contains(
                                "camel.main.routesIncludePattern is \"file:nowhere/*.camel.yaml\", which is not heeded");
            }
        }
    }

    @Test
    void itsIndexNamesEveryRouteFileOfTheCheckout() throws Exception {
        try (JarFile jar = new JarFile(folder.resolve("firstup.jar").toFile());
                Stream<Path> files = Files.list(CHECKOUT.resolve("routes/pipeline"))) {
            String[] names =
                    files.map(it -> it.getFileName().toString()).sorted().toArray(String[]::new);
            JarEntry index = jar.getJarEntry("routes/pipeline/index");
            assertThat(new String(jar.getInputStream(index).readAllBytes()).lines())
                    .containsExactly(names);
            for (String name : names) {
                assertThat(jar.getInputStream(jar.getJarEntry("routes/pipeline/" + name)))
                        .hasSameContentAs(Files.newInputStream(CHECKOUT.resolve("routes/pipeline/" + name)));
            }
        }
    }

    /** An edit there takes effect at the next start, and what is in the jar does not run beside it. */
    @Test
    void aFolderOfThePipelineTakesThePlaceOfTheJars() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            queue(world, servers);
            Path pipeline = Files.createDirectories(folder.resolve("routes/pipeline"));
            Files.writeString(
                    pipeline.resolve("edited.camel.yaml"),
                    """
                    - route:
                        id: firstup-edited
                        from:
                          uri: timer:firstup-edited
                          parameters: { delay: 0, repeatCount: 1 }
                          steps:
                            - log: "nothing else runs: ${camelContext.routesSize} route"
                    """);
            Files.delete(world.routes().resolve("accounts.camel.yaml"));
            try (FirstupProcess firstup = alone()) {
                FirstupProcess.await().until(() -> firstup.out().contains("nothing else runs: 1 route"));
            }
            Files.delete(pipeline.resolve("edited.camel.yaml"));
            try (FirstupProcess firstup = alone()) {
                assertThat(firstup.exit()).isEqualTo(1);
                assertThat(firstup.err())
                        .isEqualTo(
                                "firstup: the folder routes/pipeline holds no file *.camel.yaml, and so not the program:"
                                        + " restore its files, or delete the folder to run those of the jar\n");
            }
        }
    }

    /** Where a new release was unpacked over an old one, both would run. */
    @Test
    void routesOfAnEarlierReleaseAreRefusedByEveryCommand() throws Exception {
        try (World world = new World(folder);
                ToyServers servers = ToyServers.start("paris", "tokyo", "quebec")) {
            queue(world, servers);
            Files.writeString(
                    world.routes().resolve("watch.camel.yaml"),
                    "- route:\n    id: watch\n    group: firstup\n    from: { uri: \"timer:watch\", steps: [] }\n");
            for (String command : new String[] {"run", "check", "probe"}) {
                String[] line = command.equals("probe") ? new String[] {command, "chat"} : new String[] {command};
                try (FirstupProcess firstup = alone(line)) {
                    assertThat(firstup.exit()).as(command).isEqualTo(1);
                    assertThat(firstup.printed().lines()).singleElement().satisfies(it -> assertThat(it)
                            .startsWith("firstup: routes/watch.camel.yaml:3:12: found parts of Firstup itself")
                            .contains("delete this file"));
                }
            }
        }
    }
}
