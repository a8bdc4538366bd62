package dev.firstup.probe;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
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
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "probe",
        title = "Probe",
        syntax = "probe:kind",
        producerOnly = true,
        category = {Category.MONITORING})
public class ProbeEndpoint extends DefaultEndpoint {
    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS", "POST", "PUT");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @UriPath(
            enums =
                    "tcp,tls,http,https,smtp,imap,pop3,postgres,redis,ssh,xmpp,xmpps,xmpp-server,dns,icmp,exec,route,batch",
            description =
                    "tcp connects; tls connects and shakes hands; http and https ask for a path; route asks a route of the user's, direct:HOST;"
                            + " batch does for each server what that server says.")
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
            case TCP -> NetworkCheck.plain(null, 0);
            case TLS -> NetworkCheck.encrypted(tls(), null, 0);
            case HTTP -> NetworkCheck.plain(http(HTTP_PORT), HTTP_PORT);
            case HTTPS -> NetworkCheck.encrypted(tls(), http(HTTPS_PORT), HTTPS_PORT);
            case SMTP -> throw new IllegalArgumentException("later");
            case IMAP -> throw new IllegalArgumentException("later");
            case POP3 -> throw new IllegalArgumentException("later");
            case POSTGRES -> throw new IllegalArgumentException("later");
            case REDIS -> throw new IllegalArgumentException("later");
            case SSH -> throw new IllegalArgumentException("later");
            case XMPP -> new NetworkCheck(tls(), false, xmpp(false, null), Xmpp.CLIENT_PORT);
            case XMPPS -> NetworkCheck.encrypted(tls().offering(Xmpp.ALPN), xmpp(true, null), Xmpp.CLIENT_TLS_PORT);
            case XMPP_SERVER -> new NetworkCheck(tls(), false, xmpp(false, configuration.getFrom()), Xmpp.SERVER_PORT);
            case DNS -> throw new IllegalArgumentException("later");
            case ICMP -> throw new IllegalArgumentException("later");
            case EXEC -> throw new IllegalArgumentException("later");
            case ROUTE -> new RouteCheck(getCamelContext());
            case BATCH -> null;
        };
        if (check == null && configuration.getVerdicts() == null) {
            throw new IllegalArgumentException("verdicts is missing, expected an endpoint such as direct:verdicts");
        }
    }

    @Override
    public Producer createProducer() {
        return check == null ? new BatchProducer(this, configuration.getVerdicts()) : new ProbeProducer(this, check);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("probe: cannot stand in from:, it is asked by to: or toD:");
    }

    private Http http(int usualPort) {
        String method = configuration.getMethod();
        String contains = configuration.getContains();
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("method is \"" + method + "\"" + Text.nearest(method, METHODS)
                    + " Expected one of " + String.join(", ", METHODS));
        }
        if (contains != null && contains.isEmpty()) {
            throw new IllegalArgumentException("contains is empty, expected a text that the body must contain");
        }
        if (contains != null && method.equals("HEAD")) {
            throw new IllegalArgumentException("contains cannot go with method HEAD, whose answer has no body");
        }
        Statuses statuses;
        try {
            statuses = new Statuses(configuration.getStatus());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("status: " + e.getMessage(), e);
        }
        return new Http(method, statuses, contains == null ? null : new Needle(contains), usualPort);
    }

    private Xmpp xmpp(boolean tlsFirst, String from) {
        String seeOtherHost = configuration.getSeeOtherHost();
        if (!seeOtherHost.equals("up") && !seeOtherHost.equals("down")) {
            throw new IllegalArgumentException("seeOtherHost is \"" + seeOtherHost + "\", expected up or down");
        }
        if (from != null && !from.matches(Xmpp.DOMAIN)) {
            throw new IllegalArgumentException("from is \"" + from + "\", expected an XMPP domain");
        }
        String folder = getCamelContext().resolvePropertyPlaceholders("{{firstup.secrets:secrets}}");
        return new Xmpp(
                tlsFirst,
                configuration.isVerify(),
                seeOtherHost.equals("up"),
                from,
                Xmpp.Account.of(configuration.getUsername(), configuration.getPassword(), Path.of(folder)));
    }

    private Tls tls() {
        boolean verify = configuration.isVerify();
        String ca = configuration.getCa();
        if (!verify && ca != null) {
            throw new IllegalArgumentException("ca cannot go with verify=false, which accepts every certificate");
        }
        try {
            return !verify ? Tls.blind() : ca == null ? Tls.ofSystem() : Tls.trusting(Path.of(ca));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    ca == null
                            ? "this Java runtime has no TLS: " + e.getMessage()
                            : "ca cannot be read, expected certificates in the PEM file " + ca + ": " + e.getMessage(),
                    e);
        }
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
