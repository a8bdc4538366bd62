package dev.firstup.probe;

import dev.firstup.model.Code;
import dev.firstup.model.Phase;
import dev.firstup.model.Server;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/** One probe over one connection: one address, one attempt, one deadline. All of it on one event loop. */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(4096);

    /** A machine that begins probes later than this has too much to do: one that it does not make is a relief. */
    private static final Duration FULL = Duration.ofSeconds(1);

    private final NetworkCheck check;
    private final Attempt attempt;
    private final Engine engine;
    private final EventLoop loop;
    private final Server server;
    private final long due = System.nanoTime();

    private long began;
    private ScheduledFuture<?> deadline;
    private InetSocketAddress address;
    private NioSocketChannel channel;
    private SslHandler tls;
    private Dialogue dialogue;
    private long received;
    private boolean thinking;
    private boolean over;

    Connection(NetworkCheck check, Attempt attempt, Engine engine) {
        this.check = check;
        this.attempt = attempt;
        this.engine = engine;
        loop = engine.loop();
        server = attempt.server();
    }

    void begin() {
        try {
            loop.execute(() -> guarded(this::open));
        } catch (RejectedExecutionException e) {
            attempt.settle(Engine.stopped());
        }
    }

    private void open() {
        began = System.nanoTime();
        Duration waited = Duration.ofNanos(began - due);
        if (waited.compareTo(FULL) > 0) {
            settle(Engine.late(waited));
            return;
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(server.host());
        attempt.start(literal == null ? Phase.RESOLVE : Phase.CONNECT);
        deadline = engine.deadline(loop, server.timeout(), this::expired, this::settle);
        int port = check.port(server);
        if (literal != null) {
            connect(new InetSocketAddress(literal, port));
            return;
        }
        engine.resolve(loop, server.host(), port)
                .addListener((Future<InetSocketAddress> found) -> guarded(() -> {
                    if (!found.isSuccess()) {
                        settle(Finding.unknown(server.host() + " cannot be resolved: " + Text.reason(found.cause())));
                    } else if (!deadline.isDone()) {
                        attempt.enter(Phase.CONNECT);
                        connect(found.getNow());
                    }
                }));
    }

    private void connect(InetSocketAddress to) {
        address = to;
        attempt.address(to.getAddress());
        channel = engine.socket(loop, to);
        channel.config()
                .setAllocator(engine.buffers())
                .setRecvByteBufAllocator(READS)
                .setConnectTimeoutMillis(0);
        channel.pipeline().addLast(this);
        loop.register(channel);
        channel.connect(to)
                .addListener((ChannelFuture connected) -> guarded(() -> {
                    if (!connected.isSuccess()) {
                        settle(unconnected(connected.cause(), where()));
                    } else if (check.tlsFirst()) {
                        secure();
                    } else {
                        converse();
                    }
                }));
    }

    private void secure() {
        attempt.enter(Phase.TLS);
        tls = check.tls().handler(server.publicName());
        channel.pipeline().addFirst(tls);
    }

    private void converse() {
        dialogue = check.dialogue(server);
        if (dialogue == null) {
            settle(
                    tls == null
                            ? Finding.up(Code.L4OK, "connected to " + where())
                            : Finding.up(Code.L6OK, "TLS with " + where()));
            return;
        }
        attempt.enter(Phase.RESPONSE);
        perform(dialogue.connected());
    }

    private void perform(Step step) {
        if (step.say() != null) {
            ByteBuf out = engine.buffers().directBuffer(step.say().length);
            channel.writeAndFlush(out.writeBytes(step.say()));
        }
        if (step.finding() != null) {
            settle(step.finding());
        } else if (step.secure()) {
            secure();
        } else if (step == Step.THINK) {
            think();
        }
    }

    private void think() {
        thinking = true;
        CompletableFuture.supplyAsync(dialogue::think, engine.aside())
                .whenCompleteAsync(
                        (step, failure) -> guarded(() -> {
                            thinking = false;
                            if (failure != null) {
                                settle(Finding.unknown("cannot probe " + server.host() + ": " + Text.reason(failure)));
                            } else if (!over) {
                                perform(step);
                            }
                        }),
                        loop);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            guarded(() -> {
                if (handshake.isSuccess()) {
                    attempt.certificateExpires(Tls.expires(tls.engine().getSession()));
                    Finding objection = check.tls().objection(tls.engine());
                    if (objection != null) {
                        settle(objection);
                    } else if (dialogue == null) {
                        converse();
                    } else {
                        attempt.enter(Phase.RESPONSE);
                        perform(dialogue.secured());
                    }
                } else {
                    settle(broken(handshake.cause()));
                }
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            received += in.readableBytes();
            guarded(() -> hear(in));
        } finally {
            in.release();
        }
    }

    private void hear(ByteBuf in) {
        while (dialogue != null && in.isReadable() && !over) {
            Step step = dialogue.read(in);
            if (step.secure() && in.isReadable()) {
                // What an attacker puts before TLS would be taken for what the server says within it (CVE-2011-0411).
                settle(Finding.down(Code.L7RSP, where() + " says more in clear after it agreed to TLS"));
                return;
            }
            perform(step);
            if (step == Step.LISTEN) {
                return;
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (over) {
            return;
        }
        Finding end = dialogue == null ? null : dialogue.end();
        settle(end == null ? brokenOff("closed") : end);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        settle(broken(cause));
    }

    private Finding expired() {
        String within = " within " + Text.duration(server.timeout());
        if (thinking) {
            return Finding.unknown("this machine did not come to compute its answer" + within);
        }
        return switch (attempt.phase()) {
            case RESOLVE -> Finding.unknown(server.host() + " was not resolved" + within);
            case CONNECT -> Finding.down(Code.L4TOUT, "no answer from " + where() + within);
            case TLS -> Finding.down(Code.L6TOUT, "no TLS handshake with " + where() + within);
            case RESPONSE ->
                Finding.down(
                        Code.L7TOUT,
                        received == 0
                                ? "no answer from " + where() + within
                                : "no complete answer from " + where() + within + ", received " + received + " bytes");
        };
    }

    /** What it means that no connection could be made. */
    static Finding unconnected(Throwable cause, String where) {
        String message = Text.reason(cause);
        if (cause instanceof NoRouteToHostException || message.startsWith("Host is down")) {
            return Finding.down(Code.L4CON, "no route to " + where);
        }
        if (message.startsWith("Connection reset")) {
            return Finding.down(Code.L4CON, "connection reset by " + where);
        }
        if (cause instanceof ConnectException && !(cause instanceof BindException)) {
            return message.startsWith("Connection timed out")
                    ? Finding.down(Code.L4TOUT, "no answer from " + where)
                    : Finding.down(Code.L4CON, "connection refused by " + where);
        }
        return Finding.unknown("cannot connect to " + where + ": " + message);
    }

    /** What it means that an established connection failed. */
    private Finding broken(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof CertificateRefused refused) {
                attempt.certificateExpires(refused.expires());
                return Finding.down(Code.L6RSP, refused.getMessage());
            }
            if (e instanceof NotSslRecordException) {
                return Finding.down(Code.L6RSP, where() + " does not speak TLS");
            }
            if (e instanceof SSLException && e.getCause() == null && attempt.phase() == Phase.TLS) {
                return Finding.down(Code.L6RSP, "no TLS with " + where() + ": " + Text.reason(e));
            }
        }
        if (cause instanceof SSLException) {
            return Finding.down(Code.L6RSP, "TLS with " + where() + " failed: " + Text.reason(cause));
        }
        return brokenOff(Text.reason(cause).startsWith("Connection reset") ? "reset" : "closed");
    }

    private Finding brokenOff(String how) {
        Finding ours = engine.late(loop, began);
        if (ours != null) {
            // Servers hang up on those who keep them waiting.
            return ours;
        }
        String by = "connection " + how + " by " + where();
        if (attempt.phase() == Phase.TLS) {
            return Finding.down(Code.L6RSP, by + " in the TLS handshake");
        }
        return Finding.down(
                Code.L7RSP, received == 0 ? by + " before any answer" : by + " after " + received + " bytes");
    }

    private void settle(Finding finding) {
        if (over) {
            return;
        }
        over = true;
        Instant certificateExpires = tls == null ? null : check.tls().shown(tls.engine());
        if (certificateExpires != null) {
            attempt.certificateExpires(certificateExpires);
        }
        attempt.settle(finding);
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (channel != null) {
            engine.close(loop, channel);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            settle(Finding.unknown("cannot probe " + server.host() + ": " + Text.reason(e)));
        }
    }

    private String where() {
        String literal = NetUtil.toSocketAddressString(address);
        return NetUtil.createInetAddressFromIpAddressString(server.host()) != null
                ? literal
                : server.host() + ":" + address.getPort() + " ("
                        + address.getAddress().getHostAddress() + ")";
    }
}
