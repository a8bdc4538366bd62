package dev.firstup.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * The whole toy world: three servers, a dyndns2 service and a DNS server on loopback, and a folder with the files that a user of
 * them would have written. Closing it ends the world and deletes the folder.
 */
public final class Rehearsal implements AutoCloseable {
    /** The record that is moved. */
    public static final String RECORD = "chat.rehearsal.test";

    /** The usual port of the DNS server. */
    public static final int DNS_PORT = 5300;

    private static final String ZONE = "rehearsal.test";
    private static final Duration TTL = Duration.ofSeconds(1);
    private static final String ACCOUNT = "rehearsal";
    // Every character that some layer between a file and an HTTP header is known to mangle.
    private static final String PASSWORD = "a&b=c%+#)";

    private static final String QUEUE =
            """
            # One queue: three servers behind one record, in order of preference. The numbers are quick ones, for a rehearsal.
            record: %s
            ttl: 1s

            servers:
            %s
            interval: 1s
            fast-interval: 200ms
            down-interval: 1s
            timeout: 500ms
            fall: 3
            rise: 2
            failback: 3s

            allow-private: true     # what is published are documentation addresses: nobody is ever sent there
            nameservers: ["127.0.0.1:%d"]

            publish: [rehearsal]
            notify: [rehearsal-notes]
            """;

    private static final String SERVER =
            """
              - name: %s
                address: %s
                probe: probe:http://127.0.0.1:%d/
            """;

    private static final String ACCOUNTS =
            """
            # Where the record is written, and where people are told.
            - route:
                id: rehearsal
                from:
                  uri: direct:rehearsal
                  steps:
                    - to:
                        uri: kamelet:firstup-dyndns2-sink
                        parameters:
                          url: "%s"
                          username: %s
                          password: "file:rehearsal"
                          gap: 1
            - route:
                id: rehearsal-notes
                from:
                  uri: direct:rehearsal-notes
                  steps:
                    - to:
                        uri: log:rehearsal
                        parameters:
                          level: "OFF"
            """;

    private final Map<String, String> addresses = new LinkedHashMap<>();
    /** What has been started, the newest first. */
    private final Deque<Runnable> ends = new ArrayDeque<>();

    private final ToyServers servers;
    private final DynService service;
    private final NameServer nameServer;
    private final SimulatedLink link;
    private final Path folder;

    private Rehearsal(int dnsPort, Map<String, String> settings) throws IOException {
        addresses.put("paris", "192.0.2.10");
        addresses.put("tokyo", "192.0.2.20");
        addresses.put("quebec", "192.0.2.30");
        try {
            service = DynService.start(ACCOUNT, PASSWORD, List.of(RECORD));
            ends.push(service::close);
            nameServer = startNameServer(dnsPort, service);
            ends.push(nameServer::close);
            servers = ToyServers.start(addresses.keySet().toArray(String[]::new));
            ends.push(servers::close);
            link = new SimulatedLink(servers, nameServer);
            folder = Files.createTempDirectory("firstup-rehearsal-");
            ends.push(() -> delete(folder));
            write(settings);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Builds the world.
     *
     * @param dnsPort where its DNS server answers, usually {@link #DNS_PORT}; 0 for any free port
     * @param settings what the queue file says otherwise than usual, by key
     * @throws IOException if it cannot be built; the message says what to do
     */
    public static Rehearsal start(int dnsPort, Map<String, String> settings) throws IOException {
        return new Rehearsal(dnsPort, settings);
    }

    /** Where its files are: {@code chat.queue.yaml}, {@code accounts.camel.yaml} and {@code secrets/}. Only we can read it. */
    public Path folder() {
        return folder;
    }

    /** Where {@code file:} secrets lie. */
    public Path secrets() {
        return folder.resolve("secrets");
    }

    public ToyServers servers() {
        return servers;
    }

    public DynService service() {
        return service;
    }

    SimulatedLink link() {
        return link;
    }

    /** Where the DNS server answers. */
    public InetSocketAddress nameServer() {
        return nameServer.address();
    }

    /** What is published for each server, by its name, in order of preference. */
    public Map<String, String> addresses() {
        return Collections.unmodifiableMap(addresses);
    }

    /** The server's name for a published address, or the address itself where it is nobody's. */
    public String nameOf(String address) {
        return addresses.entrySet().stream()
                .filter(it -> it.getValue().equals(address))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(address);
    }

    /**
     * What DNS says of the record now, asked by UDP as any resolver does. This waits for the answer, a second at most.
     *
     * @return its IPv4 addresses in order; empty where there are none or no answer came
     */
    public List<String> published() {
        try {
            SimpleResolver resolver = new SimpleResolver(nameServer());
            resolver.setTimeout(Duration.ofSeconds(1));
            Record question = Record.newRecord(Name.fromString(RECORD, Name.root), Type.A, DClass.IN);
            return resolver.send(Message.newQuery(question)).getSection(Section.ANSWER).stream()
                    .filter(it -> it instanceof ARecord)
                    .map(it -> ((ARecord) it).getAddress().getHostAddress())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        while (!ends.isEmpty()) {
            ends.pop().run();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    private static NameServer startNameServer(int port, DynService service) throws IOException {
        try {
            return NameServer.start(port, ZONE, TTL, service::records);
        } catch (IOException e) {
            throw new IOException(
                    "the rehearsal's DNS server " + e.getMessage() + "; name another port: --dns-port " + (port + 1),
                    e);
        }
    }

    private void write(Map<String, String> settings) throws IOException {
        StringBuilder list = new StringBuilder();
        addresses.forEach((name, address) -> list.append(SERVER.formatted(name, address, servers.port(name))));
        String queue = QUEUE.formatted(RECORD, list, nameServer().getPort());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String line = setting.getKey() + ": " + setting.getValue() + "\n";
            String others = queue.replaceAll("(?m)^" + setting.getKey() + ": .*\n", "");
            queue = others + line;
        }
        Files.writeString(folder.resolve("chat.queue.yaml"), queue);
        Files.writeString(folder.resolve("accounts.camel.yaml"), ACCOUNTS.formatted(service.url(), ACCOUNT));
        Files.createDirectory(secrets());
        Path secret = secrets().resolve(ACCOUNT);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(secret, PASSWORD + "\n");
    }
}
