package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FifosTest {
    @TempDir
    Path where;

    @Test
    void whatIsWrittenIsReadAndNobodyWaits() throws Exception {
        try (Fifos fifos = new Fifos(where);
                Fifos.Fifo fifo = fifos.next()) {
            assertThat(fifo.drain()).isFalse();
            Process echo = new ProcessBuilder("echo", "fine")
                    .redirectOutput(fifo.file())
                    .start();
            assertThat(echo.waitFor()).isZero();

            assertThat(fifo.drain()).isTrue();
            assertThat(fifo.drain()).isFalse();
            assertThat(fifo.text()).isEqualTo("fine\n");
        }
        assertThat(where).isEmptyDirectory();
    }

    /** As systemd-tmpfiles does after some days. */
    @Test
    void othersAreMadeWhereSomebodyTidiesUp() throws Exception {
        try (Fifos fifos = new Fifos(where)) {
            fifos.next().close();
            Path folder = only(where);
            Files.delete(folder.resolve("1"));
            assertPipe(fifos);
            for (Path it : list(folder)) {
                Files.delete(it);
            }
            Files.delete(folder);
            assertPipe(fifos);
        }
        assertThat(where).isEmptyDirectory();
    }

    private static void assertPipe(Fifos fifos) throws Exception {
        try (Fifos.Fifo fifo = fifos.next()) {
            assertThat(Files.readAttributes(fifo.file().toPath(), BasicFileAttributes.class)
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
