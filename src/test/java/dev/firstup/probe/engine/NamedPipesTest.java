package dev.firstup.probe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedPipesTest {
    @TempDir
    Path where;

    @Test
    void whatIsWrittenIsReadAndNobodyWaits() throws Exception {
        try (NamedPipes pipes = new NamedPipes(where);
                NamedPipes.Fifo pipe = pipes.next()) {
            assertThat(pipe.drain()).isFalse();
            Process echo = new ProcessBuilder("echo", "fine")
                    .redirectOutput(pipe.file())
                    .start();
            assertThat(echo.waitFor()).isZero();

            assertThat(pipe.drain()).isTrue();
            assertThat(pipe.drain()).isFalse();
            assertThat(pipe.text()).isEqualTo("fine\n");
        }
        assertThat(where).isEmptyDirectory();
    }

    /** As systemd-tmpfiles does after some days. */
    @Test
    void othersAreMadeWhereSomebodyTidiesUp() throws Exception {
        try (NamedPipes pipes = new NamedPipes(where)) {
            pipes.next().close();
            Path folder = only(where);
            Files.delete(folder.resolve("1"));
            assertPipe(pipes);
            for (Path it : list(folder)) {
                Files.delete(it);
            }
            Files.delete(folder);
            assertPipe(pipes);
        }
        assertThat(where).isEmptyDirectory();
    }

    private static void assertPipe(NamedPipes pipes) throws Exception {
        try (NamedPipes.Fifo pipe = pipes.next()) {
            assertThat(Files.readAttributes(pipe.file().toPath(), BasicFileAttributes.class)
                            .isOther())
                    .isTrue();
        }
    }

    private static Path only(Path folder) throws IOException {
        assertThat(list(folder)).hasSize(1);
        return list(folder).get(0);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
