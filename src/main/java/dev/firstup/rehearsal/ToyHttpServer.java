package dev.firstup.rehearsal;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** As much of HTTP/1.1 as the toys need: one request, without a body, on each connection (RFC 9112). */
final class ToyHttpServer {
    private static final int LARGEST_HEAD = 8192;
    private static final int MOST_CONNECTIONS = 256;
    private static final int IDLE_SECONDS = 30;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private ToyHttpServer() {}

    /**
     * @param target path and query, as sent
     * @param headers by name, in lower case
     * @param from where it comes from
     */
    record Request(String method, String target, Map<String, String> headers, InetSocketAddress from) {}

    /** The way back to who asked. A handler that uses none of these leaves the other side waiting. */
    record Reply(ChannelHandlerContext context) {
        void send(int status, String body) {
            String head = "HTTP/1.1 " + status + " " + (status < 400 ? "OK" : "Error") + "\r\nContent-Type: text/plain"
                    + "\r\nConnection: close\r\nContent-Length: " + body.length() + END_OF_HEAD;
            ByteBuf bytes = Unpooled.copiedBuffer(head + body, StandardCharsets.ISO_8859_1);
            context.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
        }

        void drop() {
            context.close();
        }

        void after(Duration delay, Runnable action) {
            context.executor().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Listens on 127.0.0.1.
     *
     * @param port where; 0 for any free port
     * @param connections gets every open connection
     * @param handler is called on the thread of {@code loop} and must not wait
     * @throws IOException if the port is taken
     */
    static Channel listen(EventLoopGroup loop, int port, ChannelGroup connections, BiConsumer<Request, Reply> handler)
            throws IOException {
        ServerBootstrap server = new ServerBootstrap()
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
                        channel.pipeline().addLast(new ReadTimeoutHandler(IDLE_SECONDS), new Connection(handler));
                    }
                });
        return Loop.bind(port, server::bind);
    }

    private static final class Connection extends ByteToMessageDecoder {
        private final BiConsumer<Request, Reply> handler;
        private boolean asked;

        Connection(BiConsumer<Request, Reply> handler) {
            this.handler = handler;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            String head = new String(ByteBufUtil.getBytes(in), StandardCharsets.ISO_8859_1);
            if (asked) {
                in.skipBytes(in.readableBytes());
            } else if (head.contains(END_OF_HEAD)) {
                asked = true;
                in.skipBytes(in.readableBytes());
                handle(context, head.substring(0, head.indexOf(END_OF_HEAD)));
            } else if (head.length() > LARGEST_HEAD) {
                context.close();
            }
        }

        private void handle(ChannelHandlerContext context, String head) {
            Reply reply = new Reply(context);
            String[] lines = head.split("\r\n");
            String[] first = lines[0].split(" ");
            if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
                reply.send(400, "this is no HTTP request\n");
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = Math.max(0, lines[i].indexOf(':'));
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon).replaceFirst(":", "").strip());
            }
            InetSocketAddress from = (InetSocketAddress) context.channel().remoteAddress();
            handler.accept(new Request(first[0], first[1], headers, from), reply);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
