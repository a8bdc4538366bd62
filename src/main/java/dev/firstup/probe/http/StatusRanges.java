package dev.firstup.probe.http;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTTP status codes (RFC 9110, section 15) that count as up. */
public final class StatusRanges {
    private static final Pattern ITEM = Pattern.compile("([1-9]\\d\\d)(?:-([1-9]\\d\\d))?");

    private final String text;
    private final BitSet codes = new BitSet(1000);

    /**
     * @param text such as {@code 200-399} or {@code 200,204,300-399}
     * @throws IllegalArgumentException if it isn't that
     */
    public StatusRanges(String text) {
        this.text = text;
        for (String item : text.split(",", -1)) {
            Matcher found = ITEM.matcher(item.strip());
            if (!found.matches()) {
                throw refused(item.strip());
            }
            int first = Integer.parseInt(found.group(1));
            int last = found.group(2) == null ? first : Integer.parseInt(found.group(2));
            if (first > last) {
                throw refused(item.strip());
            }
            codes.set(first, last + 1);
        }
    }

    boolean contain(int status) {
        return codes.get(status);
    }

    private static IllegalArgumentException refused(String item) {
        return new IllegalArgumentException(
                "\"" + item + "\" is not a status, expected numbers and ranges such as 200-399 or 200,204,300-399");
    }

    @Override
    public String toString() {
        return text;
    }
}
