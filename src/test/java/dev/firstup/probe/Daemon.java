package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.net.httpserver.HttpServer;
import dev.firstup.model.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real server as a private process, with all processes that it starts, and the table of the verdicts on it. */
final class Daemon implements AutoCloseable {
    public static final Duration SHORT = Duration.ofSeconds(1);

    private final Path log;
    private final List<String> command;
    private final Map<String, String> table = new LinkedHashMap<>();
    private Process process;

    /** @param folder where its log is kept */
    Daemon(Path folder, List<String> command) {
        this.log = folder.resolve("log");
        this.command = command;
    }

    /** Where {@code program} is; without it the test is skipped, and on a build server it fails. */
    public static String require(String debianPackage, String... program) {
        return Stream.of(program)
                .filter(it -> Files.isExecutable(Path.of(it)))
                .findFirst()
                .orElseGet(() -> missing("not installed: apt-get install " + debianPackage));
    }

    /** What a test needs is not there. */
    public static <T> T missing(String message) {
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Starts it, and waits until {@code port} accepts. */
    void start(int port) throws IOException {
        start(() -> accepts(port));
    }

    void start(BooleanSupplier ready) throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                assertThat(process.isAlive()).as("it runs").isTrue();
                return ready.getAsBoolean();
            });
        } catch (AssertionError | RuntimeException e) {
            close();
            throw new IllegalStateException(command + " did not start: " + Files.readString(log), e);
        }
    }

    public static boolean accepts(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code kill} of the first process alone, as an administrator would. */
    void end(String signal) throws Exception {
        run("kill", "-" + signal, String.valueOf(process.pid()));
    }

    /** None of its processes runs any more, and yet its port is open. */
    void hang() throws Exception {
        signal("-STOP");
    }

    void goOn() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        for (ProcessHandle it : all()) {
            try {
                run("kill", signal, String.valueOf(it.pid()));
            } catch (AssertionError e) {
                // It may have ended meanwhile by itself.
                assertThat(it.isAlive()).as(e.getMessage()).isFalse();
            }
        }
    }

    /** {@code kill -9} of all its processes. */
    void stop() {
        if (process != null) {
            List<ProcessHandle> all = all();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(it -> it.onExit().join());
        }
    }

    private List<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    /** A real HTTP server on {@code port}, where this one should be. */
    public static AutoCloseable httpServer(int port) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        http.start();
        return () -> http.stop(0);
    }

    /** Keeps what was found in some state of the server, and says it. */
    String found(String state, Verdict verdict) {
        table.put(state, verdict.explained());
        return verdict.explained();
    }

    public static void run(String... line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor())
                .as(String.join(" ", line) + ": " + printed)
                .isZero();
    }

    @Override
    public void close() {
        stop();
        List<String> lines = new ArrayList<>();
        table.forEach((state, verdict) -> lines.add(String.format("%-44s | %s", state, verdict)));
        lines.forEach(System.out::println);
    }
}
