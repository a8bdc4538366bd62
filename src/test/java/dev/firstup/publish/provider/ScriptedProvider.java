package dev.firstup.publish.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A DNS host on loopback that plays one answer for each request, and can do to it what networks do. */
final class ScriptedProvider implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CHUNK = 3;
    private static final int HUGE = 10 * 1024 * 1024;
    private static final byte[] SOME = "x".repeat(16 * 1024).getBytes(ISO_8859_1);

    /** What becomes of an answer on its way. */
    enum Way {
        WHOLE,
        CHUNKED,
        /** Half of it, then the end of the connection. */
        CUT,
        /** Ten megabytes of something else. */
        HUGE,
        /** None at all, until the client gives up. */
        SILENT,
        RESET
    }

    /** @param way what becomes of it */
    record Played(int status, Map<String, String> headers, String body, Way way) {
        Played by(Way other) {
            return new Played(status, headers, body, other);
        }
    }

    /** @param headers by name in lower case */
    record Heard(String method, String target, Map<String, String> headers, String body) {}

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final Thread thread = new Thread(this::serve, "scripted-host");
    private final List<Played> script = new ArrayList<>();
    private final List<Heard> answered = new ArrayList<>();

    ScriptedProvider() throws IOException {
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on it answers like this, one request after the other. */
    synchronized void play(List<Played> answers) {
        script.clear();
        script.addAll(answers);
        answered.clear();
    }

    synchronized List<Heard> answered() {
        return List.copyOf(answered);
    }

    private synchronized Played next(Heard request) {
        answered.add(request);
        return answered.size() <= script.size()
                ? script.get(answered.size() - 1)
                : new Played(418, Map.of(), "a request that was not expected", Way.WHOLE);
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                answer(socket, next(read(socket.getInputStream())));
            } catch (IOException e) {
                // The client hung up, which its reaction shows, or the test is over.
            }
        }
    }

    private static Heard read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", -1);
        if (first.length != 3) {
            throw new IOException("no request: " + Arrays.toString(first));
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Heard(first[0], first[1], headers, new String(body, UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(UTF_8).stripTrailing();
    }

    private static void answer(Socket socket, Played answer) throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] body = answer.body().getBytes(UTF_8);
        switch (answer.way()) {
            case WHOLE -> {
                out.write(head(answer, "Content-Length: " + body.length));
                out.write(body);
            }
            case CHUNKED -> {
                out.write(head(answer, "Transfer-Encoding: chunked"));
                for (int at = 0; at < body.length; at += CHUNK) {
                    int length = Math.min(CHUNK, body.length - at);
                    out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
                    out.write(body, at, length);
                    out.write("\r\n".getBytes(ISO_8859_1));
                    out.flush();
                }
                out.write("0\r\n\r\n".getBytes(ISO_8859_1));
            }
            case CUT -> {
                byte[] head = head(answer, "Content-Length: " + body.length);
                out.write(head, 0, body.length == 0 ? head.length / 2 : head.length);
                out.write(body, 0, body.length / 2);
            }
            case HUGE -> {
                out.write(head(answer, "Content-Length: " + HUGE));
                for (int sent = 0; sent < HUGE; sent += SOME.length) {
                    out.write(SOME);
                }
            }
            case SILENT -> socket.getInputStream().read();
            case RESET -> socket.setSoLinger(true, 0);
        }
    }

    private static byte[] head(Played answer, String length) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Said\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (answer.status() != 204) {
            head.append(length).append("\r\n");
        }
        return head.append("Connection: close\r\n\r\n").toString().getBytes(UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
