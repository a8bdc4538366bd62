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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** One probe over one connection. */
final class ProbeConnection extends ProbeTask {
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(4096);

    private final NetworkProber check;

    private NioSocketChannel channel;
    private SslHandler tls;
    private Dialogue dialogue;
    private long received;
    private boolean thinking;
    /** What came of a handshake by {@link BoringSsl}, where Java's TLS is the second try; else null. */
    private ProbeResult failedBefore;
    /** Whether the last word is a proper goodbye. */
    private boolean goodbye;

    ProbeConnection(NetworkProber check, ProbeAttempt attempt, ProbeEngine engine) {
        super(attempt, engine, check.port(attempt.server()), ProbePhase.CONNECT);
        this.check = check;
    }

    @Override
    protected void reach(InetSocketAddress to) {
        channel = engine.socket(loop, to);
        channel.config()
                .setAllocator(engine.buffers())
                .setRecvByteBufAllocator(READS)
                .setConnectTimeoutMillis(0);
        channel.pipeline().addLast(new Listener());
        loop.register(channel);
        channel.connect(to)
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

    private void secure() {
        attempt.enter(ProbePhase.TLS);
        tls = check.tls().handler(server.publicName(), address(), failedBefore != null, engine.buffers());
        channel.pipeline().addFirst(tls);
    }

    private void converse() {
        Protocol protocol = check.protocol();
        if (protocol == null) {
            settle(
                    tls == null
                            ? ProbeResult.up(ReasonCode.L4OK, "connected to " + where())
                            : ProbeResult.up(ReasonCode.L6OK, "TLS with " + where()));
            return;
        }
        attempt.enter(ProbePhase.RESPONSE);
        if (protocol.readsFiles()) {
            // What the server says meanwhile waits for somebody who understands it.
            channel.config().setAutoRead(false);
            aside(() -> protocol.dialogue(server), this::converse);
        } else {
            converse(protocol.dialogue(server));
        }
    }

    private void converse(Dialogue begun) {
        dialogue = begun;
        channel.config().setAutoRead(true);
        perform(dialogue.connected());
    }

    private void perform(DialogueStep step) {
        if (step.say() != null) {
            ByteBuf out = engine.buffers().directBuffer(step.say().length);
            channel.writeAndFlush(out.writeBytes(step.say()));
        }
        if (step.result() != null) {
            settle(step.result());
        } else if (step.secure()) {
            secure();
        } else if (step == DialogueStep.THINK) {
            aside(dialogue::think, this::perform);
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
        while (dialogue != null && in.isReadable() && !over()) {
            DialogueStep step = dialogue.read(in);
            if (step.secure() && in.isReadable()) {
                // What an attacker puts before TLS would be taken for what the server says within it (CVE-2011-0411).
                settle(ProbeResult.down(ReasonCode.L7RSP, where() + " says more in clear after it agreed to TLS"));
                return;
            }
            perform(step);
            if (step == DialogueStep.LISTEN) {
                return;
            }
        }
    }

    @Override
    protected ProbeResult expired() {
        if (failedBefore != null) {
            check.tls().atLeast(address(), TlsClient.FEW);
            return ProbeResult.unknown(
                    failedBefore.reason() + "; Java's TLS is asked next time, for which too little was left of "
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
                settle(ProbeResult.down(ReasonCode.L6RSP, refused.getMessage()));
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
        } else if (BoringSsl.speaks(tls.engine()) && (check.tls().showsItsOwn() || !BoringSsl.isAlert(failure))) {
            // It does not know every certificate of ours, and TLS 1.3 complains of that only here.
            check.tls().atLeast(address(), TlsClient.WHILE);
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
        if (!BoringSsl.speaks(tls.engine())) {
            // The other one is asked again, but not every second time: it might take the time that both have.
            check.tls().atMost(address(), failedBefore == null ? TlsClient.FEW : 0);
            settle(failed);
            return;
        }
        failedBefore = failed;
        if (refused) {
            check.tls().atLeast(address(), TlsClient.WHILE);
        }
        keepCertificate();
        NioSocketChannel useless = channel;
        channel = null;
        engine.close(loop, useless);
        dialogue = null;
        tls = null;
        received = 0;
        attempt.restart(ProbePhase.CONNECT);
        reach(address());
    }

    @Override
    protected void settle(ProbeResult result) {
        if (!over()) {
            keepCertificate();
        }
        goodbye = dialogue != null
                && result.outcome() == ProbeOutcome.UP
                && !check.protocol().endsByReset();
        super.settle(result);
    }

    /** What the server has shown is of interest whatever comes of it. */
    private void keepCertificate() {
        Instant expires = tls == null ? null : check.tls().shown(tls.engine());
        if (expires != null) {
            attempt.certificateExpires(expires);
        }
    }

    @Override
    protected void release() {
        if (channel == null) {
            return;
        }
        if (goodbye) {
            if (tls != null) {
                tls.closeOutbound();
            }
            engine.closeInPeace(loop, channel);
        } else {
            engine.close(loop, channel);
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
                attempt.certificateExpires(TlsClient.expires(tls.engine().getSession()));
                ProbeResult objection = check.tls().objection(tls.engine());
                if (objection != null) {
                    settle(objection);
                } else if (dialogue == null) {
                    converse();
                } else {
                    attempt.enter(ProbePhase.RESPONSE);
                    perform(dialogue.secured());
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
