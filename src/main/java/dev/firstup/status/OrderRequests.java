package dev.firstup.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Acknowledgement;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Order.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.publish.RetryRequest;
import dev.firstup.model.time.DurationNotation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people order by hand, out of what they send: the bean {@code firstup-orders} of the routes. */
public final class OrderRequests {
    private static final List<String> KEYS = List.of("kind", "server", "for", "because");
    private static final Map<String, Kind> KINDS =
            Arrays.stream(Kind.values()).collect(Collectors.toUnmodifiableMap(Kind::word, Function.identity()));
    private static final String EXAMPLE = "{\"kind\": \"drain\", \"server\": \"paris\"}";
    private static final List<String> RETRY_KEYS = List.of("to");
    private static final String RETRY_EXAMPLE = "{\"to\": \"no-ip\"}, or {} for all publishers";
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LONGEST_REASON = 500;
    private static final int MOST_NAMES = 50;

    private final Clock clock;

    public OrderRequests(Clock clock) {
        this.clock = clock;
    }

    /**
     * Reads and checks what was sent.
     *
     * @param queue the name of the queue that it is about
     * @param type the media type; null where none was said
     * @param body in UTF-8, which JSON is in whatever the media type says: {@code {"kind": "drain", "server": "paris", "for": "30m", "because": "kernel"}}
     * @param views all queues as they stand
     * @return one order, or where the queue's families go apart one for each of the server's
     * @throws RequestRefusedException if it is not what was expected (400, 415), is about what does not exist (404), or cannot be done now (409)
     */
    public List<Order> parse(String queue, @Nullable String type, byte @Nullable [] body, List<HealthView> views) {
        HealthView view = StatusText.queue(queue, views);
        ObjectNode json = json(type, body, KEYS, EXAMPLE);
        String word = text(json, "kind");
        if (word == null || !KINDS.containsKey(word)) {
            throw wrong("kind is " + StatusText.shown(word) + ", expected one of "
                    + Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", ")));
        }
        Kind kind = KINDS.get(word);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant until = until(kind, text(json, "for"), now);
        String reason = reason(text(json, "because"));
        String server = text(json, "server");
        if (server == null) {
            if (kind.ofServer()) {
                throw wrong("server is missing, expected one of " + names(view));
            }
            return List.of(new Order(queue, null, kind, now, until, reason));
        }
        if (!kind.ofServer() && kind != Kind.READY) {
            throw wrong(
                    "server is " + StatusText.shown(server) + ", expected none: " + word + " is about the whole queue");
        }
        List<ServerHealth> servers = servers(server, view);
        if (kind == Kind.MOVE) {
            servers.forEach(OrderRequests::requireServing);
        }
        return servers.stream()
                .map(it -> new Order(queue, it.server().name(), kind, now, until, reason))
                .toList();
    }

    /** What the answer to orders waits for. */
    public Acknowledgement acknowledgement() {
        return new Acknowledgement();
    }

    /**
     * Waits until all that follows from what was ordered is written down.
     *
     * @param patience in milliseconds; not long, for it holds one of the threads that make answers
     * @throws RequestRefusedException if it is not by then (503)
     */
    public void awaitWritten(Acknowledgement acknowledgement, long patience) throws InterruptedException {
        if (!acknowledgement.await(Duration.ofMillis(patience))) {
            throw new RequestRefusedException(
                    503,
                    "this is in force, but could not be written down yet: if Firstup ends before it is, it is"
                            + " forgotten. /observe/health says why");
        }
    }

    /**
     * Reads and checks that publishers which have stopped are to be asked again.
     *
     * @param queue the name of the queue that it is about
     * @param type the media type; null where none was said
     * @param body <code>{"to": "no-ip"}</code>, or an empty object for all publishers of the queue
     * @param now what is known
     * @return those that have stopped, one at least
     * @throws RequestRefusedException if it is not what was expected (400, 415), is about what does not exist (404), or nothing has stopped (409)
     */
    public RetryRequest retry(String queue, @Nullable String type, byte @Nullable [] body, Overview now) {
        HealthView view = StatusText.queue(queue, now.views());
        String publisher = text(json(type, body, RETRY_KEYS, RETRY_EXAMPLE), "to");
        List<Publication> all = StatusText.of(view, now.known());
        List<Publication> meant = all.stream()
                .filter(it -> publisher == null || it.publisher().equals(publisher))
                .toList();
        if (publisher != null && meant.isEmpty()) {
            throw new RequestRefusedException(
                    404,
                    "no publisher of " + queue + " is called " + StatusText.shown(publisher) + ", " + publishers(all));
        }
        List<Publication> stopped =
                meant.stream().filter(it -> it.schedule().stopped() != null).toList();
        Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (stopped.isEmpty()) {
            throw new RequestRefusedException(
                    409, "nothing of " + queue + " has stopped, so there is nothing to retry: " + states(meant, time));
        }
        return new RetryRequest(
                stopped,
                stopped.stream().map(it -> retried(it, time)).distinct().toList());
    }

    private static String publishers(List<Publication> all) {
        String names = all.stream()
                .map(Publication::publisher)
                .distinct()
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
        return "expected " + (names.isEmpty() ? "none: it is not published" : "one of " + names);
    }

    private static String states(List<Publication> meant, Instant now) {
        return meant.isEmpty()
                ? "it is not published"
                : meant.stream()
                        .limit(MOST_NAMES)
                        .map(it -> StatusText.name(it) + " is " + StatusText.state(it, now))
                        .collect(Collectors.joining(", "));
    }

    private static Event retried(Publication it, Instant now) {
        return Event.of(
                Event.Kind.ORDERED,
                now,
                Event.About.publication(it),
                "retry of " + it.publisher() + ", which had stopped: "
                        + it.schedule().stopped());
    }

    private static ObjectNode json(@Nullable String type, byte @Nullable [] body, List<String> keys, String example) {
        ObjectNode json = json(type, body, example);
        json.fieldNames().forEachRemaining(it -> {
            if (!keys.contains(it)) {
                throw wrong("found the key " + StatusText.shown(it) + ", expected none but " + String.join(", ", keys));
            }
        });
        return json;
    }

    private static ObjectNode json(@Nullable String type, byte @Nullable [] body, String example) {
        String essence = type == null ? "" : type.split(";")[0].strip().toLowerCase(Locale.ROOT);
        if (!essence.isEmpty() && !essence.equals("application/json")) {
            throw new RequestRefusedException(
                    415, "Content-Type is " + StatusText.shown(type) + ", expected application/json");
        }
        JsonNode value;
        try {
            value = ApiJson.parse(body == null ? "" : new String(body, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw wrong("the body is no JSON, expected such as " + example);
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw wrong("the body is " + what(value) + ", expected an object such as " + example);
    }

    private static @Nullable String text(ObjectNode json, String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(key + " is " + what(value) + ", expected text");
        }
        return value.textValue();
    }

    /** Not its value: it may be nested as deep as the body is long. */
    private static String what(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            default -> "empty";
        };
    }

    private static @Nullable Instant until(Kind kind, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        if (!kind.lasts()) {
            throw wrong("for is " + StatusText.shown(text) + ", expected none: " + kind.word() + " is done once");
        }
        Duration length = DurationNotation.of(text);
        if (length == null || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw wrong("for is " + StatusText.shown(text)
                    + ", expected a duration such as 500ms, 10s, 10m, 1h or 2d, at most 365d;"
                    + " without one it holds until ready is ordered");
        }
        return now.plus(length);
    }

    private static String reason(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String reason = text.strip();
        int length = reason.codePointCount(0, reason.length());
        if (length > LONGEST_REASON) {
            throw wrong("because has " + length + " characters, expected at most " + LONGEST_REASON);
        }
        // It is shown on terminals and in the subjects of mails.
        reason.codePoints().filter(OrderRequests::isUnprintable).findFirst().ifPresent(it -> {
            throw wrong(
                    String.format(Locale.ROOT, "because contains the character U+%04X, expected one line of text", it));
        });
        return reason;
    }

    private static boolean isUnprintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static List<ServerHealth> servers(String name, HealthView view) {
        List<ServerHealth> exact = view.server(name).map(List::of).orElse(List.of());
        List<ServerHealth> found = exact.isEmpty() && view.queue().rules().apart()
                ? view.servers().stream()
                        .filter(it -> it.server().name().equals(name + "/ipv4")
                                || it.server().name().equals(name + "/ipv6"))
                        .toList()
                : exact;
        if (found.isEmpty()) {
            throw new RequestRefusedException(
                    404,
                    "no server of " + view.queue().name() + " is called " + StatusText.shown(name)
                            + ", expected one of " + names(view));
        }
        return found;
    }

    private static String names(HealthView view) {
        List<ServerHealth> servers = view.servers();
        return servers.stream().limit(MOST_NAMES).map(it -> it.server().name()).collect(Collectors.joining(", "))
                + (servers.size() > MOST_NAMES ? ", ..." : "");
    }

    /** The record would not name it: better said than waited for in vain. */
    private static void requireServing(ServerHealth it) {
        String name = it.server().name();
        boolean forcedDown = it.order() != null && it.order().kind() == Kind.FORCE_DOWN;
        String obstacle =
                switch (it.effective()) {
                    case UP -> null;
                    case MAINT -> name + " is in maint: order ready for it first";
                    case DRAIN -> name + " is drained: order ready for it first";
                    case UNKNOWN -> name + " is not known to be up yet: wait for its verdicts, or order force-up first";
                    case DOWN ->
                        forcedDown
                                ? name + " is forced down: order ready for it first"
                                : name + " is down"
                                        + (it.last() == null
                                                ? ""
                                                : " (" + it.last().explained() + ")")
                                        + ": order force-up for it first if the record should name it all the same";
                };
        if (obstacle != null) {
            throw new RequestRefusedException(409, obstacle);
        }
    }

    private static RequestRefusedException wrong(String message) {
        return new RequestRefusedException(400, message);
    }
}
