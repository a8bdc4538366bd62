package dev.firstup.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of probe, and the options that each one has. */
enum Kind {
    TCP("send", "expect", "starttls", "verify", "ca"),
    TLS("send", "expect", "verify", "ca"),
    HTTP("method", "status", "contains"),
    HTTPS("method", "status", "contains", "verify", "ca"),
    SMTP("security", "verify", "ca"),
    IMAP("security", "verify", "ca"),
    POP3("security", "verify", "ca"),
    POSTGRES("user", "database", "security", "verify", "ca"),
    REDIS("user", "password"),
    SSH(),
    XMPP(),
    XMPPS(),
    XMPP_SERVER(),
    DNS(),
    ICMP(),
    EXEC(),
    ROUTE(),
    /** Not one probe, but many: each server names its own. */
    BATCH("verdicts");

    private final Set<String> options;

    Kind(String... options) {
        this.options = Set.of(options);
    }

    Set<String> options() {
        return options;
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
