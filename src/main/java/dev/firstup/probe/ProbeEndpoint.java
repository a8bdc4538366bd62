package dev.firstup.probe;

import dev.firstup.probe.connection.NetworkProber;
import dev.firstup.probe.dns.DnsProber;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.exec.PingProber;
import dev.firstup.probe.exec.PluginProber;
import dev.firstup.probe.tls.TlsClient;
import dev.firstup.probe.xmpp.XmppProtocol;
import java.nio.file.Path;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Probe one server and reply with the verdict, or probe many and send each verdict on when it comes.
 *
 * <p>The message's body is a {@link dev.firstup.model.Server}: host, port, path, public name and time-out come from it. It is
 * replaced with a {@link dev.firstup.model.Verdict}. For {@code to: probe:batch} it is a list of servers, and
 * {@code from: probe:verdicts} gives lists of verdicts. A server that fails is a verdict, never an exception.
 *
 * <p>{@code to: probe:sentinel} takes the list of all servers that one connection each is to be held open to;
 * {@code from: probe:sentinel} gives a server whenever its connection has closed. {@code to: probe:due} says that somebody is to
 * be probed before the next tick, and {@code from: probe:due} gives an empty message for that.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "probe",
        title = "Probe",
        syntax = "probe:kind",
        category = {Category.MONITORING})
public class ProbeEndpoint extends DefaultEndpoint {
    private static final String PLUGINS = "/usr/lib/nagios/plugins";

    @UriPath(
            enums =
                    "tcp,tls,http,https,smtp,imap,pop3,postgres,redis,ssh,xmpp,xmpps,xmpp-server,dns,icmp,exec,route,batch,verdicts,due,sentinel",
            description =
                    "tcp connects; tls connects and shakes hands; http and https ask for a path; route asks a route of the user's, direct:HOST;"
                            + " batch does for each server what that server says, and from: verdicts gives what comes of it, in lists;"
                            + " due asks for a look before the next tick, and from: gives it; sentinel holds a connection open to each server,"
                            + " and from: tells when one closes.")
    private final String kind;

    @UriParam
    private final ProbeConfiguration configuration = new ProbeConfiguration();

    private @Nullable Prober check;

    ProbeEndpoint(String uri, ProbeComponent component, String kind) {
        super(uri, component);
        this.kind = kind;
    }

    /**
     * Makes of the options what is done for each server.
     *
     * @throws IllegalArgumentException if one is wrong: the message says which, what was found and what was expected
     */
    void prepare(ProbeKind kind) {
        check = switch (kind) {
            case TCP, TLS, SMTP, IMAP, POP3, POSTGRES, REDIS, SSH ->
                new DialogueOptions(configuration, secrets()).check(kind);
            case HTTP -> http().check(false);
            case HTTPS -> http().check(true);
            case XMPP -> new NetworkProber(tls(), false, xmpp(false, null), XmppProtocol.CLIENT_PORT);
            case XMPPS ->
                NetworkProber.encrypted(tls(XmppProtocol.ALPN), xmpp(true, null), XmppProtocol.CLIENT_TLS_PORT);
            case XMPP_SERVER ->
                new NetworkProber(tls(), false, xmpp(false, configuration.getFrom()), XmppProtocol.SERVER_PORT);
            case DNS -> dns();
            case ICMP -> PingProber.ofSystem();
            case EXEC -> exec();
            case ROUTE -> new RouteProber(getCamelContext());
            case BATCH, VERDICTS, DUE, SENTINEL -> null;
        };
    }

    @Override
    public Producer createProducer() {
        if (check != null) {
            return new ProbeProducer(this, check);
        }
        return switch (ProbeKind.of(kind).orElseThrow()) {
            case DUE -> new DueProducer(this);
            case SENTINEL -> new SentinelProducer(this);
            case VERDICTS ->
                throw new UnsupportedOperationException(
                        "probe:verdicts cannot be sent to: it stands in from:, and gives what comes of probe:batch");
            default -> new ProbeBatchProducer(this);
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ProbeComponent component = (ProbeComponent) getComponent();
        EventDrivenConsumer<?> consumer =
                switch (ProbeKind.of(kind).orElseThrow()) {
                    case VERDICTS -> new EventDrivenConsumer<>(this, processor, component.coalescer());
                    case DUE -> new EventDrivenConsumer<>(this, processor, component.wakeUp());
                    case SENTINEL -> new EventDrivenConsumer<>(this, processor, component.sentinels());
                    default ->
                        throw new UnsupportedOperationException(
                                "probe:" + kind
                                        + " cannot stand in from:, it is asked by to: or toD:; only probe:verdicts, probe:due and probe:sentinel can");
                };
        configureConsumer(consumer);
        return consumer;
    }

    private HttpOptions http() {
        return new HttpOptions(configuration, secrets());
    }

    private XmppProtocol xmpp(boolean tlsFirst, @Nullable String from) {
        String seeOtherHost = configuration.getSeeOtherHost();
        if (!seeOtherHost.equals("up") && !seeOtherHost.equals("down")) {
            throw new IllegalArgumentException("see-other-host is \"" + seeOtherHost + "\", expected up or down");
        }
        if (from != null && !from.matches(XmppProtocol.DOMAIN)) {
            throw new IllegalArgumentException("from is \"" + from + "\", expected an XMPP domain");
        }
        return new XmppProtocol(
                tlsFirst,
                configuration.isVerify(),
                seeOtherHost.equals("up"),
                from,
                XmppProtocol.Account.of(configuration.getUsername(), configuration.getPassword(), secrets()));
    }

    private DnsProber dns() {
        return DnsProber.of(
                configuration.getName(),
                configuration.getType(),
                configuration.getRcode(),
                configuration.getAnswer(),
                configuration.getAnswerMatches(),
                configuration.isAuthoritative());
    }

    private PluginProber exec() {
        String plugins = getCamelContext().resolvePropertyPlaceholders("{{firstup.plugins:" + PLUGINS + "}}");
        return PluginProber.of(configuration.getCommand(), configuration.getArgs(), plugins);
    }

    private TlsClient tls(String... protocols) {
        return new TlsOptions(configuration, secrets()).tls(protocols);
    }

    /** Where {@code file:} secrets lie. */
    private Path secrets() {
        return Path.of(getCamelContext().resolvePropertyPlaceholders("{{firstup.secrets:secrets}}"));
    }

    /** What is done for each server; null if each server says that itself. */
    @Nullable
    Prober check() {
        return check;
    }

    public String getKind() {
        return kind;
    }

    ProbeConfiguration getConfiguration() {
        return configuration;
    }
}
