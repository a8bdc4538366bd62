package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a release answered, as files, and what the program answers now. What is different each time is written as its name:
 * {@code <time>}, {@code <ms>}.
 */
final class Golden {
    /** Whether the files are written instead of compared. */
    static final boolean WRITE = Boolean.getBoolean("firstup.fixtures.write");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 10;

    /** Numbers in the JSON that count time, or tries in the course of it. */
    private static final Set<String> NUMBERS = Set.of("ms", "streak", "id", "downtimeSeconds");

    /** Families of metrics whose values change with time; of all that is not Firstup's own only the names are kept. */
    private static final Set<String> VALUES = Set.of(
            "firstup_probe_duration_seconds",
            "firstup_probe_lag_seconds",
            "firstup_publish_total",
            "firstup_publication_last_write_timestamp_seconds",
            "firstup_schedule_lag_seconds");

    private static final String LAST_EVENTS = "<h2>Last events</h2>";
    private static final String AGE = "\\b\\d+ (s|min|h|d)\\b( \\d+ (min|h)\\b)?";

    private final Path folder;
    private final Map<String, String> found = new TreeMap<>();
    private boolean differs;

    /** @param folder where the files lie */
    Golden(Path folder) {
        this.folder = folder;
    }

    /** Notes what was found, as it is to be compared. */
    void put(String name, String text) {
        found.put(name, text.endsWith("\n") ? text : text + "\n");
    }

    /** Adds to what was found under this name. */
    void add(String name, String text) {
        put(name, found.getOrDefault(name, "") + text);
    }

    /** Notes what is found as soon as it is what is expected, or, if it never is, what it was last. */
    void await(String name, Callable<String> text) throws Exception {
        if (!WRITE && !differs) {
            try {
                FirstupProcess.await().ignoreExceptions().untilAsserted(() -> {
                    put(name, text.call());
                    assertThat(found.get(name)).isEqualTo(Files.readString(folder.resolve(name)));
                });
                return;
            } catch (org.awaitility.core.ConditionTimeoutException e) {
                // All differences are shown together, and the next one is not waited for as long again.
                differs = true;
            }
        }
        put(name, text.call());
    }

    /** Compares all that was found, or writes it. */
    void check() throws IOException {
        if (WRITE) {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> it : found.entrySet()) {
                Files.writeString(folder.resolve(it.getKey()), it.getValue());
            }
            fail("wrote " + found.keySet()
                    + ": look at what changed, and run this again without firstup.fixtures.write");
        }
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, String> it : found.entrySet()) {
            Path file = folder.resolve(it.getKey());
            if (!Files.exists(file)) {
                differences.add(file + ": is missing, found:\n" + it.getValue());
                continue;
            }
            differences.addAll(differences(file, Files.readString(file), it.getValue()));
        }
        if (!differences.isEmpty()) {
            fail("not as it was released:\n" + String.join("\n", differences));
        }
    }

    /** Lines that are not the same; the first ones, for one line too many moves all that follow. */
    private static List<String> differences(Path file, String expected, String found) {
        String[] before = expected.split("\n", -1);
        String[] now = found.split("\n", -1);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < Math.max(before.length, now.length) && differences.size() < SHOWN; i++) {
            String was = i < before.length ? before[i] : "(end of file)";
            String is = i < now.length ? now[i] : "(end of file)";
            if (!was.equals(is)) {
                differences.add(file + ":" + (i + 1) + "\n  expected " + was + "\n  found    " + is);
            }
        }
        return differences;
    }

    /** Text without what is different each time. */
    static String text(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)", "<time>")
                .replaceAll("(?i)(firstup[/ ]|firstup/Linux-)\\d+\\.\\d[\\w.-]*", "$1<version>")
                .replaceAll("Apache-HttpClient/.*", "Apache-HttpClient/<version>")
                .replaceAll("\\([A-Z][a-z]+day, \\d+ [A-Z][a-z]+ \\d+, [\\d:]+ UTC\\)", "(<time>)")
                .replaceAll("\\+[\\d.]+ s\\b", "+<s>")
                .replaceAll("<firstup-\\d+-\\d+@", "<firstup-<id>-<time>@")
                .replaceAll("is up for \\d+ \\w+( \\d+ \\w+)?,", "is up for <age>,")
                .replaceAll(" +[\\d,]+ ms\\b", " <ms>")
                .replaceAll("since \\d\\d:\\d\\d(:\\d\\d)?", "since <time>");
    }

    /** JSON, a member a line; the order of keys stays. */
    static String json(String text) {
        try {
            return pretty(plain(JSON.readTree(text)));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    private static String pretty(JsonNode node) {
        return text(node.toPrettyString().replace("\r\n", "\n"));
    }

    /** Events: what happens to one queue has no order beside what happens to another. */
    static String events(String text) {
        try {
            List<String> events = new ArrayList<>();
            JSON.readTree(text).get("events").forEach(it -> events.add(pretty(plain(it))));
            return events.stream().sorted().collect(Collectors.joining("\n"));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    private static JsonNode plain(JsonNode node) {
        if (node instanceof ArrayNode array) {
            array.forEach(Golden::plain);
        } else if (node instanceof ObjectNode object) {
            for (String key : names(object)) {
                JsonNode value = object.get(key);
                if (key.equals("phases") && value instanceof ObjectNode phases) {
                    names(phases).forEach(it -> phases.put(it, "<ms>"));
                } else if (value.isNumber() && (NUMBERS.contains(key) || key.endsWith("Seconds"))) {
                    object.put(key, "<number>");
                } else {
                    plain(value);
                }
            }
        }
        return node;
    }

    private static List<String> names(ObjectNode object) {
        Iterable<String> names = object::fieldNames;
        return StreamSupport.stream(names.spliterator(), false).toList();
    }

    /** A scrape: the families in the order of their names, the series of one in the order of their labels. */
    static String metrics(String scrape) {
        return Arrays.stream(scrape.split("(?m)^(?=# HELP )"))
                .map(Golden::family)
                .sorted()
                .collect(Collectors.joining());
    }

    private static String family(String family) {
        // The comments first.
        Comparator<String> order = Comparator.comparing((String it) -> !it.startsWith("#"))
                .thenComparing(it -> it.startsWith("#") ? "" : it);
        return family.lines().map(Golden::series).sorted(order).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String series(String line) {
        if (line.startsWith("#")) {
            return line;
        }
        String name = line.replaceFirst("[{ ].*", "");
        boolean stable = name.startsWith("firstup_") && !VALUES.contains(name);
        return stable ? line : line.substring(0, line.lastIndexOf(' ')) + " <number>";
    }

    /** The page: its events have no order that is always the same. */
    static String page(String html) {
        String queues = pageWithoutEvents(html);
        String events = html.substring(html.indexOf(LAST_EVENTS));
        return queues + LAST_EVENTS + "\n"
                + text(events)
                        .lines()
                        .filter(it -> it.startsWith("<tr>"))
                        .map(it -> it.replaceAll(AGE, "<age>"))
                        .sorted()
                        .collect(Collectors.joining("\n"));
    }

    /** The page where it has more events than it shows: which of them these are is not always the same. */
    static String pageWithoutEvents(String html) {
        return text(html.substring(0, html.indexOf(LAST_EVENTS)))
                .replaceAll("<td>[\\d.]+</td>", "<td><ms></td>")
                .replaceAll(AGE, "<age>");
    }

    /** What answers an order: what follows from it is decided by the next verdict, and may be seen already or not. */
    static String order(String text) {
        return text.replaceAll(" should name \\S+", " should name <decided next>")
                .replaceAll("(?m)^ \\*", "  ")
                .replaceAll("(?m)^   not the first server: .*\n", "")
                .replaceAll("(?m): (confirmed|held|pending|unknown)$", ": <published next>");
    }

    /** Lines in an order that is always the same. */
    static String sorted(List<String> texts) {
        return texts.stream().map(Golden::text).sorted().collect(Collectors.joining("\n"));
    }
}
