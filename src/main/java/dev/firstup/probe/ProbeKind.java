package dev.firstup.probe;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The kinds of probe, and the options that each one has. */
enum ProbeKind {
    TCP(Names.TLS, Names.TALK, Set.of("starttls")),
    TLS(Names.TLS, Names.TALK, Set.of("alpn")),
    HTTP(Names.TLS, Names.HTTP),
    HTTPS(Names.TLS, Names.HTTP),
    SMTP(Names.TLS, Names.SECURITY, Set.of("helo")),
    IMAP(Names.TLS, Names.SECURITY),
    POP3(Names.TLS, Names.SECURITY),
    POSTGRES(Names.TLS, Names.SECURITY, Set.of("username", "database")),
    REDIS(Set.of("username", "password")),
    SSH(),
    XMPP(Names.TLS, Names.XMPP, Set.of("username", "password")),
    XMPPS(Names.TLS, Names.XMPP, Set.of("username", "password")),
    XMPP_SERVER(Names.TLS, Names.XMPP, Set.of("from")),
    DNS(Set.of("name", "type", "rcode", "answer", "answer-matches", "authoritative")),
    ICMP(),
    EXEC(Set.of("command", "args")),
    ROUTE(),
    /** Not one probe, but many: each server names its own. */
    BATCH(),
    /** No probe, but what comes of {@link #BATCH}. */
    VERDICTS(),
    /** No probe, but a look for those that are due. */
    DUE(),
    /** No probe, but a connection held open to each server. */
    SENTINEL();

    /** What several kinds have. */
    private static final class Names {
        static final Set<String> TLS =
                Set.of("verify", "ca", "certificate-days", "tls-min", "client-cert", "client-key");
        static final Set<String> TALK = Set.of("send", "expect");
        static final Set<String> SECURITY = Set.of("security");
        static final Set<String> XMPP = Set.of("see-other-host");
        static final Set<String> HTTP = Set.of(
                "method",
                "header-NAME",
                "body",
                "content-type",
                "username",
                "password",
                "token",
                "status",
                "redirects",
                "expect-header-NAME",
                "contains",
                "not-contains",
                "matches",
                "json",
                "max-time");
    }

    // Nobody can change it.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> options;

    @SafeVarargs
    ProbeKind(Set<String>... options) {
        Set<String> all = new TreeSet<>();
        for (Set<String> some : options) {
            all.addAll(some);
        }
        this.options = Collections.unmodifiableSet(all);
    }

    Set<String> options() {
        return options;
    }

    /** Whether {@code option} is one of them, or one of a family such as {@code header-NAME}. */
    boolean has(String option) {
        return options.contains(option)
                || options.stream()
                        .anyMatch(it -> it.endsWith("-NAME")
                                && option.length() > it.length() - 4
                                && option.startsWith(it.substring(0, it.length() - 4)));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<ProbeKind> of(String text) {
        return Arrays.stream(values()).filter(it -> it.text().equals(text)).findFirst();
    }

    static List<String> known() {
        return Arrays.stream(values()).map(ProbeKind::text).toList();
    }
}
