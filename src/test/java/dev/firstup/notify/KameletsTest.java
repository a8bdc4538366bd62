package dev.firstup.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.notify.channel.SmtpClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.component.mail.MailEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class KameletsTest {
    private static final Path SOURCES = Path.of("src/main/resources/kamelets");
    private static final Pattern NAME = Pattern.compile("firstup-([a-z0-9-]+)-(sink|action)");
    private static final String PREFIX = "camel.apache.org/";

    @TempDir
    Path secrets;

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(it -> it.getFileName().toString().replace(".kamelet.yaml", ""))
                    .sorted()
                    .toList();
        }
    }

    /** As in Apache's catalogue: what tools show of a Kamelet is in its head. */
    @ParameterizedTest
    @MethodSource("names")
    void haveACompleteHead(String name) throws Exception {
        Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(SOURCES.resolve(name + ".kamelet.yaml")));
        Map<?, ?> metadata = (Map<?, ?>) root.get("metadata");
        assertThat(name).matches(NAME);
        assertThat(metadata.get("name")).isEqualTo(name);
        String type = name.replaceFirst(".*-", "");
        assertThat(metadata.get("labels")).isEqualTo(Map.of(PREFIX + "kamelet.type", type));
        Map<?, ?> annotations = (Map<?, ?>) metadata.get("annotations");
        assertThat(annotations.get(PREFIX + "provider")).isEqualTo("Firstup");
        assertThat(annotations.get(PREFIX + "kamelet.support.level")).isEqualTo("Preview");
        assertThat(annotations.get(PREFIX + "kamelet.group")).isIn("DNS", "Mail", "Slack");
        assertThat(annotations.get(PREFIX + "kamelet.namespace")).isIn("Networking", "Mail", "Social");
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<artifactId>firstup</artifactId>\n  <version>" + annotations.get(PREFIX + "catalog.version")
                        + "</version>");
        String icon = annotations.get(PREFIX + "kamelet.icon").toString();
        assertThat(icon).startsWith("data:image/svg+xml;base64,");
        assertThat(new String(Base64.getDecoder().decode(icon.replaceFirst(".*,", "")), StandardCharsets.UTF_8))
                .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"")
                .endsWith("</svg>");

        Map<?, ?> definition = (Map<?, ?>) ((Map<?, ?>) root.get("spec")).get("definition");
        assertThat(definition.get("title").toString()).endsWithIgnoringCase(" " + type);
        assertThat(definition.get("description").toString()).endsWith(".");
        Map<?, ?> properties = (Map<?, ?>) definition.get("properties");
        List<?> required = (List<?>) Objects.requireNonNullElse(definition.get("required"), List.of());
        assertThat(properties.keySet().containsAll(required)).isTrue();
        properties.forEach((key, value) -> {
            Map<?, ?> property = (Map<?, ?>) value;
            assertThat(List.of("title", "description", "type", "example"))
                    .as(key.toString())
                    .allMatch(property::containsKey);
            assertThat(property.containsKey("default")).as("default of " + key).isNotEqualTo(required.contains(key));
            boolean secret = String.valueOf(property.get("example")).matches("(env|file):.*");
            assertThat("password".equals(property.get("format")))
                    .as("format of " + key)
                    .isEqualTo(secret);
            assertThat(property.get("x-descriptors"))
                    .as("descriptors of " + key)
                    .isEqualTo(secret ? List.of("urn:camel:group:credentials") : null);
        });
    }

    /** The build makes them of the new ones. */
    @Test
    void areThereUnderTheirOldNamesAsWell() throws Exception {
        List<String> old = new ArrayList<>();
        for (String name : names()) {
            Matcher parts = NAME.matcher(name);
            assertThat(parts.matches()).isTrue();
            if (parts.group(2).equals("sink")) {
                old.add(parts.group(1));
                assertThat(onClassPath(parts.group(1)))
                        .isEqualTo(onClassPath(name).replaceFirst("(?m)^  name: .*", "  name: " + parts.group(1)));
            }
        }
        // Without talk: nobody but these calls it.
        assertThat(old)
                .contains(
                        "cloudflare",
                        "cloudns",
                        "digitalocean",
                        "duckdns",
                        "dyndns2",
                        "easydns",
                        "freedns",
                        "freedns-v2",
                        "gandi",
                        "hetzner",
                        "http-update",
                        "mail",
                        "namecheap",
                        "porkbun",
                        "powerdns",
                        "rfc2136",
                        "route53",
                        "slack",
                        "zoneedit");
    }

    private static String onClassPath(String name) throws IOException {
        try (InputStream in = KameletsTest.class.getResourceAsStream("/kamelets/" + name + ".kamelet.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void startInABareContext() throws Exception {
        try (Accounts slack = new Accounts(secrets, "firstup-slack-sink", Map.of("webhook", "env:SLACK"));
                Accounts mail = new Accounts(
                        secrets, "firstup-mail-sink", Map.of("to", "a@example.org", "host", "localhost"))) {
            assertThat(slack.context().getRoutesSize()).isEqualTo(2);
            assertThat(mail.context().getRoutesSize()).isEqualTo(2);
        }
    }

    @Test
    void refuseAMistypedParameter() {
        assertThatThrownBy(() -> new Accounts(secrets, "firstup-slack-sink", Map.of("webhok", "env:SLACK")))
                .hasStackTraceContaining(
                        "Route template firstup-slack-sink the following mandatory parameters must be provided: webhook");
        assertThatThrownBy(() ->
                        new Accounts(secrets, "firstup-mail-sink", Map.of("too", "a@example.org", "host", "localhost")))
                .hasStackTraceContaining(
                        "Route template firstup-mail-sink the following mandatory parameters must be provided: to");
    }

    @Test
    void refuseAValueThatIsNotOne() {
        assertThatThrownBy(() -> new Accounts(
                        secrets,
                        "firstup-mail-sink",
                        Map.of("to", "a@example.org", "host", "localhost", "security", "ssl")))
                .hasStackTraceContaining("mail: security is \"ssl\", expected starttls, tls or none");
        assertThatThrownBy(() ->
                        new Accounts(secrets, "firstup-slack-sink", Map.of("webhook", "https://hooks.example.org/x")))
                .hasStackTraceContaining("a secret is given by name, as env:NAME or file:NAME, never by its value");
    }

    @Test
    void takeNothingFromTheEnvironmentThatHappensToBeCalledLikeAParameter() throws Exception {
        System.setProperty("port", "1");
        System.setProperty("host", "elsewhere");
        try (Accounts mail = new Accounts(
                secrets, "firstup-mail-sink", Map.of("to", "a@example.org", "host", "127.0.0.1", "security", "none"))) {
            MailEndpoint endpoint = mail.context().getEndpoints().stream()
                    .filter(MailEndpoint.class::isInstance)
                    .map(MailEndpoint.class::cast)
                    .findAny()
                    .orElseThrow();
            SmtpClient smtp = (SmtpClient) endpoint.getConfiguration().getJavaMailSender();

            assertThat(smtp.getHost()).isEqualTo("127.0.0.1");
            assertThat(smtp.getPort()).isZero();
        } finally {
            System.clearProperty("port");
            System.clearProperty("host");
        }
    }
}
