package dev.firstup.rehearsal;

import dev.firstup.model.dns.RecordType;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * An authoritative DNS server for one small zone, on 127.0.0.1, by UDP and TCP (RFC 1035, 6891, 7766). It holds no records of its
 * own but the zone's: each query is answered with what {@code records} says at that moment. It is {@code
 * routes/rehearsal/dns.camel.yaml}, in a Camel context of its own.
 */
public final class NameServer implements AutoCloseable {
    /** Its name on the class path. */
    static final String ROUTES = "routes/rehearsal/dns.camel.yaml";

    private static final int TRIES = 10;

    private final InetSocketAddress address;
    private final DnsResponder responder;
    private final EventLoopGroup loop = Loop.start("dns");
    private final CamelContext context;

    private NameServer(InetSocketAddress address, ZoneAnswers answers) throws IOException {
        this.address = address;
        this.responder = new DnsResponder(answers);
        this.context = context();
        try {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("classpath:" + ROUTES));
            context.start();
        } catch (Exception e) {
            close();
            BindException taken = ObjectHelper.getException(BindException.class, e);
            throw taken != null ? taken : new IOException("cannot start: " + e.getMessage(), e);
        }
    }

    /**
     * Starts to answer.
     *
     * @param port where to listen; 0 for any free port
     * @param zone the zone's name, without a final dot
     * @param ttl the time to live of all answers, in whole seconds
     * @param records the records of a name (lower case, without a final dot); null for a name that does not exist. It is called
     *     on the only thread of this server and must not wait
     * @throws IOException if the port is taken
     */
    public static NameServer start(
            int port, String zone, Duration ttl, Function<String, @Nullable Map<RecordType, List<String>>> records)
            throws IOException {
        ZoneAnswers answers = new ZoneAnswers(zone, ttl, records);
        for (int tries = 1; ; tries++) {
            // Chosen before, since Camel does not say which one it was given.
            InetSocketAddress address = Loop.free(port);
            try {
                return new NameServer(address, answers);
            } catch (BindException e) {
                if (port != 0 || tries == TRIES) {
                    throw Loop.taken(address, e);
                }
            }
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Whether it leaves every query unanswered, as if nothing came through to it. */
    void silence(boolean silent) {
        responder.silence(silent);
    }

    @Override
    public void close() {
        context.stop();
        Loop.stop(loop);
    }

    private CamelContext context() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName("firstup-rehearsal-dns");
        // Its settings are its own, whatever the environment says.
        PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        Properties settings = new Properties();
        settings.setProperty("firstup.rehearsal.dns.port", Integer.toString(address.getPort()));
        properties.setInitialProperties(settings);
        context.getShutdownStrategy().setTimeout(1);
        context.getRegistry().bind("firstup-rehearsal-dns", responder);
        context.getRegistry().bind("firstup-rehearsal-dns-loop", loop);
        return context;
    }
}
