package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** A Camel context with nothing in it but what a test probes with. */
public final class Probing implements AutoCloseable {
    public static final Duration GENEROUS = Duration.ofSeconds(20);
    public static final Duration SHORT = Duration.ofMillis(400);

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;

    public Probing() {
        context.start();
        template = context.createProducerTemplate();
    }

    public CamelContext context() {
        return context;
    }

    public Verdict probe(String uri, Server server) {
        return template.requestBody(uri, server, Verdict.class);
    }

    /** As a route would: the caller does not wait. */
    public CompletableFuture<Verdict> begin(String uri, Server server) {
        Endpoint endpoint = context.getEndpoint(uri);
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setBody(server);
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        try {
            endpoint.createAsyncProducer()
                    .process(
                            exchange,
                            done -> verdict.complete(exchange.getMessage().getBody(Verdict.class)));
        } catch (Exception e) {
            verdict.completeExceptionally(e);
        }
        return verdict;
    }

    /** A server on loopback that has all the time it could want. */
    public static Server server(int port) {
        return server("127.0.0.1", port, GENEROUS);
    }

    public static Server server(String host, int port, Duration timeout) {
        return server(host, port, "/", "chat.example", timeout);
    }

    public static Server server(String host, int port, String path, String publicName, Duration timeout) {
        return new Server(
                "chat",
                7,
                "paris",
                Map.of(RecordType.A, "192.0.2.10"),
                "probe:tcp",
                host,
                port,
                path,
                publicName,
                timeout);
    }

    @Override
    public void close() {
        context.stop();
    }
}
