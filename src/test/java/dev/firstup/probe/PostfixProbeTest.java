package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Postfix, with a queue of its own. It runs for root only. */
class PostfixProbeTest {
    private static final String MAIN =
            """
            compatibility_level = 3.6
            config_directory = %1$s/conf
            queue_directory = %1$s/queue
            data_directory = %1$s/data
            maillog_file = %1$s/mail.log
            maillog_file_prefixes = %1$s
            myhostname = mail.example.org
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            smtpd_delay_reject = no
            smtpd_tls_chain_files = %2$s
            """;

    /** Services are told apart by name, so each manner is a port of its own. */
    private static final String MASTER =
            """
            127.0.0.1:%1$d inet n - n - - smtpd
            127.0.0.1:%2$d inet n - n - - smtpd
              -o smtpd_tls_security_level=may
            127.0.0.1:%3$d inet n - n - - smtpd
              -o smtpd_tls_wrappermode=yes
            127.0.0.1:%4$d inet n - n - - smtpd
              -o smtpd_client_restrictions=reject
            postlog unix-dgram n - n - 1 postlogd
            anvil unix - - n - 1 anvil
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            proxymap unix - - n - - proxymap
            cleanup unix n - n - 0 cleanup
            pickup unix n - n 60 1 pickup
            qmgr unix n - n 300 1 qmgr
            """;

    @TempDir
    private Path folder;

    @Test
    void everyStateHasItsVerdict() throws Exception {
        String postfix = Daemon.require("postfix", "/usr/sbin/postfix");
        if (!Daemon.isRoot()) {
            Daemon.missing("Postfix runs for root only");
        }
        Certificates certificates =
                new Certificates(folder).signed("good", "CN=chat.example", "-ext", "san=dns:chat.example");
        String ca = "&ca=" + certificates.pem("ca");
        int plain = Ports.free();
        int starttls = Ports.free();
        int tls = Ports.free();
        int refusing = Ports.free();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path conf = Files.createDirectory(folder.resolve("conf"));
        Files.createDirectory(folder.resolve("queue"));
        Daemon.run(
                "chown",
                "postfix",
                Files.createDirectory(folder.resolve("data")).toString());
        Files.writeString(conf.resolve("main.cf"), MAIN.formatted(folder, certificates.pemWithKey("good")));
        Files.writeString(conf.resolve("master.cf"), MASTER.formatted(plain, starttls, tls, refusing));
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(folder, List.of(postfix, "-c", conf.toString(), "start-fg"))) {
            daemon.start(plain);
            String up = "L7OK: \"220 mail.example.org ESMTP Postfix\"";
            assertThat(daemon.found("smtp: up", probing.probe("probe:smtp", server(plain))))
                    .isEqualTo(up);
            assertThat(daemon.found(
                            "smtp, STARTTLS: up", probing.probe("probe:smtp?security=starttls" + ca, server(starttls))))
                    .isEqualTo(up);
            assertThat(daemon.found("smtp, TLS first: up", probing.probe("probe:smtp?security=tls" + ca, server(tls))))
                    .isEqualTo(up);
            assertThat(daemon.found(
                            "smtp, STARTTLS: certificate not trusted",
                            probing.probe("probe:smtp?security=starttls", server(starttls))))
                    .isEqualTo("L6RSP: certificate is issued by CN=Test CA, which is not trusted");
            assertThat(daemon.found(
                            "smtp, STARTTLS: not offered",
                            probing.probe("probe:smtp?security=starttls", server(plain))))
                    .startsWith("L7STS: expected 220 after STARTTLS, received \"502 5.5.1 ");
            assertThat(daemon.found("smtp: refusing", probing.probe("probe:smtp", server(refusing))))
                    .startsWith("L7STS: expected 220, received \"554 5.7.1 ");
            daemon.hang();
            assertThat(daemon.found(
                            "smtp: hung", probing.probe("probe:smtp", server("127.0.0.1", plain, Daemon.SHORT))))
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + plain + " within 1 s, expected 220");
            daemon.stop();
            assertThat(daemon.found("smtp: stopped", probing.probe("probe:smtp", server(plain))))
                    .isEqualTo("L4CON: connection refused by 127.0.0.1:" + plain);
            try (AutoCloseable http = Daemon.httpServer(plain)) {
                assertThat(http).isNotNull();
                assertThat(daemon.found(
                                "smtp: HTTP there",
                                probing.probe("probe:smtp", server("127.0.0.1", plain, Daemon.SHORT))))
                        .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + plain + " within 1 s, expected 220");
            }
        }
    }
}
