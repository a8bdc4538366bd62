package dev.firstup.probe;

import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ReasonText;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes exchanges of what comes by itself, one after the other, on a thread that no probe waits for. */
final class EventDrivenConsumer<T extends @Nullable Object> extends DefaultConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(EventDrivenConsumer.class);

    /** Of what goes wrong a thousand times a second, one line in so long is enough. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final MessageSource<T> source;
    private int failures;
    private long complained = System.nanoTime() - QUIET.toNanos();

    EventDrivenConsumer(ProbeEndpoint endpoint, Processor processor, MessageSource<T> source) {
        super(endpoint, processor);
        this.source = source;
    }

    private void take(T body) {
        if (getEndpoint().getCamelContext().isStopping()) {
            // Nobody is there to take it, and waiting for somebody would hold up the end.
            return;
        }
        Exchange exchange = createExchange(true);
        exchange.getMessage().setBody(body);
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            complain(exchange.getException());
        }
    }

    private synchronized void complain(Exception failure) {
        failures++;
        long now = System.nanoTime();
        if (now - complained >= QUIET.toNanos()) {
            LOG.warn(
                    "What {} gave was not taken, {} times since this was last said: {}",
                    getEndpoint(),
                    failures,
                    ReasonText.reason(failure));
            complained = now;
            failures = 0;
        }
        LOG.debug("It was not taken", failure);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ProbeEngine engine = ((ProbeComponent) getEndpoint().getComponent()).engine();
        if (!source.subscribe(this::take, engine::tell)) {
            throw new IllegalStateException(
                    getEndpoint() + " stands in the from: of another route already, expected one");
        }
    }

    @Override
    protected void doStop() throws Exception {
        source.unsubscribe();
        super.doStop();
    }
}
