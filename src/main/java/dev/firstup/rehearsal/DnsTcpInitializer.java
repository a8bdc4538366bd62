package dev.firstup.rehearsal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.netty.DefaultServerInitializerFactory;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;

/**
 * Camel's handlers of a connection, and around them its bounds: how many there are, how long each waits for its next query, and
 * how much is held for a peer that does not read its answers.
 */
public final class DnsTcpInitializer extends ServerInitializerFactory {
    private final int most;
    private final Duration idle;

    /**
     * @param most so many connections are open at once; one more, and the one closes that has asked nothing for longest
     * @param idle how long a connection stays open without a whole query, and with answers that nobody reads
     */
    public DnsTcpInitializer(int most, Duration idle) {
        this.most = most;
        this.idle = idle;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer consumer) {
        Connections connections = new Connections(most);
        return new DefaultServerInitializerFactory(consumer) {
            @Override
            protected void initChannel(Channel channel) throws Exception {
                super.initChannel(channel);
                channel.pipeline()
                        .addBefore("handler", "flow", new FlowControlHandler())
                        // Behind the decoders: what counts is a whole query, not a byte of one now and then.
                        .addBefore("handler", "idle", new ReadTimeoutHandler(idle.toMillis(), TimeUnit.MILLISECONDS))
                        .addBefore("handler", "connection", new Connection(connections));
            }
        };
    }

    @Override
    protected void initChannel(Channel channel) {
        throw new IllegalStateException("each consumer has one of its own");
    }

    /** Those that are open, the one first that has asked nothing for longest. */
    private static final class Connections {
        private final int most;
        private final Set<Channel> open = new LinkedHashSet<>();

        Connections(int most) {
            this.most = most;
        }

        synchronized void opened(Channel channel) {
            // Who only holds connections must not keep the others out.
            while (open.size() >= most) {
                Channel oldest = open.iterator().next();
                open.remove(oldest);
                oldest.close();
            }
            open.add(channel);
        }

        synchronized void asked(Channel channel) {
            if (open.remove(channel)) {
                open.add(channel);
            }
        }

        synchronized void closed(Channel channel) {
            open.remove(channel);
        }
    }

    private static final class Connection extends ChannelInboundHandlerAdapter {
        private final Connections connections;

        Connection(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connections.opened(context.channel());
            context.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            connections.closed(context.channel());
            context.fireChannelInactive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            // Who speaks no DNS, or answers where it should ask, is hung up on.
            if (message instanceof byte[] bytes && ZoneAnswers.isQuery(bytes)) {
                connections.asked(context.channel());
                context.fireChannelRead(message);
            } else {
                context.close();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            // Queries wait in the peer's own network while their answers do.
            context.channel().config().setAutoRead(context.channel().isWritable());
            context.fireChannelWritabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
