package dev.firstup.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of probe, and the options that each one has. */
enum Kind {
    TCP(),
    TLS("verify", "ca"),
    HTTP("method", "status", "contains"),
    HTTPS("method", "status", "contains", "verify", "ca"),
    SMTP(),
    IMAP(),
    POP3(),
    POSTGRES(),
    REDIS(),
    SSH(),
    XMPP(),
    XMPPS(),
    XMPP_SERVER(),
    DNS("name", "type", "rcode", "answer", "answerMatches", "authoritative"),
    ICMP(),
    EXEC("command", "args"),
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
