package dev.firstup.e2e.kill;

import dev.firstup.Fixtures;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.NameServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A dyndns2 service and its name server, which note what comes and when, and can be slow at each step. */
final class Host implements AutoCloseable {
    private static final Pattern UPDATE = Pattern.compile("GET /nic/update\\?(?:.*&)?myip=([0-9.]+)[& ].*");

    /** @param at when the request had come */
    record Arrival(Instant at, String value) {}

    /** @param values what the name server said */
    record Look(Instant at, List<String> values) {}

    private record Shown(Instant from, String value) {}

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final NameServer names = NameServer.start(0, "example.org", Duration.ofSeconds(1), this::look);
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();
    private final List<Shown> history = new ArrayList<>();
    private Visit visit;
    private Duration lag = Duration.ZERO;
    private int open;
    private int lastPort;

    Host() throws IOException {
        threads.execute(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/nic/update";
    }

    String nameServer() {
        return "127.0.0.1:" + names.address().getPort();
    }

    /**
     * Another life begins.
     *
     * @param lag how long what it changes is not shown by the name server
     */
    synchronized void expect(Visit visit, Duration lag) {
        this.visit = visit;
        this.lag = lag;
    }

    /** What was sent last before its sender died has come and is dealt with: nothing of it comes later. */
    void awaitEnd() throws IOException {
        // Who knocks last is let in last.
        try (Socket last = new Socket(InetAddress.getLoopbackAddress(), socket.getLocalPort())) {
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> isLast(last.getLocalPort()));
        }
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(this::isEmpty);
    }

    private synchronized boolean isLast(int port) {
        return lastPort == port;
    }

    private synchronized boolean isEmpty() {
        return open == 0;
    }

    /** What the record holds; null before the first update. */
    synchronized String value() {
        return history.isEmpty() ? null : history.get(history.size() - 1).value();
    }

    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    synchronized List<Look> looks() {
        return List.copyOf(looks);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                synchronized (this) {
                    open++;
                    lastPort = accepted.getPort();
                }
                threads.execute(() -> serve(accepted));
            } catch (IOException e) {
                // It is closed: that was all.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String value = value(line);
                // A request counts when it is whole.
                while (line != null && !line.isEmpty()) {
                    line = in.readLine();
                }
                if (line != null && value != null && !handle(value, connection)) {
                    return;
                }
            }
        } catch (IOException e) {
            // Its sender was killed, which is what this is about.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                open--;
            }
        }
    }

    private static String value(String line) {
        Matcher update = UPDATE.matcher(line);
        return update.matches() ? update.group(1) : null;
    }

    /** @return whether it was answered */
    private boolean handle(String value, Socket connection) throws IOException, InterruptedException {
        Visit visitor = visitor();
        visitor.arriving();
        arrive(value);
        visitor.arrived.countDown();
        if (!visitor.taking()) {
            return false;
        }
        String answer = take(value) + " " + value;
        visitor.taken.countDown();
        if (!visitor.answering()) {
            return false;
        }
        connection
                .getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + answer.length() + "\r\n\r\n"
                                + answer)
                        .getBytes(StandardCharsets.US_ASCII));
        visitor.answered.countDown();
        return true;
    }

    private synchronized Visit visitor() {
        return visit;
    }

    private synchronized void arrive(String value) {
        arrivals.add(new Arrival(Instant.now(), value));
    }

    private synchronized String take(String value) {
        String answer = value.equals(value()) ? "nochg" : "good";
        history.add(new Shown(Instant.now().plus(lag), value));
        return answer;
    }

    private synchronized Map<RecordType, List<String>> look(String name) {
        if (!name.equals(Fixtures.RECORD)) {
            return name.equals("example.org") ? Map.of() : null;
        }
        Instant now = Instant.now();
        List<String> values = List.of();
        for (Shown it : history) {
            values = it.from().isAfter(now) ? values : List.of(it.value());
        }
        looks.add(new Look(now, values));
        return values.isEmpty() ? Map.of() : Map.of(RecordType.A, values);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
        names.close();
    }
}
