package dev.firstup.probe;

import dev.firstup.model.Secret;
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
    private static final String NO_TLS = "none";
    private static final String STARTTLS = "starttls";
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
            case TCP -> tcp();
            case TLS -> NetworkCheck.encrypted(tls(), talk(), 0);
            case HTTP -> NetworkCheck.plain(http(HTTP_PORT), HTTP_PORT);
            case HTTPS -> NetworkCheck.encrypted(tls(), http(HTTPS_PORT), HTTPS_PORT);
            case SMTP -> secured(Lines.smtp(starttls(kind)), 25, 465);
            case IMAP -> secured(Lines.imap(starttls(kind)), 143, 993);
            case POP3 -> secured(Lines.pop3(starttls(kind)), 110, 995);
            case POSTGRES -> secured(postgres(), 5432, 0);
            case REDIS -> NetworkCheck.plain(redis(), 6379);
            case SSH -> NetworkCheck.plain(Lines.ssh(), 22);
            case XMPP -> throw new IllegalArgumentException("later");
            case XMPPS -> throw new IllegalArgumentException("later");
            case XMPP_SERVER -> throw new IllegalArgumentException("later");
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

    private NetworkCheck tcp() {
        boolean starttls = configuration.getStarttls() != null;
        if (!starttls) {
            requireNoTls("starttls");
        }
        return new NetworkCheck(starttls ? tls() : null, false, talk(), 0);
    }

    private Talk talk() {
        return Talk.of(configuration.getSend(), configuration.getExpect(), configuration.getStarttls());
    }

    private NetworkCheck secured(Protocol protocol, int port, int portOfTls) {
        return switch (configuration.getSecurity()) {
            case NO_TLS -> {
                requireNoTls("security");
                yield NetworkCheck.plain(protocol, port);
            }
            case STARTTLS -> new NetworkCheck(tls(), false, protocol, port);
            default -> NetworkCheck.encrypted(tls(), protocol, portOfTls);
        };
    }

    private boolean starttls(Kind kind) {
        String security = configuration.getSecurity();
        List<String> known = kind == Kind.POSTGRES ? List.of(NO_TLS, STARTTLS) : List.of(NO_TLS, STARTTLS, "tls");
        if (!known.contains(security)) {
            throw new IllegalArgumentException("security is \"" + security + "\"" + Text.nearest(security, known)
                    + " Expected one of " + String.join(", ", known));
        }
        return security.equals(STARTTLS);
    }

    private void requireNoTls(String option) {
        if (!configuration.isVerify() || configuration.getCa() != null) {
            throw new IllegalArgumentException((configuration.getCa() == null ? "verify" : "ca")
                    + " goes with TLS only, expected " + option + " beside it");
        }
    }

    private Postgres postgres() {
        String user = configuration.getUser() == null ? "firstup" : configuration.getUser();
        String database = configuration.getDatabase();
        for (String name : new String[] {user, database}) {
            if (name != null && (name.isEmpty() || name.indexOf(0) >= 0)) {
                throw new IllegalArgumentException("\"" + name.replace('\0', '?')
                        + "\" is not the name of a user or a database, expected some text");
            }
        }
        return new Postgres(user, database, starttls(Kind.POSTGRES));
    }

    private Redis redis() {
        String user = configuration.getUser();
        String password = configuration.getPassword();
        if (user != null && password == null) {
            throw new IllegalArgumentException(
                    "user is given without a password, expected password=env:NAME or file:NAME");
        }
        try {
            return new Redis(
                    user,
                    password == null ? null : new Secret(password),
                    Path.of(getCamelContext().resolvePropertyPlaceholders("{{firstup.secrets:secrets}}")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("password: " + e.getMessage(), e);
        }
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
