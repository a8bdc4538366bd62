package dev.firstup.queue.parse;

import dev.firstup.model.dns.IpText;
import dev.firstup.model.dns.RecordType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IP literal; no name is ever looked up for it.
 *
 * @param type A or AAAA
 * @param text the one way to write it: dotted quad, or RFC 5952
 * @param mapped the IPv4 address that it stands for, where it is an IPv4-mapped IPv6 address; otherwise null
 * @param reserved the kind of block that keeps it from being a public address; null where it is one
 */
record IpLiteral(RecordType type, String text, @Nullable String mapped, @Nullable String reserved) {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("(?=.*:.*:)[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");
    private static final int LONGEST = 45;

    /** Kinds of address that no one machine has, in no network. */
    private static final Set<String> IMPOSSIBLE = Set.of("unspecified", "multicast");

    private record Block(String kind, byte[] prefix, int bits) {
        static Block of(String kind, String cidr) {
            int slash = cidr.indexOf('/');
            byte[] prefix = Objects.requireNonNull(bytes(cidr.substring(0, slash)));
            return new Block(kind, prefix, Integer.parseInt(cidr.substring(slash + 1)));
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((address[bit >> 3] ^ prefix[bit >> 3]) >> (7 - (bit & 7)) & 1) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    // IANA's special-purpose registries, as far as an address there can never be reached by the public.
    private static final List<Block> RESERVED = List.of(
            Block.of("unspecified", "0.0.0.0/8"),
            Block.of("loopback", "127.0.0.0/8"),
            Block.of("private", "10.0.0.0/8"),
            Block.of("private", "172.16.0.0/12"),
            Block.of("private", "192.168.0.0/16"),
            Block.of("carrier-private", "100.64.0.0/10"),
            Block.of("link-local", "169.254.0.0/16"),
            Block.of("documentation", "192.0.2.0/24"),
            Block.of("documentation", "198.51.100.0/24"),
            Block.of("documentation", "203.0.113.0/24"),
            Block.of("benchmark", "198.18.0.0/15"),
            Block.of("multicast", "224.0.0.0/4"),
            Block.of("reserved", "240.0.0.0/4"),
            Block.of("unspecified", "::/128"),
            Block.of("loopback", "::1/128"),
            Block.of("private", "fc00::/7"),
            Block.of("link-local", "fe80::/10"),
            Block.of("private", "fec0::/10"),
            Block.of("multicast", "ff00::/8"),
            Block.of("documentation", "2001:db8::/32"),
            Block.of("documentation", "3fff::/20"));

    /** The address that {@code text} is; null where it is none. */
    static @Nullable IpLiteral of(String text) {
        byte[] bytes = bytes(text);
        if (bytes == null) {
            return null;
        }
        if (bytes.length == 4) {
            boolean mapped = text.indexOf(':') >= 0;
            String dotted = IpText.of(bytes);
            return mapped
                    ? new IpLiteral(RecordType.AAAA, "::ffff:" + dotted, dotted, null)
                    : new IpLiteral(RecordType.A, dotted, null, reserved(bytes));
        }
        return new IpLiteral(RecordType.AAAA, IpText.of(bytes), null, reserved(bytes));
    }

    /** Whether no server can have it, in whatever network it is. */
    boolean impossible() {
        return reserved != null && IMPOSSIBLE.contains(reserved);
    }

    /** {@code IPv4} or {@code IPv6}. */
    static String family(RecordType type) {
        return type == RecordType.A ? "IPv4" : "IPv6";
    }

    private static byte @Nullable [] bytes(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        boolean v6 = V6.matcher(text).matches();
        if (!v6 && !V4.matcher(text).matches()) {
            return null;
        }
        try {
            // Matched above as digits and dots or with a colon: the JDK never asks a resolver about such a text.
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable String reserved(byte[] bytes) {
        return RESERVED.stream()
                .filter(block -> block.holds(bytes))
                .map(Block::kind)
                .findFirst()
                .orElse(null);
    }
}
