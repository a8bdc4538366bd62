package dev.firstup.probe;

import dev.firstup.probe.engine.DescriptorBudget;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ReasonText;
import dev.firstup.probe.line.DialogueScript;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Probes servers: {@code probe:tcp}, {@code probe:http} and most other kinds one each, {@code probe:batch} many, and
 * {@code probe:sentinel} holds a connection to each. {@code probe:verdicts}, {@code probe:due} and {@code probe:sentinel} stand in
 * {@code from:} as well, each in one route. All endpoints of one component share its few threads, so that ten thousand servers need no more of
 * them than five do.
 */
@Component("probe")
public class ProbeComponent extends DefaultComponent {
    private static final int DNS_PORT = 53;
    /** An option of every Camel endpoint that has a producer. */
    private static final String LAZY = "lazyStartProducer";
    /** Where Camel's own components look for a registry of meters as well. */
    private static final String METERS = "metricsRegistry";
    /** What is more than text to Camel, though it was percent-encoded. */
    private static final Pattern CAMELS = Pattern.compile("\\{\\{|^#(?:autowired|[A-Za-z]+[:(])");

    @Metadata(defaultValue = "2", description = "Threads for the network, all kinds together.")
    private int threads = 2;

    @Metadata(
            defaultValue = "8",
            description =
                    "How many probes of the kind route may run at once. One more is not queued: its verdict is unknown.")
    private int routeThreads = 8;

    @Metadata(
            defaultValue = "8",
            description =
                    "How many plugins (kind exec) may run at once. One more is not queued: its verdict is unknown.")
    private int plugins = 8;

    @Metadata(
            defaultValue = "32",
            description =
                    "How many echoes (kind icmp) may be awaited at once, a process each. One more is not queued: its verdict is"
                            + " unknown.")
    private int pings = 32;

    @Metadata(
            description =
                    "Where the names of servers are looked up: an IP address, and a port where it is not 53, such as"
                            + " 192.0.2.53 or 127.0.0.1:5300. By default as this machine is configured.")
    private @Nullable String nameserver;

    private @Nullable ProbeEngine engine;
    // It only keeps the reference.
    @SuppressWarnings("this-escape")
    private final SentinelPool sentinels = new SentinelPool(this);

    private final VerdictCoalescer coalescer = new VerdictCoalescer();
    private final WakeUp wakeUp = new WakeUp();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        String where = "probe:" + remaining;
        ProbeKind kind = ProbeKind.of(remaining).orElseThrow(() -> unknownKind(where, remaining));
        parameters.replaceAll((option, value) -> DialogueScript.has(option) ? value : decoded(where, option, value));
        for (String option : parameters.keySet()) {
            if (!kind.has(StringHelper.camelCaseToDash(DialogueScript.unnumbered(option))) && !option.equals(LAZY)) {
                throw unknownOption(where, kind, option);
            }
        }
        flag(where, parameters, "verify");
        flag(where, parameters, "authoritative");
        ProbeEndpoint endpoint = new ProbeEndpoint(uri, this, remaining);
        endpoint.getConfiguration().takeTurns(parameters);
        families(parameters);
        setProperties(endpoint, parameters);
        try {
            endpoint.prepare(kind);
        } catch (IllegalArgumentException e) {
            // Without the causes: who looks for the first of them would miss what this says of the option.
            throw new IllegalArgumentException(where + ": " + e.getMessage());
        }
        return endpoint;
    }

    /** Camel would decode options twice: no pattern could have a plus, nor any text an ampersand. */
    @Override
    public boolean useRawUri() {
        return true;
    }

    /** Percent-encoding is taken out once, and a plus is a plus. */
    private static Object decoded(String where, String option, Object value) {
        if (!(value instanceof String text) || text.indexOf('%') < 0) {
            return value;
        }
        String plain;
        try {
            plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    where + ": " + option + " has a % that begins no percent-encoding, expected %25");
        }
        if (CAMELS.matcher(plain).find()) {
            // Camel would look for a property or a bean of that name, and say it where there is none.
            throw new IllegalArgumentException(
                    where + ": " + option + " has {{ or begins like #bean:, which no option can have");
        }
        return plain;
    }

    /** Options are named as in queue files: with dashes, and each header by its own name. */
    private static void families(Map<String, Object> parameters) {
        Map<String, Object> headers = PropertiesHelper.extractProperties(parameters, "header-");
        Map<String, Object> expected = PropertiesHelper.extractProperties(parameters, "expect-header-");
        Map<String, Object> others = new TreeMap<>();
        parameters.forEach((name, value) -> others.put(StringHelper.dashToCamelCase(name), value));
        parameters.clear();
        parameters.putAll(others);
        if (!headers.isEmpty()) {
            parameters.put("headers", headers);
        }
        if (!expected.isEmpty()) {
            parameters.put("expectHeaders", expected);
        }
    }

    /** A producer may be used before its component is started, so the threads start with the first probe. */
    public synchronized ProbeEngine engine() {
        ProbeEngine running = engine;
        if (running == null) {
            running = new ProbeEngine(
                    threads,
                    routeThreads,
                    plugins,
                    pings,
                    nameserver == null ? null : address(nameserver),
                    DescriptorBudget.ofProcess());
            engine = running;
            measure();
        }
        return running;
    }

    /** Into the registry of this context, where it has one. */
    private void measure() {
        MeterRegistry meters = getCamelContext().getRegistry().lookupByNameAndType(METERS, MeterRegistry.class);
        if (meters != null) {
            Gauge.builder("firstup.probe.lag", this, ProbeComponent::lag)
                    .baseUnit("seconds")
                    .description(
                            "How late the threads that probe were at most within the last half minute: this machine has too much to do.")
                    .register(meters);
            for (Sentinel.State state : Sentinel.State.values()) {
                Gauge.builder("firstup.sentinels", sentinels, it -> it.count(state))
                        .tag("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .description("Servers to which a connection is held open, by how far it is.")
                        .register(meters);
            }
        }
    }

    /** What is held open to servers. */
    SentinelPool sentinels() {
        return sentinels;
    }

    /** The verdicts on their way to {@code from: probe:verdicts}. */
    VerdictCoalescer coalescer() {
        return coalescer;
    }

    /** What {@code to: probe:due} says to {@code from: probe:due}. */
    WakeUp wakeUp() {
        return wakeUp;
    }

    private synchronized double lag() {
        return engine == null ? 0 : engine.lag().toNanos() / 1e9;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        synchronized (this) {
            if (engine != null && engine.closed()) {
                engine = null;
            }
        }
    }

    @Override
    protected void doStop() throws Exception {
        sentinels.guard(List.of());
        engine().close();
        super.doStop();
    }

    public int getThreads() {
        return threads;
    }

    public void setThreads(int threads) {
        this.threads = positive("threads", threads);
    }

    public int getRouteThreads() {
        return routeThreads;
    }

    public void setRouteThreads(int routeThreads) {
        this.routeThreads = positive("routeThreads", routeThreads);
    }

    public int getPlugins() {
        return plugins;
    }

    public void setPlugins(int plugins) {
        this.plugins = positive("plugins", plugins);
    }

    public int getPings() {
        return pings;
    }

    public void setPings(int pings) {
        this.pings = positive("pings", pings);
    }

    public @Nullable String getNameserver() {
        return nameserver;
    }

    public void setNameserver(String nameserver) {
        address(nameserver);
        this.nameserver = nameserver;
    }

    private static void flag(String where, Map<String, Object> parameters, String option) {
        Object value = parameters.get(option);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(where + ": " + option + " is \"" + value + "\", expected true or false");
        }
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("probe: " + option + " is " + value + ", expected at least 1");
        }
        return value;
    }

    private static InetSocketAddress address(String text) {
        InetAddress alone = NetUtil.createInetAddressFromIpAddressString(text);
        if (alone != null) {
            return new InetSocketAddress(alone, DNS_PORT);
        }
        int colon = text.lastIndexOf(':');
        InetAddress host = colon < 0 ? null : NetUtil.createInetAddressFromIpAddressString(text.substring(0, colon));
        String port = text.substring(colon + 1);
        if (host == null || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("probe: nameserver is \"" + text
                    + "\", expected an IP address such as 192.0.2.53 or 127.0.0.1:5300");
        }
        return new InetSocketAddress(host, Integer.parseInt(port));
    }

    private static IllegalArgumentException unknownKind(String where, String found) {
        String kind = found.split("[:/]", 2)[0];
        return new IllegalArgumentException(
                ProbeKind.of(kind).isPresent()
                        ? where + ": host, port and path come with each server, expected probe:" + kind
                        : where + ": unknown kind \"" + kind + "\"" + ReasonText.nearest(kind, ProbeKind.known())
                                + " Expected one of " + String.join(", ", ProbeKind.known()));
    }

    private static IllegalArgumentException unknownOption(String where, ProbeKind kind, String found) {
        if (kind == ProbeKind.BATCH && found.equals("verdicts")) {
            return new IllegalArgumentException(where + ": unknown option \"verdicts\", which an earlier release had:"
                    + " leave it out; what is found goes to the one route from probe:verdicts");
        }
        String known = kind.options().isEmpty()
                ? "It has none"
                : "Expected one of " + String.join(", ", new TreeSet<>(kind.options()));
        return new IllegalArgumentException(
                where + ": unknown option \"" + found + "\"" + ReasonText.nearest(found, kind.options()) + " " + known);
    }
}
