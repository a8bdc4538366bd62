package dev.firstup.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Receipt;
import dev.firstup.model.RecordType;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.publish.Change.Entry;
import dev.firstup.publish.Change.Kind;
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
public final class Cloudflare extends Api {
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
    Talk turn(Talk talk) {
        Publication about = talk.about();
        int turns = talk.turns();
        int list = zoneId.isEmpty() ? 1 : 0;
        if (turns < list && zone().isEmpty()) {
            throw new StopException("cloudflare needs zone or zoneId: set one in the accounts file");
        }
        if (turns < list) {
            return talk.ask(Request.get(zones() + "?name=" + encode(zone())));
        }
        String records =
                zones() + "/" + encode(zoneId.isEmpty() ? found(talk.answers().get(0)) : zoneId) + "/dns_records";
        Request reading = Request.get(
                records + "?type=" + about.type() + "&name=" + encode(Values.name(about.record())) + "&per_page=100");
        if (turns == list) {
            return talk.ask(reading);
        }
        List<Entry> found = entries(about, talk.answers().get(list));
        if (turns > list + 2 && exists(talk.answers().get(turns - 2))) {
            return again(talk, wanted(about), turns == list + 3);
        }
        if (turns > list + 1 && exists(talk.last())) {
            return talk.ask(reading);
        }
        return settle(
                talk,
                list + 1,
                found,
                it -> request(about, records, it),
                (change, answer) -> check(about.type(), change, answer));
    }

    private String zones() {
        return base(url()) + "/zones";
    }

    private String found(Answer answer) {
        Set<String> ids = new TreeSet<>();
        for (JsonNode it : result(answer)) {
            String id = Json.text(it.path("id"));
            if (!id.isEmpty() && zone().equals(Values.name(Json.text(it.path("name"))))) {
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

    private List<Entry> entries(Publication about, Answer answer) {
        JsonNode records = result(answer);
        if (!records.isArray()) {
            throw unexpected(answer, "a list of records");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode it : records) {
            if (Values.name(about.record()).equals(Values.name(Json.text(it.path("name"))))
                    && about.type().name().equals(Json.text(it.path("type")))) {
                entries.add(new Entry(
                        Json.text(it.path("id")),
                        Values.normal(about.type(), Json.text(it.path("content"))),
                        it.path("ttl").asLong() == ttl(about)
                                && it.path("proxied").booleanValue() == proxied));
            }
        }
        return entries;
    }

    private long ttl(Publication about) {
        return proxied ? AUTOMATIC : Math.max(about.ttl().toSeconds(), LEAST_TTL);
    }

    private Request request(Publication about, String records, Change change) {
        String one = records + "/" + encode(change.id());
        if (change.kind() == Kind.DELETE) {
            return Request.change("DELETE", one);
        }
        String body = Json.object()
                .put("type", about.type().name())
                .put("name", Values.name(about.record()))
                .put("content", change.value())
                .put("ttl", ttl(about))
                .put("proxied", proxied)
                .toString();
        return change.kind() == Kind.UPDATE
                ? Request.change("PATCH", one, body)
                : Request.change("POST", records, body);
    }

    private void check(RecordType type, Change change, Answer answer) {
        JsonNode result = result(answer);
        if (change.kind() != Kind.DELETE) {
            change.require(answer, Values.normal(type, Json.text(result.path("content"))));
        }
    }

    /** What the record holds after the host said that it exists already: somebody else was quicker, or we were, unheard. */
    private Talk again(Talk talk, List<String> wanted, boolean first) {
        if (!Change.needed(entries(talk.about(), talk.last()), wanted).isEmpty()) {
            Answer refusal = talk.answers().get(talk.turns() - 2);
            throw WaitException.ambiguous(
                    refusal.said(errors(refusal)) + ", and yet the record is not as it should be");
        }
        return talk.over(new Receipt(first, "it exists already", null));
    }

    /** What a success brings; anything else is thrown. */
    private JsonNode result(Answer answer) {
        JsonNode json = Json.of(answer);
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

    private static boolean exists(Answer answer) {
        return answer.status() == 400 && codes(answer).stream().anyMatch(EXISTS::contains);
    }

    private static List<String> codes(Answer answer) {
        List<String> codes = new ArrayList<>();
        Json.of(answer).path("errors").forEach(it -> codes.add(Json.text(it.path("code"))));
        return codes;
    }

    private static String errors(Answer answer) {
        List<String> errors = new ArrayList<>();
        Json.of(answer)
                .path("errors")
                .forEach(it -> errors.add((Json.text(it.path("code")) + " " + Json.text(it.path("message"))).strip()));
        return String.join("; ", errors).strip();
    }
}
