package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.publish.provider.RecordChange.Entry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A provider with an API that shows and changes the records of a zone. */
public abstract class ApiProvider extends Provider {
    /** What logs in where a token does. */
    static final Map<String, String> BEARER = Map.of("Authorization", "Bearer {secret}");

    private String url = "";
    private String zone = "";

    ApiProvider(String name, Clock clock) {
        super(name, clock);
    }

    /** @param url of the API */
    public final void setUrl(String url) {
        this.url = url;
    }

    /** @param zone the domain that the record lies in; empty where the provider is told otherwise */
    public final void setZone(String zone) {
        this.zone = RecordValues.name(zone);
    }

    /** The address of the API, as it was given. */
    final String url() {
        return url;
    }

    /** The domain that the record lies in, in lower case and without a dot at its end; empty where none was given. */
    final String zone() {
        return zone;
    }

    /** What the provider has, where that was asked for; otherwise the changes that are needed, one by one. */
    final ProviderExchange settle(
            ProviderExchange exchange,
            int from,
            List<Entry> found,
            Function<RecordChange, ProviderRequest> request,
            BiConsumer<RecordChange, ProviderResponse> check) {
        Publication about = exchange.about();
        List<String> values = found.stream().map(Entry::value).toList();
        return about.ask() == Ask.LOOK
                ? exchange.over(RecordValues.reading(url, about.type(), values))
                : RecordChange.walk(exchange, from, RecordChange.needed(found, wanted(about)), request, check);
    }

    /** The values that the record should have. */
    static List<String> wanted(Publication about) {
        return about.ask() == Ask.WITHDRAW ? List.of() : RecordValues.decided(about);
    }
}
