package dev.firstup.rehearsal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
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
            // Below the ephemeral ports: there, a connection to a toy that is down could be given the toy's own port.
            int chosen = port != 0 ? port : ThreadLocalRandom.current().nextInt(20_000, 30_000);
            ChannelFuture bound = binding.bind(loopback(chosen)).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            if (port != 0 || tries == TRIES) {
                throw new IOException(
                        "cannot listen on 127.0.0.1:" + chosen + ": "
                                + bound.cause().getMessage(),
                        bound.cause());
            }
        }
    }

    interface Binding {
        ChannelFuture bind(InetSocketAddress address);
    }
}
