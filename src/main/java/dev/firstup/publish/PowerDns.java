package dev.firstup.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Reading;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The HTTP API of PowerDNS Authoritative Server. A set of records is replaced as a whole.
 *
 * <p>Source: its documentation, "Zones" and "RRset" of the HTTP API. Older versions answer with the whole zone where one
 * set was asked for; a zone that is larger than an answer may be (64 KiB) cannot be read there.
 */
public final class PowerDns extends Api {
    private String serverId = "localhost";

    public PowerDns() {
        this(Clock.systemUTC());
    }

    PowerDns(Clock clock) {
        super("powerdns", clock);
    }

    /** @param serverId the server's among those that the API serves; {@code localhost} everywhere but behind a proxy of APIs */
    public void setServerId(String serverId) {
        this.serverId = serverId;
    }

    @Override
    Map<String, String> headers() {
        return Map.of("X-API-Key", "{secret}");
    }

    @Override
    Talk turn(Talk talk) {
        Publication about = talk.about();
        if (talk.turns() == 0) {
            Values.below(about.record(), zone());
            return talk.ask(request(about));
        }
        return about.ask() == Ask.LOOK
                ? talk.over(reading(about, talk.last()))
                : talk.confirmed(taken(talk.last()).said());
    }

    private Request request(Publication about) {
        String target = base(url()) + "/api/v1/servers/" + encode(serverId) + "/zones/" + encode(zone()) + ".";
        if (about.ask() == Ask.LOOK) {
            return Request.get(
                    target + "?rrset_name=" + encode(Values.name(about.record())) + ".&rrset_type=" + about.type());
        }
        ObjectNode body = Json.object();
        ObjectNode set = body.putArray("rrsets")
                .addObject()
                .put("name", Values.name(about.record()) + ".")
                .put("type", about.type().name());
        if (about.ask() == Ask.WITHDRAW) {
            set.put("changetype", "DELETE");
        } else {
            set.put("changetype", "REPLACE").put("ttl", about.ttl().toSeconds());
            var records = set.putArray("records");
            Values.absolute(about)
                    .forEach(it -> records.addObject().put("content", it).put("disabled", false));
        }
        return Request.change("PATCH", target, body.toString());
    }

    private Answer taken(Answer answer) {
        if (answer.status() != 204) {
            throw refused(answer, "204");
        }
        return answer;
    }

    private Reading reading(Publication about, Answer answer) {
        JsonNode sets = Json.of(answer).path("rrsets");
        if (answer.status() != 200 || !sets.isArray()) {
            throw refused(answer, "200 and its rrsets");
        }
        List<String> values = new ArrayList<>();
        for (JsonNode set : sets) {
            if (Values.name(Json.text(set.path("name"))).equals(Values.name(about.record()))
                    && about.type().name().equals(Json.text(set.path("type")))) {
                for (JsonNode it : set.path("records")) {
                    if (!it.path("disabled").booleanValue()) {
                        values.add(Json.text(it.path("content")));
                    }
                }
            }
        }
        return Values.reading(url(), about.type(), values);
    }

    private RuntimeException refused(Answer answer, String expected) {
        String error = Json.text(Json.of(answer).path("error"));
        return unexpected(
                answer,
                error.isEmpty() ? answer.firstLine() : error,
                expected + " for the zone " + zone() + " of the server " + serverId);
    }
}
