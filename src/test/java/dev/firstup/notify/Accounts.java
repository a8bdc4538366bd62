package dev.firstup.notify;

import dev.firstup.model.Event;
import dev.firstup.model.notify.ChannelMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** An accounts file with one notifier, in a bare Camel context. */
final class Accounts implements AutoCloseable {
    /** The password that has every character which something on the way might cut, decode or escape. */
    static final String PASSWORD = "a&b=c%+#)";

    static final ChannelMessage MESSAGE = new MessageRenderer()
            .render(
                    new Event(
                            42,
                            Instant.parse("2025-01-31T10:15:07Z"),
                            Event.Kind.SERVER_DOWN,
                            new Event.About("chat", "chat.example.dyndns.org", "pâris <1>", null),
                            Event.Change.NONE,
                            "L7STS: status 503, expected 200-399",
                            null,
                            true),
                    "ops");

    private final CamelContext context = new DefaultCamelContext();

    Accounts(Path secrets, String kamelet, Map<String, String> parameters) throws Exception {
        context.getPropertiesComponent().addInitialProperty("firstup.secrets", secrets.toString());
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString(
                        "accounts.camel.yaml",
                        """
                        - route:
                            id: ops
                            from:
                              uri: direct:ops
                              steps:
                                - to:
                                    uri: kamelet:%s
                                    parameters: { %s }
                        """
                                .formatted(
                                        kamelet,
                                        parameters.entrySet().stream()
                                                .map(p -> p.getKey() + ": \"" + p.getValue() + "\"")
                                                .collect(Collectors.joining(", ")))));
        try {
            context.start();
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    CamelContext context() {
        return context;
    }

    /** Tells {@link #MESSAGE}; the exchange that comes back holds what was thrown. */
    Exchange tell() {
        return context.createFluentProducerTemplate()
                .to("direct:ops")
                .withBody(MESSAGE)
                .withHeader("To", "somebody.else@example.org")
                .withHeader("CamelHttpUri", "http://127.0.0.1:1/elsewhere")
                .withHeader("mail.smtp.host", "elsewhere")
                .send();
    }

    @Override
    public void close() {
        context.stop();
    }
}
