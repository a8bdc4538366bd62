package dev.firstup.rehearsal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The one thread of a toy, and how a toy finds its port. */
final class Loop {
    private static final int TRIES = 100;

    private Loop() {}

    static EventLoopGroup start(String name) {
        return new NioEventLoopGroup(1, new DefaultThreadFactory("rehearsal-" + name, true));
    }

    static void stop(EventLoopGroup loop) {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    // An address, no name: there is nothing to choose from.
    @SuppressWarnings("AddressSelection")
    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /**
     * A channel from {@code bind}, on {@code port}, or for 0 on a port that is free.
     *
     * @throws IOException if the port is taken
     */
    static Channel bind(int port, Binding binding) throws IOException {
        for (int tries = 1; ; tries++) {
            int chosen = port != 0 ? port : anyPort();
            ChannelFuture bound = binding.bind(loopback(chosen)).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            if (port != 0 || tries == TRIES) {
                throw taken(loopback(chosen), bound.cause());
            }
        }
    }

    /**
     * {@code port}, or for 0 any, that is free for UDP and TCP at this moment.
     *
     * @throws IOException if the port is taken
     */
    static InetSocketAddress free(int port) throws IOException {
        for (int tries = 1; ; tries++) {
            InetSocketAddress chosen = loopback(port != 0 ? port : anyPort());
            try (ServerSocket tcp = new ServerSocket();
                    DatagramSocket udp = new DatagramSocket(null)) {
                tcp.bind(chosen);
                udp.bind(chosen);
                return chosen;
            } catch (SocketException e) {
                if (port != 0 || tries == TRIES) {
                    throw taken(chosen, e);
                }
            }
        }
    }

    static IOException taken(InetSocketAddress address, Throwable cause) {
        return new IOException("cannot listen on 127.0.0.1:" + address.getPort() + ": " + cause.getMessage(), cause);
    }

    private static int anyPort() {
        // Below the ephemeral ports: there, a connection to a toy that is down could be given the toy's own port.
        return ThreadLocalRandom.current().nextInt(20_000, 30_000);
    }

    interface Binding {
        ChannelFuture bind(InetSocketAddress address);
    }
}
