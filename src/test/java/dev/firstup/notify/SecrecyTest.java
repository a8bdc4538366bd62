package dev.firstup.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.firstup.secret.SecretInjector;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** With every logger that the shipped configuration leaves open at TRACE, no form of a secret is written down anywhere. */
class SecrecyTest {
    private static final String HOOK = "/services/T0SECRET/B0SECRET/a&b=c%25+%23)";

    /** Whose servers play Slack and the mail host here: they print all that they get. */
    private static final List<String> FIXTURES = List.of("com.icegreen", "com.github.tomakehurst", "org.eclipse.jetty");

    @RegisterExtension
    static final GreenMailExtension MAIL = new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort());

    @TempDir
    Path secrets;

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Handler julHandler = new Handler() {
        @Override
        public void publish(LogRecord event) {
            said.add(event.getMessage()
                    + List.of(event.getParameters() == null ? new Object[0] : event.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final WireMockServer slack =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void listen() {
        slack.start();
        System.setProperty("firstup.log", "TRACE");
        LoggerContext log = LoggerContext.getContext(false);
        log.reconfigure();
        AbstractAppender memory = new AbstractAppender("memory", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                if (FIXTURES.stream().noneMatch(event.getLoggerName()::startsWith)) {
                    said.add(event.getLoggerName() + " " + event.getMessage().getFormattedMessage()
                            + trace(event.getThrown()));
                }
            }
        };
        memory.start();
        // Camel's own logger of HTTP is pinned too, but nothing that it could say may depend on that.
        log.getConfiguration()
                .getLoggerConfig("org.apache.camel.component.http")
                .setLevel(org.apache.logging.log4j.Level.TRACE);
        log.getConfiguration().getRootLogger().removeAppender("console");
        log.getConfiguration().getRootLogger().addAppender(memory, null, null);
        log.updateLoggers();
        Logger jul = Logger.getLogger("");
        jul.addHandler(julHandler);
        jul.setLevel(Level.ALL);
    }

    @AfterEach
    void restore() {
        slack.stop();
        Logger.getLogger("").removeHandler(julHandler);
        Logger.getLogger("").setLevel(Level.INFO);
        System.clearProperty("firstup.log");
        LoggerContext.getContext(false).reconfigure();
    }

    @Test
    void slackWritesItNowhere() throws Exception {
        Files.writeString(secrets.resolve("slack"), "http://127.0.0.1:" + slack.port() + HOOK);
        List<ResponseDefinitionBuilder> answers = List.of(
                aResponse().withBody("ok"),
                aResponse().withStatus(404).withBody("nothing at " + HOOK),
                aResponse().withStatus(403).withBody("invalid_token"),
                aResponse().withStatus(429).withHeader("Retry-After", "3"),
                aResponse().withStatus(500).withBody("error"),
                aResponse().withStatus(302).withHeader("Location", "/elsewhere"),
                aResponse().withFault(Fault.EMPTY_RESPONSE));

        try (Accounts accounts = new Accounts(secrets, "slack", Map.of("webhook", "file:slack"))) {
            accounts.context().getComponent("https", HttpComponent.class).setLogHttpActivity(true);
            for (ResponseDefinitionBuilder answer : answers) {
                slack.stubFor(any(anyUrl()).willReturn(answer));
                record(accounts.tell());
            }
            assertThat(slack.getAllServeEvents()).hasSize(answers.size());
            slack.stop();
            record(accounts.tell());
            Files.writeString(secrets.resolve("slack"), "not an address " + HOOK);
            record(accounts.tell());
            dump(accounts.context());
        }

        assertNothingOf(HOOK, "T0SECRET", "B0SECRET", "a&b=c", "a%26b");
    }

    @Test
    void mailWritesItNowhere() throws Exception {
        Files.writeString(secrets.resolve("smtp"), Accounts.PASSWORD);
        Map<String, String> settings = Map.of(
                "to", "ops@example.org",
                "host", "127.0.0.1",
                "port", String.valueOf(MAIL.getSmtp().getPort()),
                "security", "none",
                "username", "me",
                "password", "file:smtp");

        try (Accounts accounts = new Accounts(secrets, "mail", settings)) {
            MAIL.setUser("ops@example.org", "me", Accounts.PASSWORD);
            record(accounts.tell());
            assertThat(MAIL.getReceivedMessages()).hasSize(1);
            MAIL.setUser("ops@example.org", "me", "another");
            record(accounts.tell());
            MAIL.stop();
            record(accounts.tell());
            dump(accounts.context());
        }

        assertNothingOf(Accounts.PASSWORD, base64("\0me\0" + Accounts.PASSWORD));
    }

    @Test
    void basicAuthenticationWritesItNowhere() throws Exception {
        Files.writeString(secrets.resolve("host"), Accounts.PASSWORD);
        SecretInjector auth = new SecretInjector();
        auth.setFolder(secrets.toString());

        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("auth", auth);
            context.start();
            String uri = "http://127.0.0.1:" + slack.port() + "/nic/update?httpClientConfigurer=#bean:auth";
            context.getComponent("http", HttpComponent.class).setLogHttpActivity(true);
            for (int status : List.of(200, 401, 503)) {
                slack.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));
                record(context.createFluentProducerTemplate()
                        .to(uri)
                        .withHeader("Authorization", "Basic {username}:{secret}")
                        .withHeader("Firstup-Username", "me")
                        .withHeader("Firstup-Secret", "file:host")
                        .send());
            }
            assertThat(slack.getAllServeEvents()).hasSize(3);
            slack.stop();
            record(context.createFluentProducerTemplate()
                    .to(uri)
                    .withHeader("Authorization", "Basic {username}:{secret}")
                    .withHeader("Firstup-Username", "me")
                    .withHeader("Firstup-Secret", "file:host")
                    .send());
            dump(context);
        }

        assertThat(said).anyMatch(line -> line.contains("Sending HTTP Request"));
        assertNothingOf(Accounts.PASSWORD, "me:" + Accounts.PASSWORD);
    }

    private void record(Exchange told) {
        said.add(trace(told.getException()) + told.getMessage().getHeaders() + told.getAllProperties());
    }

    private void dump(CamelContext context) {
        context.getEndpoints().forEach(endpoint -> said.add(endpoint.getEndpointUri()));
        ((ModelCamelContext) context).getRouteDefinitions().forEach(route -> said.add(route.toString()));
        said.add(context.getPropertiesComponent().loadProperties().toString());
    }

    private void assertNothingOf(String... secrets) {
        assertThat(said).hasSizeGreaterThan(100).anyMatch(line -> line.contains("org.apache.camel"));
        List<String> forms = new ArrayList<>();
        Stream.of(secrets)
                .flatMap(s -> Stream.of(s, URLEncoder.encode(s, StandardCharsets.UTF_8), base64(s)))
                .forEach(forms::add);
        assertThat(said).allSatisfy(line -> assertThat(line).doesNotContain(forms.toArray(String[]::new)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        if (thrown != null) {
            thrown.printStackTrace(new PrintWriter(text));
        }
        return text.toString();
    }
}
