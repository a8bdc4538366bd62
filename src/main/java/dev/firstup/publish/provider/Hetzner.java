package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hetzner's DNS, a part of its Cloud API. A set of records is replaced as a whole, by an action that runs on after the answer; its
 * time to live is an action of its own.
 *
 * <p>Source: Hetzner's "Cloud API": "Zone RRSets", "Zone RRSet Actions", "Actions" and "Errors". The older API at dns.hetzner.com is
 * another one.
 */
public final class Hetzner extends ApiProvider {
    private static final long LEAST_TTL = 60;

    /** Another action is at work on the same thing, or has just been. */
    private static final Set<Integer> BUSY = Set.of(409, 423);

    public Hetzner() {
        this(Clock.systemUTC());
    }

    Hetzner(Clock clock) {
        super("hetzner", clock);
    }

    @Override
    Map<String, String> headers() {
        return BEARER;
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        if (about.ask() == Ask.LOOK && about.taken().ticket() != null && exchange.turns() == 0) {
            return exchange.ask(ProviderRequest.get(
                    base(url()) + "/actions/" + encode(about.taken().ticket())));
        }
        if (about.ask() == Ask.LOOK && about.taken().ticket() != null && exchange.turns() == 1) {
            return done(about, exchange.last()).ticket() == null
                    ? exchange.ask(listing(about))
                    : exchange.over(new RecordReading(
                            Map.of(), Map.of(URI.create(url()).getAuthority(), "the change is pending"), null));
        }
        // A list, not the one set: if that is not there, it may be the zone that is not.
        if (exchange.turns() == 0) {
            return exchange.ask(listing(about));
        }
        return switch (about.ask()) {
            case LOOK -> exchange.over(RecordValues.reading(url(), about.type(), values(set(about, exchange.last()))));
            case WITHDRAW -> withdraw(exchange, set(about, exchange.answers().get(0)));
            default -> write(exchange, set(about, exchange.answers().get(0)));
        };
    }

    private ProviderExchange withdraw(ProviderExchange exchange, JsonNode set) {
        if (set.isMissingNode()) {
            return exchange.over(new Receipt(true, "there is no such record", null));
        }
        return exchange.turns() == 1
                ? exchange.ask(ProviderRequest.change("DELETE", one(exchange.about())))
                : exchange.over(done(exchange.about(), exchange.last()));
    }

    /** The values first: a time to live that cannot be changed is no reason to leave users where they are. */
    private ProviderExchange write(ProviderExchange exchange, JsonNode set) {
        Publication about = exchange.about();
        ObjectNode body = ProviderJson.object();
        ArrayNode records = body.putArray("records");
        RecordValues.absolute(about).forEach(it -> records.addObject().put("value", it));
        if (set.isMissingNode()) {
            body.put("name", RecordValues.below(about.record(), zone()))
                    .put("type", about.type().name())
                    .put("ttl", ttl(about));
            return exchange.turns() == 1
                    ? exchange.ask(ProviderRequest.change("POST", sets(), body.toString()))
                    : exchange.over(done(about, exchange.last()));
        }
        boolean same = values(set).stream()
                .map(it -> RecordValues.normal(about.type(), it))
                .sorted()
                .toList()
                .equals(about.decided());
        boolean inTime = set.path("ttl").asLong() == ttl(about);
        if (same && inTime) {
            return exchange.over(new Receipt(true, "it holds this already", null));
        }
        int changed = same ? 1 : 2;
        if (exchange.turns() < changed) {
            return exchange.ask(ProviderRequest.change("POST", one(about) + "/actions/set_records", body.toString()));
        }
        Receipt receipt = same ? null : done(about, exchange.answers().get(1));
        if (receipt != null && inTime) {
            return exchange.over(receipt);
        }
        if (exchange.turns() == changed) {
            String ttl = ProviderJson.object().put("ttl", ttl(about)).toString();
            return exchange.ask(ProviderRequest.change("POST", one(about) + "/actions/change_ttl", ttl));
        }
        if (receipt == null) {
            return exchange.over(done(about, exchange.last()));
        }
        String words = receipt.answer() + ", time to live: " + exchange.last().said(words(exchange.last()));
        return exchange.over(new Receipt(false, words, receipt.ticket()));
    }

    private static long ttl(Publication about) {
        return Math.max(about.ttl().toSeconds(), LEAST_TTL);
    }

    private String sets() {
        return base(url()) + "/zones/" + encode(zone()) + "/rrsets";
    }

    private String one(Publication about) {
        return sets() + "/" + encode(RecordValues.below(about.record(), zone())) + "/" + about.type();
    }

    private ProviderRequest listing(Publication about) {
        return ProviderRequest.get(
                sets() + "?name=" + encode(RecordValues.below(about.record(), zone())) + "&type=" + about.type());
    }

    /** The set of records that was asked for; a missing node where there is none. */
    private JsonNode set(Publication about, ProviderResponse answer) {
        JsonNode sets = success(about, answer, "a list of records").path("rrsets");
        if (!sets.isArray()) {
            throw answer.unreadable("a list of records");
        }
        for (JsonNode it : sets) {
            if (RecordValues.below(about.record(), zone()).equals(RecordValues.name(ProviderJson.text(it.path("name"))))
                    && about.type().name().equals(ProviderJson.text(it.path("type")))) {
                return it;
            }
        }
        return sets.path("none");
    }

    private static List<String> values(JsonNode set) {
        List<String> values = new ArrayList<>();
        set.path("records").forEach(it -> values.add(ProviderJson.text(it.path("value"))));
        return values;
    }

    /** What has become of an action: with a ticket while it is running. */
    private Receipt done(Publication about, ProviderResponse answer) {
        JsonNode action = success(about, answer, "an action").path("action");
        String id = ProviderJson.text(action.path("id"));
        String status = ProviderJson.text(action.path("status"));
        if (status.equals("success")) {
            return Receipt.of(answer.said(status));
        }
        if (status.equals("running") && id.matches("[0-9]+")) {
            return new Receipt(false, answer.said(status), id);
        }
        if (status.equals("error")) {
            throw WaitException.ambiguous("the host began, and failed: " + answer.said(words(action.path("error"))));
        }
        throw answer.unreadable("an action that is running, or done");
    }

    /** What a success brings; anything else is thrown. */
    private JsonNode success(Publication about, ProviderResponse answer, String expected) {
        if (answer.status() >= 200 && answer.status() < 300) {
            return ProviderJson.of(answer);
        }
        String words = words(answer);
        // Its limit for a project is filled up again by one request each second.
        if (BUSY.contains(answer.status()) || answer.status() == 429 && answer.retryAfter() == null) {
            throw new WaitException(whileBusy(about.attempt().failures()), answer.said(words));
        }
        throw unexpected(answer, words, expected + " for the zone " + zone());
    }

    private static String words(ProviderResponse answer) {
        String words = words(ProviderJson.of(answer).path("error"));
        return words.isEmpty() ? answer.firstLine() : words;
    }

    private static String words(JsonNode error) {
        String code = ProviderJson.text(error.path("code"));
        return code.isEmpty() ? "" : code + ": " + ProviderJson.text(error.path("message"));
    }
}
