package dev.firstup.probe.dns;

import dev.firstup.model.dns.IpText;
import dev.firstup.probe.engine.Re2Pattern;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * What one answer must be: a value as it is written in a zone, or a regular expression for all of it. Letters of either case
 * are the same, an address has one form (RFC 5952), the dot at the very end is left out, and a text (TXT) is without its quotes.
 */
final class DnsAnswerMatcher {
    private final @Nullable String value;
    private final @Nullable Re2Pattern pattern;

    private DnsAnswerMatcher(@Nullable String value, @Nullable Re2Pattern pattern) {
        this.value = value;
        this.pattern = pattern;
    }

    /**
     * @param type what is asked for, as dnsjava numbers it
     * @throws IllegalArgumentException if {@code text} is empty
     */
    static DnsAnswerMatcher equal(int type, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty, expected a value such as 192.0.2.1");
        }
        String value = text.strip();
        if (type == Type.TXT && !value.startsWith("\"")) {
            return new DnsAnswerMatcher(value, null);
        }
        try {
            // However it is written, with or without the dots of its names: it is the same value.
            return new DnsAnswerMatcher(text(Record.fromString(Name.root, type, DClass.IN, 0, value, Name.root)), null);
        } catch (IOException | IllegalArgumentException e) {
            // An alias on the way to an address, perhaps.
            return new DnsAnswerMatcher(plain(value), null);
        }
    }

    /** @throws IllegalArgumentException if {@code text} is no regular expression */
    static DnsAnswerMatcher matching(String text) {
        return new DnsAnswerMatcher(null, Re2Pattern.ofAnyCase(text));
    }

    /** @param text as {@link #text} writes it, and no longer than its {@linkplain #reach reach} */
    boolean accepts(String text) {
        return pattern == null ? Objects.requireNonNull(value).equalsIgnoreCase(text) : pattern.isAllOf(text);
    }

    /** At how many characters of all answers together this can look without holding up others. */
    int reach() {
        return pattern == null ? Integer.MAX_VALUE : pattern.reach();
    }

    /** The value of {@code record}, in that one form. */
    static String text(Record record) {
        if (record instanceof AAAARecord aaaa) {
            return IpText.of(aaaa.getAddress().getAddress());
        }
        if (record instanceof TXTRecord txt) {
            return txt.getStrings().stream().collect(Collectors.joining());
        }
        try {
            return plain(record.rdataToString());
        } catch (IllegalArgumentException e) {
            // A list of types (RFC 4034, section 4.1.2) with some that there cannot be is read, and cannot be written.
            return "(a broken " + Type.string(record.getType()) + ")";
        }
    }

    private static String plain(String text) {
        boolean named = text.length() > 1 && text.endsWith(".") && !text.endsWith("\\.") && !text.endsWith(" .");
        return named ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public String toString() {
        return pattern == null ? Objects.requireNonNull(value) : "what matches " + pattern;
    }
}
