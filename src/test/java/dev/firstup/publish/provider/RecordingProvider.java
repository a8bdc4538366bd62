package dev.firstup.publish.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A DNS host on loopback that keeps each request as it came, and answers it always the same. */
final class RecordingProvider implements AutoCloseable {
    private static final int LARGEST_HEAD = 16 * 1024;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String BASIC = "Basic ";

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::serve, "recording-host");
    private final String answer;

    RecordingProvider(String answer) throws IOException {
        this.answer = answer;
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** The one request since this was last asked, part by part. */
    SortedMap<String, String> onlyRequest() {
        List<String> all = heads.stream().toList();
        heads.clear();
        assertThat(all).hasSize(1);
        return parts(all.get(0));
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                heads.add(head(socket.getInputStream()));
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + answer.length()
                                        + "\r\nConnection: close\r\n\r\n" + answer)
                                .getBytes(ISO_8859_1));
            } catch (IOException e) {
                // The client hung up, which its request shows, or the test is over.
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < LARGEST_HEAD) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static SortedMap<String, String> parts(String head) {
        List<String> lines = head.lines().toList();
        assertThat(head).as("a whole request without a body").endsWith("\r\n\r\n");
        String[] request = lines.get(0).split(" ", -1);
        assertThat(request).as(lines.get(0)).hasSize(3);
        String[] target = two(request[1], "?");
        SortedMap<String, String> parts = new TreeMap<>();
        add(parts, "method", request[0]);
        add(parts, "path", target[0]);
        add(parts, "version", request[2]);
        for (String parameter : target[1].split("&", -1)) {
            String[] pair = two(parameter, "=");
            add(parts, "query " + URLDecoder.decode(pair[0], UTF_8), URLDecoder.decode(pair[1], UTF_8));
        }
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] field = two(line, ":");
            String name = field[0].toLowerCase(Locale.ROOT);
            String value = field[1].strip();
            add(parts, "header " + name, name.equals("authorization") ? decoded(value) : value);
        }
        return parts;
    }

    private static String[] two(String text, String separator) {
        assertThat(text).contains(separator);
        int at = text.indexOf(separator);
        return new String[] {text.substring(0, at), text.substring(at + separator.length())};
    }

    private static String decoded(String authorization) {
        assertThat(authorization).startsWith(BASIC);
        return BASIC + new String(Base64.getDecoder().decode(authorization.substring(BASIC.length())), UTF_8);
    }

    private static void add(SortedMap<String, String> parts, String name, String value) {
        parts.merge(name, value, (one, other) -> one + ", and again " + other);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
