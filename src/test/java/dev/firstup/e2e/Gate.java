package dev.firstup.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before an HTTP service, and keeps what goes in or what comes out when it is told to. */
final class Gate implements AutoCloseable {
    enum Keeps {
        NOTHING,
        /** A request arrives here, and never at the service. */
        REQUESTS,
        /** The service does what it is asked to, and its answer goes nowhere. */
        ANSWERS
    }

    private static final Set<String> HEADERS = Set.of("authorization", "user-agent", "content-type");

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Instant> arrivals = new CopyOnWriteArrayList<>();
    private final List<Instant> kept = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final URI service;
    private volatile Keeps keeps = Keeps.NOTHING;

    Gate(URI service) throws IOException {
        this.service = service;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it is asked instead of the service. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + service.getPath());
    }

    /** From now on. */
    void keep(Keeps what) {
        keeps = what;
    }

    /** When requests came, of which each may have been let through or not. */
    List<Instant> arrivals() {
        return arrivals;
    }

    /** When requests or answers were kept. */
    List<Instant> kept() {
        return kept;
    }

    private void handle(HttpExchange exchange) throws IOException {
        arrivals.add(Instant.now());
        Keeps now = keeps;
        try (exchange) {
            if (now == Keeps.REQUESTS) {
                keep();
                return;
            }
            HttpResponse<byte[]> answer = forward(exchange);
            if (now == Keeps.ANSWERS) {
                keep();
                return;
            }
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() throws InterruptedException {
        kept.add(Instant.now());
        closed.await();
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, values.get(0));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
