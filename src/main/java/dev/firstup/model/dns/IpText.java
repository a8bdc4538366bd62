package dev.firstup.model.dns;

/** IP addresses as text, in one form only, so that equal addresses are equal texts. */
public final class IpText {
    private IpText() {}

    /**
     * The address as dotted quad, or as RFC 5952 writes it.
     *
     * @param address 4 or 16 bytes
     */
    public static String of(byte[] address) {
        return address.length == 4 ? dotted(address) : compressed(address);
    }

    private static String dotted(byte[] bytes) {
        return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of zero groups (two at least) as {@code ::}. */
    private static String compressed(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
