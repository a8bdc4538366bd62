package dev.firstup.publish.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.publish.provider.RecordChange.Entry;
import dev.firstup.publish.provider.RecordChange.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * ClouDNS's HTTP API, where each value is a record with an id, and a list of records is an object whose names are their ids, or an
 * empty array. All is sent by POST, for the password would stand in addresses otherwise.
 *
 * <p>Source: ClouDNS's "HTTP API": "List records", "Add record", "Modify record" and "Delete record".
 */
public final class ClouDns extends ApiProvider {
    /** In seconds, and no others. */
    private static final List<Long> TTLS = List.of(
            60L, 300L, 900L, 1800L, 3600L, 21600L, 43200L, 86400L, 172800L, 259200L, 604800L, 1209600L, 2592000L);

    private static final String BAD_CREDENTIAL = "Invalid authentication";
    private static final Pattern TOO_MANY =
            Pattern.compile("(Request blocked\\.|Rate limit exceeded|Too many requests).*", Pattern.DOTALL);

    private String authId = "";
    private String subAuthId = "";

    public ClouDns() {
        this(Clock.systemUTC());
    }

    ClouDns(Clock clock) {
        super("cloudns", clock);
    }

    /** @param authId of an API user; empty where it is a sub user */
    public void setAuthId(String authId) {
        this.authId = authId;
    }

    /** @param subAuthId of an API sub user; empty where it is none */
    public void setSubAuthId(String subAuthId) {
        this.subAuthId = subAuthId;
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        Publication about = exchange.about();
        if (exchange.turns() == 0) {
            Map<String, String> wanted =
                    Map.of("host", host(about), "type", about.type().name());
            return exchange.ask(request("records", wanted, false));
        }
        List<Entry> found = entries(about, exchange.answers().get(0));
        return settle(exchange, 1, found, it -> request(about, it), (change, answer) -> success(about, answer));
    }

    private ProviderRequest request(Publication about, RecordChange change) {
        if (change.kind() == Kind.DELETE) {
            return request("delete-record", Map.of("record-id", change.id()), true);
        }
        Map<String, String> parameters =
                new TreeMap<>(Map.of("host", host(about), "record", change.value(), "ttl", String.valueOf(ttl(about))));
        if (change.kind() == Kind.UPDATE) {
            parameters.put("record-id", change.id());
            return request("mod-record", parameters, true);
        }
        parameters.put("record-type", about.type().name());
        return request("add-record", parameters, true);
    }

    private ProviderRequest request(String what, Map<String, String> parameters, boolean changes) {
        if (authId.isEmpty() == subAuthId.isEmpty()) {
            throw new StopException("cloudns needs either authId or subAuthId: set one in the accounts file");
        }
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("domain-name", zone());
        all.put(authId.isEmpty() ? "sub-auth-id" : "auth-id", authId + subAuthId);
        String form = all.entrySet().stream()
                .map(it -> it.getKey() + "=" + encode(it.getValue()))
                .collect(Collectors.joining("&", "", "&auth-password={secret}"));
        return new ProviderRequest(
                "POST",
                base(url()) + "/" + what + ".json",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                form,
                changes);
    }

    /** The record's name below the domain; empty where it is the domain's own. */
    private String host(Publication about) {
        String name = RecordValues.below(about.record(), zone());
        return name.equals("@") ? "" : name;
    }

    private static long ttl(Publication about) {
        return TTLS.stream()
                .filter(it -> it >= about.ttl().toSeconds())
                .findFirst()
                .orElse(TTLS.get(TTLS.size() - 1));
    }

    private List<Entry> entries(Publication about, ProviderResponse answer) {
        JsonNode records = ProviderJson.of(answer);
        if (answer.status() != 200 || !records.isContainerNode() || records.has("status")) {
            throw refused(about, answer);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode it : records) {
            if (!it.path("host").isTextual() || !it.path("type").isTextual()) {
                throw refused(about, answer);
            }
            boolean active = !ProviderJson.text(it.path("status")).equals("0");
            if (active
                    && host(about).equals(RecordValues.name(it.path("host").asText()))
                    && about.type().name().equals(it.path("type").asText())) {
                entries.add(new Entry(
                        ProviderJson.text(it.path("id")),
                        RecordValues.normal(about.type(), ProviderJson.text(it.path("record"))),
                        String.valueOf(ttl(about)).equals(ProviderJson.text(it.path("ttl")))));
            }
        }
        return entries;
    }

    private void success(Publication about, ProviderResponse answer) {
        if (answer.status() != 200
                || !ProviderJson.text(ProviderJson.of(answer).path("status")).equals("Success")) {
            throw refused(about, answer);
        }
    }

    private RuntimeException refused(Publication about, ProviderResponse answer) {
        String words = ProviderJson.text(ProviderJson.of(answer).path("statusDescription"));
        if (words.startsWith(BAD_CREDENTIAL)) {
            return StopException.ofAccount(answer.said(words)
                    + ": the id or the password is wrong, or the API user may not be used from this address");
        }
        if (TOO_MANY.matcher(words).matches()) {
            return new WaitException(whileBusy(about.attempt().failures()), answer.said(words));
        }
        return unexpected(answer, words.isEmpty() ? answer.firstLine() : words, "Success for the domain " + zone());
    }
}
