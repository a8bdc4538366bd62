package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;

/**
 * docs/probe.md says what the component's metadata say, which editors read. {@code mvn test -Dtest=ProbePageTest -Dfirstup.write=true}
 * writes it anew.
 */
class ProbePageTest {
    private static final Path PAGE = Path.of("docs", "probe.md");

    private static final String PLACE =
            """

            Queue files may give these as well, as `probe:KIND://HOST:PORT/PATH` or among the options. They differ from server to
            server, so they come to the component with each server and are no options of the endpoint.

            | option | kinds | by default | meaning |
            |---|---|---|---|
            | `port` | all but `probe:icmp` and routes | the kind's usual one; `probe:tcp` and `probe:tls` have none | The port that is probed. |
            | `path` | `probe:http`, `probe:https` | `/` | What is asked for. A ? in it is written %3F. |
            | `host` | all but routes | `alias` of the queue, or else its `record` | The public name: what the server is asked for, and what its certificate must be valid for. Where it is probed is not changed by it. |
            | `domain` | `probe:xmpp`, `probe:xmpps`, `probe:xmpp-server` | the same | Another word for `host`: the XMPP domain. |
            """;

    @Test
    void thePageIsMadeFromTheMetadata() throws IOException {
        JsonNode metadata;
        try (InputStream in = ProbeComponent.class.getResourceAsStream("/META-INF/dev/firstup/probe/probe.json")) {
            metadata = new ObjectMapper().readTree(in);
        }
        String page = page(metadata);
        if (Boolean.getBoolean("firstup.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("written anew by mvn test -Dtest=ProbePageTest -Dfirstup.write=true")
                .isEqualTo(page);
    }

    private static String page(JsonNode metadata) {
        Map<String, JsonNode> options = new TreeMap<>();
        metadata.get("properties").properties().forEach(it -> {
            if (it.getValue().get("kind").asText().equals("parameter")
                    && it.getValue().get("label").asText().isEmpty()) {
                options.put(named(it.getKey(), it.getValue()), it.getValue());
            }
        });
        StringBuilder page = new StringBuilder("# The component probe:\n\n"
                + "Made from the metadata that editors and Camel's own tools read. The README shows how queue files use it.\n\n"
                + "| kind | options |\n|---|---|\n");
        for (ProbeKind kind : ProbeKind.values()) {
            String all = kind.options().stream().map(it -> "`" + it + "`").collect(Collectors.joining(", "));
            page.append("| `probe:%s` | %s |\n".formatted(kind.text(), all.isEmpty() ? "none" : all));
        }
        page.append(PLACE);
        page.append("\n| option | values | by default | meaning |\n|---|---|---|---|\n");
        options.forEach((name, it) ->
                page.append("| `%s` | %s | %s | %s |\n".formatted(name, values(it), usual(it), text(it))));
        page.append("\nThe component itself, `camel.component.probe.NAME` in `application.properties`:\n\n"
                + "| setting | by default | meaning |\n|---|---|---|\n");
        metadata.get("componentProperties").properties().forEach(it -> {
            if (it.getValue().get("label").asText().isEmpty()) {
                page.append("| `%s` | %s | %s |\n"
                        .formatted(
                                StringHelper.camelCaseToDash(it.getKey()), usual(it.getValue()), text(it.getValue())));
            }
        });
        return page.toString();
    }

    private static String named(String name, JsonNode option) {
        String prefix = option.path("prefix").asText();
        return prefix.isEmpty()
                ? StringHelper.camelCaseToDash(name)
                : prefix.endsWith("-") ? prefix + "NAME" : prefix + "`, `" + prefix + "2`, ... `" + prefix + "9";
    }

    private static String values(JsonNode option) {
        if (!option.has("enum")) {
            return option.get("type").asText().equals("object")
                    ? "text"
                    : option.get("type").asText().replace("string", "text").replace("boolean", "`true`, `false`");
        }
        StringBuilder values = new StringBuilder();
        option.get("enum").forEach(it -> values.append(values.isEmpty() ? "`" : ", `")
                .append(it.asText())
                .append('`'));
        return values.toString();
    }

    private static String usual(JsonNode option) {
        return option.has("defaultValue") ? "`" + option.get("defaultValue").asText() + "`" : "";
    }

    private static String text(JsonNode option) {
        // Camel's plugin adds how its own endpoints would be written.
        return option.get("description")
                .asText()
                .replaceFirst(" This is a multi-value option.*", "")
                .replace("|", "\\|");
    }
}
