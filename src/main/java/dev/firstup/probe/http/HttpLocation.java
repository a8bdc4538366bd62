package dev.firstup.probe.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where something is that HTTP is asked for.
 *
 * @param scheme in lower case
 * @param host without the brackets of an IPv6 address
 * @param port 0 for the scheme's usual one
 * @param path with its query, if there is one; begins with a slash
 */
record HttpLocation(String scheme, String host, int port, String path) {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*+):");
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[^@]*+@)?(?:\\[([0-9A-Fa-f:.]++)]|([^\\[\\]:@]++))(?::([0-9]{0,9}))?");
    private static final int LAST_PORT = 65_535;

    /** What is visible, and stands in no URI (RFC 3986, appendix A). A percent sign may escape already, and is let be. */
    private static final String FOREIGN = "\"<>\\^`{|}";

    /**
     * Where {@code reference} leads from here (RFC 3986, section 5); null where that is no address of this form.
     *
     * @param reference as a header has it: each byte is one character. What stands in no URI is escaped, as clients do
     */
    @Nullable
    HttpLocation resolve(String reference) {
        String rest = before('#', reference);
        Matcher begin = SCHEME.matcher(rest);
        boolean absolute = begin.lookingAt();
        String its = absolute ? begin.group(1).toLowerCase(Locale.ROOT) : scheme;
        rest = absolute ? rest.substring(begin.end()) : rest;
        if (!rest.startsWith("//")) {
            return absolute ? null : new HttpLocation(scheme, host, port, escaped(beside(rest)));
        }
        int end = 2 + before('?', before('/', rest.substring(2))).length();
        Matcher authority = AUTHORITY.matcher(rest).region(2, end);
        if (!authority.matches()) {
            return null;
        }
        String number = authority.group(3);
        boolean usual = number == null || number.isEmpty();
        int itsPort = usual ? 0 : Integer.parseInt(number);
        if (!usual && itsPort == 0 || itsPort > LAST_PORT) {
            return null;
        }
        String itsHost = authority.group(1) == null ? authority.group(2) : authority.group(1);
        return new HttpLocation(its, itsHost, itsPort, escaped(plain(rest.substring(end))));
    }

    private String beside(String reference) {
        if (reference.startsWith("/")) {
            return plain(reference);
        }
        String here = before('?', path);
        if (reference.isEmpty()) {
            return path;
        }
        return reference.startsWith("?")
                ? here + reference
                : plain(here.substring(0, here.lastIndexOf('/') + 1) + reference);
    }

    /** Without the steps {@code .} and {@code ..} (section 5.2.4). Two slashes in a row are not the same as one. */
    private static String plain(String reference) {
        String steps = before('?', reference);
        String query = reference.substring(steps.length());
        Deque<String> taken = new ArrayDeque<>();
        String[] all = steps.split("/", -1);
        for (int i = 1; i < all.length; i++) {
            boolean stays = all[i].equals(".");
            boolean climbs = all[i].equals("..");
            if (climbs) {
                taken.pollLast();
            }
            if (!stays && !climbs) {
                taken.add(all[i]);
            } else if (i == all.length - 1) {
                taken.add("");
            }
        }
        return "/" + String.join("/", taken) + query;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next > ' ' && next < 127 && FOREIGN.indexOf(next) < 0) {
                escaped.append(next);
            } else {
                escaped.append(String.format("%%%02X", (int) next));
            }
        }
        return escaped.toString();
    }

    private static String before(char end, String text) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }
}
