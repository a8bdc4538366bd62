package dev.firstup.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.firstup.queue.parse.QueueFixtures;
import dev.firstup.queue.parse.QueueKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Holds the shipped JSON Schema against the parser: the same keys, the same defaults, the same structure. */
final class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode TREE = tree();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TREE);

    // What a schema can see; the others are about the meaning of values, other files, or what is no YAML.
    private static final List<String> STRUCTURAL = List.of(
            ": unknown key ",
            ": missing key \"record\"",
            ": missing key \"servers\"",
            ": missing key \"name\"",
            ": missing key \"to\"",
            "expected a list",
            "expected a duration",
            "expected a whole number",
            "expected a full domain name",
            "a list, expected an address",
            "expected true or false",
            "expected one of: report",
            "expected one of: hold",
            "has nothing to publish",
            "beside an address",
            "expected a server:",
            "expected the long form",
            "expected probe:KIND",
            "entries, expected",
            "expected 1 to 16",
            "expected a mapping",
            "expected a list of probes",
            "expected a time of day",
            "found beside");

    static Stream<Path> valid() {
        return QueueFixtures.in(QueueFixtures.VALID).stream();
    }

    static Stream<Path> structurallyInvalid() {
        return QueueFixtures.in(QueueFixtures.INVALID).stream()
                .filter(file -> QueueFixtures.expected(file).stream()
                        .anyMatch(line -> STRUCTURAL.stream().anyMatch(line::contains)))
                .filter(file -> documents(file) != null);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takesWhatTheParserTakes(Path file) {
        assertThat(documents(file)).allSatisfy(it -> assertThat(faults(it)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("structurallyInvalid")
    void refusesWrongStructure(Path file) {
        assertThat(documents(file)).anySatisfy(it -> assertThat(faults(it)).isNotEmpty());
    }

    @Test
    void seesMostOfTheStructure() {
        assertThat(structurallyInvalid()).hasSizeGreaterThanOrEqualTo(15);
    }

    @Test
    void takesTheTemplate() {
        assertThat(faults(document(Queues.template("chat")))).isEmpty();
    }

    @Test
    void hasTheParsersKeysAndDefaults() {
        assertThat(defaults(TREE.path("properties"))).isEqualTo(QueueKeys.QUEUE);
        assertThat(defaults(TREE.path("$defs").path("serverLong").path("properties")))
                .isEqualTo(QueueKeys.SERVER);
        assertThat(defaults(TREE.path("$defs").path("target").path("properties")))
                .isEqualTo(QueueKeys.TARGET);
    }

    @Test
    void writesTheKeysInTheParsersOrder() {
        List<String> keys = new ArrayList<>();
        TREE.path("properties").fieldNames().forEachRemaining(keys::add);
        assertThat(keys).containsExactlyElementsOf(QueueKeys.QUEUE.keySet());
    }

    @Test
    void describesEveryKey() {
        assertThat(TREE.path("properties"))
                .allSatisfy(key -> assertThat(key.path("description").asText()).isNotBlank());
    }

    private static Map<String, Object> defaults(JsonNode properties) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        properties.properties().forEach(it -> {
            JsonNode value = it.getValue().get("default");
            defaults.put(it.getKey(), value == null ? null : JSON.convertValue(value, Object.class));
        });
        return defaults;
    }

    private static Set<ValidationMessage> faults(JsonNode document) {
        return SCHEMA.validate(document);
    }

    private static JsonNode document(String yaml) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    /** The documents of a file; null where it is no YAML that JSON can hold. */
    private static List<JsonNode> documents(Path file) {
        try {
            String yaml = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace("\uFEFF", "");
            List<JsonNode> documents = new ArrayList<>();
            new Load(LoadSettings.builder().build())
                    .loadAllFromString(yaml)
                    .forEach(it -> documents.add(JSON.valueToTree(it)));
            return documents;
        } catch (YamlEngineException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode tree() {
        try {
            return JSON.readTree(SchemaTest.class.getResource("queue.schema.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
