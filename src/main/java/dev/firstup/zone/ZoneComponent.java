package dev.firstup.zone;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.jspecify.annotations.Nullable;

/** Finds and asks the servers of DNS zones, and tells them what to change. */
@Component("zone")
public final class ZoneComponent extends DefaultComponent {
    private static final int ROUTE_THREADS = 4;

    private @Nullable ExecutorService work;
    private @Nullable ExecutorService routes;
    private @Nullable NameServerLookup nameServers;
    private @Nullable ReachabilityCheck reach;
    private Clock clock = Clock.systemUTC();
    private final AtomicBoolean warm = new AtomicBoolean();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ZoneEndpoint endpoint = new ZoneEndpoint(uri, this);
        endpoint.setOperation(getCamelContext().getTypeConverter().mandatoryConvertTo(ZoneOperation.class, remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    // A producer can be created before its component starts, hence on first use.

    /** Where answers are judged: short steps only, so that one thread is enough and never late. */
    synchronized ExecutorService work() {
        if (work == null) {
            work = pool("zone", 1);
        }
        return work;
    }

    /** Where the routes go on: what they do next may take its time, and must not hold up other readings. */
    synchronized ExecutorService routes() {
        if (routes == null) {
            routes = pool("zone-routes", ROUTE_THREADS);
        }
        return routes;
    }

    synchronized NameServerLookup nameServers() {
        if (nameServers == null) {
            nameServers = NameServerLookup.ofTheSystem(work());
        }
        return nameServers;
    }

    /** One for all endpoints, since it remembers. */
    synchronized ReachabilityCheck reach() {
        if (reach == null) {
            reach = new ReachabilityCheck(nameServers(), ReachabilityCheck.FRESH, work());
        }
        return reach;
    }

    synchronized Clock clock() {
        return clock;
    }

    /** Tests have another time than the server. */
    synchronized void clock(Clock other) {
        clock = other;
    }

    /**
     * Once, and where routes are about to run only: one that makes its producer later wants it for an update that is to be quick,
     * and who only looks at the routes wants no update at all.
     */
    void warmUp(PrimaryServer primary) {
        boolean starts = !getCamelContext().isStarted() && getCamelContext().isAutoStartup();
        if (starts && warm.compareAndSet(false, true)) {
            ZoneWarmUp warmUp = new ZoneWarmUp(nameServers(), primary, clock(), work());
            // Not at once: the start has enough to do.
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, routes()).execute(warmUp::run);
        }
    }

    private ExecutorService pool(String name, int threads) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name);
        profile.setPoolSize(threads);
        profile.setMaxPoolSize(threads);
        profile.setMaxQueueSize(-1);
        profile.setKeepAliveTime(10L);
        profile.setAllowCoreThreadTimeOut(true);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.CallerRuns);
        return getCamelContext().getExecutorServiceManager().newThreadPool(this, name, profile);
    }

    @Override
    protected synchronized void doShutdown() throws Exception {
        getCamelContext().getExecutorServiceManager().shutdown(work);
        getCamelContext().getExecutorServiceManager().shutdown(routes);
        work = null;
        routes = null;
        nameServers = null;
        reach = null;
        super.doShutdown();
    }
}
