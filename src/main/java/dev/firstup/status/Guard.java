package dev.firstup.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets in only requests that were meant for this server: the bean {@code guard} of the routes. Without it, any page that a
 * user opens could read from here, by letting its own name resolve to this machine (DNS rebinding).
 */
public final class Guard {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]/@\\s]+)(:\\d{1,5})?");
    /** A browser takes a name whose last label is a number for an address, so no name looks like this. */
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|\\d{1,3}(\\.\\d{1,3}){3}");

    private static final int LONGEST = 100;

    private final Set<String> configured;
    private final Set<String> names;

    /**
     * @param host the name or address that the server is bound to
     * @param hosts further names that it is reached by, separated by commas; may be empty
     */
    public Guard(String host, String hosts) {
        configured = Arrays.stream(hosts.split(","))
                .map(it -> it.strip().toLowerCase(Locale.ROOT))
                .filter(it -> !it.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        names = Stream.concat(Stream.of("localhost", host.toLowerCase(Locale.ROOT)), configured.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Looks at a request before anything else does.
     *
     * @param headers the request's
     * @throws Refusal if {@code Host} is no name of this server (421), or {@code Origin} is another site (403)
     */
    public void admit(Map<String, Object> headers) {
        Object host = headers.get("Host");
        // A query parameter of that name would make it a list.
        if (!(host instanceof String authority) || !isOurs(name(authority))) {
            throw new Refusal(
                    421,
                    "the header Host is " + shown(host) + ", expected localhost, an address, or one of "
                            + names.stream().sorted().toList()
                            + ": if it is a name of this server, add it to firstup.hosts");
        }
        Object origin = headers.get("Origin");
        if (origin != null && !isSame(origin, authority)) {
            throw new Refusal(
                    403,
                    "the header Origin is " + shown(origin) + ", expected http://" + authority
                            + ": other sites may not ask here");
        }
    }

    private boolean isOurs(String name) {
        // An address cannot be made to resolve to this machine; a name can, by whoever owns it.
        return name != null && (ADDRESS.matcher(name).matches() || names.contains(name));
    }

    private boolean isSame(Object origin, String authority) {
        Matcher form =
                Pattern.compile("https?://(.+)").matcher(origin.toString().toLowerCase(Locale.ROOT));
        // Behind a proxy, Host may be the proxy's choice; then only a configured name tells whose page it is.
        return form.matches()
                && (form.group(1).equals(authority.toLowerCase(Locale.ROOT))
                        || configured.contains(String.valueOf(name(form.group(1)))));
    }

    /** Host without port, in lower case; null if it is no such thing. */
    private static String name(String authority) {
        Matcher form = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
        return form.matches() ? form.group(1) : null;
    }

    private static String shown(Object value) {
        if (value == null) {
            return "missing";
        }
        String text = value.toString();
        return "\"" + (text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text) + "\"";
    }
}
