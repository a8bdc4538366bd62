package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.camel.ServiceStatus;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserRouteFailuresTest {
    private static final String DIES = "{ throwException: { exceptionType: java.io.IOException, message: no disk } }";

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final AbstractAppender memory = new AbstractAppender("memory", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            if (event.getLoggerName().startsWith("org.apache.camel.processor.errorhandler")) {
                said.add(event.getMessage().getFormattedMessage());
            }
        }
    };

    @BeforeEach
    void listen() {
        memory.start();
        root().addAppender(memory, null, null);
    }

    @AfterEach
    void stopListening() {
        root().removeAppender("memory");
    }

    private static LoggerConfig root() {
        return LoggerContext.getContext(false).getConfiguration().getRootLogger();
    }

    /** @return what was thrown */
    private static Exception ask(String... routes) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            UserRoutes.handFailuresOn(context);
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString("mine.camel.yaml", String.join("\n", routes) + "\n"));
            context.start();
            assertThat(context.getStatus()).isEqualTo(ServiceStatus.Started);
            return context.createProducerTemplate()
                    .send("direct:asked", exchange -> exchange.getMessage().setBody(""))
                    .getException();
        }
    }

    @Test
    void whoAsksGetsTheFailureAndNobodyElseHearsOfIt() throws Exception {
        assertThat(ask("- route: { from: { uri: direct:asked, steps: [ " + DIES + " ] } }"))
                .isInstanceOf(IOException.class)
                .hasMessage("no disk");
        assertThat(said).isEmpty();
    }

    @Test
    void aHandlerOfOnesOwnIsHeard() throws Exception {
        assertThat(ask("- route: { errorHandler: { defaultErrorHandler: {} }, from: { uri: direct:asked, steps: [ "
                        + DIES + " ] } }"))
                .isInstanceOf(IOException.class);
        assertThat(said).singleElement().asString().contains("Failed delivery", "no disk");
    }

    @Test
    void aNamedConfigurationIsHeardToo() throws Exception {
        assertThat(ask(
                        "- routeConfiguration: { id: again, onException: [ { onException: { exception:"
                                + " [java.io.IOException], redeliveryPolicy: { maximumRedeliveries: 1, redeliveryDelay: 1,"
                                + " retryAttemptedLogLevel: WARN } } } ] }",
                        "- route: { routeConfigurationId: again, from: { uri: direct:asked, steps: [ " + DIES
                                + " ] } }"))
                .isInstanceOf(IOException.class);
        assertThat(said).first().asString().contains("On delivery attempt: 0");
    }
}
