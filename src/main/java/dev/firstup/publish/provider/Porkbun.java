package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.publish.provider.RecordChange.Entry;
import dev.firstup.publish.provider.RecordChange.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Porkbun's API, version 3, where each value is a record with an id, and each request is a POST that carries both keys.
 *
 * <p>Source: Porkbun's "API v3 Documentation": "DNS Create Record", "DNS Edit Record by Domain and ID", "DNS Delete Record by Domain
 * and ID", "DNS Retrieve Records by Domain, Subdomain and Type" and "Errors". What edits by name and type gives all records of the
 * name the same value, so ids are used.
 */
public final class Porkbun extends ApiProvider {
    private static final long LEAST_TTL = 600;
    private static final Duration TOO_MANY = Duration.ofMinutes(1);

    public Porkbun() {
        this(Clock.systemUTC());
    }

    Porkbun(Clock clock) {
        super("porkbun", clock);
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        String domain = encode(zone());
        if (exchange.turns() == 0) {
            String name = below(about).isEmpty() ? "" : "/" + encode(below(about));
            String target = base(url()) + "/dns/retrieveByNameType/" + domain + "/" + about.type() + name;
            return exchange.ask(new ProviderRequest(
                    "POST", target, Map.of("Content-Type", "application/json"), keys().toString(), false));
        }
        List<Entry> found = entries(about, exchange.answers().get(0));
        return settle(
                exchange,
                1,
                found,
                it -> request(about, base(url()) + "/dns/" + target(it.kind(), domain, it.id()), it),
                (change, answer) -> success(answer));
    }

    private static ObjectNode keys() {
        return ProviderJson.object().put("apikey", "{secret}").put("secretapikey", "{secret2}");
    }

    /** The record's name below the domain; empty where it is the domain's own. */
    private String below(Publication about) {
        String name = RecordValues.below(about.record(), zone());
        return name.equals("@") ? "" : name;
    }

    private static String target(Kind kind, String domain, String id) {
        return switch (kind) {
            case CREATE -> "create/" + domain;
            case UPDATE -> "edit/" + domain + "/" + encode(id);
            case DELETE -> "delete/" + domain + "/" + encode(id);
        };
    }

    private ProviderRequest request(Publication about, String target, RecordChange change) {
        ObjectNode body = keys();
        if (change.kind() != Kind.DELETE) {
            body.put("name", below(about))
                    .put("type", about.type().name())
                    .put("content", change.value())
                    .put("ttl", ttl(about));
        }
        return ProviderRequest.change("POST", target, body.toString());
    }

    /** Porkbun takes and gives it as text. */
    private static String ttl(Publication about) {
        return String.valueOf(Math.max(about.ttl().toSeconds(), LEAST_TTL));
    }

    private List<Entry> entries(Publication about, ProviderResponse answer) {
        JsonNode records = success(answer).path("records");
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
                        ttl(about).equals(ProviderJson.text(it.path("ttl")))));
            }
        }
        return entries;
    }

    /** What a success brings; anything else is thrown. */
    private JsonNode success(ProviderResponse answer) {
        JsonNode json = ProviderJson.of(answer);
        if (answer.status() == 200 && ProviderJson.text(json.path("status")).equals("SUCCESS")) {
            return json;
        }
        String code = ProviderJson.text(json.path("code"));
        String message = ProviderJson.text(json.path("message"));
        if (code.startsWith("INVALID_API_KEYS") || message.startsWith("Invalid API key")) {
            throw StopException.ofAccount(answer.said(message) + ": the host does not accept the API key");
        }
        if (code.equals("RATE_LIMIT_EXCEEDED") && answer.retryAfter() == null) {
            throw new WaitException(TOO_MANY, answer.said(message) + ": too many requests");
        }
        throw unexpected(answer, message.isEmpty() ? answer.firstLine() : message, "SUCCESS for the domain " + zone());
    }
}
