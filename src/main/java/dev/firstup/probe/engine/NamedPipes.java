package dev.firstup.probe.engine;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Pipes that other programs write into (fifo(7)), each for one of them. Those of the JDK it reads itself when a program ends, for as
 * long as anybody writes: somebody left behind could fill the heap.
 */
final class NamedPipes implements AutoCloseable {
    /** One process makes so many. */
    private static final int BATCH = 32;

    private final Path where;
    private final Queue<Path> ready = new ArrayDeque<>();
    private @Nullable Path folder;
    private long made;

    /** @param where a folder for temporary files */
    NamedPipes(Path where) {
        this.where = where;
    }

    /** @throws IOException if there can be none: the message says why */
    synchronized Fifo next() throws IOException, InterruptedException {
        Path next = ready.poll();
        // Whoever tidies up old files may have taken it: opening it would make it a file that grows.
        while (next == null || !Files.exists(next)) {
            if (ready.isEmpty()) {
                make();
            }
            next = ready.poll();
        }
        return new Fifo(next);
    }

    private void make() throws IOException, InterruptedException {
        if (folder == null || !Files.isDirectory(folder)) {
            folder = Files.createTempDirectory(where, "firstup-");
        }
        List<Path> batch = new ArrayList<>();
        List<String> line = new ArrayList<>(List.of("mkfifo", "-m", "600"));
        for (int i = 0; i < BATCH; i++) {
            batch.add(folder.resolve(String.valueOf(made++)));
            line.add(batch.get(i).toString());
        }
        Process mkfifo = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (mkfifo.waitFor() != 0) {
            throw new IOException("mkfifo cannot make pipes in " + folder);
        }
        ready.addAll(batch);
    }

    @Override
    public synchronized void close() {
        if (folder == null) {
            return;
        }
        File[] left = folder.toFile().listFiles();
        for (File it : left == null ? new File[0] : left) {
            it.delete();
        }
        folder.toFile().delete();
        ready.clear();
        folder = null;
    }

    /** One pipe. What is read out of it is kept, its first 64 KiB. */
    static final class Fifo implements AutoCloseable {
        private static final int MOST = 64 * 1024;
        private static final int MOST_READS = 64;

        private final Path path;
        private final RandomAccessFile ends;
        private final FileInputStream in;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        private Fifo(Path path) throws IOException {
            this.path = path;
            // Who holds both ends waits for nobody to open the other one.
            ends = new RandomAccessFile(path.toFile(), "rw");
            in = new FileInputStream(ends.getFD());
        }

        File file() {
            return path.toFile();
        }

        /**
         * Reads what is there; says whether there was anything. A thread that reads what may never come cannot be freed again, so
         * it never waits.
         */
        boolean drain() throws IOException {
            boolean some = false;
            // Somebody who never stops writing does not keep us from looking at the time.
            for (int i = 0; i < MOST_READS && in.available() > 0; i++) {
                byte[] bytes = new byte[in.available()];
                kept.write(bytes, 0, Math.min(in.read(bytes), MOST - kept.size()));
                some = true;
            }
            return some;
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        /** From now on nobody can write any more. */
        @Override
        public void close() throws IOException {
            ends.close();
            Files.deleteIfExists(path);
        }
    }
}
