package dev.firstup.probe;

import dev.firstup.model.Server;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Takes the list of all servers that a connection is to be held open to. */
final class SentinelProducer extends DefaultProducer {
    SentinelProducer(ProbeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        List<?> servers = exchange.getMessage().getMandatoryBody(List.class);
        ((ProbeComponent) getEndpoint().getComponent())
                .sentinels()
                .guard(servers.stream().map(Server.class::cast).toList());
    }
}
