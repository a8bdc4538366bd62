package dev.firstup.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.QueueStanding;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Verdict;
import dev.firstup.model.names.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The records as JSON: keys always all there and in the same order, null where something is not known. */
final class ApiJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Both as they always were: scripts may look at the text, and people write it.
            .enable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private ApiJson() {}

    static String text(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What {@code text} holds; a missing node where it holds nothing.
     *
     * @throws JsonProcessingException if it is not one value of JSON
     */
    static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static <T> ArrayNode array(Collection<T> values, Function<T, ? extends JsonNode> mapper) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
        values.forEach(it -> array.add(mapper.apply(it)));
        return array;
    }

    static <T> ArrayNode texts(Collection<T> values, Function<T, String> mapper) {
        return array(values, it -> TextNode.valueOf(mapper.apply(it)));
    }

    static ObjectNode queue(HealthView view, List<Publication> publications, List<Finding> findings, Instant now) {
        ObjectNode json = object();
        json.put("name", view.queue().name());
        json.put("record", view.queue().record());
        json.put("alias", view.queue().alias());
        json.put("chosen", view.chosen() == null ? null : view.chosen().label());
        int position = StatusText.position(view);
        json.put("position", position == 0 ? null : position);
        json.put("state", StatusText.state(view));
        QueueStanding standing = view.standing();
        json.put("allDown", standing.allDown());
        json.put("notFirst", standing.notFirst());
        since(json, "stasis", standing.stasis(), now);
        since(json, "failbackLimited", standing.limited(), now);
        json.set("orders", array(standing.orders(), it -> order(it, now)));
        json.set(
                "servers",
                array(view.servers(), it -> server(it, view.chose(it.server().name()), now)));
        json.set("publications", array(StatusText.of(view, publications), it -> publication(it, now)));
        json.set("findings", texts(findings, Finding::text));
        return json;
    }

    private static ObjectNode order(Order order, Instant now) {
        ObjectNode json = object();
        json.put("kind", order.kind().word());
        json.put("server", order.server());
        since(json, "since", order.since(), now);
        json.put("until", time(order.until()));
        json.put("reason", order.reason());
        return json;
    }

    /** Both when it began and how long ago that is: whoever reads this may have another clock. */
    private static void since(ObjectNode json, String key, @Nullable Instant at, Instant now) {
        json.put(key, time(at));
        json.put(key + "Seconds", at == null ? null : millis(Duration.between(at, now)) / 1000);
    }

    private static ObjectNode server(ServerHealth health, boolean chosen, Instant now) {
        ObjectNode json = object();
        json.put("name", health.server().name());
        ObjectNode addresses = object();
        health.server().addresses().forEach((type, value) -> addresses.put(type.name(), value));
        json.set("addresses", addresses);
        json.put("state", word(health.state()));
        json.put("effective", word(health.effective()));
        json.put("chosen", chosen);
        json.set("order", health.order() == null ? null : order(health.order(), now));
        json.set("degraded", values(StatusText.degraded(health)));
        since(json, "since", health.since(), now);
        json.put("streak", health.streak());
        Verdict last = health.last();
        json.put("probedAt", last == null ? null : time(last.at()));
        json.put("outcome", last == null ? null : word(last.outcome()));
        json.put("code", last == null ? null : last.code().name());
        json.put("reason", last == null ? null : last.reason());
        json.put("explained", last == null ? null : last.explained());
        json.put("ms", last == null ? null : millis(last.took()));
        json.set("phases", last == null ? null : phases(last));
        json.put("certificateExpires", last == null ? null : time(last.certificateExpires()));
        return json;
    }

    private static ObjectNode phases(Verdict verdict) {
        ObjectNode json = object();
        new TreeMap<>(verdict.phases()).forEach((phase, took) -> json.put(word(phase), millis(took)));
        return json;
    }

    private static ObjectNode publication(Publication it, Instant now) {
        ObjectNode json = object();
        json.put("publisher", it.publisher());
        json.put("record", it.record());
        json.put("type", it.type().name());
        json.put("state", StatusText.state(it, now));
        json.set("decided", values(it.decided()));
        json.set("confirmed", values(it.confirmed().values()));
        json.put("confirmedAt", time(it.confirmed().at()));
        json.put("waitingUntil", time(StatusText.waitingUntil(it, now)));
        json.put("stopped", it.schedule().stopped());
        json.put("ticket", it.taken().ticket());
        json.put("lastWrite", time(it.proof().written()));
        json.put("lastRead", time(it.proof().read()));
        json.set("repairs", texts(it.told().repairs(), ApiJson::time));
        json.put("note", it.note());
        return json;
    }

    static ObjectNode event(Event event) {
        ObjectNode json = object();
        json.put("id", event.id());
        json.put("at", time(event.at()));
        json.put("queue", event.queue());
        json.put("kind", word(event.kind()));
        json.put("record", event.record());
        json.put("server", event.server());
        json.put("from", event.from());
        json.put("to", event.to());
        json.put("publisher", event.publisher());
        json.put("reason", event.reason());
        json.put("downtimeSeconds", event.downtime() == null ? null : millis(event.downtime()) / 1000);
        ObjectNode times = object();
        event.times().forEach((step, at) -> times.put(word(step), time(at)));
        json.set("times", times);
        json.put("tell", event.tell());
        return json;
    }

    private static @Nullable ArrayNode values(@Nullable List<String> values) {
        return values == null ? null : texts(values, it -> it);
    }

    private static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    /** In milliseconds, to the microsecond. */
    static double millis(Duration took) {
        return Math.round(took.toNanos() / 1e3) / 1e3;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
