package dev.firstup.status;

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
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** The records as JSON: keys always all there and in the same order, null where something is not known. */
final class ApiJson {
    private ApiJson() {}

    static String text(Object value) {
        return Jsoner.serialize(value) + "\n";
    }

    static <T> JsonArray array(Collection<T> values, Function<T, ?> mapper) {
        JsonArray array = new JsonArray();
        values.forEach(it -> array.add(mapper.apply(it)));
        return array;
    }

    static JsonObject queue(HealthView view, List<Publication> publications, List<Finding> findings, Instant now) {
        JsonObject json = new JsonObject();
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
        json.put("orders", array(standing.orders(), it -> order(it, now)));
        json.put(
                "servers",
                array(view.servers(), it -> server(it, view.chose(it.server().name()), now)));
        json.put("publications", array(StatusText.of(view, publications), it -> publication(it, now)));
        json.put("findings", array(findings, Finding::text));
        return json;
    }

    private static JsonObject order(Order order, Instant now) {
        JsonObject json = new JsonObject();
        json.put("kind", order.kind().word());
        json.put("server", order.server());
        since(json, "since", order.since(), now);
        json.put("until", time(order.until()));
        json.put("reason", order.reason());
        return json;
    }

    /** Both when it began and how long ago that is: whoever reads this may have another clock. */
    private static void since(JsonObject json, String key, Instant at, Instant now) {
        json.put(key, time(at));
        json.put(key + "Seconds", at == null ? null : millis(Duration.between(at, now)) / 1000);
    }

    private static JsonObject server(ServerHealth health, boolean chosen, Instant now) {
        JsonObject json = new JsonObject();
        json.put("name", health.server().name());
        JsonObject addresses = new JsonObject();
        health.server().addresses().forEach((type, value) -> addresses.put(type.name(), value));
        json.put("addresses", addresses);
        json.put("state", word(health.state()));
        json.put("effective", word(health.effective()));
        json.put("chosen", chosen);
        json.put("order", health.order() == null ? null : order(health.order(), now));
        json.put("degraded", values(StatusText.degraded(health)));
        since(json, "since", health.since(), now);
        json.put("streak", health.streak());
        Verdict last = health.last();
        json.put("probedAt", last == null ? null : time(last.at()));
        json.put("outcome", last == null ? null : word(last.outcome()));
        json.put("code", last == null ? null : last.code().name());
        json.put("reason", last == null ? null : last.reason());
        json.put("explained", last == null ? null : last.explained());
        json.put("ms", last == null ? null : millis(last.took()));
        json.put("phases", last == null ? null : phases(last));
        json.put("certificateExpires", last == null ? null : time(last.certificateExpires()));
        return json;
    }

    private static JsonObject phases(Verdict verdict) {
        JsonObject json = new JsonObject();
        new TreeMap<>(verdict.phases()).forEach((phase, took) -> json.put(word(phase), millis(took)));
        return json;
    }

    private static JsonObject publication(Publication it, Instant now) {
        JsonObject json = new JsonObject();
        json.put("publisher", it.publisher());
        json.put("record", it.record());
        json.put("type", it.type().name());
        json.put("state", StatusText.state(it, now));
        json.put("decided", values(it.decided()));
        json.put("confirmed", values(it.confirmed().values()));
        json.put("confirmedAt", time(it.confirmed().at()));
        json.put("waitingUntil", time(StatusText.waitingUntil(it, now)));
        json.put("stopped", it.schedule().stopped());
        json.put("ticket", it.taken().ticket());
        json.put("lastWrite", time(it.proof().written()));
        json.put("lastRead", time(it.proof().read()));
        json.put("repairs", array(it.told().repairs(), ApiJson::time));
        json.put("note", it.note());
        return json;
    }

    static JsonObject event(Event event) {
        JsonObject json = new JsonObject();
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
        JsonObject times = new JsonObject();
        event.times().forEach((step, at) -> times.put(word(step), time(at)));
        json.put("times", times);
        json.put("tell", event.tell());
        return json;
    }

    private static JsonArray values(List<String> values) {
        return values == null ? null : array(values, it -> it);
    }

    private static String time(Instant at) {
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
