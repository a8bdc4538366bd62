package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.publish.Receipt;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gandi LiveDNS. A set of records is replaced as a whole.
 *
 * <p>Source: Gandi's "LiveDNS API" (api.gandi.net/docs/livedns), with a personal access token.
 */
public final class Gandi extends ApiProvider {
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
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        if (exchange.turns() == 0) {
            return exchange.ask(request(about));
        }
        ProviderResponse answer = exchange.last();
        return switch (about.ask()) {
            case LOOK -> exchange.over(RecordValues.reading(url(), about.type(), values(answer)));
            case WITHDRAW -> exchange.over(withdrawn(answer));
            default -> exchange.over(written(answer));
        };
    }

    private ProviderRequest request(Publication about) {
        String target = base(url()) + "/domains/" + encode(zone()) + "/records/"
                + encode(RecordValues.below(about.record(), zone())) + "/" + about.type();
        if (about.ask() == Ask.LOOK) {
            return ProviderRequest.get(target);
        }
        if (about.ask() == Ask.WITHDRAW) {
            return ProviderRequest.change("DELETE", target);
        }
        ObjectNode body =
                ProviderJson.object().put("rrset_ttl", Math.max(about.ttl().toSeconds(), LEAST_TTL));
        RecordValues.absolute(about).forEach(body.putArray("rrset_values")::add);
        return ProviderRequest.change("PUT", target, body.toString());
    }

    private Receipt written(ProviderResponse answer) {
        if (answer.status() != 201 && answer.status() != 200) {
            throw refused(answer, "201");
        }
        String message = ProviderJson.text(ProviderJson.of(answer).path("message"));
        if (message.isEmpty()) {
            throw new IllegalStateException(answer.said() + ", expected a message");
        }
        return new Receipt(answer.status() == 200, answer.said(message), null);
    }

    private Receipt withdrawn(ProviderResponse answer) {
        if (answer.status() != 204 && !none(answer)) {
            throw refused(answer, "204");
        }
        return new Receipt(none(answer), answer.said(words(answer)), null);
    }

    private List<String> values(ProviderResponse answer) {
        if (none(answer)) {
            return List.of();
        }
        JsonNode values = ProviderJson.of(answer).path("rrset_values");
        if (answer.status() != 200 || !values.isArray()) {
            throw refused(answer, "200 and rrset_values");
        }
        List<String> all = new ArrayList<>();
        values.forEach(it -> all.add(ProviderJson.text(it)));
        return all;
    }

    /** Whether only the record does not exist: 404 may as well be for the domain. */
    private static boolean none(ProviderResponse answer) {
        return answer.status() == 404
                && "dns-record".equals(ProviderJson.text(ProviderJson.of(answer).path("object")));
    }

    private RuntimeException refused(ProviderResponse answer, String expected) {
        return unexpected(answer, words(answer), expected + " for the domain " + zone());
    }

    private static String words(ProviderResponse answer) {
        JsonNode json = ProviderJson.of(answer);
        String detail = ProviderJson.text(json.path("errors").path(0).path("description"));
        String message = detail.isEmpty() ? ProviderJson.text(json.path("message")) : detail;
        return message.isEmpty() ? answer.firstLine() : message;
    }
}
