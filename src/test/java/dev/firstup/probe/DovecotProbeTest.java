package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Ports;
import dev.firstup.model.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Dovecot, for IMAP and POP3. */
class DovecotProbeTest {
    private static final String CONFIGURATION =
            """
            base_dir = %1$s/run
            state_dir = %1$s/state
            log_path = %1$s/dovecot.log
            protocols = imap pop3
            listen = 127.0.0.1
            default_login_user = %2$s
            default_internal_user = %2$s
            default_internal_group = %3$s
            first_valid_uid = 1
            ssl = %4$s
            ssl_cert = <%5$s
            ssl_key = <%5$s
            ssl_dh =
            passdb {
              driver = static
              args = nopassword=y
            }
            userdb {
              driver = static
              args = uid=%2$s gid=%3$s home=%1$s
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = %6$d
              }
              inet_listener imaps {
                port = %7$d
                ssl = yes
              }
            }
            service pop3-login {
              chroot =
              inet_listener pop3 {
                port = %8$d
              }
              inet_listener pop3s {
                port = 0
              }
            }
            service anvil {
              chroot =
            }
            service stats {
              chroot =
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void everyStateHasItsVerdict() throws Exception {
        String dovecot = Daemon.require("dovecot-imapd dovecot-pop3d", "/usr/sbin/dovecot", "/usr/local/sbin/dovecot");
        Certificates certificates =
                new Certificates(folder).signed("good", "CN=chat.example", "-ext", "san=dns:chat.example");
        String trusting = "?security=starttls&ca=" + certificates.pem("ca");
        int imap = Ports.free();
        int imaps = Ports.free();
        int pop3 = Ports.free();
        Path conf = folder.resolve("dovecot.conf");
        try (Probing probing = new Probing();
                Daemon daemon = new Daemon(folder, List.of(dovecot, "-F", "-c", conf.toString()))) {
            for (String ssl : new String[] {"yes", "no"}) {
                String user = Daemon.isRoot() ? "nobody" : System.getProperty("user.name");
                String group = Daemon.isRoot() ? "nogroup" : user;
                Files.writeString(
                        conf,
                        CONFIGURATION.formatted(
                                folder,
                                user,
                                group,
                                ssl,
                                certificates.pemWithKey("good"),
                                imap,
                                ssl.equals("yes") ? imaps : 0,
                                pop3));
                daemon.start(imap);
                String state = ssl.equals("yes") ? "up" : "up without TLS";
                assertThat(daemon.found("imap: " + state, probing.probe("probe:imap", server(imap))))
                        .startsWith("L7OK: \"* OK [CAPABILITY IMAP4rev1 ");
                assertThat(daemon.found("pop3: " + state, probing.probe("probe:pop3", server(pop3))))
                        .isEqualTo("L7OK: \"+OK Dovecot (Debian) ready.\"");
                String starttls =
                        daemon.found("imap, STARTTLS: " + state, probing.probe("probe:imap" + trusting, server(imap)));
                String stls =
                        daemon.found("pop3, STLS: " + state, probing.probe("probe:pop3" + trusting, server(pop3)));
                if (ssl.equals("yes")) {
                    assertThat(starttls).startsWith("L7OK: \"* OK [CAPABILITY IMAP4rev1 ");
                    assertThat(stls).isEqualTo("L7OK: \"+OK Dovecot (Debian) ready.\"");
                    assertThat(daemon.found(
                                    "imap, TLS first: up",
                                    probing.probe(
                                            "probe:imap?security=tls&ca=" + certificates.pem("ca"), server(imaps))))
                            .startsWith("L7OK: \"* OK [CAPABILITY IMAP4rev1 ");
                    assertThat(daemon.found(
                                    "imap, STARTTLS: certificate not trusted",
                                    probing.probe("probe:imap?security=starttls", server(imap))))
                            .isEqualTo("L6RSP: certificate is issued by CN=Test CA, which is not trusted");
                } else {
                    assertThat(starttls).startsWith("L7STS: expected b OK after STARTTLS, received \"b BAD ");
                    assertThat(stls).startsWith("L7STS: expected +OK after STLS, received \"-ERR ");
                }
                if (ssl.equals("no")) {
                    daemon.hang();
                    down(daemon, probing, "hung", imap, pop3);
                }
                daemon.stop();
            }
            down(daemon, probing, "stopped", imap, pop3);
            try (AutoCloseable http = Daemon.httpServer(imap);
                    AutoCloseable other = Daemon.httpServer(pop3)) {
                assertThat(List.of(http, other)).isNotEmpty();
                down(daemon, probing, "HTTP there", imap, pop3);
            }
        }
    }

    private static void down(Daemon daemon, Probing probing, String state, int imap, int pop3) {
        for (String kind : new String[] {"imap", "pop3"}) {
            int port = kind.equals("imap") ? imap : pop3;
            Server server = server("127.0.0.1", port, Daemon.SHORT);
            assertThat(daemon.found(kind + ": " + state, probing.probe("probe:" + kind, server)))
                    .isEqualTo(
                            state.equals("stopped")
                                    ? "L4CON: connection refused by 127.0.0.1:" + port
                                    : "L7TOUT: no answer from 127.0.0.1:" + port + " within 1 s, expected "
                                            + (kind.equals("imap") ? "* OK" : "+OK"));
        }
    }
}
