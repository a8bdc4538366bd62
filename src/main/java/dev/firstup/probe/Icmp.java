package dev.firstup.probe;

import dev.firstup.model.Code;
import dev.firstup.model.Phase;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One ICMP echo (RFC 792, RFC 4443) to one address. Java has no socket for it, so the system's own {@code ping} sends it: one
 * process for each.
 *
 * @param ping that program
 */
record Icmp(Path ping) implements Check {
    private static final List<String> PLACES = List.of("/usr/bin/ping", "/bin/ping", "/usr/sbin/ping", "/sbin/ping");
    private static final Pattern TIME = Pattern.compile("time[=<]([0-9.]{1,12}) ?ms");
    /** An ICMP error that came back, with who sent it. */
    private static final Pattern REPORT =
            Pattern.compile("From \\S{1,100} .*(?:unreachable|prohibited|filtered)", Pattern.CASE_INSENSITIVE);

    private static final Pattern NOT_ALLOWED =
            Pattern.compile("not permitted|ermission denied|cap_net_raw|are you root", Pattern.CASE_INSENSITIVE);

    /** @throws IllegalArgumentException if this machine has no {@code ping}: the message says what to install */
    static Icmp ofSystem() {
        return of(PLACES.stream().map(Path::of));
    }

    static Icmp of(Stream<Path> places) {
        return places.filter(Files::isExecutable)
                .findFirst()
                .map(Icmp::new)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "this machine has no ping, which sends the echoes: install it (Debian: apt-get install iputils-ping)"));
    }

    @Override
    public void begin(Attempt attempt, Engine engine) {
        new Echo(attempt, engine).begin();
    }

    /** What it means that {@code ping} has ended. */
    static Finding judge(Programs.End end, String where) {
        String said = end.said();
        if (end.exit() == null) {
            return Finding.unknown("ping cannot be run: " + Text.firstLine(said));
        }
        if (end.exit() == 0) {
            Matcher time = TIME.matcher(said);
            return Finding.up(Code.L4OK, "echo from " + where + (time.find() ? " in " + time.group(1) + " ms" : ""));
        }
        Matcher report = REPORT.matcher(said);
        if (report.find()) {
            return Finding.down(Code.L4CON, "no route to " + where + ": " + Text.firstLine(report.group()));
        }
        if (said.contains("No route to host")) {
            return Finding.down(Code.L4CON, "no route to " + where);
        }
        if (said.contains("sendmsg: Operation not permitted")) {
            return Finding.unknown("this machine's own firewall lets no echo out to " + where);
        }
        if (NOT_ALLOWED.matcher(said).find()) {
            return Finding.unknown(
                    "ping may not send echoes: set net.ipv4.ping_group_range to \"0 2147483647\" (sysctl),"
                            + " or give ping the capability cap_net_raw");
        }
        if (end.exit() == 1) {
            return Finding.down(Code.L4TOUT, "no echo from " + where);
        }
        String line = Text.firstLine(said);
        return Finding.unknown(line.isEmpty() ? "ping ended with exit status " + end.exit() : line);
    }

    private final class Echo extends Errand {
        private Future<?> run;

        Echo(Attempt attempt, Engine engine) {
            super(attempt, engine, 0, Phase.RESPONSE);
        }

        @Override
        void reach(InetSocketAddress address) {
            // It has a deadline of its own, ten seconds mostly; ours ends it before.
            List<String> line = List.of(
                    ping.toString(), "-n", "-c", "1", address.getAddress().getHostAddress());
            try {
                run = engine.pings().start(line, Map.of("LC_ALL", "C"), true, this::ended);
            } catch (RejectedExecutionException e) {
                settle(Finding.unknown(e.getMessage()));
            }
        }

        private void ended(Programs.End end) {
            try {
                loop.execute(() -> settle(judge(end, where())));
            } catch (RejectedExecutionException e) {
                attempt.settle(Engine.stopped());
            }
        }

        @Override
        Finding expired() {
            return Finding.down(Code.L4TOUT, "no echo from " + where() + within());
        }

        @Override
        void release() {
            if (run != null) {
                // Nothing is left to be ended where it has ended by itself.
                run.cancel(true);
            }
        }
    }
}
