package dev.firstup.probe;

import dev.firstup.model.Phase;
import dev.firstup.model.Server;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;

/** One probe of one address, found by name where the server has one: one deadline over all of it, all of it on one event loop. */
abstract class Errand {
    final Attempt attempt;
    final Engine engine;
    final EventLoop loop;
    final Server server;
    private final int port;

    private ScheduledFuture<?> deadline;
    private InetSocketAddress address;
    private boolean over;

    Errand(Attempt attempt, Engine engine, int port) {
        this.attempt = attempt;
        this.engine = engine;
        this.port = port;
        loop = engine.loop();
        server = attempt.server();
    }

    final void begin() {
        try {
            loop.execute(() -> guarded(this::open));
        } catch (RejectedExecutionException e) {
            attempt.settle(Engine.stopped());
        }
    }

    private void open() {
        boolean literal = NetUtil.createInetAddressFromIpAddressString(server.host()) != null;
        attempt.start(literal ? Phase.RESPONSE : Phase.RESOLVE);
        deadline = engine.deadline(loop, server.timeout(), this::late, this::settle);
        if (literal) {
            address = new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(server.host()), port);
            reach(address);
            return;
        }
        engine.resolve(loop, server.host(), port)
                .addListener((Future<InetSocketAddress> found) -> guarded(() -> {
                    if (!found.isSuccess()) {
                        settle(Finding.unknown(server.host() + " cannot be resolved: " + Text.reason(found.cause())));
                    } else if (!deadline.isDone()) {
                        attempt.enter(Phase.RESPONSE);
                        address = found.getNow();
                        reach(address);
                    }
                }));
    }

    private Finding late() {
        return attempt.phase() == Phase.RESOLVE
                ? Finding.unknown(server.host() + " was not resolved" + within())
                : expired();
    }

    /** Does what is to be done at this address. */
    abstract void reach(InetSocketAddress address);

    /** What it means that there is no answer yet. */
    abstract Finding expired();

    /** Gives back what the probe holds; it is over. */
    abstract void release();

    final void settle(Finding finding) {
        over = true;
        attempt.settle(finding);
        if (deadline != null) {
            deadline.cancel(false);
        }
        release();
    }

    final boolean over() {
        return over;
    }

    final void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            settle(Finding.unknown("cannot probe " + server.host() + ": " + Text.reason(e)));
        }
    }

    final String within() {
        return " within " + Text.duration(server.timeout());
    }

    /** The address as people read it, beside the name that it was found by; without a port where this kind has none. */
    final String where() {
        String ip = NetUtil.toAddressString(address.getAddress());
        String literal = port == 0 ? ip : NetUtil.toSocketAddressString(address);
        return NetUtil.createInetAddressFromIpAddressString(server.host()) != null
                ? literal
                : server.host() + (port == 0 ? "" : ":" + port) + " (" + ip + ")";
    }
}
