package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.model.Decision;
import dev.firstup.model.Publication;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.ToyServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline as camel-main runs it, with a user's folder of one queue: whoever builds on it may test theirs so. */
class PipelineMainTest extends CamelMainTestSupport {
    private static final String METERS =
            """
            - beans:
                - name: my-meters
                  type: io.micrometer.core.instrument.simple.SimpleMeterRegistry
            """;

    @TempDir
    Path folder;

    private World world;
    private ToyServers servers;

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withUseAdviceWith(true);
    }

    @Override
    protected String getPropertyPlaceholderLocations() {
        return "file:application.properties";
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        world = new World(folder);
        servers = ToyServers.start("paris", "tokyo", "quebec");
        world.queue(servers.port("paris"), servers.port("tokyo"), servers.port("quebec"));
        Files.writeString(world.routes().resolve("meters.camel.yaml"), METERS);
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "firstup.routes", world.routes().toString(),
                "firstup.secrets", folder.resolve("secrets").toString(),
                "firstup.state", world.state().toString(),
                "firstup.token", folder.resolve("token").toString(),
                "firstup.port", Integer.toString(Ports.free())));
        camelContextConfiguration().withUseOverridePropertiesWithPropertiesComponent(settings);
        return super.createCamelContext();
    }

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        try {
            configuration.withRoutesIncludePattern(Stream.concat(
                            BareContext.files(Path.of("routes/pipeline")).stream(),
                            BareContext.files(world.routes()).stream())
                    .map(it -> "file:" + it)
                    .collect(Collectors.joining(",")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        configuration.withShutdownTimeout(1);
    }

    @AfterEach
    void end() {
        // Before its own turn: what it asks is asked until it ends.
        context.stop();
        servers.close();
        world.close();
    }

    private void awaitRecord(String address) {
        FirstupProcess.await().untilAsserted(() -> assertThat(
                        world.service.records(World.RECORD).get(RecordType.A))
                .containsExactly(address));
    }

    @Test
    void theRecordFollowsTheServers() throws Exception {
        AdviceWith.adviceWith(context, "dyn", it -> it.mockEndpoints("kamelet:firstup-dyndns2-sink*"));
        NotifyBuilder decided = new NotifyBuilder(context)
                .fromRoute("firstup-keep")
                .filter(it -> it.getMessage().getBody() instanceof Decision decision && decision.switches())
                .whenCompleted(1)
                .create();
        context.start();
        assertThat(context.getRoutes())
                .extracting(Route::getRouteId)
                .contains("firstup-watch", "firstup-publish", "firstup-notify", "firstup-metrics", "dyn", "mailbox");
        awaitRecord(World.PARIS);
        assertThat(decided.matches()).as("nothing has moved yet").isFalse();

        servers.takeDown("paris");
        awaitRecord(World.TOKYO);
        assertThat(decided.matches(20, TimeUnit.SECONDS)).isTrue();
        FirstupProcess.await().untilAsserted(() -> {
            assertThat(world.slackTexts()).anyMatch(it -> it.contains("tokyo"));
            assertThat(world.mailSubjects()).anyMatch(it -> it.contains("tokyo"));
        });

        // As the user's route was asked: each address once, and by what the program's own routes made of it.
        MockEndpoint asked = context.getEndpoints().stream()
                .filter(MockEndpoint.class::isInstance)
                .map(MockEndpoint.class::cast)
                .filter(it -> it.getName().contains("dyndns2"))
                .findFirst()
                .orElseThrow();
        assertThat(asked.getExchanges())
                .extracting(it -> it.getMessage().getBody(Publication.class).decided())
                .containsExactly(List.of(World.PARIS), List.of(World.TOKYO));

        MeterRegistry users = context.getRegistry().lookupByNameAndType("my-meters", MeterRegistry.class);
        assertThat(users.get("firstup.probe.lag").gauge().value()).isGreaterThanOrEqualTo(0);
        assertThat(users.get("firstup.publish")
                        .tags("queue", "chat", "publisher", "dyn", "outcome", "confirmed")
                        .counter()
                        .count())
                .isPositive();
        FirstupProcess.await()
                .until(() -> users.find("firstup.queue.position")
                                .tag("queue", "chat")
                                .gauge()
                        != null);
    }
}
