package dev.firstup.health;

import dev.firstup.Fixtures;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A cell with the keys of a queue file: the queue {@code chat} with what they say, and the defaults for the rest. */
final class Settings {
    private static final Map<String, String> NAMES = Map.of("paris", "10", "tokyo", "20", "quebec", "30");
    private static final List<String> ORDER = List.of("paris", "tokyo", "quebec");

    private final Map<String, String> values = new LinkedHashMap<>();

    private Settings(String cell) {
        for (String it : Page.list(cell)) {
            String[] parts = it.split(": ", 2);
            if (parts.length < 2 || values.put(parts[0], parts[1]) != null) {
                throw Page.unreadable(it, "settings of a queue like failback: auto, each once");
            }
        }
    }

    /** @throws IllegalArgumentException if {@code cell} says anything that is not understood */
    static Queue queue(String cell) {
        Settings settings = new Settings(cell.equals("defaults") ? "" : cell);
        Queue queue = settings.queue();
        if (!settings.values.isEmpty()) {
            throw Page.unreadable(settings.values.keySet().toString(), "keys of a queue that the test knows");
        }
        return queue;
    }

    private Queue queue() {
        Duration timeout = length("timeout", Fixtures.TIMEOUT);
        Queue.Pace pace = new Queue.Pace(
                length("interval", Fixtures.INTERVAL),
                length("fast-interval", Fixtures.FAST),
                length("down-interval", Fixtures.DOWN),
                timeout);
        boolean apart = oneOf("families", "together", "apart").equals("apart");
        Rules rules = new Rules(
                number("fall", Fixtures.FALL),
                number("rise", 2),
                length("slow", null),
                failback(),
                allDown(),
                number("answers", 1),
                apart);
        PublishTarget target = Fixtures.target("no-ip", Fixtures.RECORD, length("gap", Duration.ZERO));
        boolean publishes = values.remove("publish", "[]");
        boolean witnessed = !values.remove("witnesses", "[]");
        List<Server> servers =
                ORDER.stream().flatMap(it -> servers(it, apart, timeout)).toList();
        return new Queue(
                "chat",
                1,
                Fixtures.RECORD,
                null,
                List.of(),
                Duration.ofMinutes(1),
                servers,
                pace,
                rules,
                witnessed ? List.of(Fixtures.WITNESS) : List.of(),
                List.of(),
                publishes ? List.of() : List.of(target),
                List.of("ops"));
    }

    private Stream<Server> servers(String name, boolean apart, Duration timeout) {
        boolean both = values.remove(name, "ipv4 + ipv6");
        Map<RecordType, String> addresses = new EnumMap<>(RecordType.class);
        addresses.put(RecordType.A, "192.0.2." + NAMES.get(name));
        if (both) {
            addresses.put(RecordType.AAAA, "2001:db8::" + NAMES.get(name));
        }
        if (!apart || !both) {
            return Stream.of(server(name, addresses, timeout));
        }
        return addresses.entrySet().stream()
                .map(it -> server(
                        name + (it.getKey() == RecordType.A ? "/ipv4" : "/ipv6"),
                        Map.of(it.getKey(), it.getValue()),
                        timeout));
    }

    private static Server server(String name, Map<RecordType, String> addresses, Duration timeout) {
        return new Server("chat", 1, name, addresses, "probe:tcp", name, 5222, "", Fixtures.RECORD, timeout);
    }

    private Failback failback() {
        String text = taken("failback", "10m");
        return switch (text) {
            case "auto" -> Failback.AT_ONCE;
            case "manual" -> Failback.BY_HAND;
            default -> new Failback(Page.length(text), false);
        };
    }

    private AllDown allDown() {
        String text = taken("all-down", "hold");
        return switch (text) {
            case "hold" -> AllDown.HOLD;
            case "first" -> new AllDown(AllDown.Policy.FIRST, null, null);
            case "withdraw" -> new AllDown(AllDown.Policy.WITHDRAW, null, null);
            case "203.0.113.99" -> new AllDown(AllDown.Policy.SORRY, RecordType.A, text);
            default -> throw Page.unreadable(text, "hold, first, withdraw or 203.0.113.99");
        };
    }

    private String oneOf(String key, String usual, String other) {
        String text = taken(key, usual);
        if (Stream.of(usual, other).noneMatch(text::equals)) {
            throw Page.unreadable(text, usual + " or " + other);
        }
        return text;
    }

    private int number(String key, int usual) {
        String text = taken(key, null);
        if (text != null && !text.matches("[1-9]\\d?")) {
            throw Page.unreadable(text, "a number from 1 to 99");
        }
        return text == null ? usual : Integer.parseInt(text);
    }

    private Duration length(String key, Duration usual) {
        String text = taken(key, null);
        return text == null ? usual : Page.length(text);
    }

    private String taken(String key, String usual) {
        String text = values.remove(key);
        return text == null ? usual : text;
    }

    /** The server's name as the file has it: each family of one that is chosen apart is a server of its own. */
    static String plain(String server) {
        return server.replaceFirst("/.*", "");
    }

    /** Those servers of {@code queue} that {@code name} means: all, one, or both families of one. */
    static List<String> meant(Queue queue, String name) {
        List<String> names = queue.servers().stream()
                .map(Server::name)
                .filter(it -> name.equals("all") || it.equals(name) || plain(it).equals(name))
                .toList();
        if (names.isEmpty()) {
            throw Page.unreadable(
                    name, "one of " + queue.servers().stream().map(Server::name).toList() + ", or all");
        }
        return names;
    }
}
