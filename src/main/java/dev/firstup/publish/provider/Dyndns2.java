package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.IpText;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The update protocol that DynDNS introduced and many providers speak: what to ask, and what the answer means.
 *
 * <p>Sources: Dyn's "Perform Update" and "Return Codes" pages, No-IP's "Request" and "Response" pages, Dynu's "IP Update
 * Protocol", deSEC's "IP Update API", dns.he.net's account page, dynv6's "APIs"; for all-inkl, INWX, Joker, nsupdate.info and OVH
 * what OpenWrt's ddns-scripts send. Tokens are compared exactly, never searched for.
 */
public final class Dyndns2 extends Provider {
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

    /** Those that concern the account, and not the record alone. */
    private static final Set<String> OF_ACCOUNT = Set.of("badauth", "badagent", "!donator");

    /** What each code that waits means. */
    private static final Map<String, String> WAITS = Map.of(
            "911", "the service has trouble of its own",
            "dnserr", "the service's name servers have trouble",
            "servererror", "the service has trouble of its own",
            "interval", "the service was asked too often");

    /**
     * How one provider differs from the others.
     *
     * @param url where updates go
     * @param trouble how long to wait after 911 and its like
     * @param style how addresses are passed
     */
    private record Profile(String url, Duration trouble, Style style) {}

    /** What is asked for an IPv4 address and for an IPv6 address: {@code %1$s} is the record, {@code %2$s} the address. */
    private enum Style {
        MYIP("hostname=%1$s&myip=%2$s", "hostname=%1$s&myip=%2$s"),
        /** The other family is left alone. */
        DYNU("hostname=%1$s&myip=%2$s&myipv6=no", "hostname=%1$s&myip=no&myipv6=%2$s"),
        /** The other family is left alone. */
        DESEC("hostname=%1$s&myipv4=%2$s&myipv6=preserve", "hostname=%1$s&myipv4=preserve&myipv6=%2$s"),
        OVH("system=dyndns&hostname=%1$s&myip=%2$s", "system=dyndns&hostname=%1$s&myip=%2$s"),
        /** The user name says which record it is. */
        INWX("myip=%2$s", "myipv6=%2$s"),
        /** The user name says which record it is. */
        ALL_INKL("myip=%2$s", "myip=%2$s");

        private final String v4;
        private final String v6;

        Style(String v4, String v6) {
            this.v4 = v4;
            this.v6 = v6;
        }

        String query(RecordType type, String record, String address) {
            return (type == RecordType.A ? v4 : v6).formatted(record, address);
        }
    }

    private static final Duration TOO_SOON = Duration.ofMinutes(5);
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    private static final Map<String, Profile> PROFILES = Map.ofEntries(
            Map.entry("all-inkl", new Profile("https://dyndns.kasserver.com/", HALF_HOUR, Style.ALL_INKL)),
            Map.entry("desec", new Profile("https://update.dedyn.io/", HALF_HOUR, Style.DESEC)),
            Map.entry("dyn", new Profile("https://members.dyndns.org/nic/update", HALF_HOUR, Style.MYIP)),
            Map.entry("dynu", new Profile("https://api.dynu.com/nic/update", Duration.ofMinutes(10), Style.DYNU)),
            Map.entry("dynv6", new Profile("https://dynv6.com/nic/update", HALF_HOUR, Style.MYIP)),
            Map.entry("he", new Profile("https://dyn.dns.he.net/nic/update", HALF_HOUR, Style.MYIP)),
            Map.entry("inwx", new Profile("https://dyndns.inwx.com/nic/update", HALF_HOUR, Style.INWX)),
            Map.entry("joker", new Profile("https://svc.joker.com/nic/update", HALF_HOUR, Style.MYIP)),
            Map.entry("no-ip", new Profile("https://dynupdate.no-ip.com/nic/update", HALF_HOUR, Style.MYIP)),
            Map.entry("nsupdate.info", new Profile("https://ipv4.nsupdate.info/nic/update", HALF_HOUR, Style.MYIP)),
            Map.entry("ovh", new Profile("https://www.ovh.com/nic/update", HALF_HOUR, Style.OVH)));

    private static final Profile OTHER = new Profile("", HALF_HOUR, Style.MYIP);

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern ADDRESS =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** So often in a row a provider's own wait is made longer. */
    private static final int LONGER = 4;

    private String service = "";
    private String url = "";

    public Dyndns2() {
        this(Clock.systemUTC());
    }

    Dyndns2(Clock clock) {
        super("dyndns2", clock);
    }

    /** @param service the name of a provider whose ways are known: the Kamelet's head lists them; empty for another one */
    public void setService(String service) {
        this.service = service;
    }

    /** @param url where updates go; empty for the service's own */
    public void setUrl(String url) {
        this.url = url;
    }

    @Override
    Map<String, String> headers() {
        return Map.of("Authorization", "Basic {username}:{secret}");
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        return exchange.turns() == 0
                ? exchange.ask(ProviderRequest.change("GET", url() + "?" + query(exchange.about())))
                : exchange.over(meaning(exchange.about(), exchange.last()));
    }

    private String url() {
        String target = url.isEmpty() ? profile().url() : url;
        if (target.isEmpty()) {
            throw new StopException(
                    "dyndns2 needs service (one of " + names() + ") or url: set one in the accounts file");
        }
        base(target);
        return target;
    }

    private static String names() {
        return PROFILES.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private Profile profile() {
        Profile profile = service.isEmpty() ? OTHER : PROFILES.get(service);
        if (profile == null) {
            throw new StopException(
                    "dyndns2 knows no service \"" + service + "\": expected one of " + names() + ", or url");
        }
        return profile;
    }

    /** The address is always explicit, for many providers would fill in the caller's own. */
    private String query(Publication publication) {
        if (publication.ask() != Publication.Ask.WRITE) {
            throw unable(publication.ask() == Publication.Ask.LOOK ? "say what a record holds" : "withdraw a record");
        }
        List<String> decided = RecordValues.decided(publication);
        if (publication.type() == RecordType.CNAME || decided.size() != 1) {
            throw unable(
                    "write " + decided.size() + " of type " + publication.type() + ": it takes exactly one address");
        }
        return profile().style().query(publication.type(), encode(publication.record()), encode(decided.get(0)));
    }

    private Receipt meaning(Publication publication, ProviderResponse answer) {
        String line = answer.firstLine();
        List<String> words = List.of(line.split("[ ,\t]+", -1));
        String code = words.get(0);
        if (answer.status() != 429 && STOPS.containsKey(code)) {
            String reason = code + ": " + STOPS.get(code);
            throw OF_ACCOUNT.contains(code) ? StopException.ofAccount(reason) : new StopException(reason);
        }
        if (answer.status() != 429 && WAITS.containsKey(code)) {
            Duration delay = code.equals("interval") ? TOO_SOON : profile().trouble();
            throw new WaitException(
                    delay.multipliedBy(Math.min(publication.attempt().failures() + 1, LONGER)),
                    code + ": " + WAITS.get(code));
        }
        if (answer.status() != 200 || !code.equals("good") && !code.equals("nochg")) {
            throw unexpected(answer, "good or nochg");
        }
        checkAddress(publication, code, words.subList(1, words.size()));
        return new Receipt(code.equals("nochg"), line, null);
    }

    private static void checkAddress(Publication publication, String code, List<String> answered) {
        List<String> addresses = answered.stream()
                .map(Dyndns2::normal)
                .filter(it -> !it.isEmpty())
                .toList();
        String sent = normal(RecordValues.decided(publication).get(0));
        if (addresses.isEmpty() || addresses.contains(sent)) {
            return;
        }
        String reason = "it answered " + code + " " + String.join(", ", addresses) + " instead of " + sent;
        if (addresses.contains("127.0.0.1")) {
            // Dyn's sign for a program that it ignores.
            throw StopException.ofAccount(reason + ": the service ignores this program");
        }
        throw WaitException.ambiguous(reason);
    }

    /** An address in the one form in which we write it; empty where {@code address} is none. */
    static String normal(String address) {
        // Only what is an address: anything else would be looked up, and 999.1.1.1 as well.
        if (!ADDRESS.matcher(address).matches()) {
            return "";
        }
        try {
            return IpText.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
