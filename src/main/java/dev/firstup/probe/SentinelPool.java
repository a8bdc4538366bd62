package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ReasonText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that are held open, one to each guarded server. Safe for use by many threads. */
final class SentinelPool implements MessageSource<Server> {
    private static final Logger LOG = LoggerFactory.getLogger(SentinelPool.class);

    /** A server that is probed about as often needs no sentinel. */
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private final ProbeComponent component;
    private final Duration shortest;
    private Map<Key, Sentinel> all = Map.of();
    private final AtomicReference<Consumer<Server>> subscriber = new AtomicReference<>();

    private record Key(String queue, String server) {}

    SentinelPool(ProbeComponent component) {
        this(component, SHORTEST);
    }

    /** @param shortest for how long connections must stand that are not given up */
    SentinelPool(ProbeComponent component, Duration shortest) {
        this.component = component;
        this.shortest = shortest;
    }

    /** {@code next} gets the servers whose connection closes; those that nobody was told of are not remembered. */
    @Override
    public boolean subscribe(Consumer<Server> next, Executor thread) {
        return subscriber.compareAndSet(null, next);
    }

    @Override
    public void unsubscribe() {
        subscriber.set(null);
    }

    /** Guards these servers and no others; connections to those that are where they were stay open. */
    synchronized void guard(List<Server> servers) {
        Map<Key, Sentinel> next = new HashMap<>();
        for (Server server : servers) {
            Key key = new Key(server.queue(), server.name());
            Sentinel known = all.get(key);
            if (known != null && known.guards(server)) {
                next.put(key, known);
            } else {
                Sentinel begun = begin(server);
                if (begun != null) {
                    next.put(key, begun);
                }
            }
        }
        all.values().stream().filter(it -> !next.containsValue(it)).forEach(Sentinel::end);
        all = next;
    }

    private @Nullable Sentinel begin(Server server) {
        Endpoint endpoint = null;
        try {
            endpoint = component.getCamelContext().getEndpoint(server.probe());
        } catch (ResolveEndpointFailedException e) {
            // What is wrong with it, its probes say.
        }
        Prober check = endpoint instanceof ProbeEndpoint probe ? probe.check() : null;
        int port = check == null ? 0 : check.port(server);
        if (port != 0) {
            Sentinel sentinel = new Sentinel(server, port, component.engine(), this, new IdleTimeout(shortest));
            sentinel.begin();
            return sentinel;
        }
        LOG.warn(
                "{}/{} has no sentinel: {} makes no TCP connection that could be held open",
                server.queue(),
                server.name(),
                ReasonText.withoutOptions(server.probe()));
        return null;
    }

    /** Told by a sentinel, on a thread of the network, that {@code server} should be looked at. */
    void suspect(Server server) {
        Consumer<Server> told = subscriber.get();
        if (told != null) {
            component.engine().tell(() -> told.accept(server));
        }
    }

    /** Told by a sentinel that it has ended for good. */
    void givenUp(Server server, String reason) {
        LOG.warn(
                "{}/{} has no sentinel any more: {}. It is probed as without one, until its queue's file changes what is probed",
                server.queue(),
                server.name(),
                reason);
    }

    synchronized long count(Sentinel.State state) {
        return all.values().stream().filter(it -> it.state() == state).count();
    }
}
