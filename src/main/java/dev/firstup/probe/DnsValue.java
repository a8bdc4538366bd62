package dev.firstup.probe;

import dev.firstup.model.IpText;
import io.netty.util.NetUtil;
import java.util.stream.Collectors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/**
 * What one answer must be: a value as it is written in a zone, or a regular expression for all of it. Letters of either case
 * are the same, an address has one form (RFC 5952), a name ends without a dot, and a text is without its quotes.
 */
final class DnsValue {
    private final String value;
    private final Regex pattern;

    private DnsValue(String value, Regex pattern) {
        this.value = value;
        this.pattern = pattern;
    }

    static DnsValue equal(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty, expected a value such as 192.0.2.1");
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        return new DnsValue(address == null ? plain(text.strip()) : IpText.of(address), null);
    }

    /** @throws IllegalArgumentException if {@code text} is no regular expression */
    static DnsValue matching(String text) {
        return new DnsValue(null, Regex.ofAnyCase(text));
    }

    /** @param text as {@link #text} writes it, and not {@linkplain #tooLong too long} */
    boolean accepts(String text) {
        return pattern == null ? value.equalsIgnoreCase(text) : pattern.isAllOf(text);
    }

    /** Whether {@code text} is so long that looking at all of it would take too much. */
    boolean tooLong(String text) {
        return pattern != null && text.length() > pattern.reach();
    }

    /** The value of {@code record}, in that one form. */
    static String text(Record record) {
        if (record instanceof AAAARecord aaaa) {
            return IpText.of(aaaa.getAddress().getAddress());
        }
        if (record instanceof TXTRecord txt) {
            return txt.getStrings().stream().collect(Collectors.joining());
        }
        return plain(record.rdataToString());
    }

    private static String plain(String text) {
        boolean named = text.length() > 1 && text.endsWith(".") && !text.endsWith("\\.") && !text.endsWith(" .");
        return named ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public String toString() {
        return pattern == null ? value : "what matches " + pattern;
    }
}
