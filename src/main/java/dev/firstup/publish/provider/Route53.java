package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Amazon Route 53, version 2013-04-01. A set of records is replaced as a whole, and a change is in force when it says INSYNC:
 * then all its name servers have it.
 *
 * <p>Source: Amazon's "Route 53 API Reference": ChangeResourceRecordSets, GetChange, ListResourceRecordSets and "Common Errors";
 * "DNS domain name format" for the escapes in names.
 */
public final class Route53 extends Provider {
    private static final String VERSION = "/2013-04-01";
    private static final String NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";
    private static final String CHANGE = "/change/";

    /** Nothing of what a provider answers may be a marker when it is sent back. */
    private static final Pattern CHANGED = Pattern.compile(CHANGE + "([0-9A-Za-z_-]+)");

    private static final Pattern PLAIN = Pattern.compile("[0-9A-Za-z*_.:\\\\-]+");

    /** What is asked too often, or while another change is at work; the answer has status 400. */
    private static final Set<String> BUSY = Set.of("Throttling", "ThrottlingException", "PriorRequestNotComplete");

    private static final Set<String> BAD_CREDENTIAL = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "MissingAuthenticationToken",
            "OptInRequired",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    /** Of SignatureDoesNotMatch: it is the time that does not. */
    private static final Pattern OFF_THE_CLOCK = Pattern.compile("Signature (expired|not yet current)");

    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-3][0-7]{2})");

    private String url = "";
    private String zoneId = "";
    private String region = "";

    public Route53() {
        this(Clock.systemUTC());
    }

    Route53(Clock clock) {
        super("route53", clock);
    }

    /** @param url of the API, without its version */
    public void setUrl(String url) {
        this.url = url;
    }

    /** @param zoneId the hosted zone's */
    public void setZoneId(String zoneId) {
        this.zoneId = zoneId;
    }

    /** @param region that requests are signed for */
    public void setRegion(String region) {
        this.region = region;
    }

    @Override
    Map<String, String> headers() {
        return Map.of("Authorization", "AWS4 {username}/{secret} " + region + "/route53");
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        return switch (exchange.about().ask()) {
            case LOOK -> look(exchange);
            case WITHDRAW -> withdraw(exchange);
            default -> write(exchange);
        };
    }

    private ProviderExchange write(ProviderExchange exchange) {
        Publication about = exchange.about();
        if (exchange.turns() == 1) {
            return exchange.over(accepted(about, exchange.last()));
        }
        String name = RecordValues.name(about.record()) + ".";
        String ttl = String.valueOf(about.ttl().toSeconds());
        return exchange.ask(change("UPSERT", name, about.type(), ttl, RecordValues.decided(about)));
    }

    /** Only who says exactly what is there may delete it. */
    private ProviderExchange withdraw(ProviderExchange exchange) {
        Publication about = exchange.about();
        return switch (exchange.turns()) {
            case 0 -> exchange.ask(listing(about));
            case 1 -> {
                ProviderXml set = found(about, exchange.last());
                if (set.name().isEmpty()) {
                    yield exchange.over(new Receipt(true, "there is no such record", null));
                }
                String kind = special(set);
                if (!kind.isEmpty()) {
                    throw unable("withdraw " + about.record() + " " + about.type() + ", which is " + kind);
                }
                String name = set.path("Name").text();
                String ttl = set.path("TTL").text();
                if (!Stream.concat(Stream.of(name, ttl), values(set).stream())
                        .allMatch(it -> PLAIN.matcher(it).matches())) {
                    throw exchange.last().unreadable("a list of records");
                }
                yield exchange.ask(change("DELETE", name, about.type(), ttl, values(set)));
            }
            default -> exchange.over(accepted(about, exchange.last()));
        };
    }

    private ProviderExchange look(ProviderExchange exchange) {
        Publication about = exchange.about();
        if (about.taken().ticket() != null && exchange.turns() == 0) {
            return exchange.ask(ProviderRequest.get(
                    base(url) + VERSION + CHANGE + encode(about.taken().ticket())));
        }
        if (about.taken().ticket() != null && exchange.turns() == 1) {
            String status = success(about, exchange.last(), "GetChangeResponse")
                    .path("ChangeInfo")
                    .path("Status")
                    .text();
            return switch (status) {
                case "INSYNC" -> exchange.ask(listing(about));
                case "PENDING" -> exchange.over(unclear("the change is pending"));
                default -> throw exchange.last().unreadable("the status of a change");
            };
        }
        if (exchange.turns() == 0) {
            return exchange.ask(listing(about));
        }
        ProviderXml set = found(about, exchange.last());
        String kind = special(set);
        return exchange.over(
                kind.isEmpty()
                        ? RecordValues.reading(url, about.type(), values(set))
                        : unclear(about.record() + " " + about.type() + " is " + kind));
    }

    private RecordReading unclear(String why) {
        return new RecordReading(Map.of(), Map.of(URI.create(url).getAuthority(), why), null);
    }

    private String rrset() {
        return base(url) + VERSION + "/hostedzone/" + encode(zoneId) + "/rrset";
    }

    private ProviderRequest listing(Publication about) {
        return ProviderRequest.get(rrset() + "?name=" + encode(RecordValues.name(about.record())) + "&type="
                + about.type() + "&maxitems=1");
    }

    private ProviderRequest change(String action, String name, RecordType type, String ttl, List<String> values) {
        String records = values.stream()
                .map(it -> "<ResourceRecord><Value>" + ProviderXml.escaped(it) + "</Value></ResourceRecord>")
                .collect(Collectors.joining());
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ChangeResourceRecordSetsRequest xmlns=\"" + NAMESPACE
                + "\"><ChangeBatch><Changes><Change><Action>" + action + "</Action><ResourceRecordSet><Name>"
                + ProviderXml.escaped(name) + "</Name><Type>" + type + "</Type><TTL>" + ProviderXml.escaped(ttl)
                + "</TTL><ResourceRecords>" + records
                + "</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";
        return new ProviderRequest("POST", rrset(), Map.of("Content-Type", "application/xml"), body, true);
    }

    private Receipt accepted(Publication about, ProviderResponse answer) {
        ProviderXml info =
                success(about, answer, "ChangeResourceRecordSetsResponse").path("ChangeInfo");
        String id = info.path("Id").text();
        String status = info.path("Status").text();
        if (status.equals("INSYNC")) {
            return Receipt.of(answer.said("INSYNC"));
        }
        Matcher change = CHANGED.matcher(id);
        if (!status.equals("PENDING") || !change.matches()) {
            throw answer.unreadable("a change that is PENDING or INSYNC");
        }
        return new Receipt(false, answer.said("PENDING"), change.group(1));
    }

    /** The set of records that was asked for; a missing one where there is none: the list begins at its name or behind it. */
    private ProviderXml found(Publication about, ProviderResponse answer) {
        ProviderXml sets =
                success(about, answer, "ListResourceRecordSetsResponse").path("ResourceRecordSets");
        if (sets.name().isEmpty()) {
            throw answer.unreadable("a list of records");
        }
        ProviderXml first = sets.path("ResourceRecordSet");
        boolean same = RecordValues.name(about.record())
                        .equals(RecordValues.name(unescaped(first.path("Name").text())))
                && about.type().name().equals(first.path("Type").text());
        return same ? first : sets.path("");
    }

    private static List<String> values(ProviderXml set) {
        return set.path("ResourceRecords").all("ResourceRecord").stream()
                .map(it -> it.path("Value").text())
                .toList();
    }

    /** What a set of records is, where it is more than values; empty where it is not. */
    private static String special(ProviderXml set) {
        String alias = set.path("AliasTarget").path("DNSName").text();
        if (!alias.isEmpty()) {
            return "an alias of " + alias;
        }
        String one = set.path("SetIdentifier").text();
        return one.isEmpty() ? "" : "one of several with a routing policy, \"" + one + "\"";
    }

    private static String unescaped(String name) {
        return ESCAPE.matcher(name)
                .replaceAll(it -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(it.group(1), 8))));
    }

    /** The document of this name; anything else is thrown. */
    private ProviderXml success(Publication about, ProviderResponse answer, String name) {
        ProviderXml document = ProviderXml.of(answer);
        if (answer.status() == 200) {
            if (!document.name().equals(name)) {
                throw answer.unreadable(name);
            }
            return document;
        }
        // InvalidChangeBatch may be a document of its own.
        ProviderXml error = document.path("Error");
        String code =
                error.name().isEmpty() ? document.name() : error.path("Code").text();
        String message = error.name().isEmpty()
                ? document.path("Messages").path("Message").text()
                : error.path("Message").text();
        String words = (code + ": " + message).strip();
        if (answer.status() >= 400 && answer.status() < 500 && answer.status() != 429) {
            if (BUSY.contains(code)) {
                throw new WaitException(whileBusy(about.attempt().failures()), answer.said(words));
            }
            if (code.equals("RequestExpired")
                    || code.equals("SignatureDoesNotMatch")
                            && OFF_THE_CLOCK.matcher(message).find()) {
                throw new WaitException(
                        CLOCKS,
                        answer.said(words)
                                + ": this machine's clock and the host's differ by more than five minutes; set this one");
            }
            if (BAD_CREDENTIAL.contains(code)) {
                throw StopException.ofAccount(answer.said(words)
                        + ": the host does not accept the access key, or it may not do this in the zone " + zoneId);
            }
        }
        throw unexpected(answer, code.isEmpty() ? answer.firstLine() : words, name);
    }
}
