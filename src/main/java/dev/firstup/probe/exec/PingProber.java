package dev.firstup.probe.exec;

import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ProbeTask;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ProcessRunner;
import dev.firstup.probe.engine.ReasonText;
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
import org.jspecify.annotations.Nullable;

/**
 * One ICMP echo (RFC 792, RFC 4443) to one address. Java has no socket for it, so the system's own {@code ping} sends it: one
 * process for each.
 *
 * @param ping that program
 */
public record PingProber(Path ping) implements Prober {
    private static final List<String> PLACES = List.of("/usr/bin/ping", "/bin/ping", "/usr/sbin/ping", "/sbin/ping");
    private static final Pattern TIME = Pattern.compile("time[=<]([0-9.]{1,12}) ?ms");
    /** An ICMP error that came back, with who sent it. */
    private static final Pattern REPORT =
            Pattern.compile("From \\S{1,100} .*(?:unreachable|prohibited|filtered)", Pattern.CASE_INSENSITIVE);

    private static final Pattern NOT_ALLOWED =
            Pattern.compile("not permitted|ermission denied|cap_net_raw|are you root", Pattern.CASE_INSENSITIVE);

    /** @throws IllegalArgumentException if this machine has no {@code ping}: the message says what to install */
    public static PingProber ofSystem() {
        return of(PLACES.stream().map(Path::of));
    }

    static PingProber of(Stream<Path> places) {
        return places.filter(Files::isExecutable)
                .findFirst()
                .map(PingProber::new)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "this machine has no ping, which sends the echoes: install it (Debian: apt-get install iputils-ping)"));
    }

    @Override
    public void begin(ProbeAttempt attempt, ProbeEngine engine) {
        new Echo(attempt, engine).begin();
    }

    /** What it means that {@code ping} has ended. */
    static ProbeResult judge(ProcessRunner.End end, String where) {
        String said = end.said();
        if (end.exit() == null) {
            return ProbeResult.unknown("ping cannot be run: " + ReasonText.firstLine(said));
        }
        if (end.exit() == 0) {
            Matcher time = TIME.matcher(said);
            return ProbeResult.up(
                    ReasonCode.L4OK, "echo from " + where + (time.find() ? " in " + time.group(1) + " ms" : ""));
        }
        Matcher report = REPORT.matcher(said);
        if (report.find()) {
            return ProbeResult.down(
                    ReasonCode.L4CON, "no route to " + where + ": " + ReasonText.firstLine(report.group()));
        }
        if (said.contains("No route to host")) {
            return ProbeResult.down(ReasonCode.L4CON, "no route to " + where);
        }
        if (said.contains("sendmsg: Operation not permitted")) {
            return ProbeResult.unknown("this machine's own firewall lets no echo out to " + where);
        }
        if (NOT_ALLOWED.matcher(said).find()) {
            return ProbeResult.unknown(
                    "ping may not send echoes: set net.ipv4.ping_group_range to \"0 2147483647\" (sysctl),"
                            + " or give ping the capability cap_net_raw");
        }
        if (end.exit() == 1) {
            return ProbeResult.down(ReasonCode.L4TOUT, "no echo from " + where);
        }
        String line = ReasonText.firstLine(said);
        return ProbeResult.unknown(line.isEmpty() ? "ping ended with exit status " + end.exit() : line);
    }

    private final class Echo extends ProbeTask {
        private @Nullable Future<?> run;

        Echo(ProbeAttempt attempt, ProbeEngine engine) {
            super(attempt, engine, 0, ProbePhase.RESPONSE);
        }

        @Override
        protected void reach(InetSocketAddress address) {
            // It has a deadline of its own, ten seconds mostly; ours ends it before.
            List<String> line = List.of(
                    ping.toString(), "-n", "-c", "1", address.getAddress().getHostAddress());
            try {
                run = engine.pings().start(line, Map.of("LC_ALL", "C"), true, this::ended);
            } catch (RejectedExecutionException e) {
                settle(ProbeResult.unknown(String.valueOf(e.getMessage())));
            }
        }

        private void ended(ProcessRunner.End end) {
            try {
                loop.execute(() -> settle(judge(end, where())));
            } catch (RejectedExecutionException e) {
                attempt.settle(ProbeEngine.stopped());
            }
        }

        @Override
        protected ProbeResult expired() {
            return ProbeResult.down(ReasonCode.L4TOUT, "no echo from " + where() + within());
        }

        @Override
        protected void release() {
            if (run != null) {
                // Nothing is left to be ended where it has ended by itself.
                run.cancel(true);
            }
        }
    }
}
