package dev.firstup.queue.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Server;
import dev.firstup.queue.parse.Problem;
import dev.firstup.queue.parse.QueueFile;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who writes a secret into a probe text reads where it stands, and not the secret. */
final class ProbeSecretsTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final RouteAccounts accounts = new RouteAccounts();

    @BeforeEach
    void wire() {
        accounts.setCamelContext(context);
    }

    @AfterEach
    void close() {
        context.stop();
    }

    private QueueFile file(String lines) {
        String text =
                """
                record: chat.example.net
                servers:
                  - paris: 11.0.0.10
                  - tokyo: 11.0.0.20
                publish: []
                """
                        + lines;
        return QueueFile.parse("chat.queue.yaml", "chat", text.getBytes(UTF_8), new AccountCache(accounts));
    }

    private List<String> said(String lines) {
        return file(lines).problems().stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "probe:https?token=hunter2",
                "probe:https?token=%23hunter2",
                "probe:https?token=%7B%7Bhunter2%7D%7D",
                "probe:https?username=me&password=hunter2",
                "probe:https?username=me&password=hunter2^b",
                "probe:https?username=me&password=a^hunter2",
                "probe:https?username=me&password=hunter2#b",
                "probe:https?username=me&password=a#hunter2",
                "probe:https?username=me&password=hunter2&method=&x",
                "probe:https?username=me:hunter2&password=env:HOME",
                "probe:https?username=me&passwort=hunter2",
                "probe:https?hunter2",
                "probe:https?method=GET&hunter2",
                "probe:https://example.org/?hunter2",
                "probe:https?header-authorization=Bearer%20hunter2",
                "probe:https?header-x-key=hunter2%0A",
                "probe:https?header-x-key=hunter2&method=GTE",
                "probe:https?client-key=hunter2&client-cert=none.pem",
                "probe:https?content-type=text/plain&body=hunter2",
                "probe:https?body=%7B%7Bhunter2%7D%7D",
                "probe:https?body=%23hunter2&method=POST&max-time=1",
                "probe:https?token=%23bean:hunter2",
                "probe:https?token=%23class:hunter2",
                "probe:https?header-x=%23class:hunter2",
                "probe:https?header-x=%7B%7Bhunter2%7D%7D&method=x",
                "probe:https?body=hunter2&content-type=a",
                "probe:https?path=/a?hunter2",
                "probe:https?path=/up%3Ftoken=hunter2^",
                "probe:redis?username=me&password=hunter2",
                "probe:redis?path=/up%3Ftoken=hunter2",
                "probe:xmpp?username=me&password=hunter2",
                "probe:xmpp?username=me:hunter2&password=env:HOME",
                "probe:tcp?port=1&send3=hunter2",
                "probe:exec?command=/bin/sh&args=-p%20'hunter2",
                "probe:https://me:hunter2@example.org/",
                "probe:https://hunter2@example.org/",
                "probe:https://me:hunter2@example.org:443/up",
                "probe:https://me:hunter2/x@example.org/up",
                "probe:https://me:x/hunter2^@example.org/up",
                "probe:https://me:a:hunter2/@example.org/up",
                "probe:https://me:hunter2?x@example.org/up",
                "probe:https://me:hunter2/x@example.org/#up",
                "probe:icmp://me:hunter2/x@example.org",
                "https://me:hunter2@example.org/up",
                "https://example.org/up?token=hunter2",
                "probe:https://[::1?token=hunter2",
                "probe:htpps?token=hunter2",
                "probe:gopher?token=hunter2",
                "probe:http:/up?token=hunter2",
                "probe:tcp?token=hunter2",
            })
    void noSecretIsRepeated(String probe) {
        List<String> said = said("probe: '" + probe.replace("'", "''") + "'\n");

        assertThat(said)
                .isNotEmpty()
                .allMatch(it -> it.startsWith("chat.queue.yaml:6:8: error: \"probe\": "))
                .noneMatch(it -> it.contains("hunter2"));
    }

    @Test
    void noLongTextIsRepeated() {
        assertThat(said("probe: probe:https?token=hunter2" + "x".repeat(1_000)))
                .singleElement()
                .asString()
                .endsWith("found \"probe:https?...\", expected probe:KIND[://HOST[:PORT][/PATH]][?options],"
                        + " or the name of a route of yours");
    }

    @Test
    void itIsClearAllTheSameWhereItStands() {
        String at = "chat.queue.yaml:6:8: error: \"probe\": ";

        assertThat(said("probe: probe:https?token=hunter2"))
                .containsExactly(at
                        + "probe:https?token=... cannot be made: probe:https: token: a secret is given by name, as env:NAME"
                        + " or file:NAME, never by its value");
        assertThat(said("probe: probe:https?method=GET&passwort=hunter2"))
                .singleElement()
                .asString()
                .startsWith(at + "probe:https?method=...&passwort=... cannot be made: probe:https: unknown option"
                        + " \"passwort\", did you mean \"password\"?");
        assertThat(said("probe: probe:https?password=hunter2^b"))
                .containsExactly(
                        at + "found character 8 of the value of \"password\", expected it percent-encoded, such as"
                                + " %26 for &");
        assertThat(said("probe: 'probe:https?token=hunter2#'"))
                .containsExactly(
                        at + "found character 8 of the value of \"token\", expected it percent-encoded, such as"
                                + " %26 for &");
        assertThat(said("probe: probe:https?method=GET&hunter2"))
                .containsExactly(at + "found option 2 without an = in it, expected NAME=VALUE; write %26 for an & in a"
                        + " value");
        assertThat(said("probe: probe:https?pass_word=hunter2"))
                .containsExactly(
                        at + "found the option \"pass_word\", expected NAME=VALUE; write %26 for an & in a value");
        assertThat(said("probe: probe:https://me:hunter2@example.org/"))
                .containsExactly(
                        at + "found a user before the host; remove it, and use the options username and" + " password");
    }

    @Test
    void witnessesAndTwinsAreNamedWithoutThem() {
        assertThat(
                        said(
                                """
                probe: probe:tcp?port=1
                witnesses: ["probe:https?header-x=hunter2",
                  "probe:https://a.example?header-x=hunter2", "probe:https://a.example?header-x=hunter2"]
                """))
                .hasSize(2)
                .noneMatch(it -> it.contains("hunter2"))
                .anyMatch(it -> it.contains("\"probe:https?header-x=...\", which names no host"))
                .anyMatch(it -> it.contains("\"probe:https://a.example?header-x=...\" twice"));
        assertThat(said("probes: [\"probe:https?header-x=hunter2\", \"probe:https?header-x=hunter2\"]"))
                .singleElement()
                .asString()
                .contains("found \"probe:https?header-x=...\" twice");
    }

    @Test
    void theStatusNamesWitnessesWithoutThem() {
        QueueFile file = file(
                """
                probe: probe:tcp?port=1
                witnesses: ["probe:https://a.example/x?port=8443&header-x=hunter2", "probe:tcp://a.example:53",
                  "probe:https://a.example/x?port=8443&header-x=hunter3", "probe:https://a.example/%3Fkey=hunter2"]
                """);

        assertThat(file.queues().get(0).witnesses())
                .extracting(Server::name)
                .containsExactly(
                        "probe:https://a.example/x?port=8443&header-x=...",
                        "probe:tcp://a.example:53",
                        "probe:https://a.example/x?port=8443&header-x=... (2)",
                        "probe:https://a.example/%3F...");
    }
}
