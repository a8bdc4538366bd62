package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that cannot be written: what is sent could not be noted, and a restart would send it again. */
class ReadOnlyTest {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    Path folder;

    private Path own;
    private Path file;

    @BeforeEach
    void make() throws IOException {
        own = Files.createDirectory(folder.resolve("state"));
        file = own.resolve("firstup.db");
        new Store(file.toString(), Clock.systemUTC()).close();
    }

    @AfterEach
    void open() throws IOException {
        permit(own, "rwx------");
    }

    @Test
    void aFileIsSetAside() throws Exception {
        permit(file, "r--------");
        String said = start();
        assertThat(said)
                .contains("The state file " + file + " was set aside as ")
                .contains("for it is read-only. What records hold is read from DNS.")
                .contains("opened");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(own)) {
            assertThat(files.filter(it -> it.toString().contains(".unreadable-")))
                    .hasSize(1);
        }
    }

    @Test
    void aFileInAFolderThatIsToo() throws Exception {
        permit(file, "r--------");
        permit(own, "r-x------");
        assertThat(start())
                .contains("the state file " + file
                        + " cannot be used, for it is read-only, and cannot be replaced (permission denied):"
                        + " make it and its folder writable, or set firstup.state to another one")
                .doesNotContain("opened");
        assertThat(file).exists();
    }

    @Test
    void aFolderAlone() throws Exception {
        permit(own, "r-x------");
        assertThat(start())
                .contains("the state file " + file + " cannot be used (")
                .contains("make it and its folder readable and writable, or set firstup.state to another one")
                .doesNotContain("opened");
    }

    @Test
    void aFolderWithoutAFile() throws Exception {
        Files.delete(file);
        permit(own, "r-x------");
        assertThat(start())
                .contains(
                        "the state file " + file
                                + " cannot be created (permission denied): make its folder writable, or set firstup.state to another one")
                .doesNotContain("opened");
    }

    /** It is somebody else's then, who has reasons. */
    @Test
    void aFileThatCannotEvenBeReadIsLeftAlone() throws Exception {
        permit(file, "---------");
        assertThat(start())
                .contains("the state file " + file + " cannot be used (")
                .contains("make it and its folder readable and writable")
                .doesNotContain("opened");
        try (var files = Files.list(own)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** What a process says that opens the state and is held to permissions. */
    private String start() throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            if (!Files.isExecutable(SETPRIV)) {
                return missing(SETPRIV + " is not there");
            }
            // Root without these is held to them like everybody.
            line.addAll(List.of(SETPRIV.toString(), "--bounding-set=-dac_override,-dac_read_search"));
        }
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Opening.class.getName(),
                file.toString()));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.contains("setpriv: ") ? missing(said) : said;
    }

    private static String missing(String why) {
        if ("true".equals(System.getenv("CI"))) {
            fail("permissions cannot be tested: " + why);
        }
        return abort("permissions cannot be tested: " + why);
    }

    /** Opens the state file that it is given, and says what came of it. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] args) {
            try (Store store = new Store(args[0], Clock.systemUTC())) {
                System.out.println("opened, with " + store.publications().size() + " publications");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
