package dev.firstup.probe;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs other programs, so many at once and no more, each in a session of its own, which is ended with it. A thread stays with
 * each until the last of its processes is gone.
 */
final class Programs implements AutoCloseable {
    private static final int MOST_OUTPUT = 64 * 1024;
    private static final int MOST_READS = 64;
    private static final int QUICK_MILLIS = 1;
    private static final int CALM_MILLIS = 20;
    private static final long FAREWELL_SECONDS = 5;

    private final String what;
    private final ThreadPoolExecutor slots;

    /**
     * @param what such as {@code plugins}
     * @param atMost how many may run at once
     */
    Programs(String what, int atMost) {
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
     * @param ended is told how it ended, unless it was cancelled before
     * @return ends it, with all its processes, when it is cancelled
     * @throws RejectedExecutionException if there is no free slot: the message says so
     */
    Future<?> start(List<String> line, Map<String, String> environment, Consumer<End> ended) {
        try {
            return slots.submit(() -> run(line, environment, ended));
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException("no free slot among " + slots.getMaximumPoolSize() + " for " + what);
        }
    }

    private static void run(List<String> line, Map<String, String> environment, Consumer<End> ended) {
        Process process;
        try {
            process = start(line, environment);
        } catch (IOException e) {
            ended.accept(new End(null, Text.reason(e)));
            return;
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (InputStream in = process.getInputStream()) {
            int wait = QUICK_MILLIS;
            // A thread that reads what may never come cannot be freed again, so only what is there is read.
            while (!process.waitFor(wait, TimeUnit.MILLISECONDS)) {
                wait = drain(in, output) ? QUICK_MILLIS : Math.min(CALM_MILLIS, 2 * wait);
            }
            drain(in, output);
            ended.accept(new End(process.exitValue(), output.toString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            ended.accept(new End(null, "its output cannot be read: " + Text.reason(e)));
        } catch (InterruptedException e) {
            // Cancelled: whoever did that has said what it means.
        } finally {
            new Session(process).end();
        }
    }

    private static Process start(List<String> line, Map<String, String> environment) throws IOException {
        List<String> all = new ArrayList<>();
        if (Session.SETSID != null) {
            all.add(Session.SETSID.toString());
        }
        all.addAll(line);
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Reads what is there, and keeps the beginning; says whether there was anything. */
    private static boolean drain(InputStream in, ByteArrayOutputStream output) throws IOException {
        boolean some = false;
        // Somebody who never stops writing does not keep us from looking at the time.
        for (int i = 0; i < MOST_READS && in.available() > 0; i++) {
            byte[] bytes = in.readNBytes(in.available());
            output.write(bytes, 0, Math.max(0, Math.min(bytes.length, MOST_OUTPUT - output.size())));
            some = true;
        }
        return some;
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
    }

    /**
     * How a program ended.
     *
     * @param exit its exit status; null if it could not be run
     * @param output the first 64 KiB of what it printed, to standard output and error; or why it could not be run
     */
    record End(Integer exit, String output) {}
}
