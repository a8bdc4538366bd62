package dev.firstup.rehearsal;

import org.jspecify.annotations.Nullable;

/** What the routes of the DNS server ask for answers. It never throws: Camel would take the exception for the answer. */
public final class DnsResponder {
    private final ZoneAnswers answers;
    private volatile boolean silent;

    DnsResponder(ZoneAnswers answers) {
        this.answers = answers;
    }

    /** The answer to a datagram; null where there is none. */
    public byte @Nullable [] toUdp(byte[] query) {
        return silent ? null : answers.toUdp(query);
    }

    /** The answer to a message on a connection, without its length; null where there is none. */
    public byte @Nullable [] toTcp(byte[] query) {
        return silent ? null : answers.toTcp(query);
    }

    void silence(boolean silent) {
        this.silent = silent;
    }
}
