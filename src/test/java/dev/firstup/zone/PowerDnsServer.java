package dev.firstup.zone;

import dev.firstup.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A real PowerDNS on a free port of 127.0.0.1, authoritative for example.test, and its HTTP API on another one. */
public final class PowerDnsServer implements AutoCloseable {
    /** What its API wants to see. */
    public static final String KEY = "a&b=c%+#)";

    private static final Path SERVER = Path.of("/usr/sbin/pdns_server");
    private static final List<Path> SCHEMAS = List.of(
            Path.of("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"),
            Path.of("/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"));
    private static final List<String> ZONE = List.of(
            "example.test SOA ns1.example.test hostmaster.example.test 1 3600 600 86400 60",
            "example.test NS ns1.example.test",
            "ns1.example.test A 127.0.0.1");

    private final int port = Ports.free();
    private final int api = Ports.free();
    private final Path folder;
    private Process process;

    private PowerDnsServer(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts it in {@code folder}. Without PowerDNS on this machine the test is skipped, and on a build server it fails.
     *
     * @param records of the zone, such as {@code chat.example.test A 192.0.2.10}
     */
    public static PowerDnsServer start(Path folder, String... records) throws IOException {
        Path schema = SCHEMAS.stream().filter(Files::exists).findFirst().orElse(null);
        if (!Files.isExecutable(SERVER) || schema == null) {
            return Bind.missing("pdns-server pdns-backend-sqlite3");
        }
        PowerDnsServer server = new PowerDnsServer(folder);
        server.configure();
        server.fill(Files.readString(schema), records);
        server.start();
        return server;
    }

    private void configure() throws IOException {
        Files.writeString(
                folder.resolve("pdns.conf"),
                """
                launch=gsqlite3
                gsqlite3-database=%1$s/pdns.db
                socket-dir=%1$s
                local-address=127.0.0.1
                local-port=%2$d
                api=yes
                api-key=%3$s
                webserver=yes
                webserver-address=127.0.0.1
                webserver-port=%4$d
                webserver-allow-from=127.0.0.1
                security-poll-suffix=
                """
                        .formatted(folder, port, KEY, api));
    }

    private void fill(String schema, String... records) throws IOException {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("pdns.db"));
                Statement statement = database.createStatement()) {
            statement.executeUpdate(schema);
            statement.executeUpdate("insert into domains (id, name, type) values (1, 'example.test', 'NATIVE')");
            // Counts each change.
            statement.executeUpdate(
                    "insert into domainmetadata (domain_id, kind, content) values (1, 'SOA-EDIT-API', 'INCREASE')");
            insert(database, ZONE);
            insert(database, List.of(records));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static void insert(Connection database, List<String> records) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement(
                "insert into records (domain_id, name, type, content, ttl) values (1, ?, ?, ?, 60)")) {
            for (String record : records) {
                String[] words = record.split(" ", 3);
                for (int i = 0; i < words.length; i++) {
                    insert.setString(i + 1, words[i]);
                }
                insert.executeUpdate();
            }
        }
    }

    /** Starts it again after {@link #stop()}, with what it has written down. */
    public void start() throws IOException {
        process = new ProcessBuilder(SERVER.toString(), "--config-dir=" + folder)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("pdns.log").toFile()))
                .start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(this::answers);
        } catch (RuntimeException e) {
            stop();
            throw new IllegalStateException("PowerDNS did not start: " + log(), e);
        }
    }

    public void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** Where its API is. */
    public String url() {
        return "http://127.0.0.1:" + api;
    }

    /** Where it answers DNS. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Everything it has written to its log. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("pdns.log"));
    }

    /** What {@code dig} reads there, sorted. */
    public List<String> dig(String name, String type) {
        return Bind.run("dig", "+short", "+norecurse", "@127.0.0.1", "-p", String.valueOf(port), name, type)
                .lines()
                .sorted()
                .toList();
    }

    /** How often its zone was changed. */
    public int changes() {
        return Integer.parseInt(dig("example.test", "SOA").get(0).split(" ")[2]) - 1;
    }

    @Override
    public void close() {
        stop();
    }

    private boolean answers() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", api), 1000);
        }
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", port));
        resolver.setTimeout(Duration.ofSeconds(1));
        Record question = Record.newRecord(Name.fromString("example.test."), Type.SOA, DClass.IN);
        return resolver.send(Message.newQuery(question)).getRcode() == 0;
    }
}
