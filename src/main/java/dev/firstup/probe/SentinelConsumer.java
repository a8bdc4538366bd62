package dev.firstup.probe;

import dev.firstup.model.Server;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/** Gives each server whose connection has closed, one after the other. */
final class SentinelConsumer extends DefaultConsumer {
    private final SentinelPool sentinels;

    SentinelConsumer(ProbeEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        sentinels = ((ProbeComponent) endpoint.getComponent()).sentinels();
    }

    private void closed(Server server) {
        if (getEndpoint().getCamelContext().isStopping()) {
            // Nobody is there to probe it.
            return;
        }
        Exchange exchange = createExchange(true);
        exchange.getMessage().setBody(server);
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            getExceptionHandler()
                    .handleException("That a connection has closed was not taken", exchange, exchange.getException());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sentinels.tell(this::closed);
    }

    @Override
    protected void doStop() throws Exception {
        sentinels.tell(null);
        super.doStop();
    }
}
