package dev.firstup.probe.dns;

import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A question to a name server (RFC 1035) as the options of an endpoint describe it.
 *
 * @param name what is asked for; null for the server's public name
 * @param type the type that is asked for, as dnsjava numbers it
 * @param rcode what the server must answer, as dnsjava numbers it
 * @param answer what one of the answers must be; null if that is not looked at
 * @param authoritative whether the server must know it by itself (the AA bit)
 */
public record DnsProber(
        @Nullable Name name, int type, int rcode, @Nullable DnsAnswerMatcher answer, boolean authoritative)
        implements Prober {
    private static final int PORT = 53;
    /** What the header alone has room for. */
    private static final int MOST_RCODE = 15;

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if one is wrong: the message says which, what was found and what was expected
     */
    public static DnsProber of(
            @Nullable String name,
            String type,
            String rcode,
            @Nullable String answer,
            @Nullable String answerMatches,
            boolean authoritative) {
        int asked = Type.value(type);
        if (asked < 0 || !Type.isRR(asked)) {
            throw new IllegalArgumentException(
                    "type is \"" + type + "\", expected a type of record such as A, AAAA, MX, SOA or TXT");
        }
        int expected = Rcode.value(rcode);
        if (expected < 0 || expected > MOST_RCODE) {
            throw new IllegalArgumentException(
                    "rcode is \"" + rcode + "\", expected a response code such as NOERROR, NXDOMAIN or REFUSED");
        }
        if (answer != null && answerMatches != null) {
            throw new IllegalArgumentException("answer cannot go with answer-matches, expected one of them");
        }
        DnsAnswerMatcher value;
        try {
            value = answer != null
                    ? DnsAnswerMatcher.equal(asked, answer)
                    : answerMatches != null ? DnsAnswerMatcher.matching(answerMatches) : null;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException((answer == null ? "answer-matches: " : "answer: ") + e.getMessage(), e);
        }
        return new DnsProber(name == null ? null : parsed(name), asked, expected, value, authoritative);
    }

    private static Name parsed(String text) {
        Name name = named(text);
        if (name == null) {
            throw new IllegalArgumentException("name is \"" + text + "\", expected a domain name");
        }
        return name;
    }

    /** {@code text} as a name; null if it is none. */
    private static @Nullable Name named(String text) {
        try {
            return text.isEmpty() ? null : Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            return null;
        }
    }

    @Override
    public void begin(ProbeAttempt attempt, ProbeEngine engine) {
        String publicName = attempt.server().publicName();
        Name asked = name == null ? named(publicName) : name;
        if (asked == null) {
            attempt.settle(ProbeResult.unknown("the public name \"" + publicName + "\" is no domain name"));
            return;
        }
        int port = attempt.server().port();
        new DnsExchange(new DnsQuery(this, asked), attempt, engine, port == 0 ? PORT : port).begin();
    }
}
