package dev.firstup.probe;

import dev.firstup.model.Server;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One idle connection to one server, opened again and again, each time after a longer while. What the server says is thrown away.
 * All of it on one event loop.
 */
final class Sentinel {
    enum State {
        OPEN,
        LOST,
        GIVEN_UP
    }

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** A connection that stands for so long is not closed by habit. */
    private static final Duration LONG = Duration.ofMinutes(10);
    /** So many closed in a row, each opened again at the first attempt, are a habit: the server lives. */
    private static final int HABIT = 3;
    /** A server that says more to somebody who is silent is not idle. */
    private static final int TALK = 64 * 1024;

    private final int port;
    private final Engine engine;
    private final Sentinels sentinels;
    private final EventLoop loop;
    private volatile Server server;
    private volatile State state = State.LOST;

    private Duration pause = FIRST;
    private NioSocketChannel channel;
    private ScheduledFuture<?> deadline;
    private long opened;
    private long heard;
    private int attempts;
    private int closings;
    private boolean over;

    Sentinel(Server server, int port, Engine engine, Sentinels sentinels) {
        this.server = server;
        this.port = port;
        this.engine = engine;
        this.sentinels = sentinels;
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
        onLoop(() -> {
            over = true;
            release();
        });
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
        if (over) {
            return;
        }
        attempts++;
        heard = 0;
        deadline = loop.schedule(this::retry, server.timeout().toNanos(), TimeUnit.NANOSECONDS);
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(server.host());
        if (literal != null) {
            connect(new InetSocketAddress(literal, port));
            return;
        }
        ScheduledFuture<?> patience = deadline;
        engine.resolve(loop, server.host(), port).addListener((Future<InetSocketAddress> found) -> {
            if (patience.isDone()) {
                return;
            }
            if (found.isSuccess()) {
                connect(found.getNow());
            } else {
                retry();
            }
        });
    }

    private void connect(InetSocketAddress to) {
        try {
            channel = engine.socket(loop, to);
        } catch (RuntimeException e) {
            // Whatever it is, the probes say it.
            retry();
            return;
        }
        NioSocketChannel its = channel;
        its.config()
                .setAllocator(engine.buffers())
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1024))
                .setConnectTimeoutMillis(0);
        its.pipeline().addLast(new Deaf());
        loop.register(its);
        its.connect(to).addListener((ChannelFuture connected) -> {
            if (its != channel) {
                return;
            }
            if (!connected.isSuccess()) {
                retry();
                return;
            }
            deadline.cancel(false);
            opened = System.nanoTime();
            state = State.OPEN;
            pause = FIRST;
            if (attempts > 1) {
                // It was away, so what closed before was no habit.
                closings = 0;
            } else if (closings >= HABIT) {
                giveUp("it closed " + closings + " connections that were idle, and takes new ones at once");
            }
            attempts = 0;
        });
    }

    private void closed() {
        Duration stood = Duration.ofNanos(System.nanoTime() - opened);
        closings = stood.compareTo(LONG) < 0 ? closings + 1 : 1;
        sentinels.closed(server);
        retry();
    }

    private void retry() {
        release();
        if (over) {
            return;
        }
        state = State.LOST;
        loop.schedule(this::open, pause.toNanos(), TimeUnit.NANOSECONDS);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }

    private void giveUp(String reason) {
        over = true;
        release();
        state = State.GIVEN_UP;
        sentinels.givenUp(server, reason);
    }

    private void release() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        NioSocketChannel its = channel;
        channel = null;
        if (its != null) {
            engine.close(loop, its);
        }
    }

    /** Hears nothing but the end. */
    private final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            heard += in.readableBytes();
            in.release();
            if (heard > TALK && context.channel() == channel) {
                giveUp("it said " + heard + " bytes though nobody asked");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                closed();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A reset closes it as well.
            context.close();
        }
    }
}
