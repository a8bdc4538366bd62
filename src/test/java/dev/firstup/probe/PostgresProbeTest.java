package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.Ports;
import dev.firstup.model.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL; and, on the same one, the README's example of a probe of one's own. */
class PostgresProbeTest {
    private static final String CONFIGURATION =
            """
            port = %d
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            max_connections = 3
            superuser_reserved_connections = 0
            max_wal_senders = 0
            fsync = off
            ssl = %s
            ssl_cert_file = '%s'
            ssl_key_file = '%s'
            """;

    @TempDir
    private Path folder;

    private int port;

    @Test
    void everyStateHasItsVerdict() throws Exception {
        String postgres = Daemon.require("postgresql", programs("postgres"));
        Certificates certificates =
                new Certificates(folder).signed("good", "CN=chat.example", "-ext", "san=dns:chat.example");
        String trusting = "?security=starttls&ca=" + certificates.pem("ca");
        Path data = initialize();
        Path pem = own(Files.copy(certificates.pemWithKey("good"), data.resolve("server.pem")), "rw-------");
        port = Ports.free();
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(folder, as(postgres, "-D", data.toString()))) {
            for (String ssl : new String[] {"off", "on"}) {
                Files.writeString(data.resolve("postgresql.conf"), CONFIGURATION.formatted(port, ssl, pem, pem));
                daemon.start(() -> probing.probe("probe:postgres", server(port))
                        .explained()
                        .startsWith("L7OK"));
                String verdict = daemon.found(
                        "postgres, SSLRequest: ssl = " + ssl, probing.probe("probe:postgres" + trusting, server(port)));
                assertThat(verdict)
                        .isEqualTo(
                                ssl.equals("on")
                                        ? "L7OK: asks for a password (SASL)"
                                        : "L7STS: TLS is refused: SSLRequest was answered \"N\"");
                if (ssl.equals("off")) {
                    daemon.stop();
                    Files.deleteIfExists(data.resolve("postmaster.pid"));
                }
            }
            assertThat(daemon.found("postgres: up", probing.probe("probe:postgres", server(port))))
                    .isEqualTo("L7OK: asks for a password (SASL)");
            assertThat(daemon.found(
                            "postgres: user does not exist",
                            probing.probe("probe:postgres?username=open", server(port))))
                    .startsWith("L7OK: SQLSTATE 28000 \"role \"open\" does not exist\"");
            assertThat(daemon.found(
                            "postgres: user is not let in",
                            probing.probe("probe:postgres?username=out&database=shop", server(port))))
                    .startsWith("L7OK: SQLSTATE 28000 \"pg_hba.conf rejects connection");

            routes(probing);
            assertThat(daemon.found("route with sql: up", ask(probing))).isEqualTo("L7OK: is the primary");

            List<Connection> sessions = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                await().ignoreExceptions().until(() -> sessions.add(source().getConnection()));
            }
            assertThat(daemon.found("postgres: has too many clients", probing.probe("probe:postgres", server(port))))
                    .isEqualTo("L7STS: SQLSTATE 53300 \"sorry, too many clients already\"");
            assertThat(daemon.found("route with sql: too many clients", ask(probing)))
                    .startsWith("L7RSP: ")
                    .contains("too many clients already");
            sessions.remove(0).close();
            sessions.remove(0).close();
            // "Smart": those who are in may stay.
            daemon.end("TERM");
            await().untilAsserted(() -> assertThat(
                            daemon.found("postgres: is shutting down", probing.probe("probe:postgres", server(port))))
                    .isEqualTo("L7STS: SQLSTATE 57P03 \"the database system is shutting down\""));
            daemon.hang();
            assertThat(daemon.found(
                            "postgres: hung", probing.probe("probe:postgres", server("127.0.0.1", port, Daemon.SHORT))))
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + port + " within 1 s");
            daemon.stop();
            assertThat(daemon.found("postgres: stopped", probing.probe("probe:postgres", server(port))))
                    .isEqualTo("L4CON: connection refused by 127.0.0.1:" + port);
            assertThat(daemon.found("route with sql: stopped", ask(probing)))
                    .startsWith("L7RSP: ")
                    .contains("refused");
            try (AutoCloseable http = Daemon.httpServer(port)) {
                assertThat(http).isNotNull();
                // Java's waits for the end of a line, which the message has not.
                assertThat(daemon.found(
                                "postgres: HTTP there",
                                probing.probe("probe:postgres", server("127.0.0.1", port, Daemon.SHORT))))
                        .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + port + " within 1 s");
            }
        }
    }

    /** The very text of the README, with the test's own server in it. */
    private void routes(Probing probing) throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf("- beans:");
        String example = readme.substring(begin, readme.indexOf("```", begin))
                .replace("192.0.2.10:5432/shop", "127.0.0.1:" + port + "/postgres")
                .replace("{{env:SHOP_DB}}", "secret");
        PluginHelper.getRoutesLoader(probing.context()).loadRoutes(ResourceHelper.fromString("db.camel.yaml", example));
    }

    private Verdict ask(Probing probing) {
        return probing.probe("probe:route", server("shop-primary", 0, Probing.GENEROUS));
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        source.setUser("firstup");
        source.setPassword("secret");
        return source;
    }

    private Path initialize() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = own(Files.createDirectory(folder.resolve("data")), "rwx------");
        Path password = own(Files.writeString(folder.resolve("password"), "secret\n"), "rw-------");
        Daemon.run(as(
                        programs("initdb")[0],
                        "-D",
                        data.toString(),
                        "-U",
                        "firstup",
                        "--pwfile=" + password,
                        "--no-sync",
                        "--no-instructions",
                        "--locale=C")
                .toArray(String[]::new));
        Files.writeString(
                data.resolve("pg_hba.conf"),
                """
                host all open 127.0.0.1/32 trust
                host all out 127.0.0.1/32 reject
                host all all 127.0.0.1/32 scram-sha-256
                """);
        return data;
    }

    /** PostgreSQL never runs for root. */
    private static List<String> as(String... command) {
        return Stream.concat(
                        Daemon.isRoot()
                                ? Stream.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")
                                : Stream.of(),
                        Stream.of(command))
                .toList();
    }

    private static Path own(Path path, String permissions) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        if (Daemon.isRoot()) {
            Daemon.run("chown", "postgres", path.toString());
        }
        return path;
    }

    /** Where it may be, the newest version first. */
    private static String[] programs(String name) {
        return Stream.of(18, 17, 16, 15, 14, 13)
                .map(it -> "/usr/lib/postgresql/" + it + "/bin/" + name)
                .filter(it -> Files.isExecutable(Path.of(it)))
                .toArray(String[]::new);
    }
}
