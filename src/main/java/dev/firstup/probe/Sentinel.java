package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.model.time.DurationText;
import dev.firstup.probe.engine.ProbeEngine;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One idle connection to one server. When it closes, another one is tried at once, and then again and again, each time after a
 * longer while; one that the server would soon close by habit is replaced before. What the server says is thrown away. All of it
 * on one event loop.
 */
final class Sentinel {
    enum State {
        OPEN,
        LOST,
        GIVEN_UP
    }

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** A server that says more to somebody who is silent is not idle. */
    private static final int TALK = 64 * 1024;

    private final int port;
    private final ProbeEngine engine;
    private final SentinelPool sentinels;
    private final EventLoop loop;
    private final IdleTimeout idleTimeout;
    private volatile Server server;
    private volatile State state = State.LOST;

    private @Nullable Held held;
    private @Nullable Held coming;
    private @Nullable ScheduledFuture<?> next;
    private Duration pause = FIRST;
    /** For how long the connection stood that has closed just now; null unless the first attempt since is under way. */
    private @Nullable Duration stood;

    private boolean over;

    Sentinel(Server server, int port, ProbeEngine engine, SentinelPool sentinels, IdleTimeout idleTimeout) {
        this.server = server;
        this.port = port;
        this.engine = engine;
        this.sentinels = sentinels;
        this.idleTimeout = idleTimeout;
        loop = engine.loop();
    }

    State state() {
        return state;
    }

    /** Whether this is the sentinel of {@code other}, which is then known under its newest revision. */
    boolean guards(Server other) {
        if (!server.probedLike(other)) {
            return false;
        }
        server = other;
        return true;
    }

    void begin() {
        onLoop(this::open);
    }

    void end() {
        onLoop(this::stop);
    }

    private void onLoop(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException e) {
            // The engine has stopped, and with it all connections.
            over = true;
        }
    }

    private void open() {
        if (!over) {
            Held begun = new Held();
            coming = begun;
            begun.begin();
        }
    }

    private void openAfter(Duration wait) {
        if (next != null) {
            next.cancel(false);
        }
        next = loop.schedule(this::open, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stands(Held fresh) {
        Held before = held;
        held = fresh;
        coming = null;
        state = State.OPEN;
        pause = FIRST;
        if (before != null) {
            before.release();
            idleTimeout.renewed();
        } else if (stood != null) {
            idleTimeout.closed(stood);
            stood = null;
        }
        if (idleTimeout.hopeless()) {
            Duration last = Objects.requireNonNull(idleTimeout.last());
            giveUp("it closes connections that are idle, the last one after " + DurationText.exact(last));
            return;
        }
        Duration life = idleTimeout.life();
        if (life != null) {
            openAfter(life);
        }
    }

    private void failed() {
        coming = null;
        if (held != null || stood != null) {
            // Who takes no more connections may be as good as dead, though one stands or a probe got through: a server
            // that ends closes its connections and its port one after the other, in any order.
            sentinels.suspect(server);
        }
        stood = null;
        idleTimeout.forget();
        openAfter(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }

    private void closed(Held it) {
        stood = it.age();
        it.release();
        held = null;
        state = State.LOST;
        sentinels.suspect(server);
        if (coming == null) {
            // Whether it lives is not for this to say, but whether it closed by habit is: then it takes the next one at
            // once.
            openAfter(Duration.ZERO);
        }
    }

    private void giveUp(String reason) {
        stop();
        state = State.GIVEN_UP;
        sentinels.givenUp(server, reason);
    }

    private void stop() {
        over = true;
        if (next != null) {
            next.cancel(false);
        }
        for (Held it : new @Nullable Held[] {held, coming}) {
            if (it != null) {
                it.release();
            }
        }
        held = null;
        coming = null;
    }

    /** One connection. It hears nothing but its end. */
    private final class Held extends ChannelInboundHandlerAdapter {
        private final ScheduledFuture<?> deadline =
                loop.schedule(this::failed, server.timeout().toNanos(), TimeUnit.NANOSECONDS);
        private @Nullable NioSocketChannel socket;
        private long opened;
        private long heard;

        void begin() {
            InetAddress literal = NetUtil.createInetAddressFromIpAddressString(server.host());
            if (literal != null) {
                connect(new InetSocketAddress(literal, port));
                return;
            }
            engine.resolve(loop, server.host(), port).addListener((Future<InetSocketAddress> found) -> {
                if (coming == this && found.isSuccess()) {
                    connect(found.getNow());
                } else {
                    failed();
                }
            });
        }

        private void connect(InetSocketAddress to) {
            NioSocketChannel fresh;
            try {
                fresh = engine.idleSocket(loop, to);
            } catch (RuntimeException e) {
                // Whatever it is, the probes say it.
                failed();
                return;
            }
            socket = fresh;
            fresh.config()
                    .setAllocator(engine.buffers())
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1024))
                    .setConnectTimeoutMillis(0);
            fresh.pipeline().addLast(this);
            loop.register(fresh);
            fresh.connect(to).addListener((ChannelFuture connected) -> {
                if (!connected.isSuccess()) {
                    failed();
                } else if (coming == this) {
                    deadline.cancel(false);
                    opened = System.nanoTime();
                    stands(this);
                }
            });
        }

        private void failed() {
            if (coming == this) {
                release();
                Sentinel.this.failed();
            }
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - opened);
        }

        void release() {
            deadline.cancel(false);
            if (socket != null) {
                engine.close(loop, socket);
                socket = null;
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            heard += in.readableBytes();
            in.release();
            if (heard > TALK && held == this) {
                giveUp("it said " + heard + " bytes though nobody asked");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (held == this) {
                closed(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A reset closes it as well.
            context.close();
        }
    }
}
