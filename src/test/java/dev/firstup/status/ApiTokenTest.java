package dev.firstup.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokenTest {
    @TempDir
    Path folder;

    private Path write(String text, String mode) throws Exception {
        Path file = folder.resolve("token");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void theFirstStartMakesOneForItsOwnerOnly() throws Exception {
        Path file = folder.resolve("state/token");
        new ApiToken(file.toString());
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void noTwoAreTheSameAndTheNextStartTakesWhatIsThere() throws Exception {
        Path file = folder.resolve("token");
        new ApiToken(file.toString());
        String made = Files.readString(file);
        new ApiToken(file.toString());
        assertThat(Files.readString(file)).isEqualTo(made);
        Files.delete(file);
        new ApiToken(file.toString());
        assertThat(Files.readString(file)).isNotEqualTo(made);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void oneThatOthersMayKnowIsRefused(String mode) throws Exception {
        Path file = write("0123456789abcdef0123456789abcdef\n", mode);
        assertThatThrownBy(() -> new ApiToken(file.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "the token file " + file + " has the mode " + mode + ", expected rw-------: others could")
                .hasMessageNotContaining("0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short", "0123456789abcdef0123456789abcde", "0123456789abcdef 0123456789abcdef"})
    void whatIsNoTokenIsRefusedAndNotRepeated(String text) throws Exception {
        Path file = write(text, "rw-------");
        assertThatThrownBy(() -> new ApiToken(file.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the token file " + file + " holds no token")
                .hasMessageNotContaining("0123456789");
    }

    @Test
    void oneThatCannotBeMadeSaysWhatToDo() throws Exception {
        Path file = write("", "rw-------").resolve("token");
        assertThatThrownBy(() -> new ApiToken(file.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("firstup.token");
    }

    /** And not only at the first order, when somebody is in a hurry. */
    @Test
    void theProgramDoesNotStartWithOneThatOthersMayKnow() throws Exception {
        Path file = write("0123456789abcdef0123456789abcdef\n", "rw-r--r--");
        assertThatThrownBy(() -> new Site(Map.of("firstup.token", file.toString())).close())
                .hasStackTraceContaining("has the mode rw-r--r--");
    }
}
