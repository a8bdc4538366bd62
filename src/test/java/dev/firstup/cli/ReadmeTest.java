package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.queue.Queues;
import dev.firstup.queue.account.RouteAccounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    /** After the key of a queue file, or alone within quotes of one kind or the other. */
    private static final Pattern PROBE = Pattern.compile(
            "(?m)^(?:# )?(?: *- )?probe: +(probe:[a-z-]+(?:\\?|://)[^#\\n]*)|[`\"](?:probe: )?(probe:[a-z-]+(?:\\?|://)[^`\"]*)");

    private static final Path TEMPLATE = Path.of("src/main/resources/dev/firstup/queue/template.queue.yaml");

    @Test
    void everyRouteThatItShowsCanBeMade() throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(it -> it.group(1).stripIndent())
                .filter(it -> it.startsWith("- route:"))
                .toList();
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(4);
        for (String block : blocks) {
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.setAutoStartup(false);
                PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("readme.camel.yaml", block));
                context.start();
                assertThat(context.getRoutes()).isNotEmpty();
            }
        }
    }

    /** With their options: what is only the name of a kind is no probe. */
    @Test
    void everyProbeThatItShowsIsOne(@TempDir Path folder) throws Exception {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            for (Path file : Stream.concat(docs, Stream.of(Path.of("README.md"), TEMPLATE))
                    .toList()) {
                Matcher probe = PROBE.matcher(Files.readString(file));
                while (probe.find()) {
                    texts.add((probe.group(1) == null ? probe.group(2) : probe.group(1)).replaceAll("\\s+", " "));
                }
            }
        }
        assertThat(texts)
                .hasSizeGreaterThanOrEqualTo(8)
                .anyMatch(it -> it.contains("exec?"))
                .anyMatch(it -> it.contains("starttls=2"));
        Files.setPosixFilePermissions(
                Files.createFile(folder.resolve("check_http")), PosixFilePermissions.fromString("rwx------"));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().addInitialProperty("firstup.plugins", folder.toString());
            RouteAccounts accounts = new RouteAccounts();
            accounts.setCamelContext(context);
            context.start();
            for (String text : texts) {
                Path queue = Files.writeString(
                        folder.resolve("a.queue.yaml"),
                        "record: chat.example.net\nservers: [ a: 11.0.0.1 ]\nprobe: " + text + "\n");
                Queues.Checked checked = Queues.check(List.of(queue), accounts);
                assertThat(checked.valid()).as(text + ": " + checked.problems()).isTrue();
            }
        }
    }

    @Test
    void everySettingIsInItsTable() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        List<String> settings = Files.readAllLines(Path.of("application.properties")).stream()
                .filter(it -> it.startsWith("firstup."))
                .map(it -> it.substring(0, it.indexOf('=')))
                .toList();
        assertThat(settings).isNotEmpty().allSatisfy(it -> {
            String last = it.substring(it.lastIndexOf('.'));
            assertThat(readme.contains("`" + it + "`") || readme.contains("`" + last + "`"))
                    .as(it)
                    .isTrue();
        });
    }
}
