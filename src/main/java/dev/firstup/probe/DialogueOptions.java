package dev.firstup.probe;

import dev.firstup.model.SecretReference;
import dev.firstup.probe.connection.NetworkProber;
import dev.firstup.probe.connection.Protocol;
import dev.firstup.probe.engine.ReasonText;
import dev.firstup.probe.line.DialogueScript;
import dev.firstup.probe.line.LineProtocol;
import dev.firstup.probe.line.PostgresProtocol;
import dev.firstup.probe.line.RedisProtocol;
import dev.firstup.probe.tls.TlsClient;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the options of the kinds say that are a few words over a connection: those of the user's, and those that come ready. */
final class DialogueOptions {
    private static final String NO_TLS = "none";
    private static final String STARTTLS = "starttls";

    private final ProbeConfiguration options;
    private final Path secrets;

    /** @param secrets where {@code file:} secrets lie */
    DialogueOptions(ProbeConfiguration options, Path secrets) {
        this.options = options;
        this.secrets = secrets;
    }

    /**
     * What is done for each server.
     *
     * @throws IllegalArgumentException if an option is wrong, or this is not one of those kinds
     */
    NetworkProber check(ProbeKind kind) {
        return switch (kind) {
            case TCP -> tcp();
            case TLS -> NetworkProber.encrypted(tls(), talk(), 0);
            case SMTP -> secured(LineProtocol.smtp(starttls(kind), options.getHelo()), 25, 465);
            case IMAP -> secured(LineProtocol.imap(starttls(kind)), 143, 993);
            case POP3 -> secured(LineProtocol.pop3(starttls(kind)), 110, 995);
            case POSTGRES -> secured(postgres(), 5432, 0);
            case REDIS -> NetworkProber.plain(redis(), 6379);
            case SSH -> NetworkProber.plain(LineProtocol.ssh(), 22);
            default -> throw new IllegalArgumentException(kind.text() + " is no such kind");
        };
    }

    private NetworkProber tcp() {
        boolean starttls = options.getStarttls() != null;
        if (!starttls) {
            TlsOptions.refuse(options, "TLS is spoken with starttls only");
        }
        return new NetworkProber(starttls ? tls() : null, false, talk(), 0);
    }

    private TlsClient tls() {
        return new TlsOptions(options, secrets).tls();
    }

    private @Nullable DialogueScript talk() {
        return DialogueScript.of(options.getSend(), options.getExpect(), options.getStarttls());
    }

    private NetworkProber secured(Protocol protocol, int port, int portOfTls) {
        return switch (options.getSecurity()) {
            case NO_TLS -> {
                TlsOptions.refuse(options, "TLS is spoken with security=starttls or security=tls only");
                yield NetworkProber.plain(protocol, port);
            }
            case STARTTLS -> new NetworkProber(tls(), false, protocol, port);
            default -> NetworkProber.encrypted(tls(), protocol, portOfTls);
        };
    }

    private boolean starttls(ProbeKind kind) {
        String security = options.getSecurity();
        List<String> known = kind == ProbeKind.POSTGRES ? List.of(NO_TLS, STARTTLS) : List.of(NO_TLS, STARTTLS, "tls");
        if (!known.contains(security)) {
            throw new IllegalArgumentException("security is \"" + security + "\"" + ReasonText.nearest(security, known)
                    + " Expected one of " + String.join(", ", known));
        }
        return security.equals(STARTTLS);
    }

    private PostgresProtocol postgres() {
        String user = options.getUsername() == null ? "firstup" : options.getUsername();
        String database = options.getDatabase();
        for (String name : new @Nullable String[] {user, database}) {
            if (name != null && (name.isEmpty() || name.indexOf(0) >= 0)) {
                throw new IllegalArgumentException("\"" + name.replace('\0', '?')
                        + "\" is not the name of a user or a database, expected some text");
            }
        }
        return new PostgresProtocol(user, database, starttls(ProbeKind.POSTGRES));
    }

    private RedisProtocol redis() {
        String user = options.getUsername();
        String password = options.getPassword();
        if (user != null && password == null) {
            throw new IllegalArgumentException(
                    "username is given without a password, expected password=env:NAME or file:NAME");
        }
        try {
            return new RedisProtocol(user, password == null ? null : new SecretReference(password), secrets);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("password: " + e.getMessage(), e);
        }
    }
}
