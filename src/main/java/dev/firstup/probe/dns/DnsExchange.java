package dev.firstup.probe.dns;

import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ProbeTask;
import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question and its answer: one datagram each way, from a port of its own that only this server can answer to; by TCP as well
 * where the answer did not fit (RFC 7766). Nothing is sent twice.
 */
final class DnsExchange extends ProbeTask {
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(4096);
    private static final int LONGEST = 65_535;

    private final DnsQuery question;
    private @Nullable Channel channel;
    private boolean tcp;
    private int ignored;

    DnsExchange(DnsQuery question, ProbeAttempt attempt, ProbeEngine engine, int port) {
        super(attempt, engine, port, ProbePhase.RESPONSE);
        this.question = question;
    }

    @Override
    protected void reach(InetSocketAddress to) {
        byte[] wire = question.wire();
        connect(
                engine.datagrams(loop, to),
                engine.buffers().directBuffer(wire.length).writeBytes(wire));
    }

    private void againByTcp() {
        tcp = true;
        attempt.enter(ProbePhase.CONNECT);
        release();
        byte[] wire = question.wire();
        NioSocketChannel stream = engine.socket(loop, address());
        stream.pipeline().addLast(new LengthFieldBasedFrameDecoder(LONGEST + 2, 0, 2, 0, 2));
        connect(
                stream,
                engine.buffers()
                        .directBuffer(wire.length + 2)
                        .writeShort(wire.length)
                        .writeBytes(wire));
    }

    private void connect(Channel through, ByteBuf query) {
        channel = through;
        channel.config()
                .setAllocator(engine.buffers())
                .setRecvByteBufAllocator(READS)
                .setConnectTimeoutMillis(0);
        channel.pipeline().addLast(new Listener());
        loop.register(channel);
        channel.connect(address())
                .addListener((ChannelFuture connected) -> guarded(() -> {
                    if (!connected.isSuccess()) {
                        query.release();
                        settle(unconnected(connected.cause()));
                        return;
                    }
                    attempt.enter(ProbePhase.RESPONSE);
                    through.writeAndFlush(query).addListener((ChannelFuture sent) -> {
                        if (!sent.isSuccess()) {
                            failed(sent.cause());
                        }
                    });
                }));
    }

    private void hear(byte[] bytes) {
        DnsQuery.Said said = question.read(bytes, !tcp);
        if (said == null) {
            ignored++;
        } else if (said.truncated()) {
            againByTcp();
        } else {
            settle(Objects.requireNonNull(said.result()));
        }
    }

    private void failed(Throwable cause) {
        if (cause instanceof PortUnreachableException) {
            settle(ProbeResult.down(ReasonCode.L4CON, "connection refused by " + where()));
        } else if (tcp) {
            boolean reset = ReasonText.reason(cause).startsWith("Connection reset");
            settle(ProbeResult.down(
                    ReasonCode.L7RSP,
                    "connection " + (reset ? "reset" : "closed") + " by " + where() + " before its answer by TCP"));
        } else {
            settle(unconnected(cause));
        }
    }

    @Override
    protected ProbeResult expired() {
        if (tcp && attempt.phase() == ProbePhase.CONNECT) {
            return ProbeResult.down(ReasonCode.L4TOUT, "no answer from " + where() + " by TCP" + within());
        }
        String others = ignored == 0
                ? ""
                : ", but " + ignored + (ignored == 1 ? " message that answers" : " messages that answer")
                        + " another question";
        return ProbeResult.down(
                ReasonCode.L7TOUT, "no answer from " + where() + (tcp ? " by TCP" : "") + within() + others);
    }

    @Override
    protected void release() {
        if (channel != null) {
            engine.close(loop, channel);
            channel = null;
        }
    }

    /** What one channel hears; what comes after it was closed is nobody's. */
    private final class Listener extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Object message) {
            ByteBuf in = message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
            if (context.channel() == channel && channel.isOpen()) {
                guarded(() -> hear(ByteBufUtil.getBytes(in)));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (tcp && context.channel() == channel && !over()) {
                settle(ProbeResult.down(
                        ReasonCode.L7RSP, "connection closed by " + where() + " before its answer by TCP"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (context.channel() == channel) {
                failed(cause);
            }
        }
    }
}
