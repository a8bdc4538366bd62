package dev.firstup.rehearsal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The terminal of this process, through {@code stty}. */
final class Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final int SECONDS = 2;

    private final String saved;
    private final Thread restoring;

    private Terminal(String saved) {
        this.saved = saved;
        this.restoring = new Thread(this::restore, "rehearsal-terminal");
    }

    /** Lets keys come through at once and unseen. Where that cannot be had, a key counts after the Enter that follows. */
    static Terminal open() {
        Terminal terminal = new Terminal(stty("-g"));
        if (!terminal.saved.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(terminal.restoring);
            stty("-icanon", "-echo", "min", "0");
        }
        return terminal;
    }

    /** Whether what we print goes to a terminal that can be drawn on. */
    static boolean drawable() {
        return !"dumb".equals(System.getenv("TERM")) && run(Redirect.INHERIT, "test", "-t", "1") != null;
    }

    /** Whether colours are wanted (no-color.org). */
    static boolean colourful() {
        String refused = System.getenv("NO_COLOR");
        return refused == null || refused.isEmpty();
    }

    /** In characters. */
    static int width() {
        // stty says "rows columns".
        String size = stty("size");
        return Stream.of(System.getenv("COLUMNS"), size.substring(size.indexOf(' ') + 1))
                .filter(it -> it != null && it.matches("[1-9]\\d{0,3}"))
                .map(Integer::parseInt)
                .findFirst()
                .orElse(USUAL_WIDTH);
    }

    /** Leaves it as it was. */
    void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook has run or will.
        }
    }

    private void restore() {
        if (!saved.isEmpty()) {
            stty(saved);
        }
    }

    /** What it printed; empty where there is no stty, or no terminal. */
    private static String stty(String... arguments) {
        String printed = run(
                Redirect.PIPE,
                Stream.concat(Stream.of("stty"), Arrays.stream(arguments)).toArray(String[]::new));
        return printed == null ? "" : printed.strip();
    }

    private static @Nullable String run(Redirect output, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Redirect.INHERIT)
                    .redirectOutput(output)
                    .redirectError(Redirect.DISCARD)
                    .start();
            String printed = new String(process.getInputStream().readNBytes(1024), StandardCharsets.US_ASCII);
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? printed : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
