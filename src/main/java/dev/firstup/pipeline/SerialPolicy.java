package dev.firstup.pipeline;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Lets one message at a time through the steps inside, on whatever thread it came: what they put into the next line stands there
 * in the order in which it was made. While that line is as long as it may be, the steps are left out, and nobody waits. The steps
 * must not wait either.
 */
public final class SerialPolicy implements Policy {
    private final @Nullable BlockingQueue<?> next;
    private final int most;
    private final Lock one;

    /**
     * @param next the line after these steps
     * @param most how many may wait there
     */
    public SerialPolicy(BlockingQueue<?> next, int most) {
        this.next = next;
        this.most = most;
        one = new ReentrantLock();
    }

    /**
     * Lets nothing through while a message is in the steps of {@code other}, and the other way round. Nothing is ever left out here.
     */
    public SerialPolicy(SerialPolicy other) {
        next = null;
        most = Integer.MAX_VALUE;
        one = other.one;
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // Nothing is to be added to the steps.
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> pass(steps, exchange);
    }

    private void pass(Processor steps, Exchange exchange) throws Exception {
        one.lock();
        try {
            if (next == null || next.size() < most) {
                steps.process(exchange);
            }
        } finally {
            one.unlock();
        }
    }
}
