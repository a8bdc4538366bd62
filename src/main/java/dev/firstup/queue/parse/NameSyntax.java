package dev.firstup.queue.parse;

import dev.firstup.model.dns.RecordType;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Host names, and the names that people give to queues, servers and routes. */
public final class NameSyntax {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    private static final Pattern SERVICE = Pattern.compile("_[a-z0-9-]{1,15}\\._[a-z0-9-]{1,15}\\.(.+)");
    private static final Pattern ALL_DIGITS = Pattern.compile("(?:.*\\.)?[0-9]+");
    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^\\[\\]:]+))(?::([0-9]{1,5}))?");
    private static final int LONGEST = 253;

    private NameSyntax() {}

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** A host name in A-labels, lower case, without a final dot; null where {@code text} is none. */
    static @Nullable String host(String text) {
        // No name of that length becomes shorter, and the conversion is slow.
        if (text.length() > LONGEST + 1) {
            return null;
        }
        String ascii;
        try {
            ascii = IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (ascii.endsWith(".")) {
            ascii = ascii.substring(0, ascii.length() - 1);
        }
        boolean good = ascii.length() <= LONGEST
                && HOST.matcher(ascii).matches()
                && !ALL_DIGITS.matcher(ascii).matches();
        return good ? ascii : null;
    }

    /** A host or an address with or without a port, {@code [IPV6]:PORT}; null where {@code text} is none. */
    static @Nullable String hostAndPort(String text) {
        IpLiteral bare = IpLiteral.of(text);
        if (bare != null) {
            return bare.text();
        }
        var form = HOST_PORT.matcher(text);
        if (!form.matches() || !isPort(form.group(3))) {
            return null;
        }
        String port = form.group(3) == null ? "" : ":" + Integer.parseInt(form.group(3));
        if (form.group(1) != null) {
            IpLiteral address = IpLiteral.of(form.group(1));
            return address == null || address.type() == RecordType.A ? null : "[" + address.text() + "]" + port;
        }
        IpLiteral address = IpLiteral.of(form.group(2));
        String host = address == null ? host(form.group(2)) : address.text();
        return host == null ? null : host + port;
    }

    private static boolean isPort(@Nullable String digits) {
        return digits == null || Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= 65_535;
    }

    /** The owner name of an SRV record, such as {@code _xmpp-client._tcp.example.org}; null where {@code text} is none. */
    static @Nullable String service(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        var matcher = SERVICE.matcher(lower);
        if (!matcher.matches()) {
            return null;
        }
        String host = host(matcher.group(1));
        return host == null ? null : lower.substring(0, matcher.start(1)) + host;
    }
}
