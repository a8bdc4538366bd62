package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import dev.firstup.publish.provider.RecordChange.Entry;
import dev.firstup.publish.provider.RecordChange.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cloudflare's API, version 4, where each value is a record with an id. DNS shows Cloudflare's own addresses for a record that is
 * proxied: what it holds, only the API says.
 *
 * <p>Source: Cloudflare's API reference, "Zones" and "DNS Records", and "DNS record error codes".
 */
public final class Cloudflare extends ApiProvider {
    private static final long LEAST_TTL = 60;

    /** The time to live that Cloudflare chooses itself, as it does for all that is proxied. */
    private static final long AUTOMATIC = 1;

    private static final Set<String> BAD_TOKEN = Set.of("6003", "6111", "9109", "10000", "10001");
    private static final Set<String> EXISTS = Set.of("81057", "81058");

    private String zoneId = "";
    private boolean proxied;

    public Cloudflare() {
        this(Clock.systemUTC());
    }

    Cloudflare(Clock clock) {
        super("cloudflare", clock);
    }

    /** @param zoneId the zone's; empty to ask for it by its name each time */
    public void setZoneId(String zoneId) {
        this.zoneId = zoneId;
    }

    /** @param proxied whether Cloudflare stands between users and server */
    public void setProxied(boolean proxied) {
        this.proxied = proxied;
    }

    @Override
    Map<String, String> headers() {
        return BEARER;
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        int turns = exchange.turns();
        int list = zoneId.isEmpty() ? 1 : 0;
        if (turns < list && zone().isEmpty()) {
            throw new StopException("cloudflare needs zone or zoneId: set one in the accounts file");
        }
        if (turns < list) {
            return exchange.ask(ProviderRequest.get(zones() + "?name=" + encode(zone())));
        }
        String records = zones() + "/"
                + encode(zoneId.isEmpty() ? found(exchange.answers().get(0)) : zoneId) + "/dns_records";
        ProviderRequest reading = ProviderRequest.get(records + "?type=" + about.type() + "&name="
                + encode(RecordValues.name(about.record())) + "&per_page=100");
        if (turns == list) {
            return exchange.ask(reading);
        }
        List<Entry> found = entries(about, exchange.answers().get(list));
        if (turns > list + 2 && exists(exchange.answers().get(turns - 2))) {
            return again(exchange, wanted(about), turns == list + 3);
        }
        if (turns > list + 1 && exists(exchange.last())) {
            return exchange.ask(reading);
        }
        return settle(
                exchange,
                list + 1,
                found,
                it -> request(about, records, it),
                (change, answer) -> check(about.type(), change, answer));
    }

    private String zones() {
        return base(url()) + "/zones";
    }

    private String found(ProviderResponse answer) {
        Set<String> ids = new TreeSet<>();
        for (JsonNode it : result(answer)) {
            String id = ProviderJson.text(it.path("id"));
            if (!id.isEmpty() && zone().equals(RecordValues.name(ProviderJson.text(it.path("name"))))) {
                ids.add(id);
            }
        }
        if (ids.size() > 1) {
            // One in each account that somebody added it to; at most one of them is served.
            throw unable("tell which of the zones " + zone() + " is meant, " + String.join(" or ", ids)
                    + ": set zoneId in the accounts file");
        }
        if (ids.size() == 1) {
            return ids.iterator().next();
        }
        throw WaitException.ambiguous("the token finds no zone " + zone()
                + ", expected one that it may read and edit: Zone Read and DNS Edit, for this zone");
    }

    private List<Entry> entries(Publication about, ProviderResponse answer) {
        JsonNode records = result(answer);
        if (!records.isArray()) {
            throw unexpected(answer, "a list of records");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode it : records) {
            if (RecordValues.name(about.record()).equals(RecordValues.name(ProviderJson.text(it.path("name"))))
                    && about.type().name().equals(ProviderJson.text(it.path("type")))) {
                entries.add(new Entry(
                        ProviderJson.text(it.path("id")),
                        RecordValues.normal(about.type(), ProviderJson.text(it.path("content"))),
                        it.path("ttl").asLong() == ttl(about)
                                && it.path("proxied").booleanValue() == proxied));
            }
        }
        return entries;
    }

    private long ttl(Publication about) {
        return proxied ? AUTOMATIC : Math.max(about.ttl().toSeconds(), LEAST_TTL);
    }

    private ProviderRequest request(Publication about, String records, RecordChange change) {
        String one = records + "/" + encode(change.id());
        if (change.kind() == Kind.DELETE) {
            return ProviderRequest.change("DELETE", one);
        }
        String body = ProviderJson.object()
                .put("type", about.type().name())
                .put("name", RecordValues.name(about.record()))
                .put("content", change.value())
                .put("ttl", ttl(about))
                .put("proxied", proxied)
                .toString();
        return change.kind() == Kind.UPDATE
                ? ProviderRequest.change("PATCH", one, body)
                : ProviderRequest.change("POST", records, body);
    }

    private void check(RecordType type, RecordChange change, ProviderResponse answer) {
        JsonNode result = result(answer);
        if (change.kind() != Kind.DELETE) {
            change.require(answer, RecordValues.normal(type, ProviderJson.text(result.path("content"))));
        }
    }

    /** What the record holds after the provider said that it exists already: somebody else was quicker, or we were, unheard. */
    private ProviderExchange again(ProviderExchange exchange, List<String> wanted, boolean first) {
        if (!RecordChange.needed(entries(exchange.about(), exchange.last()), wanted)
                .isEmpty()) {
            ProviderResponse refusal = exchange.answers().get(exchange.turns() - 2);
            throw WaitException.ambiguous(
                    refusal.said(errors(refusal)) + ", and yet the record is not as it should be");
        }
        return exchange.over(new Receipt(first, "it exists already", null));
    }

    /** What a success brings; anything else is thrown. */
    private JsonNode result(ProviderResponse answer) {
        JsonNode json = ProviderJson.of(answer);
        if (answer.status() == 200 && json.path("success").booleanValue()) {
            return json.path("result");
        }
        String errors = errors(answer);
        if (answer.status() < 500
                && answer.status() != 429
                && codes(answer).stream().anyMatch(BAD_TOKEN::contains)) {
            throw StopException.ofAccount(answer.said(errors) + ": the host does not accept the credential");
        }
        throw unexpected(answer, errors.isEmpty() ? answer.firstLine() : errors, "success");
    }

    private static boolean exists(ProviderResponse answer) {
        return answer.status() == 400 && codes(answer).stream().anyMatch(EXISTS::contains);
    }

    private static List<String> codes(ProviderResponse answer) {
        List<String> codes = new ArrayList<>();
        ProviderJson.of(answer).path("errors").forEach(it -> codes.add(ProviderJson.text(it.path("code"))));
        return codes;
    }

    private static String errors(ProviderResponse answer) {
        List<String> errors = new ArrayList<>();
        ProviderJson.of(answer)
                .path("errors")
                .forEach(it -> errors.add(
                        (ProviderJson.text(it.path("code")) + " " + ProviderJson.text(it.path("message"))).strip()));
        return String.join("; ", errors).strip();
    }
}
