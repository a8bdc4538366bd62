package dev.firstup.rehearsal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import org.apache.camel.component.netty.DefaultServerInitializerFactory;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;

/**
 * Camel's handlers of a datagram socket, but that nothing closes it: it is the only one, for all that ask. Camel's own close it at
 * the first exception, and then the server is silent for good.
 */
public final class DnsUdpInitializer extends ServerInitializerFactory {
    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer consumer) {
        return new DefaultServerInitializerFactory(consumer) {
            @Override
            protected void initChannel(Channel channel) throws Exception {
                super.initChannel(channel);
                channel.pipeline().replace("handler", "handler", new Datagrams(consumer));
            }
        };
    }

    @Override
    protected void initChannel(Channel channel) {
        throw new IllegalStateException("each consumer has one of its own");
    }

    private static final class Datagrams extends ServerChannelHandler {
        Datagrams(NettyConsumer consumer) {
            super(consumer);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object query) throws Exception {
            // While the network takes no answers, they are not collected: who asks by UDP asks again.
            if (context.channel().isWritable()) {
                super.channelRead(context, query);
            } else {
                ReferenceCountUtil.release(query);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // One odd packet, or one peer that is gone, is no reason to stop answering the others.
        }
    }
}
