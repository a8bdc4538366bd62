package dev.firstup.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.Publication;
import dev.firstup.model.RecordType;
import dev.firstup.publish.Change.Entry;
import dev.firstup.publish.Change.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * DigitalOcean's DNS, where each value is a record with an id.
 *
 * <p>Source: DigitalOcean's API reference, "Domain Records".
 */
public final class DigitalOcean extends Api {
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
    Talk turn(Talk talk) {
        Publication about = talk.about();
        String records = base(url()) + "/domains/" + encode(zone()) + "/records";
        String label = Values.below(about.record(), zone());
        if (talk.turns() == 0) {
            return talk.ask(Request.get(records + "?name=" + encode(Values.name(about.record())) + "&type="
                    + about.type() + "&per_page=200"));
        }
        List<Entry> found = entries(about, label, talk.answers().get(0));
        return settle(
                talk,
                1,
                found,
                it -> request(about, label, records, it),
                (change, answer) -> check(about.type(), change, answer));
    }

    private List<Entry> entries(Publication about, String label, Answer answer) {
        JsonNode records = Json.of(answer).path("domain_records");
        if (answer.status() != 200 || !records.isArray()) {
            throw refused(answer, "200 and domain_records");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode it : records) {
            if (label.equals(Json.text(it.path("name"))) && about.type().name().equals(Json.text(it.path("type")))) {
                entries.add(new Entry(
                        Json.text(it.path("id")),
                        value(about.type(), it),
                        it.path("ttl").asLong() == ttl(about)));
            }
        }
        return entries;
    }

    private String value(RecordType type, JsonNode json) {
        String data = Json.text(json.path("data"));
        return data.equals("@") ? zone() : Values.normal(type, data);
    }

    private static long ttl(Publication about) {
        return Math.max(about.ttl().toSeconds(), LEAST_TTL);
    }

    private static Request request(Publication about, String label, String records, Change change) {
        String one = records + "/" + encode(change.id());
        if (change.kind() == Kind.DELETE) {
            return Request.change("DELETE", one);
        }
        String body = Json.object()
                .put("type", about.type().name())
                .put("name", label)
                .put("data", Values.absolute(about.type(), change.value()))
                .put("ttl", ttl(about))
                .toString();
        return change.kind() == Kind.UPDATE
                ? Request.change("PATCH", one, body)
                : Request.change("POST", records, body);
    }

    private void check(RecordType type, Change change, Answer answer) {
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
            String value = value(type, Json.of(answer).path("domain_record"));
            if (value.isEmpty()) {
                throw new IllegalStateException(answer.said() + ", expected domain_record");
            }
            change.require(answer, value);
        }
    }

    private RuntimeException refused(Answer answer, String expected) {
        String message = Json.text(Json.of(answer).path("message"));
        return unexpected(
                answer, message.isEmpty() ? answer.firstLine() : message, expected + " for the domain " + zone());
    }
}
