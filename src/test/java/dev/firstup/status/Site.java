package dev.firstup.status;

import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.ServerState;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.Finding;
import dev.firstup.model.publish.RetryRequest;
import dev.firstup.pipeline.SerialPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Headers;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The shipped routes of this room in a bare Camel context, on a free port, with what the other rooms know made up. */
public final class Site implements AutoCloseable {

    /** What the routes ask the rooms {@code health}, {@code store} and {@code queues} for. */
    public static final class Rooms {
        volatile List<HealthView> views =
                List.of(StatusFixtures.view("chat", "tokyo", ServerState.DOWN, ServerState.UP));
        volatile List<Publication> publications = List.of(
                StatusFixtures.publication("chat", RecordType.A, List.of("192.0.2.20"), List.of("192.0.2.20")),
                StatusFixtures.publication("chat", RecordType.AAAA, List.of(), List.of("2001:db8::10")));
        volatile List<String> problems =
                List.of("routes/b.queue.yaml:3:1: error: found \"serverz\", expected one of servers, srv");
        volatile List<Finding> findings = List.of(
                new Finding(
                        "chat", "chat.example.org", Finding.Kind.ALIAS_MISSING, "chat.example.org is <missing>", true),
                new Finding("gone", "gone.example.org", Finding.Kind.ALIAS_MISSING, "not of any queue", true));
        volatile Duration idle = Duration.ofMillis(40);
        volatile RuntimeException broken;
        volatile String unwritable;
        /** What was ordered, and what was kept, as it came. */
        final List<Order> orders = new CopyOnWriteArrayList<>();

        private final Queue<Order> undecided = new ConcurrentLinkedQueue<>();
        final List<Decision> kept = new CopyOnWriteArrayList<>();
        final List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();
        /** Nothing is kept before it is opened. */
        volatile CountDownLatch disk = new CountDownLatch(0);

        final List<RetryRequest> retries = new CopyOnWriteArrayList<>();
        volatile RuntimeException disobedient;
        final AtomicInteger asked = new AtomicInteger();

        public List<HealthView> views() {
            asked.incrementAndGet();
            return views;
        }

        public Duration idle() {
            return idle;
        }

        public List<Publication> publications() {
            if (broken != null) {
                throw broken;
            }
            return publications;
        }

        public List<Finding> findings() {
            return findings;
        }

        public String writable() {
            return unwritable;
        }

        public List<Event> events(int most) {
            return StatusFixtures.events(most);
        }

        /** Is in force at once, and has one consequence. */
        public List<HealthView> order(Order order) {
            if (disobedient != null) {
                throw disobedient;
            }
            orders.add(order);
            views = views.stream().map(it -> StatusFixtures.ordered(it, order)).toList();
            undecided.add(order);
            return views;
        }

        public List<Decision> decide(List<HealthView> views) {
            List<Decision> decisions = new ArrayList<>();
            for (Order it = undecided.poll(); it != null; it = undecided.poll()) {
                decisions.add(StatusFixtures.decision(views.get(0), it));
            }
            return decisions;
        }

        public void keep(@Body Decision decision, @Headers Map<String, Object> headers) throws InterruptedException {
            disk.await();
            this.headers.add(Map.copyOf(headers));
            kept.add(decision);
        }

        public void retry(RetryRequest retry) {
            if (broken != null) {
                throw broken;
            }
            retries.add(retry);
            publications = publications.stream()
                    .map(it -> it.edit().stopped(null).done())
                    .toList();
        }

        public int backlog() {
            return 4;
        }

        public List<String> problems() {
            return problems;
        }
    }

    private static final String KEEP =
            """
            - route:
                errorHandler: { noErrorHandler: {} }
                from:
                  uri: direct:firstup-decide
                  steps:
                    - bean: { ref: firstup-health, method: decide }
                    - split:
                        simple: "${body}"
                        steps:
                          - script: { simple: "${variable.acknowledgement?.expect}" }
                          - to: { uri: seda:firstup-keep, pattern: InOnly }
                    - script: { simple: "${variable.acknowledgement?.done}" }
            - route:
                from:
                  uri: seda:firstup-keep
                  steps:
                    - bean: { ref: firstup-store, method: keep }
                    - script: { simple: "${variable.acknowledgement?.done}" }
            """;

    final Rooms rooms = new Rooms();
    private final Path folder = Files.createTempDirectory("site");
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final DefaultCamelContext context = new DefaultCamelContext();

    Site() throws Exception {
        this(Map.of());
    }

    Site(Map<String, String> settings) throws Exception {
        this(settings, registry -> {});
    }

    /** @param users binds beans of the user's, after those of the program */
    Site(Map<String, String> settings, Consumer<Registry> users) throws Exception {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "firstup.host", "127.0.0.1",
                "firstup.hosts", "monitor.example.org",
                "firstup.secrets", "secrets",
                "firstup.token", tokenFile().toString(),
                "firstup.orders.patience", "10000",
                "firstup.nudge.publish", "seda:firstup-publish?size=1&discardWhenFull=true",
                "firstup.publish.dry-run", "false",
                "firstup.heartbeat", "",
                "firstup.heartbeat.delay", "0",
                "firstup.heartbeat.period", "50"));
        properties.putAll(settings);
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getRegistry()
                .bind("firstup-orders-at-once", new SerialPolicy(new LinkedBlockingQueue<>(), Integer.MAX_VALUE));
        context.getRegistry().bind("firstup-clock", Clock.fixed(StatusFixtures.NOW, ZoneOffset.UTC));
        List.of("firstup-health", "firstup-store", "firstup-queues")
                .forEach(room -> context.getRegistry().bind(room, rooms));
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:" + Path.of("routes/pipeline/status.camel.yaml")));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("keep.camel.yaml", KEEP));
        users.accept(context.getRegistry());
        MainHttpServer server = new MainHttpServer();
        server.setCamelContext(context);
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setMaxBodySize(65_536L);
        context.addService(server);
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    CamelContext context() {
        return context;
    }

    int port() {
        return context.hasService(VertxPlatformHttpServer.class).getPort();
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return ask("GET", path, headers);
    }

    HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
        return send(method, path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    Path tokenFile() {
        return folder.resolve("token");
    }

    /** Orders something of the queue {@code chat}, with the token. */
    HttpResponse<String> order(String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "Authorization",
                "Bearer " + Files.readString(tokenFile()).strip(),
                "Content-Type",
                "application/json"));
        all.addAll(List.of(headers));
        return post("/api/queues/chat/orders", body, all.toArray(String[]::new));
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body), headers);
    }

    private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, body)
                .timeout(Duration.ofSeconds(10));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Sends a request as it stands, which {@link HttpClient} would not; {@code Connection: close} must be in it. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The first line that comes back. */
    String begin(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    @Override
    public void close() {
        context.stop();
        try {
            Files.deleteIfExists(tokenFile());
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
