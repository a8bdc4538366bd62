package dev.firstup.rehearsal;

import dev.firstup.model.dns.RecordType;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An authoritative DNS server for one small zone, on 127.0.0.1, by UDP and TCP (RFC 1035, 6891, 7766). It holds no records of its
 * own but the zone's: each query is answered with what {@code records} says at that moment.
 */
public final class NameServer implements AutoCloseable {
    private static final int LARGEST_QUERY = 4096;
    private static final int MOST_CONNECTIONS = 64;
    private static final int IDLE_SECONDS = 10;

    private final EventLoopGroup loop;
    private final ZoneAnswers answers;
    private final InetSocketAddress address;
    private volatile boolean silent;

    private NameServer(EventLoopGroup loop, ZoneAnswers answers, int port) throws IOException {
        this.loop = loop;
        this.answers = answers;
        this.address = listen(port);
    }

    /**
     * Starts to answer.
     *
     * @param port where to listen; 0 for any free port
     * @param zone the zone's name, without a final dot
     * @param ttl the time to live of all answers, in whole seconds
     * @param records the records of a name (lower case, without a final dot); null for a name that does not exist. It is called
     *     on the only thread of this server and must not wait
     * @throws IOException if the port is taken
     */
    public static NameServer start(
            int port, String zone, Duration ttl, Function<String, Map<RecordType, List<String>>> records)
            throws IOException {
        ZoneAnswers answers = new ZoneAnswers(zone, ttl, records);
        EventLoopGroup loop = Loop.start("dns");
        try {
            return new NameServer(loop, answers, port);
        } catch (IOException e) {
            Loop.stop(loop);
            throw e;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Whether it leaves every query unanswered, as if nothing came through to it. */
    void silence(boolean silent) {
        this.silent = silent;
    }

    @Override
    public void close() {
        Loop.stop(loop);
    }

    private InetSocketAddress listen(int port) throws IOException {
        Bootstrap udp =
                new Bootstrap().group(loop).channel(NioDatagramChannel.class).handler(new UdpHandler());
        ChannelGroup connections = new DefaultChannelGroup(loop.iterator().next());
        ServerBootstrap tcp = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (connections.size() >= MOST_CONNECTIONS) {
                            channel.close();
                            return;
                        }
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(
                                        new ReadTimeoutHandler(IDLE_SECONDS),
                                        new LengthFieldBasedFrameDecoder(LARGEST_QUERY, 0, 2, 0, 2),
                                        new LengthFieldPrepender(2),
                                        new TcpHandler());
                    }
                });
        // TCP first: of the two it is the one more often taken, and both need the same number.
        Channel bound = Loop.bind(port, tcp::bind);
        InetSocketAddress address = (InetSocketAddress) bound.localAddress();
        Loop.bind(address.getPort(), udp::bind);
        return address;
    }

    private final class UdpHandler extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            byte[] answer = silent ? null : answers.toUdp(ByteBufUtil.getBytes(packet.content()));
            if (answer != null) {
                context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(answer), packet.sender()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // One odd packet, or one peer that is gone, is no reason to stop answering the others.
        }
    }

    private final class TcpHandler extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf query) {
            if (silent) {
                return;
            }
            byte[] answer = answers.toTcp(ByteBufUtil.getBytes(query));
            if (answer == null) {
                context.close();
            } else {
                context.writeAndFlush(Unpooled.wrappedBuffer(answer));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
