package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.Publication;
import dev.firstup.model.dns.RecordType;
import dev.firstup.publish.provider.RecordChange.Entry;
import dev.firstup.publish.provider.RecordChange.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * DigitalOcean's DNS, where each value is a record with an id.
 *
 * <p>Source: DigitalOcean's API reference, "Domain Records".
 */
public final class DigitalOcean extends ApiProvider {
    private static final long LEAST_TTL = 30;

    public DigitalOcean() {
        this(Clock.systemUTC());
    }

    DigitalOcean(Clock clock) {
        super("digitalocean", clock);
    }

    @Override
    Map<String, String> headers() {
        return BEARER;
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        String records = base(url()) + "/domains/" + encode(zone()) + "/records";
        String label = RecordValues.below(about.record(), zone());
        if (exchange.turns() == 0) {
            return exchange.ask(ProviderRequest.get(records + "?name=" + encode(RecordValues.name(about.record()))
                    + "&type=" + about.type() + "&per_page=200"));
        }
        List<Entry> found = entries(about, label, exchange.answers().get(0));
        return settle(
                exchange,
                1,
                found,
                it -> request(about, label, records, it),
                (change, answer) -> check(about.type(), change, answer));
    }

    private List<Entry> entries(Publication about, String label, ProviderResponse answer) {
        JsonNode records = ProviderJson.of(answer).path("domain_records");
        if (answer.status() != 200 || !records.isArray()) {
            throw refused(answer, "200 and domain_records");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode it : records) {
            if (label.equals(ProviderJson.text(it.path("name")))
                    && about.type().name().equals(ProviderJson.text(it.path("type")))) {
                entries.add(new Entry(
                        ProviderJson.text(it.path("id")),
                        value(about.type(), it),
                        it.path("ttl").asLong() == ttl(about)));
            }
        }
        return entries;
    }

    private String value(RecordType type, JsonNode json) {
        String data = ProviderJson.text(json.path("data"));
        return data.equals("@") ? zone() : RecordValues.normal(type, data);
    }

    private static long ttl(Publication about) {
        return Math.max(about.ttl().toSeconds(), LEAST_TTL);
    }

    private static ProviderRequest request(Publication about, String label, String records, RecordChange change) {
        String one = records + "/" + encode(change.id());
        if (change.kind() == Kind.DELETE) {
            return ProviderRequest.change("DELETE", one);
        }
        String body = ProviderJson.object()
                .put("type", about.type().name())
                .put("name", label)
                .put("data", RecordValues.absolute(about.type(), change.value()))
                .put("ttl", ttl(about))
                .toString();
        return change.kind() == Kind.UPDATE
                ? ProviderRequest.change("PATCH", one, body)
                : ProviderRequest.change("POST", records, body);
    }

    private void check(RecordType type, RecordChange change, ProviderResponse answer) {
        int expected =
                switch (change.kind()) {
                    case UPDATE -> 200;
                    case CREATE -> 201;
                    case DELETE -> 204;
                };
        if (answer.status() != expected) {
            throw refused(answer, String.valueOf(expected));
        }
        if (change.kind() != Kind.DELETE) {
            String value = value(type, ProviderJson.of(answer).path("domain_record"));
            if (value.isEmpty()) {
                throw new IllegalStateException(answer.said() + ", expected domain_record");
            }
            change.require(answer, value);
        }
    }

    private RuntimeException refused(ProviderResponse answer, String expected) {
        String message = ProviderJson.text(ProviderJson.of(answer).path("message"));
        return unexpected(
                answer, message.isEmpty() ? answer.firstLine() : message, expected + " for the domain " + zone());
    }
}
