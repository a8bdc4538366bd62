package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

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
