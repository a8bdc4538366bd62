package dev.firstup.zone;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/** Finds and asks the servers of DNS zones. */
@Component("zone")
public final class ZoneComponent extends DefaultComponent {
    private ExecutorService pool;
    private NameServers nameServers;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ZoneEndpoint endpoint = new ZoneEndpoint(uri, this);
        endpoint.setOperation(getCamelContext().getTypeConverter().mandatoryConvertTo(Operation.class, remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    // A producer can be created before its component starts, hence on first use.
    synchronized ExecutorService pool() {
        if (pool == null) {
            // The rest of the route runs here: it must hold up neither dnsjava's only selector nor the other readings.
            ThreadPoolProfile profile = new ThreadPoolProfile("zone");
            profile.setPoolSize(4);
            profile.setMaxPoolSize(4);
            profile.setMaxQueueSize(-1);
            profile.setKeepAliveTime(10L);
            profile.setAllowCoreThreadTimeOut(true);
            profile.setRejectedPolicy(ThreadPoolRejectedPolicy.CallerRuns);
            pool = getCamelContext().getExecutorServiceManager().newThreadPool(this, "zone", profile);
        }
        return pool;
    }

    synchronized NameServers nameServers() {
        if (nameServers == null) {
            nameServers = NameServers.ofTheSystem(pool());
        }
        return nameServers;
    }

    @Override
    protected void doShutdown() throws Exception {
        ExecutorService ended;
        synchronized (this) {
            ended = pool;
            pool = null;
            nameServers = null;
        }
        if (ended != null) {
            getCamelContext().getExecutorServiceManager().shutdown(ended);
        }
        super.doShutdown();
    }
}
