package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.Prober;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultAsyncProducer;

/** Takes a {@link Server} and replies with a verdict, whatever happens to that server. */
final class ProbeProducer extends DefaultAsyncProducer {
    private final Prober check;

    ProbeProducer(ProbeEndpoint endpoint, Prober check) {
        super(endpoint);
        this.check = check;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Server server;
        try {
            server = exchange.getMessage().getMandatoryBody(Server.class);
        } catch (InvalidPayloadException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        ProbeEngine engine = ((ProbeComponent) getEndpoint().getComponent()).engine();
        engine.probe(server, check, verdict -> {
            exchange.getMessage().setBody(verdict);
            engine.reply(() -> callback.done(false));
        });
        return false;
    }
}
