package dev.firstup.publish;

import dev.firstup.model.IpText;
import dev.firstup.model.Publication;
import dev.firstup.model.Receipt;
import dev.firstup.model.RecordType;
import dev.firstup.model.RetryAfter;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The update protocol that DynDNS introduced and many hosts speak: what to ask, and what the answer means.
 *
 * <p>Sources: Dyn's "Perform Update" and "Return Codes" pages, No-IP's "Request" and "Response" pages, Dynu's "IP Update
 * Protocol", deSEC's "IP Update API", and dns.he.net's account page. Tokens are compared exactly, never searched for.
 */
public final class Dyndns2 {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** What each code that stops means, and what to do. */
    private static final Map<String, String> STOPS = Map.ofEntries(
            Map.entry("badauth", "the user name or password is wrong"),
            Map.entry("badagent", "the service has blocked this program"),
            Map.entry("abuse", "the service has blocked this record for abuse: unblock it on the service's web site"),
            Map.entry("nohost", "the account has no such record"),
            Map.entry("notfqdn", "the record's name is not complete"),
            Map.entry("numhost", "too many records in one request"),
            Map.entry("!donator", "the account's plan does not include this"),
            Map.entry("!yours", "the record belongs to another account"),
            Map.entry("!active", "the record is not active"),
            Map.entry("badsys", "the service does not know this kind of update"));

    /** What each code that waits means. */
    private static final Map<String, String> WAITS = Map.of(
            "911", "the service has trouble of its own",
            "dnserr", "the service's name servers have trouble",
            "servererror", "the service has trouble of its own",
            "interval", "the service was asked too often");

    /**
     * How one host differs from the others.
     *
     * @param url where updates go
     * @param gap how long the host wants to be left alone about one record
     * @param trouble how long to wait after 911 and its like
     * @param style how addresses are passed
     */
    private record Profile(String url, Duration gap, Duration trouble, Style style) {}

    private enum Style {
        /** {@code myip} holds the address, of either family. */
        MYIP,
        /** {@code myip} and {@code myipv6}; {@code no} leaves a family alone. */
        DYNU,
        /** {@code myipv4} and {@code myipv6}; {@code preserve} leaves a family alone. */
        DESEC
    }

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    private static final Map<String, Profile> PROFILES = Map.of(
            "dyn", new Profile("https://members.dyndns.org/nic/update", MINUTE, HALF_HOUR, Style.MYIP),
            "no-ip", new Profile("https://dynupdate.no-ip.com/nic/update", MINUTE, HALF_HOUR, Style.MYIP),
            "dynu", new Profile("https://api.dynu.com/nic/update", MINUTE, Duration.ofMinutes(10), Style.DYNU),
            // Two updates in two minutes for a domain, and a record with both families takes two.
            "desec", new Profile("https://update.dedyn.io/", Duration.ofMinutes(2), HALF_HOUR, Style.DESEC),
            "he", new Profile("https://dyn.dns.he.net/nic/update", MINUTE, HALF_HOUR, Style.MYIP));

    /** So often in a row a host's own wait is made longer. */
    private static final int LONGER = 4;

    private final Clock clock;
    private String service = "";
    private String url = "";
    private Duration gap;

    public Dyndns2() {
        this(Clock.systemUTC());
    }

    Dyndns2(Clock clock) {
        this.clock = clock;
    }

    /** @param service the name of a host whose ways are known: {@code dyn no-ip dynu desec he}; empty for another one */
    public void setService(String service) {
        this.service = service;
    }

    /** @param url where updates go; empty for the service's own */
    public void setUrl(String url) {
        this.url = url;
    }

    /** @param gap how long the host is left alone about one record, in seconds; empty for the service's own */
    public void setGap(String gap) {
        if (!gap.matches("[0-9]{0,7}")) {
            throw new IllegalArgumentException("gap is a number of seconds, not \"" + gap + "\"");
        }
        this.gap = gap.isEmpty() ? null : Duration.ofSeconds(Long.parseLong(gap));
    }

    /**
     * Where updates go.
     *
     * @throws StopException if neither service nor url says it, or the password would travel unencrypted
     */
    public String url() {
        String target = url.isEmpty() ? profile().url() : url;
        if (target.isEmpty()) {
            throw new StopException(
                    "dyndns2 needs service (one of " + names() + ") or url: set one in the accounts file");
        }
        if (!encrypted(target)) {
            throw new StopException("dyndns2 would send the password unencrypted to " + target + ": use https://");
        }
        return target;
    }

    /** Whether what is sent to {@code url} cannot be overheard: it is encrypted, or stays on this machine. */
    private static boolean encrypted(String url) {
        try {
            URI parsed = new URI(url);
            return parsed.getHost() != null
                    && ("https".equals(parsed.getScheme())
                            || "http".equals(parsed.getScheme()) && LOOPBACK.contains(parsed.getHost()));
        } catch (URISyntaxException e) {
            throw new StopException("dyndns2 cannot send to " + url + ": " + e.getMessage());
        }
    }

    private static String names() {
        return PROFILES.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private Profile profile() {
        if (service.isEmpty()) {
            return new Profile("", MINUTE, HALF_HOUR, Style.MYIP);
        }
        Profile profile = PROFILES.get(service);
        if (profile == null) {
            throw new StopException(
                    "dyndns2 knows no service \"" + service + "\": expected one of " + names() + ", or url");
        }
        return profile;
    }

    /** As it was set, but what is known of a service is the least. */
    private Duration gap() {
        Duration own = profile().gap();
        return gap == null || !service.isEmpty() && gap.compareTo(own) < 0 ? own : gap;
    }

    /**
     * The query of the request. The address is always explicit, for many hosts would fill in the caller's own.
     *
     * @throws StopException if this protocol cannot say what is asked
     */
    public String query(Publication publication) {
        if (publication.ask() != Publication.Ask.WRITE
                || publication.type() == RecordType.CNAME
                || publication.decided().size() != 1) {
            throw new StopException("dyndns2 writes exactly one address: it cannot "
                    + (publication.ask() == Publication.Ask.WITHDRAW
                            ? "withdraw a record"
                            : "write " + publication.decided().size() + " of type " + publication.type()));
        }
        String address = publication.decided().get(0);
        boolean v4 = publication.type() == RecordType.A;
        String addresses =
                switch (profile().style()) {
                    case MYIP -> "myip=" + encode(address);
                    case DYNU -> v4 ? "myip=" + encode(address) + "&myipv6=no" : "myip=no&myipv6=" + encode(address);
                    case DESEC ->
                        v4
                                ? "myipv4=" + encode(address) + "&myipv6=preserve"
                                : "myipv4=preserve&myipv6=" + encode(address);
                };
        return "hostname=" + encode(publication.record()) + "&" + addresses;
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /**
     * What the answer means.
     *
     * @param publication what was asked
     * @param status the HTTP status
     * @param retryAfter the header Retry-After (RFC 9110, 10.2.3), or null
     * @param body the answer's text
     * @return the receipt, if the host has the address now
     * @throws WaitException if the host wants to be asked again later
     * @throws StopException if no repetition can mend it
     * @throws IllegalStateException if it is not known whether the host took it
     */
    public Receipt answer(Publication publication, int status, String retryAfter, String body) {
        String line = firstLine(body);
        List<String> words = List.of(line.split("[ ,\t]+", -1));
        String code = words.get(0);
        if (status == 429) {
            throw new WaitException(retryAfter(retryAfter, Duration.ofMinutes(10)), "status 429, too many requests");
        }
        if (STOPS.containsKey(code)) {
            throw new StopException(code + ": " + STOPS.get(code));
        }
        if (WAITS.containsKey(code)) {
            Duration delay =
                    code.equals("interval") ? Duration.ofMinutes(5) : profile().trouble();
            throw new WaitException(
                    delay.multipliedBy(Math.min(publication.failures() + 1, LONGER)), code + ": " + WAITS.get(code));
        }
        if (status >= 500) {
            if (retryAfter != null) {
                throw new WaitException(retryAfter(retryAfter, MINUTE), "status " + status + said(line));
            }
            throw new IllegalStateException("status " + status + said(line));
        }
        if (status == 401 || status == 403) {
            throw new StopException("status " + status + ": the service does not accept the user name and password");
        }
        if (status != 200 || !code.equals("good") && !code.equals("nochg")) {
            throw WaitException.ambiguous("status " + status + said(line) + ", expected good or nochg");
        }
        checkAddress(publication, code, words.subList(1, words.size()));
        return new Receipt(code.equals("nochg"), gap(), line);
    }

    /**
     * The service could not be reached, so it certainly was not told.
     *
     * @throws WaitException always: try again soon
     */
    public void unreachable(Exception failure) {
        throw new WaitException(Duration.ZERO, "the service cannot be reached: " + failure.getMessage());
    }

    private static void checkAddress(Publication publication, String code, List<String> answered) {
        List<String> addresses = answered.stream()
                .map(Dyndns2::normal)
                .filter(it -> !it.isEmpty())
                .toList();
        String sent = normal(publication.decided().get(0));
        if (addresses.isEmpty() || addresses.contains(sent)) {
            return;
        }
        String reason = "it answered " + code + " " + String.join(", ", addresses) + " instead of " + sent;
        if (addresses.contains("127.0.0.1")) {
            // Dyn's sign for a program that it ignores.
            throw new StopException(reason + ": the service ignores this program");
        }
        throw WaitException.ambiguous(reason);
    }

    private static String normal(String address) {
        // Only what has the form of an address: anything else would be looked up.
        if (!address.matches("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return "";
        }
        try {
            return IpText.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private Duration retryAfter(String header, Duration otherwise) {
        return RetryAfter.delay(header, clock.instant(), otherwise);
    }

    private static String firstLine(String body) {
        return body == null
                ? ""
                : body.lines()
                        .map(String::strip)
                        .filter(it -> !it.isEmpty())
                        .findFirst()
                        .orElse("");
    }

    private static String said(String line) {
        if (line.isEmpty()) {
            return " without a text";
        }
        String printable = line.replaceAll("[^\\x20-\\x7e]", "?");
        return " \"" + (printable.length() > 60 ? printable.substring(0, 60) + "..." : printable) + "\"";
    }
}
