package dev.firstup.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Receipt;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gandi LiveDNS. A set of records is replaced as a whole.
 *
 * <p>Source: Gandi's "LiveDNS API" (api.gandi.net/docs/livedns), with a personal access token.
 */
public final class Gandi extends Api {
    private static final long LEAST_TTL = 300;

    public Gandi() {
        this(Clock.systemUTC());
    }

    Gandi(Clock clock) {
        super("gandi", clock);
    }

    @Override
    Map<String, String> headers() {
        return BEARER;
    }

    @Override
    Talk turn(Talk talk) {
        Publication about = talk.about();
        if (talk.turns() == 0) {
            return talk.ask(request(about));
        }
        Answer answer = talk.last();
        return switch (about.ask()) {
            case LOOK -> talk.over(Values.reading(url(), about.type(), values(answer)));
            case WITHDRAW -> talk.over(withdrawn(answer));
            default -> talk.over(written(answer));
        };
    }

    private Request request(Publication about) {
        String target = base(url()) + "/domains/" + encode(zone()) + "/records/"
                + encode(Values.below(about.record(), zone())) + "/" + about.type();
        if (about.ask() == Ask.LOOK) {
            return Request.get(target);
        }
        if (about.ask() == Ask.WITHDRAW) {
            return Request.change("DELETE", target);
        }
        ObjectNode body = Json.object().put("rrset_ttl", Math.max(about.ttl().toSeconds(), LEAST_TTL));
        Values.absolute(about).forEach(body.putArray("rrset_values")::add);
        return Request.change("PUT", target, body.toString());
    }

    private Receipt written(Answer answer) {
        if (answer.status() != 201 && answer.status() != 200) {
            throw refused(answer, "201");
        }
        String message = Json.text(Json.of(answer).path("message"));
        if (message.isEmpty()) {
            throw new IllegalStateException(answer.said() + ", expected a message");
        }
        return new Receipt(answer.status() == 200, answer.said(message), null);
    }

    private Receipt withdrawn(Answer answer) {
        if (answer.status() != 204 && !none(answer)) {
            throw refused(answer, "204");
        }
        return new Receipt(none(answer), answer.said(words(answer)), null);
    }

    private List<String> values(Answer answer) {
        if (none(answer)) {
            return List.of();
        }
        JsonNode values = Json.of(answer).path("rrset_values");
        if (answer.status() != 200 || !values.isArray()) {
            throw refused(answer, "200 and rrset_values");
        }
        List<String> all = new ArrayList<>();
        values.forEach(it -> all.add(Json.text(it)));
        return all;
    }

    /** Whether only the record does not exist: 404 may as well be for the domain. */
    private static boolean none(Answer answer) {
        return answer.status() == 404
                && "dns-record".equals(Json.text(Json.of(answer).path("object")));
    }

    private RuntimeException refused(Answer answer, String expected) {
        return unexpected(answer, words(answer), expected + " for the domain " + zone());
    }

    private static String words(Answer answer) {
        JsonNode json = Json.of(answer);
        String detail = Json.text(json.path("errors").path(0).path("description"));
        String message = detail.isEmpty() ? Json.text(json.path("message")) : detail;
        return message.isEmpty() ? answer.firstLine() : message;
    }
}
