package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.publish.RecordReading;
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
public final class PowerDns extends ApiProvider {
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
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        if (exchange.turns() == 0) {
            RecordValues.below(about.record(), zone());
            return exchange.ask(request(about));
        }
        return about.ask() == Ask.LOOK
                ? exchange.over(reading(about, exchange.last()))
                : exchange.confirmed(taken(exchange.last()).said());
    }

    private ProviderRequest request(Publication about) {
        String target = base(url()) + "/api/v1/servers/" + encode(serverId) + "/zones/" + encode(zone()) + ".";
        if (about.ask() == Ask.LOOK) {
            return ProviderRequest.get(target + "?rrset_name=" + encode(RecordValues.name(about.record()))
                    + ".&rrset_type=" + about.type());
        }
        ObjectNode body = ProviderJson.object();
        ObjectNode set = body.putArray("rrsets")
                .addObject()
                .put("name", RecordValues.name(about.record()) + ".")
                .put("type", about.type().name());
        if (about.ask() == Ask.WITHDRAW) {
            set.put("changetype", "DELETE");
        } else {
            set.put("changetype", "REPLACE").put("ttl", about.ttl().toSeconds());
            var records = set.putArray("records");
            RecordValues.absolute(about)
                    .forEach(it -> records.addObject().put("content", it).put("disabled", false));
        }
        return ProviderRequest.change("PATCH", target, body.toString());
    }

    private ProviderResponse taken(ProviderResponse answer) {
        if (answer.status() != 204) {
            throw refused(answer, "204");
        }
        return answer;
    }

    private RecordReading reading(Publication about, ProviderResponse answer) {
        JsonNode sets = ProviderJson.of(answer).path("rrsets");
        if (answer.status() != 200 || !sets.isArray()) {
            throw refused(answer, "200 and its rrsets");
        }
        List<String> values = new ArrayList<>();
        for (JsonNode set : sets) {
            if (RecordValues.name(ProviderJson.text(set.path("name"))).equals(RecordValues.name(about.record()))
                    && about.type().name().equals(ProviderJson.text(set.path("type")))) {
                for (JsonNode it : set.path("records")) {
                    if (!it.path("disabled").booleanValue()) {
                        values.add(ProviderJson.text(it.path("content")));
                    }
                }
            }
        }
        return RecordValues.reading(url(), about.type(), values);
    }

    private RuntimeException refused(ProviderResponse answer, String expected) {
        String error = ProviderJson.text(ProviderJson.of(answer).path("error"));
        return unexpected(
                answer,
                error.isEmpty() ? answer.firstLine() : error,
                expected + " for the zone " + zone() + " of the server " + serverId);
    }
}
