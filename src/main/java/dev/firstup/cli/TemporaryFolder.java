package dev.firstup.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for what is not to outlast a run. Only we can read it.
 *
 * @param folder the folder, which is gone once this is closed
 */
record TemporaryFolder(Path folder) implements AutoCloseable {

    /** @throws CommandException if there is no room for it */
    static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("firstup-dry-run-"));
        } catch (IOException e) {
            throw new CommandException(
                    "no folder can be created in " + System.getProperty("java.io.tmpdir") + " (" + e.getMessage()
                            + "): make it writable, or name another one by -Djava.io.tmpdir in FIRSTUP_JAVA_OPTIONS");
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path it : innermostFirst) {
                Files.deleteIfExists(it);
            }
        } catch (IOException | UncheckedIOException e) {
            // The system sweeps its temporary folder.
        }
    }
}
