package dev.firstup.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes that a program has left behind or still is. On Linux that is its session (setsid(2)): whoever belongs to it is
 * found also when its parent is gone, and only a daemon that made a session of its own is not. Elsewhere it is the program and its
 * descendants.
 */
final class Session {
    /** Runs a program in a session of its own, under the same process id; null where there is none. */
    static final Path SETSID = setsid();

    private static final Path PROC = Path.of("/proc");
    private static final long GRACE_MILLIS = 500;
    private static final long LOOK_MILLIS = 10;
    private static final long CALM_MILLIS = 1_000;

    private final Process leader;

    Session(Process leader) {
        this.leader = leader;
    }

    /**
     * Asks all of them to end (SIGTERM), and half a second later makes them (SIGKILL). Returns when none is left. A thread that is
     * interrupted meanwhile doesn't wait.
     */
    void end() {
        long asked = System.nanoTime();
        long wait = LOOK_MILLIS;
        boolean patient = true;
        for (List<ProcessHandle> left = members(); !left.isEmpty(); left = members()) {
            boolean make = !patient || System.nanoTime() - asked >= TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
            left.forEach(make ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
            if (!patient) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(wait);
            } catch (InterruptedException e) {
                patient = false;
            }
            // One that waits for a dead disk cannot be ended, not even so.
            wait = make ? Math.min(CALM_MILLIS, 2 * wait) : LOOK_MILLIS;
        }
    }

    private List<ProcessHandle> members() {
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
                if (belongs(process)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(members::add);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("processes cannot be listed: " + Text.reason(e), e);
        }
        return members;
    }

    private boolean belongs(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // proc(5): the name may hold spaces and brackets; after it come state, parent, group and session.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            return fields[3].equals(String.valueOf(leader.pid())) && !fields[0].equals("Z");
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    private static Path setsid() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
