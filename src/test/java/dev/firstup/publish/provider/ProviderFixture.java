package dev.firstup.publish.provider;

import dev.firstup.Fixtures;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What one host is asked and answers, as a file of {@code src/test/resources/hosts} says it. The form is told at
 * {@link ProvidersTest}.
 *
 * @param name the file's, and the document's where the file holds several
 * @param parameters of its Kamelet
 * @param flows by name, what is asked for and each turn of it
 * @param missing why a flow or a case does not apply, by its name
 * @param cases by name
 */
record ProviderFixture(
        String name,
        String uri,
        Map<String, String> parameters,
        Map<String, Flow> flows,
        Map<String, String> missing,
        Map<String, Case> cases) {
    private static final Path FOLDER = Path.of("src/test/resources/hosts");
    private static final String NONE = "none";
    private static final String REACTION = "reaction";
    private static final Map<String, Map<String, Object>> ASKED = Map.of(
            "write", Map.of(),
            "write6", Map.of("type", "AAAA", "values", List.of("2001:db8::20")),
            "withdraw", Map.of("ask", "WITHDRAW", "values", List.of()),
            "look", Map.of("ask", "LOOK"));
    private static final Set<String> KEYS =
            Set.of("name", "uri", "parameters", "about", "write", "write6", "withdraw", "look", "flows", "cases");

    /** @param reaction what comes of it in the end */
    record Flow(Publication about, List<Turn> turns, String reaction) {}

    /** @param request as it must be, part by part */
    record Turn(Map<String, Object> request, ScriptedProvider.Played answer) {}

    /**
     * Another answer in the place of one that the flow has, or another reaction to what is done with all hosts.
     *
     * @param turn whose answer it is, from 1; 0 for the last
     * @param answer null where only the reaction differs
     * @param then what is asked and answered after it
     */
    record Case(String flow, int turn, ScriptedProvider.Played answer, List<Turn> then, String reaction) {}

    static List<ProviderFixture> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<ProviderFixture> all = new ArrayList<>();
            for (Path file :
                    files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".yaml", "");
                try {
                    for (Object document :
                            new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
                        all.add(of(name, map(document)));
                    }
                } catch (RuntimeException e) {
                    throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
                }
            }
            return all;
        }
    }

    private static ProviderFixture of(String file, Map<String, Object> root) {
        known(root.keySet(), KEYS);
        Map<String, Flow> flows = new LinkedHashMap<>();
        Map<String, String> missing = new TreeMap<>();
        Map<String, Object> about = map(root.get("about"));
        Map<String, Object> given = new LinkedHashMap<>();
        ASKED.keySet().stream().sorted().filter(root::containsKey).forEach(it -> given.put(it, root.get(it)));
        given.putAll(map(root.get("flows")));
        given.forEach((name, flow) -> {
            if (flow instanceof Map<?, ?> it && it.containsKey(NONE)) {
                missing.put(name, String.valueOf(it.get(NONE)));
            } else {
                flows.put(name, flow(name, about, flow));
            }
        });
        Map<String, Case> cases = new LinkedHashMap<>();
        map(root.get("cases")).forEach((name, it) -> {
            Map<String, Object> given1 = map(it);
            if (given1.containsKey(NONE)) {
                missing.put(name, String.valueOf(given1.get(NONE)));
            } else {
                cases.put(name, aCase(given1));
            }
        });
        Map<String, String> parameters = new LinkedHashMap<>();
        map(root.get("parameters")).forEach((name, value) -> parameters.put(name, String.valueOf(value)));
        return new ProviderFixture(
                root.containsKey("name") ? file + "/" + root.get("name") : file,
                String.valueOf(root.get("uri")),
                parameters,
                flows,
                missing,
                cases);
    }

    private static Flow flow(String name, Map<String, Object> common, Object given) {
        Map<String, Object> about = new TreeMap<>(common);
        about.putAll(ASKED.getOrDefault(name, Map.of()));
        List<?> turns;
        Object reaction = null;
        if (given instanceof Map<?, ?> map) {
            known(map.keySet(), Set.of("about", "turns", REACTION));
            about.putAll(map(map.get("about")));
            turns = (List<?>) map.get("turns");
            reaction = map.get(REACTION);
        } else {
            turns = (List<?>) given;
        }
        if (!turns.isEmpty()) {
            reaction = map(turns.get(turns.size() - 1)).get(REACTION);
        }
        if (reaction == null) {
            throw new IllegalArgumentException(name + ": its last turn has no reaction");
        }
        return new Flow(publication(about), turns(turns), reaction.toString());
    }

    private static Publication publication(Map<String, Object> about) {
        known(about.keySet(), Set.of("record", "type", "values", "ttl", "ask", "ticket", "failures"));
        List<String> values = about.get("values") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of("192.0.2.20");
        return Publication.of(
                        "chat",
                        Fixtures.target("host", (String) about.getOrDefault("record", Fixtures.RECORD)),
                        RecordType.valueOf((String) about.getOrDefault("type", "A")),
                        Duration.ofSeconds((Integer) about.getOrDefault("ttl", 60)))
                .wanted(null, values)
                .attempt(attempt -> new Attempt(values, null, (Integer) about.getOrDefault("failures", 0), 0, 0))
                .taken(taken -> taken.under((String) about.get("ticket")))
                .told(told -> told.moved(false))
                .ask(Ask.valueOf((String) about.getOrDefault("ask", "WRITE")))
                .done();
    }

    private static Case aCase(Map<String, Object> given) {
        known(given.keySet(), Set.of("answer", REACTION, "why", "of", "turn", "then"));
        if (!given.containsKey("answer") && !given.containsKey("why")) {
            throw new IllegalArgumentException("why is the reaction " + given.get(REACTION) + "? Say it under why");
        }
        Object then = given.get("then");
        Object reaction = given.get(REACTION);
        if (then instanceof List<?> list && reaction == null) {
            reaction = map(list.get(list.size() - 1)).get(REACTION);
        }
        return new Case(
                (String) given.getOrDefault("of", "write"),
                (Integer) given.getOrDefault("turn", 0),
                given.containsKey("answer") ? answer(map(given.get("answer"))) : null,
                then instanceof List<?> list ? turns(list) : List.of(),
                String.valueOf(reaction));
    }

    private static List<Turn> turns(List<?> given) {
        return given.stream()
                .map(ProviderFixture::map)
                .peek(it -> known(it.keySet(), Set.of("request", "answer", REACTION)))
                .map(it -> new Turn(request(map(it.get("request"))), answer(map(it.get("answer")))))
                .toList();
    }

    private static Map<String, Object> request(Map<String, Object> given) {
        known(given.keySet(), Set.of("method", "path", "query", "headers", "json", "form", "body"));
        return given;
    }

    private static ScriptedProvider.Played answer(Map<String, Object> given) {
        known(given.keySet(), Set.of("status", "headers", "body", "json"));
        Map<String, String> headers = new TreeMap<>();
        Object json = given.get("json");
        headers.put("Content-Type", json == null ? "text/plain" : "application/json");
        map(given.get("headers")).forEach((name, value) -> headers.put(name, String.valueOf(value)));
        return new ScriptedProvider.Played(
                (Integer) given.getOrDefault("status", 200),
                headers,
                json == null ? String.valueOf(given.getOrDefault("body", "")) : json(json),
                ScriptedProvider.Way.WHOLE);
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(it -> quoted(it.getKey().toString()) + ":" + json(it.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ProviderFixture::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value == null || value instanceof Number || value instanceof Boolean
                ? String.valueOf(value)
                : quoted(value.toString());
    }

    /** As a string of JSON, and of YAML. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static void known(Set<?> keys, Set<String> known) {
        keys.forEach(it -> {
            if (!known.contains(it.toString())) {
                throw new IllegalArgumentException("unknown key " + it + ", expected one of " + known);
            }
        });
    }

    @SuppressWarnings("unchecked") // Keys are text in each of our files.
    static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
