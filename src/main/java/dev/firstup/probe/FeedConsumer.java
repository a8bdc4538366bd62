package dev.firstup.probe;

import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ReasonText;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives what the component has by itself: verdicts, signs, one exchange after the other, on a thread that no probe waits for. */
final class FeedConsumer<T> extends DefaultConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(FeedConsumer.class);

    /** Of what goes wrong a thousand times a second, one line in so long is enough. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Feed<T> feed;
    private int failures;
    private long complained = System.nanoTime() - QUIET.toNanos();

    FeedConsumer(ProbeEndpoint endpoint, Processor processor, Feed<T> feed) {
        super(endpoint, processor);
        this.feed = feed;
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
        if (!feed.open(this::take, engine::tell)) {
            throw new IllegalStateException(
                    getEndpoint() + " stands in the from: of another route already, expected one");
        }
    }

    @Override
    protected void doStop() throws Exception {
        feed.close();
        super.doStop();
    }
}
