package dev.firstup.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Reading;
import dev.firstup.model.Receipt;
import dev.firstup.model.WaitException;
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
public final class Hetzner extends Api {
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
    Talk turn(Talk talk) {
        Publication about = talk.about();
        if (about.ask() == Ask.LOOK && about.ticket() != null && talk.turns() == 0) {
            return talk.ask(Request.get(base(url()) + "/actions/" + encode(about.ticket())));
        }
        if (about.ask() == Ask.LOOK && about.ticket() != null && talk.turns() == 1) {
            return done(about, talk.last()).ticket() == null
                    ? talk.ask(listing(about))
                    : talk.over(new Reading(
                            Map.of(), Map.of(URI.create(url()).getAuthority(), "the change is pending"), null));
        }
        // A list, not the one set: if that is not there, it may be the zone that is not.
        if (talk.turns() == 0) {
            return talk.ask(listing(about));
        }
        return switch (about.ask()) {
            case LOOK -> talk.over(Values.reading(url(), about.type(), values(set(about, talk.last()))));
            case WITHDRAW -> withdraw(talk, set(about, talk.answers().get(0)));
            default -> write(talk, set(about, talk.answers().get(0)));
        };
    }

    private Talk withdraw(Talk talk, JsonNode set) {
        if (set.isMissingNode()) {
            return talk.over(new Receipt(true, "there is no such record", null));
        }
        return talk.turns() == 1
                ? talk.ask(Request.change("DELETE", one(talk.about())))
                : talk.over(done(talk.about(), talk.last()));
    }

    /** The values first: a time to live that cannot be changed is no reason to leave users where they are. */
    private Talk write(Talk talk, JsonNode set) {
        Publication about = talk.about();
        ObjectNode body = Json.object();
        ArrayNode records = body.putArray("records");
        Values.absolute(about).forEach(it -> records.addObject().put("value", it));
        if (set.isMissingNode()) {
            body.put("name", Values.below(about.record(), zone()))
                    .put("type", about.type().name())
                    .put("ttl", ttl(about));
            return talk.turns() == 1
                    ? talk.ask(Request.change("POST", sets(), body.toString()))
                    : talk.over(done(about, talk.last()));
        }
        boolean same = values(set).stream()
                .map(it -> Values.normal(about.type(), it))
                .sorted()
                .toList()
                .equals(about.decided());
        boolean inTime = set.path("ttl").asLong() == ttl(about);
        if (same && inTime) {
            return talk.over(new Receipt(true, "it holds this already", null));
        }
        int changed = same ? 1 : 2;
        if (talk.turns() < changed) {
            return talk.ask(Request.change("POST", one(about) + "/actions/set_records", body.toString()));
        }
        Receipt receipt = same ? null : done(about, talk.answers().get(1));
        if (inTime) {
            return talk.over(receipt);
        }
        if (talk.turns() == changed) {
            String ttl = Json.object().put("ttl", ttl(about)).toString();
            return talk.ask(Request.change("POST", one(about) + "/actions/change_ttl", ttl));
        }
        if (receipt == null) {
            return talk.over(done(about, talk.last()));
        }
        String words = receipt.answer() + ", time to live: " + talk.last().said(words(talk.last()));
        return talk.over(new Receipt(false, words, receipt.ticket()));
    }

    private static long ttl(Publication about) {
        return Math.max(about.ttl().toSeconds(), LEAST_TTL);
    }

    private String sets() {
        return base(url()) + "/zones/" + encode(zone()) + "/rrsets";
    }

    private String one(Publication about) {
        return sets() + "/" + encode(Values.below(about.record(), zone())) + "/" + about.type();
    }

    private Request listing(Publication about) {
        return Request.get(sets() + "?name=" + encode(Values.below(about.record(), zone())) + "&type=" + about.type());
    }

    /** The set of records that was asked for; a missing node where there is none. */
    private JsonNode set(Publication about, Answer answer) {
        JsonNode sets = success(about, answer, "a list of records").path("rrsets");
        if (!sets.isArray()) {
            throw answer.unreadable("a list of records");
        }
        for (JsonNode it : sets) {
            if (Values.below(about.record(), zone()).equals(Values.name(Json.text(it.path("name"))))
                    && about.type().name().equals(Json.text(it.path("type")))) {
                return it;
            }
        }
        return sets.path("none");
    }

    private static List<String> values(JsonNode set) {
        List<String> values = new ArrayList<>();
        set.path("records").forEach(it -> values.add(Json.text(it.path("value"))));
        return values;
    }

    /** What has become of an action: with a ticket while it is running. */
    private Receipt done(Publication about, Answer answer) {
        JsonNode action = success(about, answer, "an action").path("action");
        String id = Json.text(action.path("id"));
        String status = Json.text(action.path("status"));
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
    private JsonNode success(Publication about, Answer answer, String expected) {
        if (answer.status() >= 200 && answer.status() < 300) {
            return Json.of(answer);
        }
        String words = words(answer);
        // Its limit for a project is filled up again by one request each second.
        if (BUSY.contains(answer.status()) || answer.status() == 429 && answer.retryAfter() == null) {
            throw new WaitException(whileBusy(about.failures()), answer.said(words));
        }
        throw unexpected(answer, words, expected + " for the zone " + zone());
    }

    private static String words(Answer answer) {
        String words = words(Json.of(answer).path("error"));
        return words.isEmpty() ? answer.firstLine() : words;
    }

    private static String words(JsonNode error) {
        String code = Json.text(error.path("code"));
        return code.isEmpty() ? "" : code + ": " + Json.text(error.path("message"));
    }
}
