package dev.firstup.probe.engine;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs other programs, so many at once and no more, each in a session of its own, which is ended with it. A thread stays with
 * each until the last of its processes is gone, or cannot be ended.
 */
public final class ProcessRunner implements AutoCloseable {
    private static final int QUICK_MILLIS = 1;
    private static final int CALM_MILLIS = 20;
    private static final long FAREWELL_SECONDS = 5;

    private final String what;
    private final ThreadPoolExecutor slots;
    private final NamedPipes pipes = new NamedPipes(Path.of(System.getProperty("java.io.tmpdir")));

    /**
     * @param what such as {@code plugins}
     * @param atMost how many may run at once
     */
    ProcessRunner(String what, int atMost) {
        this.what = what;
        slots = new ThreadPoolExecutor(
                0,
                atMost,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new DefaultThreadFactory("firstup-" + what, true));
    }

    /**
     * Starts a program without a shell and returns at once. It gets no input, and nothing of our environment but what it is given.
     *
     * @param alone whether it starts no other programs, that would have to be looked for
     * @param ended is told how it ended, unless it was cancelled before
     * @return ends it, with all its processes, when it is cancelled
     * @throws RejectedExecutionException if there is no free slot: the message says so
     */
    public Future<?> start(List<String> line, Map<String, String> environment, boolean alone, Consumer<End> ended) {
        try {
            return slots.submit(() -> run(line, environment, alone, ended));
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException("no free slot among " + slots.getMaximumPoolSize() + " for " + what);
        }
    }

    private void run(List<String> line, Map<String, String> environment, boolean alone, Consumer<End> ended) {
        Process process = null;
        try (NamedPipes.Fifo output = pipes.next();
                NamedPipes.Fifo errors = pipes.next()) {
            process = start(line, environment, output.file(), errors.file());
            int wait = QUICK_MILLIS;
            while (!process.waitFor(wait, TimeUnit.MILLISECONDS)) {
                boolean said = output.drain();
                // Both, always: a program stops when a pipe is full.
                said |= errors.drain();
                wait = said ? QUICK_MILLIS : Math.min(CALM_MILLIS, 2 * wait);
            }
            output.drain();
            errors.drain();
            ended.accept(new End(process.exitValue(), output.text(), errors.text()));
        } catch (IOException e) {
            ended.accept(new End(null, "", ReasonText.reason(e)));
        } catch (InterruptedException e) {
            // Cancelled: whoever did that has said what it means.
        } finally {
            if (process != null) {
                (alone ? ProcessSession.ofOne(process) : ProcessSession.of(process)).end();
            }
        }
    }

    private static Process start(List<String> line, Map<String, String> environment, File output, File errors)
            throws IOException {
        List<String> all = new ArrayList<>();
        if (ProcessSession.SETSID != null) {
            all.add(ProcessSession.SETSID.toString());
        }
        all.addAll(line);
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output)
                .redirectError(errors);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Ends all that run. */
    @Override
    public void close() {
        slots.shutdownNow();
        try {
            slots.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pipes.close();
    }

    /**
     * How a program ended.
     *
     * @param exit its exit status; null if it could not be run
     * @param output the first 64 KiB of what it printed
     * @param errors the same of standard error; or why it could not be run
     */
    public record End(@Nullable Integer exit, String output, String errors) {
        /** All that it said, errors first. */
        public String said() {
            return errors + "\n" + output;
        }
    }
}
