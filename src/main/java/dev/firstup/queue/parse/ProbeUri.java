package dev.firstup.queue.parse;

import dev.firstup.model.ProbeConditions;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.text.NearestWord;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.text.QuotedValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What a probe text says: {@code probe:KIND[://[HOST][:PORT][/PATH]][?options]}, or the name of a route. {@code port=},
 * {@code path=} and {@code host=} (the public name) are taken out of the options, the others stay in the endpoint in the order
 * of their names, so that servers share a few endpoints.
 *
 * @param endpoint the endpoint without anything that differs from server to server
 * @param host the host that is probed; null for the server's own address
 * @param port 0 for the kind's usual one
 * @param path empty for the kinds that have none
 * @param publicName null for the queue's
 */
record ProbeUri(String endpoint, @Nullable String host, int port, String path, @Nullable String publicName) {
    private static final List<String> KINDS = List.of(
            "dns",
            "exec",
            "http",
            "https",
            "icmp",
            "imap",
            "pop3",
            "postgres",
            "redis",
            "smtp",
            "ssh",
            "tcp",
            "tls",
            "xmpp",
            "xmpp-server",
            "xmpps");
    private static final Set<String> WITHOUT_USUAL_PORT = Set.of("tcp", "tls");
    private static final Set<String> WITH_PATH = Set.of("http", "https");

    private static final Set<String> WITH_DOMAIN = Set.of("xmpp", "xmpps", "xmpp-server");
    private static final Set<String> WITHOUT_PORT = Set.of("icmp");

    // Java matches the groups below by recursion: a longer text could exhaust the stack.
    private static final int LONGEST = 1_000;
    private static final String SCHEME = "probe:";

    /** The endpoint of the user's own routes, and of ours. */
    static final String ROUTE = SCHEME + "route";

    private static final Pattern FORM =
            Pattern.compile("probe:([A-Za-z0-9-]+)(?:://([^/?#]*)(/[^?#]*)?)?(?:\\?((?s:.*)))?");
    private static final Pattern AUTHORITY = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^\\[\\]:]*))(?::([^:\\[\\]]*))?");
    private static final Pattern PORT = Pattern.compile("0*([0-9]{1,5})");
    private static final Pattern PATH = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
    private static final Pattern VALUE =
            Pattern.compile("(?:[A-Za-z0-9 ._~!$'()*+,;:@/=?\\[\\]-]|%[0-9A-Fa-f]{2}|\\{[a-z]+})*");

    // What may be shown: where a server is asked is, any other option or the query of a path may be a secret.
    private static final Pattern HIDDEN =
            Pattern.compile("(?<=[?&](?!(?:port|path|host|domain)=)[A-Za-z0-9-]{1,100}=)[^&]+|(?<=%3[Ff])[^&?]+");

    /** Reads {@code text} for the key {@code what}; null, and a report, where it is wrong. */
    static @Nullable ProbeUri of(Node at, String what, String text, AccountCache known, ProblemCollector report) {
        return new Reader(text, at, what, known, report).read();
    }

    /** A probe text, or its endpoint, as it may be shown to anybody: without the values that may be secret. */
    static String shown(String valid) {
        return HIDDEN.matcher(valid).replaceAll("...");
    }

    boolean isRoute() {
        return endpoint.equals(ROUTE);
    }

    /**
     * The server that it probes.
     *
     * @param own where it is probed if this names no host
     * @param known the public name if this names none
     */
    Server server(
            String queue,
            String name,
            Map<RecordType, String> addresses,
            String own,
            String known,
            Duration timeout,
            ProbeConditions conditions) {
        return new Server(
                queue,
                0,
                name,
                addresses,
                endpoint,
                host == null ? own : host,
                port,
                path,
                publicName == null ? known : publicName,
                timeout,
                conditions);
    }

    private record Reader(String text, Node at, String what, AccountCache known, ProblemCollector report) {
        @Nullable
        ProbeUri read() {
            int before = report.errors();
            if (text.length() > LONGEST) {
                wrong(ProblemMessage.PROBE_FORM, head());
                return null;
            }
            ProbeUri probe = text.startsWith(SCHEME) ? kind() : route(text);
            return report.errors() == before ? probe : null;
        }

        private void wrong(ProblemMessage message, Object... values) {
            Object[] all = new Object[values.length + 1];
            all[0] = what;
            System.arraycopy(values, 0, all, 1, values.length);
            report.add(at, message, all);
        }

        /** What stands before the options, without a user's password. */
        private String head() {
            int options = text.indexOf('?');
            String head = options < 0 ? text : text.substring(0, options) + "?...";
            return QuotedValue.quoted(head.replaceFirst("//.*@", "//...@"));
        }

        /** A part of what stands before the options, unless that may be a part of a user's password. */
        private String part(String part) {
            return text.indexOf('@') < 0 ? QuotedValue.quoted(part) : "...";
        }

        private ProbeUri route(String name) {
            if (!NameSyntax.isName(name)) {
                wrong(ProblemMessage.PROBE_FORM, head());
            } else if (KINDS.contains(name) && !known.routes().containsKey(name)) {
                wrong(
                        ProblemMessage.NO_SUCH_ROUTE_NEAR,
                        QuotedValue.quoted(name),
                        name,
                        QuotedValue.quoted(SCHEME + name));
            } else {
                RouteReferences.require(at, what, name, known, report);
            }
            return new ProbeUri(ROUTE, name, 0, "", null);
        }

        private @Nullable ProbeUri kind() {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                wrong(ProblemMessage.PROBE_FORM, head());
                return null;
            }
            String kind = form.group(1);
            if (!KINDS.contains(kind)) {
                Optional<String> near = NearestWord.to(kind, KINDS);
                if (near.isPresent()) {
                    wrong(ProblemMessage.PROBE_KIND_NEAR, QuotedValue.quoted(kind), QuotedValue.quoted(near.get()));
                } else {
                    wrong(ProblemMessage.PROBE_KIND, QuotedValue.quoted(kind), QuotedValue.list(KINDS));
                }
                return null;
            }
            TreeMap<String, String> options = options(form.group(4));
            String host = null;
            String port = null;
            if (form.group(2) != null) {
                Matcher authority = AUTHORITY.matcher(form.group(2));
                if (form.group(2).indexOf('@') >= 0) {
                    wrong(ProblemMessage.PROBE_USER);
                } else if (!authority.matches()) {
                    wrong(ProblemMessage.PROBE_HOST, part(form.group(2)));
                } else {
                    String bracketed = authority.group(1);
                    host = host(bracketed != null, bracketed == null ? authority.group(2) : bracketed);
                    port = authority.group(3);
                }
            }
            int portNumber = port(kind, either("the port", port, options.remove("port")));
            String path = path(kind, either("the path", form.group(3), options.remove("path")));
            String publicName = options.remove("host");
            if (WITH_DOMAIN.contains(kind)) {
                publicName = either("the domain (domain= and host=)", publicName, options.remove("domain"));
            }
            if (publicName != null) {
                publicName = name(publicName);
            }
            if (options.containsKey("timeout")) {
                wrong(ProblemMessage.PROBE_TIMEOUT);
                return null;
            }
            String endpoint = endpoint(kind, options);
            known.problem(endpoint).ifPresent(reason -> wrong(ProblemMessage.PROBE_REFUSED, shown(endpoint), reason));
            return new ProbeUri(endpoint, host, portNumber, path, publicName);
        }

        private TreeMap<String, String> options(@Nullable String text) {
            TreeMap<String, String> options = new TreeMap<>();
            if (text == null) {
                return options;
            }
            String[] all = text.split("&", -1);
            for (int i = 0; i < all.length; i++) {
                int end = all[i].indexOf('=');
                if (end < 0) {
                    // It may be the rest of a value.
                    wrong(ProblemMessage.PROBE_OPTION, "option " + (i + 1) + " without an = in it");
                    continue;
                }
                String name = all[i].substring(0, end);
                String value = all[i].substring(end + 1);
                Matcher form = VALUE.matcher(value);
                if (!NAME.matcher(name).matches()) {
                    wrong(ProblemMessage.PROBE_OPTION, "the option " + QuotedValue.quoted(name));
                } else if (!form.matches()) {
                    form.reset().lookingAt();
                    wrong(ProblemMessage.PROBE_VALUE, form.end() + 1, QuotedValue.quoted(name));
                } else if (options.putIfAbsent(name, value) != null) {
                    wrong(ProblemMessage.PROBE_OPTION_TWICE, "the option " + name);
                }
            }
            return options;
        }

        private @Nullable String either(String thing, @Nullable String first, @Nullable String second) {
            if (first != null && second != null) {
                wrong(ProblemMessage.PROBE_OPTION_TWICE, thing);
            }
            return first == null ? second : first;
        }

        private @Nullable String host(boolean bracketed, String found) {
            if (!bracketed && found.isEmpty()) {
                return null;
            }
            IpLiteral address = IpLiteral.of(found);
            boolean right = address == null
                    ? !bracketed
                    : (address.type() == RecordType.AAAA) == bracketed && address.mapped() == null;
            String host = !right ? null : address == null ? NameSyntax.host(found) : address.text();
            if (host == null) {
                wrong(ProblemMessage.PROBE_HOST, part(found));
            }
            return host;
        }

        private @Nullable String name(String found) {
            String name = NameSyntax.host(found);
            if (name == null) {
                wrong(ProblemMessage.PROBE_NAME, QuotedValue.quoted(found));
            }
            return name;
        }

        private int port(String kind, @Nullable String found) {
            if (found != null && WITHOUT_PORT.contains(kind)) {
                wrong(ProblemMessage.PROBE_PORT_UNUSED, part(found), kind);
                return 0;
            }
            if (found == null) {
                if (WITHOUT_USUAL_PORT.contains(kind)) {
                    wrong(ProblemMessage.PROBE_PORT_MISSING, kind, kind);
                }
                return 0;
            }
            Matcher digits = PORT.matcher(found);
            int port = digits.matches() ? Integer.parseInt(digits.group(1)) : 0;
            if (port < 1 || port > 65_535) {
                wrong(ProblemMessage.PROBE_PORT, part(found));
            }
            return port;
        }

        private String path(String kind, @Nullable String found) {
            if (!WITH_PATH.contains(kind)) {
                if (found != null) {
                    wrong(ProblemMessage.PROBE_PATH_UNUSED, part(shown(found)), kind);
                }
                return "";
            }
            if (found == null) {
                return "/";
            }
            if (!PATH.matcher(found).matches()) {
                wrong(ProblemMessage.PROBE_PATH, part(shown(found).replaceFirst("\\?.+", "?...")));
            }
            // A question mark begins the probe's own options; the one for the server is written %3F.
            return found.replaceAll("%3[Ff]", "?");
        }

        private static String endpoint(String kind, TreeMap<String, String> options) {
            StringBuilder uri = new StringBuilder(SCHEME + kind);
            char separator = '?';
            for (var option : options.entrySet()) {
                uri.append(separator).append(option.getKey()).append('=').append(literal(option.getValue()));
                separator = '&';
            }
            return uri.toString();
        }

        /** Camel takes + and %20 for the same, %26 for the end of an option, and encodes brackets; within RAW() it decodes %25 only. */
        private static String literal(String value) {
            boolean plain = value.chars().noneMatch(it -> "%+?[]".indexOf(it) >= 0);
            return plain ? value : "RAW(" + value.replace("%25", "%2525").replace(")", "%29") + ")";
        }
    }
}
