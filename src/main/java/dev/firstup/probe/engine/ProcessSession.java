package dev.firstup.probe.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that a program has left behind or still is. On Linux that is its session (setsid(2)): whoever belongs to it is
 * found also when its parent is gone, and only a daemon that made a session of its own is not. Elsewhere it is the program and its
 * descendants.
 */
final class ProcessSession {
    /** Runs a program in a session of its own, under the same process id; null where there is none. */
    static final @Nullable Path SETSID = setsid();

    private static final Logger LOG = LoggerFactory.getLogger(ProcessSession.class);
    private static final Path PROC = Path.of("/proc");
    private static final long GRACE_MILLIS = 500;
    private static final long LOOK_MILLIS = 10;
    private static final long CALM_MILLIS = 1_000;
    private static final long MOST_MILLIS = 5_000;

    private final Supplier<List<ProcessHandle>> members;

    ProcessSession(Supplier<List<ProcessHandle>> members) {
        this.members = members;
    }

    static ProcessSession of(Process leader) {
        return new ProcessSession(() -> members(leader));
    }

    /** That of a program which starts no others. */
    static ProcessSession ofOne(Process leader) {
        return new ProcessSession(() -> leader.isAlive() ? List.of(leader.toHandle()) : List.of());
    }

    /**
     * Asks all of them to end (SIGTERM), and half a second later makes them (SIGKILL). Returns when none is left, or after five
     * seconds, for there are some that cannot be ended: somebody else's, or one that waits for a dead disk. A thread that is
     * interrupted meanwhile doesn't wait.
     */
    void end() {
        long asked = System.nanoTime();
        long wait = LOOK_MILLIS;
        boolean patient = true;
        for (List<ProcessHandle> left = members.get(); !left.isEmpty(); left = members.get()) {
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            boolean make = !patient || waited >= GRACE_MILLIS;
            left.forEach(make ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
            if (!patient) {
                Thread.currentThread().interrupt();
                return;
            }
            if (waited >= MOST_MILLIS) {
                LOG.warn(
                        "What a probe has started cannot be ended, and is left alone: process {}",
                        left.stream().map(it -> String.valueOf(it.pid())).collect(Collectors.joining(", ")));
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(wait);
            } catch (InterruptedException e) {
                patient = false;
            }
            wait = make ? Math.min(CALM_MILLIS, 2 * wait) : LOOK_MILLIS;
        }
    }

    private static List<ProcessHandle> members(Process leader) {
        if (SETSID == null || !Files.isReadable(PROC.resolve("self/stat"))) {
            return Stream.concat(Stream.of(leader.toHandle()), leader.descendants())
                    .filter(ProcessHandle::isAlive)
                    .toList();
        }
        List<ProcessHandle> members = new ArrayList<>();
        if (leader.isAlive()) {
            // It may not have come to its session yet.
            members.add(leader.toHandle());
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (belongs(process, leader.pid())) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(members::add);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("processes cannot be listed: " + ReasonText.reason(e), e);
        }
        return members;
    }

    private static boolean belongs(Path process, long session) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // proc(5): the name may hold spaces and brackets; after it come state, parent, group and session.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            return fields[3].equals(String.valueOf(session)) && !fields[0].equals("Z");
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    private static @Nullable Path setsid() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
