package dev.firstup.e2e;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firstup.Ports;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.xbill.DNS.Type;

/**
 * A folder as a user of release 0.1 has it, and all that stands around: servers, DNS hosts, a name server, channels. The files are
 * those of {@code release-0.1/home}, with free ports in the place of {@code @NAME@}; Firstup's own routes come from the checkout, as
 * with an upgrade.
 */
final class ReleasedHome implements AutoCloseable {
    static final Path FIXTURE = Path.of("src/test/resources/release-0.1");

    /** In which pipelines lie, and not files of users. */
    private static final Path CHECKOUT = Path.of("routes");

    /** What an XMPP server says that offers no TLS. */
    private static final String XMPP =
            """
            <?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' \
            id='1' from='example.test' version='1.0'><stream:features><mechanisms \
            xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>""";

    private static final String NOIP_PASSWORD = "noip-a&b=c%+#)";
    private static final String SMTP_PASSWORD = "smtp-a&b=c%+#)";

    final ToyZone zone = new ToyZone("test", "firstup", "c2VjcmV0LXRzaWcta2V5");
    private final GreenMail mail = new GreenMail(ServerSetupTest.SMTP.dynamicPort());
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, HttpServer> servers = new LinkedHashMap<>();
    private final ServerSocket xmpp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final Path folder;
    private boolean slackAnswers = true;

    /** @param folder where the home is made */
    ReleasedHome(Path folder) throws IOException {
        this.folder = folder;
        mail.start();
        mail.setUser("ops@example.org", "me", SMTP_PASSWORD);
        for (String name : List.of("http", "paris", "tokyo", "quebec")) {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Ports.free()), 50);
            server.setExecutor(threads);
            server.createContext("/", exchange -> answer(exchange, 200, name + " is up\n"));
            server.start();
            servers.put(name, server);
            ports.put(name, server.getAddress().getPort());
        }
        HttpServer hosts = servers.get("http");
        hosts.createContext("/nic/update", this::dyndns2);
        hosts.createContext("/panel", this::panel);
        hosts.createContext("/my-dns/", this::myDns);
        hosts.createContext("/services/", this::slack);
        hosts.createContext("/pager", this::pager);
        hosts.createContext(
                "/backlog/", it -> answer(it, 200, it.getRequestURI().getPath().endsWith("paris") ? "1500" : "7"));
        threads.execute(this::xmpp);
        ports.put("xmpp", xmpp.getLocalPort());
        ports.put("dns", zone.port());
        ports.put("smtp", mail.getSmtp().getPort());
        ports.put("closed", Ports.free());
        ports.put("port", Ports.free());
        zone.put("up.release.test", Type.A, "192.0.2.1");
        zone.put("chat.example.test", Type.CNAME, "chat.release.test.");
        // It should name the record itself.
        zone.put("_xmpp-client._tcp.example.test", Type.SRV, "5 0 5222 chat.example.test.");
        for (String record : List.of("chat.release.test", "chat.zone.test", "chat.old.test", "shop.release.test")) {
            // A name without an address.
            zone.put(record, Type.TXT, "\"a record to be moved\"");
        }
        zone.put("dual.release.test", Type.A, "192.0.2.20");
        zone.put("dual.release.test", Type.AAAA, "2001:db8::10");
        zone.put("jobs.release.test", Type.A, "192.0.2.10");
        zone.put("talk.release.test", Type.A, "192.0.2.10");
        install();
    }

    private void install() throws IOException {
        // The checkout's first: what users have wins.
        copy(CHECKOUT, folder.resolve("routes"));
        copy(FIXTURE.resolve("home"), folder);
        folder.resolve("plugins/check_jobs").toFile().setExecutable(true);
    }

    private void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                String text = Files.readString(file);
                for (Map.Entry<String, Integer> it : ports.entrySet()) {
                    text = text.replace("@" + it.getKey() + "@", it.getValue().toString());
                }
                Files.writeString(copy, text);
            }
        }
    }

    Path folder() {
        return folder;
    }

    /** By the name that the files have for it. */
    int port(String name) {
        return ports.get(name);
    }

    /** Starts Firstup there. */
    FirstupProcess firstup(String... command) throws IOException {
        return new FirstupProcess(folder, folder, settings(), command);
    }

    /** What is secret, and nothing else: all settings are in the file. */
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("NOIP_PASSWORD", NOIP_PASSWORD);
        settings.put("SMTP_PASSWORD", SMTP_PASSWORD);
        return settings;
    }

    /** Whether Slack takes messages. */
    synchronized void slackAnswers(boolean answers) {
        slackAnswers = answers;
    }

    /** From now on, connections to this server are refused. */
    void takeDown(String server) {
        servers.get(server).stop(0);
    }

    /** Every request that a DNS host or a channel took, in order. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** The mails that were taken, headers and all. */
    List<String> mails() {
        return Stream.of(mail.getReceivedMessages()).map(ReleasedHome::mail).toList();
    }

    private static String mail(MimeMessage message) {
        try {
            String headers = Stream.of("From", "To", "Subject", "Content-Type", "Message-ID", "Auto-Submitted")
                    .map(it -> it + ": " + header(message, it))
                    .reduce("", (one, other) -> one + other + "\n");
            return headers + "\n" + GreenMailUtil.getBody(message).replace("\r\n", "\n");
        } catch (IllegalStateException e) {
            throw new AssertionError(e);
        }
    }

    private static String header(MimeMessage message, String name) {
        try {
            return String.join(", ", message.getHeader(name));
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** The text with the names of ports, and of this folder, in their places. */
    String named(String text) {
        String named = text.replace(folder.toString(), "<home>");
        for (Map.Entry<String, Integer> it : ports.entrySet()) {
            named = named.replaceAll("(?<![0-9])" + it.getValue() + "(?![0-9])", "<" + it.getKey() + " port>");
        }
        return named;
    }

    private void dyndns2(HttpExchange exchange) throws IOException {
        note(exchange);
        Map<String, String> query = query(exchange);
        answer(exchange, 200, set(query.get("hostname"), query.get("myip")));
    }

    private void panel(HttpExchange exchange) throws IOException {
        note(exchange);
        Map<String, String> query = query(exchange);
        set(query.get("name"), query.get("ip"));
        answer(exchange, 200, "OK " + query.get("ip"));
    }

    private void myDns(HttpExchange exchange) throws IOException {
        note(exchange);
        String[] path = exchange.getRequestURI().getPath().split("/");
        zone.put(path[2], Type.value(path[3]), path[4]);
        answer(exchange, 200, "");
    }

    private void slack(HttpExchange exchange) throws IOException {
        boolean takes;
        synchronized (this) {
            takes = slackAnswers;
        }
        if (takes) {
            note(exchange);
        }
        answer(exchange, takes ? 200 : 500, takes ? "ok" : "server_error");
    }

    private void pager(HttpExchange exchange) throws IOException {
        note(exchange);
        answer(exchange, 200, "");
    }

    private String set(String record, String address) {
        int type = address.contains(":") ? Type.AAAA : Type.A;
        boolean same = zone.values(record, type).equals(List.of(address));
        zone.put(record, type, address);
        return (same ? "nochg " : "good ") + address;
    }

    private void note(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        for (String header : List.of("Authorization", "User-Agent", "Accept", "Content-Type", "X-Api-Key")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                text.append("\n  ").append(header).append(": ").append(value);
            }
        }
        if (!body.isEmpty()) {
            // JSON may escape a slash or not.
            text.append("\n  ").append(body.replace("\\/", "/").replace("\n", "\n  "));
        }
        synchronized (this) {
            requests.add(text.toString());
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        for (String parameter : exchange.getRequestURI().getRawQuery().split("&")) {
            String[] parts = parameter.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void xmpp() {
        while (!xmpp.isClosed()) {
            try (Socket socket = xmpp.accept()) {
                socket.setSoTimeout(3000);
                if (socket.getInputStream().read(new byte[4096]) > 0) {
                    socket.getOutputStream().write(XMPP.getBytes(StandardCharsets.UTF_8));
                    // Until the other side has had enough.
                    socket.getInputStream().readAllBytes();
                }
            } catch (IOException e) {
                // Whoever has gone away meanwhile, or this server.
            }
        }
    }

    @Override
    public void close() {
        try {
            servers.values().forEach(it -> it.stop(0));
            xmpp.close();
            zone.close();
            mail.stop();
            threads.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
