package dev.firstup.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of probe, and the options that each one has. */
enum Kind {
    TCP(),
    TLS(Names.TLS, Set.of("alpn")),
    HTTP(Names.HTTP, Names.TLS),
    HTTPS(Names.HTTP, Names.TLS),
    SMTP(),
    IMAP(),
    POP3(),
    POSTGRES(),
    REDIS(),
    SSH(),
    XMPP("verify", "ca", "seeOtherHost", "username", "password"),
    XMPPS("verify", "ca", "seeOtherHost", "username", "password"),
    XMPP_SERVER("verify", "ca", "seeOtherHost", "from"),
    DNS(),
    ICMP(),
    EXEC(),
    ROUTE(),
    /** Not one probe, but many: each server names its own. */
    BATCH("verdicts"),
    /** No probe, but a connection held open to each server. */
    SENTINEL();

    /** What several kinds have. */
    private static final class Names {
        static final Set<String> TLS =
                Set.of("verify", "ca", "certificate-days", "tls-min", "client-cert", "client-key");
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

    private final Set<String> options;

    Kind(Set<String> some, Set<String> others) {
        options = Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    Kind(String... options) {
        this.options = Set.of(options);
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

    static Optional<Kind> of(String text) {
        return Arrays.stream(values()).filter(it -> it.text().equals(text)).findFirst();
    }

    static List<String> known() {
        return Arrays.stream(values()).map(Kind::text).toList();
    }
}
