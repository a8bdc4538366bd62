package dev.firstup.probe;

import dev.firstup.model.Secret;
import java.nio.file.Path;
import java.util.List;

/** What the options of the kinds say that are a few words over a connection: those of the user's, and those that come ready. */
final class TalkOptions {
    private static final String NO_TLS = "none";
    private static final String STARTTLS = "starttls";

    private final ProbeConfiguration options;
    private final Path secrets;

    /** @param secrets where {@code file:} secrets lie */
    TalkOptions(ProbeConfiguration options, Path secrets) {
        this.options = options;
        this.secrets = secrets;
    }

    /**
     * What is done for each server.
     *
     * @throws IllegalArgumentException if an option is wrong, or this is not one of those kinds
     */
    NetworkCheck check(Kind kind) {
        return switch (kind) {
            case TCP -> tcp();
            case TLS -> NetworkCheck.encrypted(tls(), talk(), 0);
            case SMTP -> secured(Lines.smtp(starttls(kind), options.getHelo()), 25, 465);
            case IMAP -> secured(Lines.imap(starttls(kind)), 143, 993);
            case POP3 -> secured(Lines.pop3(starttls(kind)), 110, 995);
            case POSTGRES -> secured(postgres(), 5432, 0);
            case REDIS -> NetworkCheck.plain(redis(), 6379);
            case SSH -> NetworkCheck.plain(Lines.ssh(), 22);
            default -> throw new IllegalArgumentException(kind.text() + " is no such kind");
        };
    }

    private NetworkCheck tcp() {
        boolean starttls = options.getStarttls() != null;
        if (!starttls) {
            TlsOptions.refuse(options, "TLS is spoken with starttls only");
        }
        return new NetworkCheck(starttls ? tls() : null, false, talk(), 0);
    }

    private Tls tls() {
        return new TlsOptions(options, secrets).tls();
    }

    private Talk talk() {
        return Talk.of(options.getSend(), options.getExpect(), options.getStarttls());
    }

    private NetworkCheck secured(Protocol protocol, int port, int portOfTls) {
        return switch (options.getSecurity()) {
            case NO_TLS -> {
                TlsOptions.refuse(options, "TLS is spoken with security=starttls or security=tls only");
                yield NetworkCheck.plain(protocol, port);
            }
            case STARTTLS -> new NetworkCheck(tls(), false, protocol, port);
            default -> NetworkCheck.encrypted(tls(), protocol, portOfTls);
        };
    }

    private boolean starttls(Kind kind) {
        String security = options.getSecurity();
        List<String> known = kind == Kind.POSTGRES ? List.of(NO_TLS, STARTTLS) : List.of(NO_TLS, STARTTLS, "tls");
        if (!known.contains(security)) {
            throw new IllegalArgumentException("security is \"" + security + "\"" + Text.nearest(security, known)
                    + " Expected one of " + String.join(", ", known));
        }
        return security.equals(STARTTLS);
    }

    private Postgres postgres() {
        String user = options.getUsername() == null ? "firstup" : options.getUsername();
        String database = options.getDatabase();
        for (String name : new String[] {user, database}) {
            if (name != null && (name.isEmpty() || name.indexOf(0) >= 0)) {
                throw new IllegalArgumentException("\"" + name.replace('\0', '?')
                        + "\" is not the name of a user or a database, expected some text");
            }
        }
        return new Postgres(user, database, starttls(Kind.POSTGRES));
    }

    private Redis redis() {
        String user = options.getUsername();
        String password = options.getPassword();
        if (user != null && password == null) {
            throw new IllegalArgumentException(
                    "username is given without a password, expected password=env:NAME or file:NAME");
        }
        try {
            return new Redis(user, password == null ? null : new Secret(password), secrets);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("password: " + e.getMessage(), e);
        }
    }
}
