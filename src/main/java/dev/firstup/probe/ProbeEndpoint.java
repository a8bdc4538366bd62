package dev.firstup.probe;

import java.nio.file.Path;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Probe one server and reply with the verdict, or probe many and send each verdict on when it comes.
 *
 * <p>The message's body is a {@link dev.firstup.model.Server}: host, port, path, public name and time-out come from it. It is
 * replaced with a {@link dev.firstup.model.Verdict}. For {@code probe:batch} it is a list of servers, and lists of verdicts go
 * to the endpoint {@code verdicts}. A server that fails is a verdict, never an exception.
 *
 * <p>{@code to: probe:sentinel} takes the list of all servers that one connection each is to be held open to;
 * {@code from: probe:sentinel} gives a server whenever its connection has closed.
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
                    "tcp,tls,http,https,smtp,imap,pop3,postgres,redis,ssh,xmpp,xmpps,xmpp-server,dns,icmp,exec,route,batch,sentinel",
            description =
                    "tcp connects; tls connects and shakes hands; http and https ask for a path; route asks a route of the user's, direct:HOST;"
                            + " batch does for each server what that server says; sentinel holds a connection open to each, and from: tells"
                            + " when one closes.")
    private final String kind;

    @UriParam
    private final ProbeConfiguration configuration = new ProbeConfiguration();

    private Check check;

    ProbeEndpoint(String uri, ProbeComponent component, String kind) {
        super(uri, component);
        this.kind = kind;
    }

    /**
     * Makes of the options what is done for each server.
     *
     * @throws IllegalArgumentException if one is wrong: the message says which, what was found and what was expected
     */
    void prepare(Kind kind) {
        check = switch (kind) {
            case TCP, TLS, SMTP, IMAP, POP3, POSTGRES, REDIS, SSH ->
                new TalkOptions(configuration, secrets()).check(kind);
            case HTTP -> http().check(false);
            case HTTPS -> http().check(true);
            case XMPP -> new NetworkCheck(tls(), false, xmpp(false, null), Xmpp.CLIENT_PORT);
            case XMPPS -> NetworkCheck.encrypted(tls(Xmpp.ALPN), xmpp(true, null), Xmpp.CLIENT_TLS_PORT);
            case XMPP_SERVER -> new NetworkCheck(tls(), false, xmpp(false, configuration.getFrom()), Xmpp.SERVER_PORT);
            case DNS -> dns();
            case ICMP -> Icmp.ofSystem();
            case EXEC -> exec();
            case ROUTE -> new RouteCheck(getCamelContext());
            case BATCH -> null;
            case SENTINEL -> null;
        };
        if (kind == Kind.BATCH && configuration.getVerdicts() == null) {
            throw new IllegalArgumentException("verdicts is missing, expected an endpoint such as direct:verdicts");
        }
    }

    @Override
    public Producer createProducer() {
        if (kind.equals(Kind.SENTINEL.text())) {
            return new SentinelProducer(this);
        }
        return check == null ? new BatchProducer(this, configuration.getVerdicts()) : new ProbeProducer(this, check);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (kind.equals(Kind.SENTINEL.text())) {
            SentinelConsumer consumer = new SentinelConsumer(this, processor);
            configureConsumer(consumer);
            return consumer;
        }
        throw new UnsupportedOperationException(
                "probe:" + kind + " cannot stand in from:, it is asked by to: or toD:; only probe:sentinel can");
    }

    private HttpOptions http() {
        return new HttpOptions(configuration, secrets());
    }

    private Xmpp xmpp(boolean tlsFirst, String from) {
        String seeOtherHost = configuration.getSeeOtherHost();
        if (!seeOtherHost.equals("up") && !seeOtherHost.equals("down")) {
            throw new IllegalArgumentException("see-other-host is \"" + seeOtherHost + "\", expected up or down");
        }
        if (from != null && !from.matches(Xmpp.DOMAIN)) {
            throw new IllegalArgumentException("from is \"" + from + "\", expected an XMPP domain");
        }
        return new Xmpp(
                tlsFirst,
                configuration.isVerify(),
                seeOtherHost.equals("up"),
                from,
                Xmpp.Account.of(configuration.getUsername(), configuration.getPassword(), secrets()));
    }

    private Dns dns() {
        return Dns.of(
                configuration.getName(),
                configuration.getType(),
                configuration.getRcode(),
                configuration.getAnswer(),
                configuration.getAnswerMatches(),
                configuration.isAuthoritative());
    }

    private Exec exec() {
        String plugins = getCamelContext().resolvePropertyPlaceholders("{{firstup.plugins:" + PLUGINS + "}}");
        return Exec.of(configuration.getCommand(), configuration.getArgs(), plugins);
    }

    private Tls tls(String... protocols) {
        return new TlsOptions(configuration, secrets()).tls(protocols);
    }

    /** Where {@code file:} secrets lie. */
    private Path secrets() {
        return Path.of(getCamelContext().resolvePropertyPlaceholders("{{firstup.secrets:secrets}}"));
    }

    /** What is done for each server; null if each server says that itself. */
    Check check() {
        return check;
    }

    public String getKind() {
        return kind;
    }

    ProbeConfiguration getConfiguration() {
        return configuration;
    }
}
