package dev.firstup.probe.connection;

import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.time.DurationText;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ProbeTask;
import dev.firstup.probe.engine.ReasonText;
import dev.firstup.probe.tls.BoringSsl;
import dev.firstup.probe.tls.CertificateRefusedException;
import dev.firstup.probe.tls.TlsClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One probe over one connection. */
final class ProbeConnection extends ProbeTask {
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(4096);

    private final NetworkProber check;

    private @Nullable NioSocketChannel channel;
    private @Nullable Encryption encryption;
    private @Nullable Dialogue dialogue;
    private long received;
    private boolean thinking;
    /** What came of a handshake by {@link BoringSsl}, where Java's TLS is the second try; else null. */
    private @Nullable ProbeResult failedBefore;
    /** Whether the last word is a proper goodbye. */
    private boolean goodbye;

    /** TLS as it is spoken over one connection. */
    private record Encryption(TlsClient client, SslHandler handler) {
        SSLEngine engine() {
            return handler.engine();
        }
    }

    ProbeConnection(NetworkProber check, ProbeAttempt attempt, ProbeEngine engine) {
        super(attempt, engine, check.port(attempt.server()), ProbePhase.CONNECT);
        this.check = check;
    }

    @Override
    protected void reach(InetSocketAddress to) {
        NioSocketChannel fresh = engine.socket(loop, to);
        channel = fresh;
        fresh.config()
                .setAllocator(engine.buffers())
                .setRecvByteBufAllocator(READS)
                .setConnectTimeoutMillis(0);
        fresh.pipeline().addLast(new Listener());
        loop.register(fresh);
        fresh.connect(to)
                .addListener((ChannelFuture connected) -> guarded(() -> {
                    if (over()) {
                        return;
                    }
                    if (!connected.isSuccess()) {
                        settle(unconnected(connected.cause()));
                    } else if (check.tlsFirst()) {
                        secure();
                    } else {
                        converse();
                    }
                }));
    }

    /** The channel of this connection, for what is done only once there is one. */
    private NioSocketChannel channel() {
        return Objects.requireNonNull(channel);
    }

    /** The TLS of this connection, for what happens only where it is spoken. */
    private Encryption encryption() {
        return Objects.requireNonNull(encryption);
    }

    private void secure() {
        attempt.enter(ProbePhase.TLS);
        TlsClient tls = Objects.requireNonNull(check.tls());
        SslHandler handler = tls.handler(server.publicName(), address(), failedBefore != null, engine.buffers());
        encryption = new Encryption(tls, handler);
        channel().pipeline().addFirst(handler);
    }

    private void converse() {
        Protocol protocol = check.protocol();
        if (protocol == null) {
            settle(
                    encryption == null
                            ? ProbeResult.up(ReasonCode.L4OK, "connected to " + where())
                            : ProbeResult.up(ReasonCode.L6OK, "TLS with " + where()));
            return;
        }
        attempt.enter(ProbePhase.RESPONSE);
        if (protocol.readsFiles()) {
            // What the server says meanwhile waits for somebody who understands it.
            channel().config().setAutoRead(false);
            aside(() -> protocol.dialogue(server), this::converse);
        } else {
            converse(protocol.dialogue(server));
        }
    }

    private void converse(Dialogue begun) {
        dialogue = begun;
        channel().config().setAutoRead(true);
        perform(begun, begun.connected());
    }

    private void perform(Dialogue spoken, DialogueStep step) {
        byte[] say = step.say();
        if (say != null) {
            ByteBuf out = engine.buffers().directBuffer(say.length);
            channel().writeAndFlush(out.writeBytes(say));
        }
        ProbeResult result = step.result();
        if (result != null) {
            settle(result);
        } else if (step.secure()) {
            secure();
        } else if (step == DialogueStep.THINK) {
            aside(spoken::think, next -> perform(spoken, next));
        }
    }

    /** What would hold up this thread is done on another one. */
    private <T> void aside(Supplier<T> work, Consumer<T> then) {
        thinking = true;
        CompletableFuture.supplyAsync(work, engine.aside())
                .whenCompleteAsync(
                        (result, failure) -> guarded(() -> {
                            thinking = false;
                            if (failure != null) {
                                settle(ProbeResult.unknown(
                                        "cannot probe " + server.host() + ": " + ReasonText.reason(failure)));
                            } else if (!over()) {
                                then.accept(result);
                            }
                        }),
                        loop);
    }

    private void hear(ByteBuf in) {
        for (Dialogue spoken = dialogue; spoken != null && in.isReadable() && !over(); spoken = dialogue) {
            DialogueStep step = spoken.read(in);
            if (step.secure() && in.isReadable()) {
                // What an attacker puts before TLS would be taken for what the server says within it (CVE-2011-0411).
                settle(ProbeResult.down(ReasonCode.L7RSP, where() + " says more in clear after it agreed to TLS"));
                return;
            }
            perform(spoken, step);
            if (step == DialogueStep.LISTEN) {
                return;
            }
        }
    }

    @Override
    protected ProbeResult expired() {
        ProbeResult before = failedBefore;
        TlsClient tls = check.tls();
        if (before != null && tls != null) {
            tls.atLeast(address(), TlsClient.FEW);
            return ProbeResult.unknown(
                    before.reason() + "; Java's TLS is asked next time, for which too little was left of "
                            + DurationText.exact(server.timeout()));
        }
        String within = within();
        if (thinking) {
            return ProbeResult.unknown("this machine did not come to compute its answer" + within);
        }
        return switch (attempt.phase()) {
            case RESOLVE, CONNECT -> ProbeResult.down(ReasonCode.L4TOUT, "no answer from " + where() + within);
            case TLS -> ProbeResult.down(ReasonCode.L6TOUT, "no TLS handshake with " + where() + within);
            case RESPONSE -> {
                String awaited =
                        dialogue == null || dialogue.awaited() == null ? "" : ", expected " + dialogue.awaited();
                yield ProbeResult.down(
                        ReasonCode.L7TOUT,
                        received == 0
                                ? "no answer from " + where() + within + awaited
                                : "no complete answer from " + where() + within + awaited + ", received " + received
                                        + " bytes");
            }
        };
    }

    /** An established connection has failed. What is no trouble of the connection is ours. */
    private void broken(Throwable cause) {
        boolean io = false;
        boolean security = false;
        Throwable root = cause;
        SSLException tlsFailure = null;
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof CertificateRefusedException refused) {
                attempt.certificateExpires(refused.expires());
                settle(ProbeResult.down(ReasonCode.L6RSP, String.valueOf(refused.getMessage())));
                return;
            }
            if (e instanceof NotSslRecordException) {
                settle(ProbeResult.down(ReasonCode.L6RSP, where() + " does not speak TLS"));
                return;
            }
            tlsFailure = e instanceof SSLException failure ? failure : tlsFailure;
            io |= e instanceof IOException;
            security |= e instanceof GeneralSecurityException;
            root = e;
        }
        boolean broke = !security && root instanceof IOException && !(root instanceof SSLException);
        if (!io) {
            settle(ProbeResult.unknown("cannot probe " + server.host() + ": " + ReasonText.reason(cause)));
        } else if (tlsFailure == null || broke) {
            brokenOff(ReasonText.reason(cause).startsWith("Connection reset") ? "reset" : "closed");
        } else if (!excused()) {
            broken(tlsFailure);
        }
    }

    private void broken(SSLException failure) {
        String reason = BoringSsl.reason(failure);
        if (attempt.phase() == ProbePhase.TLS) {
            unsecured("no TLS with " + where() + ": " + reason, true);
            return;
        }
        Encryption its = encryption();
        if (BoringSsl.speaks(its.engine()) && (its.client().showsItsOwn() || !BoringSsl.isAlert(failure))) {
            // It does not know every certificate of ours, and TLS 1.3 complains of that only here.
            its.client().atLeast(address(), TlsClient.WHILE);
            settle(ProbeResult.unknown(
                    "TLS with " + where() + " failed: " + reason + "; Java's TLS is asked next time"));
        } else {
            settle(ProbeResult.down(ReasonCode.L6RSP, "TLS with " + where() + " failed: " + reason));
        }
    }

    /** Servers hang up on those who keep them waiting. */
    private boolean excused() {
        ProbeResult ours = late();
        if (ours != null) {
            settle(ours);
        }
        return ours != null;
    }

    private void brokenOff(String how) {
        if (excused()) {
            return;
        }
        String by = "connection " + how + " by " + where();
        if (attempt.phase() == ProbePhase.TLS) {
            unsecured(by + " in the TLS handshake", false);
        } else {
            settle(ProbeResult.down(
                    ReasonCode.L7RSP,
                    received == 0 ? by + " before any answer" : by + " after " + received + " bytes"));
        }
    }

    /**
     * A handshake has failed. Java may know what the other TLS does not: it is tried over a connection of its own.
     *
     * @param refused whether the other TLS and this server have no common ground. If only the connection broke, it may have broken
     *     for thousands of servers at once, all of which would be Java's from now on: more than this machine can do
     */
    private void unsecured(String reason, boolean refused) {
        ProbeResult failed = ProbeResult.down(ReasonCode.L6RSP, reason);
        Encryption its = encryption();
        if (!BoringSsl.speaks(its.engine())) {
            // The other one is asked again, but not every second time: it might take the time that both have.
            its.client().atMost(address(), failedBefore == null ? TlsClient.FEW : 0);
            settle(failed);
            return;
        }
        failedBefore = failed;
        if (refused) {
            its.client().atLeast(address(), TlsClient.WHILE);
        }
        keepCertificate();
        NioSocketChannel useless = channel();
        channel = null;
        engine.close(loop, useless);
        dialogue = null;
        encryption = null;
        received = 0;
        attempt.restart(ProbePhase.CONNECT);
        reach(address());
    }

    @Override
    protected void settle(ProbeResult result) {
        if (!over()) {
            keepCertificate();
        }
        Protocol protocol = check.protocol();
        goodbye =
                dialogue != null && protocol != null && result.outcome() == ProbeOutcome.UP && !protocol.endsByReset();
        super.settle(result);
    }

    /** What the server has shown is of interest whatever comes of it. */
    private void keepCertificate() {
        Instant expires = encryption == null ? null : encryption.client().shown(encryption.engine());
        if (expires != null) {
            attempt.certificateExpires(expires);
        }
    }

    @Override
    protected void release() {
        NioSocketChannel used = channel;
        if (used == null) {
            return;
        }
        if (goodbye) {
            if (encryption != null) {
                encryption.handler().closeOutbound();
            }
            engine.closeInPeace(loop, used);
        } else {
            engine.close(loop, used);
        }
    }

    /** What its channel hears. */
    private final class Listener extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake) || gone(context)) {
                return;
            }
            guarded(() -> {
                if (!handshake.isSuccess()) {
                    broken(handshake.cause());
                    return;
                }
                Encryption its = encryption();
                attempt.certificateExpires(TlsClient.expires(its.engine().getSession()));
                ProbeResult objection = its.client().objection(its.engine());
                Dialogue spoken = dialogue;
                if (objection != null) {
                    settle(objection);
                } else if (spoken == null) {
                    converse();
                } else {
                    attempt.enter(ProbePhase.RESPONSE);
                    perform(spoken, spoken.secured());
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                if (!gone(context)) {
                    received += in.readableBytes();
                    guarded(() -> hear(in));
                }
            } finally {
                in.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (gone(context)) {
                return;
            }
            guarded(() -> {
                // To judge a whole answer may take a while, which no server was kept waiting for.
                ProbeResult ours = late();
                ProbeResult end = dialogue == null ? null : dialogue.end();
                if (end == null) {
                    brokenOff("closed");
                } else {
                    settle(end.outcome() == ProbeOutcome.UP || ours == null ? end : ours);
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!gone(context)) {
                guarded(() -> broken(cause));
            }
        }

        /** Whether all is over, or goes on over another connection. */
        private boolean gone(ChannelHandlerContext context) {
            return over() || context.channel() != channel;
        }
    }
}
