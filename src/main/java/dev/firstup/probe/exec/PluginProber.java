package dev.firstup.probe.exec;

import dev.firstup.model.Server;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.time.DurationText;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ProcessRunner;
import dev.firstup.probe.engine.ReasonText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A monitoring plugin (the Monitoring Plugins Development Guidelines): its exit status is the verdict, its first line the reason.
 * No shell has a part in it: what a server is called can never be a command.
 *
 * @param program where it is
 * @param arguments with placeholders for what differs from server to server
 */
public record PluginProber(Path program, List<String> arguments) implements Prober {
    private static final int OK = 0;
    private static final int WARNING = 1;
    private static final int CRITICAL = 2;
    private static final int UNKNOWN = 3;

    private static final List<String> PLACEHOLDERS = List.of("{host}", "{name}", "{port}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");
    /** What a program needs to find its files and speak its language. All else may be a secret. */
    private static final List<String> ENVIRONMENT =
            List.of("PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TMPDIR", "TZ");

    public PluginProber {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads the options.
     *
     * @param folder where programs lie that are given without one; empty if no program may be run
     * @throws IllegalArgumentException if one is wrong: the message says which, what was found and what was expected
     */
    public static PluginProber of(@Nullable String command, @Nullable String args, String folder) {
        if (folder.isBlank()) {
            throw new IllegalArgumentException("no plugins are run here, for the setting firstup.plugins is empty");
        }
        if (command == null || command.isBlank()) {
            throw new IllegalArgumentException("command is missing, expected a plugin such as check_http");
        }
        Path program = program(command, Path.of(folder).toAbsolutePath().normalize());
        List<String> arguments = split(args == null ? "" : args);
        for (String argument : arguments) {
            Matcher found = PLACEHOLDER.matcher(argument);
            while (found.find()) {
                if (!PLACEHOLDERS.contains(found.group())) {
                    throw new IllegalArgumentException("args has \"" + found.group() + "\""
                            + ReasonText.nearest(found.group(), PLACEHOLDERS) + " Expected one of "
                            + String.join(", ", PLACEHOLDERS));
                }
            }
        }
        return new PluginProber(program, arguments);
    }

    private static Path program(String command, Path folder) {
        Path program;
        try {
            program = folder.resolve(command).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("command is no path: " + ReasonText.reason(e), e);
        }
        String found = "command is \"" + command + "\", expected ";
        if (!Path.of(command).isAbsolute() && !program.startsWith(folder)) {
            throw new IllegalArgumentException(
                    found + "an absolute path, or a plugin below " + folder + " (firstup.plugins)");
        }
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw new IllegalArgumentException(found + "a program that can be run: "
                    + (Files.exists(program) ? program + " is none" : "there is no " + program));
        }
        if (anybodyMayChange(program)) {
            throw new IllegalArgumentException(found + "a program that not everybody may change: chmod o-w " + program);
        }
        return program;
    }

    private static boolean anybodyMayChange(Path program) {
        PosixFileAttributeView view = Files.getFileAttributeView(program, PosixFileAttributeView.class);
        try {
            return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new IllegalArgumentException("command cannot be read: " + ReasonText.reason(e), e);
        }
    }

    /** Words between spaces; single quotes keep one together that has spaces in it. */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '\'') {
                quoted = !quoted;
                word = word == null ? new StringBuilder() : word;
            } else if (next != ' ' || quoted) {
                word = word == null ? new StringBuilder() : word;
                word.append(next);
            } else if (word != null) {
                words.add(word.toString());
                word = null;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("args has a quotation without an end, expected another ' after it");
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    @Override
    public void begin(ProbeAttempt attempt, ProbeEngine engine) {
        Server server = attempt.server();
        if (server.port() == 0 && arguments.stream().anyMatch(it -> it.contains("{port}"))) {
            attempt.settle(ProbeResult.unknown("no port is given, and args has {port}"));
            return;
        }
        attempt.start(ProbePhase.RESPONSE);
        CompletableFuture<ProcessRunner.End> ended = new CompletableFuture<>();
        Future<?> run;
        try {
            run = engine.plugins().start(line(server), environment(server), false, ended::complete);
        } catch (RejectedExecutionException e) {
            attempt.settle(ProbeResult.unknown(String.valueOf(e.getMessage())));
            return;
        }
        try {
            Future<?> deadline = engine.deadline(
                    engine.loop(),
                    server.timeout(),
                    () -> ProbeResult.down(
                            ReasonCode.L7TOUT, named() + " did not end within " + DurationText.exact(server.timeout())),
                    result -> {
                        attempt.settle(result);
                        run.cancel(true);
                    });
            ended.thenAccept(end -> {
                attempt.settle(judge(end));
                deadline.cancel(false);
            });
        } catch (RejectedExecutionException e) {
            run.cancel(true);
        }
    }

    private List<String> line(Server server) {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        for (String argument : arguments) {
            line.add(PLACEHOLDER
                    .matcher(argument)
                    .replaceAll(it -> Matcher.quoteReplacement(value(it.group(), server))));
        }
        return line;
    }

    private static String value(String placeholder, Server server) {
        return switch (placeholder) {
            case "{host}" -> server.host();
            case "{name}" -> server.publicName();
            default -> String.valueOf(server.port());
        };
    }

    private static Map<String, String> environment(Server server) {
        Map<String, String> environment = new TreeMap<>();
        for (String name : ENVIRONMENT) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("FIRSTUP_PROBE_QUEUE", server.queue());
        environment.put("FIRSTUP_PROBE_SERVER", server.name());
        environment.put("FIRSTUP_PROBE_HOST", server.host());
        environment.put("FIRSTUP_PROBE_NAME", server.publicName());
        environment.put("FIRSTUP_PROBE_PORT", server.port() == 0 ? "" : String.valueOf(server.port()));
        BigDecimal seconds = BigDecimal.valueOf(server.timeout().toMillis(), 3);
        environment.put("FIRSTUP_PROBE_TIMEOUT", seconds.stripTrailingZeros().toPlainString());
        return environment;
    }

    ProbeResult judge(ProcessRunner.End end) {
        // What follows the bar is for machines.
        String said = ReasonText.firstLine(end.output().isBlank() ? end.errors() : end.output())
                .split("\\|", 2)[0]
                .strip();
        if (end.exit() == null) {
            return ProbeResult.unknown(named() + " cannot be run: " + said);
        }
        String reason = said.isEmpty() ? named() + " ended with exit status " + end.exit() : said;
        return switch (end.exit()) {
            case OK, WARNING -> ProbeResult.up(ReasonCode.L7OK, reason);
            case CRITICAL -> ProbeResult.down(ReasonCode.L7STS, reason);
            case UNKNOWN -> ProbeResult.unknown(reason);
            default ->
                ProbeResult.unknown(named() + " ended with exit status " + end.exit() + ", expected 0 to 3"
                        + (said.isEmpty() ? "" : ": " + said));
        };
    }

    private String named() {
        return program.getFileName().toString();
    }
}
