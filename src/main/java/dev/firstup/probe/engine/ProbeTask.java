package dev.firstup.probe.engine;

import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.time.DurationText;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One probe of one address, found by name where the server has one: one attempt, one deadline over all of it, all of it on one
 * event loop.
 */
public abstract class ProbeTask {
    /** A machine that begins probes later than this has too much to do: one that it does not make is a relief. */
    private static final Duration FULL = Duration.ofSeconds(1);

    protected final ProbeAttempt attempt;
    protected final ProbeEngine engine;
    protected final EventLoop loop;
    protected final Server server;
    private final int port;
    private final ProbePhase first;
    private final long due = System.nanoTime();

    /** What this loop had lost when this began. */
    private long lost;

    private @Nullable ScheduledFuture<?> deadline;
    /** Known as soon as anything is done there. */
    @SuppressWarnings("NullAway.Init")
    private InetSocketAddress address;

    private boolean over;

    /**
     * @param port 0 where this kind has none
     * @param first the phase that follows once the address is known
     */
    protected ProbeTask(ProbeAttempt attempt, ProbeEngine engine, int port, ProbePhase first) {
        this.attempt = attempt;
        this.engine = engine;
        this.port = port;
        this.first = first;
        loop = engine.loop();
        server = attempt.server();
    }

    public final void begin() {
        try {
            loop.execute(() -> guarded(this::open));
        } catch (RejectedExecutionException e) {
            attempt.settle(ProbeEngine.stopped());
        }
    }

    private void open() {
        lost = engine.lost(loop);
        Duration waited = Duration.ofNanos(System.nanoTime() - due);
        if (waited.compareTo(FULL) > 0) {
            settle(ProbeEngine.late(waited));
            return;
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(server.host());
        attempt.start(literal == null ? ProbePhase.RESOLVE : first);
        deadline = engine.deadline(loop, server.timeout(), this::tooLate, this::settle);
        if (literal != null) {
            found(new InetSocketAddress(literal, port));
            return;
        }
        engine.resolve(loop, server.host(), port)
                .addListener((Future<InetSocketAddress> answer) -> guarded(() -> {
                    if (!answer.isSuccess()) {
                        settle(unresolved(answer.cause()));
                    } else if (!over) {
                        attempt.enter(first);
                        found(answer.getNow());
                    }
                }));
    }

    /** Where the name is what is published, and the answer is that it does not exist, users cannot find it either. */
    private ProbeResult unresolved(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof DnsErrorCauseException error
                    && error.getCode().equals(DnsResponseCode.NXDOMAIN)
                    && server.host().equals(server.addresses().get(RecordType.CNAME))) {
                return ProbeResult.down(ReasonCode.L4CON, server.host() + " does not exist (NXDOMAIN)");
            }
        }
        return ProbeResult.unknown(server.host() + " cannot be resolved: " + ReasonText.reason(cause));
    }

    private void found(InetSocketAddress to) {
        address = to;
        attempt.address(to.getAddress());
        reach(to);
    }

    private ProbeResult tooLate() {
        return attempt.phase() == ProbePhase.RESOLVE
                ? ProbeResult.unknown(server.host() + " was not resolved" + within())
                : expired();
    }

    /** Does what is to be done at this address. */
    protected abstract void reach(InetSocketAddress to);

    /** What it means that there is no answer yet. */
    protected abstract ProbeResult expired();

    /** Gives back what the probe holds; it is over. */
    protected abstract void release();

    /** Ends this probe with what was found, unless it is over already. */
    protected void settle(ProbeResult result) {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
            attempt.lost(engine.lostSince(loop, lost));
        }
        attempt.settle(result);
        release();
    }

    protected final boolean over() {
        return over;
    }

    protected final InetSocketAddress address() {
        return address;
    }

    /** That this machine was late since this began; null if it was not. */
    protected final @Nullable ProbeResult late() {
        Duration late = engine.lostSince(loop, lost);
        return late.isZero() ? null : ProbeEngine.late(late);
    }

    protected final void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            settle(ProbeResult.unknown("cannot probe " + server.host() + ": " + ReasonText.reason(e)));
        }
    }

    /** What it means that no connection could be made. */
    protected final ProbeResult unconnected(Throwable cause) {
        // It stood, and was reset before this machine took notice.
        ProbeResult ours = ReasonText.reason(cause).startsWith("Connection reset") ? late() : null;
        return ours == null ? unconnected(cause, where(), () -> hasRoute(address)) : ours;
    }

    /** @param routed whether this machine itself has a route to there; asked only where that matters */
    public static ProbeResult unconnected(Throwable cause, String where, BooleanSupplier routed) {
        String message = ReasonText.reason(cause);
        if (cause instanceof NoRouteToHostException || message.startsWith("Host is down")) {
            return ProbeResult.down(ReasonCode.L4CON, "no route to " + where);
        }
        if (message.startsWith("Network is unreachable") && routed.getAsBoolean()) {
            return ProbeResult.down(
                    ReasonCode.L4CON, "no route to the network of " + where + ", says a router on the way");
        }
        if (message.startsWith("Connection reset")) {
            return ProbeResult.down(ReasonCode.L4CON, "connection reset by " + where);
        }
        if (cause instanceof ConnectException && !(cause instanceof BindException)) {
            return message.startsWith("Connection timed out")
                    ? ProbeResult.down(ReasonCode.L4TOUT, "no answer from " + where)
                    : ProbeResult.down(ReasonCode.L4CON, "connection refused by " + where);
        }
        return ProbeResult.unknown("cannot connect to " + where + ": " + message);
    }

    /** No packet is sent for this. */
    private static boolean hasRoute(InetSocketAddress to) {
        try (DatagramChannel channel = DatagramChannel.open(ProbeEngine.family(to))) {
            channel.connect(to);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    protected final String within() {
        return " within " + DurationText.exact(server.timeout());
    }

    /** The address as people read it, beside the name that it was found by; without a port where this kind has none. */
    protected final String where() {
        String ip = NetUtil.toAddressString(address.getAddress());
        String literal = port == 0 ? ip : NetUtil.toSocketAddressString(address);
        return NetUtil.createInetAddressFromIpAddressString(server.host()) != null
                ? literal
                : server.host() + (port == 0 ? "" : ":" + port) + " (" + ip + ")";
    }
}
