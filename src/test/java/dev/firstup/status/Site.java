package dev.firstup.status;

import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.RecordType;
import dev.firstup.model.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** The shipped routes of this room in a bare Camel context, on a free port, with what the other rooms know made up. */
public final class Site implements AutoCloseable {

    /** What the routes ask the rooms {@code health}, {@code store} and {@code queues} for. */
    public static final class Rooms {
        volatile List<HealthView> views = List.of(Fixtures.view("chat", "tokyo", State.DOWN, State.UP));
        volatile List<Publication> publications = List.of(
                Fixtures.publication("chat", RecordType.A, List.of("192.0.2.20"), List.of("192.0.2.20")),
                Fixtures.publication("chat", RecordType.AAAA, List.of(), List.of("2001:db8::10")));
        volatile List<String> problems =
                List.of("routes/b.queue.yaml:3:1: error: found \"serverz\", expected one of servers, srv");
        volatile Duration idle = Duration.ofMillis(40);
        volatile RuntimeException broken;
        volatile String unwritable;
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

        public String writable() {
            return unwritable;
        }

        public List<Event> events(int most) {
            return Fixtures.events(most);
        }

        public int backlog() {
            return 4;
        }

        public List<String> problems() {
            return problems;
        }
    }

    final Rooms rooms = new Rooms();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final DefaultCamelContext context = new DefaultCamelContext();

    Site() throws Exception {
        this(Map.of());
    }

    Site(Map<String, String> settings) throws Exception {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "firstup.host", "127.0.0.1",
                "firstup.hosts", "monitor.example.org",
                "firstup.secrets", "secrets",
                "firstup.heartbeat", "",
                "firstup.heartbeat.delay", "0",
                "firstup.heartbeat.period", "50"));
        properties.putAll(settings);
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getRegistry().bind("clock", Clock.fixed(Fixtures.NOW, ZoneOffset.UTC));
        List.of("health", "store", "queues")
                .forEach(room -> context.getRegistry().bind(room, rooms));
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:" + Path.of("routes/status.camel.yaml")));
        MainHttpServer server = new MainHttpServer();
        server.setCamelContext(context);
        server.setHost("127.0.0.1");
        server.setPort(0);
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
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
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
    }
}
