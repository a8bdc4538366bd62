package dev.firstup.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTest {
    private static final String USER = "me@example.org";

    @RegisterExtension
    static final GreenMailExtension GREEN_MAIL = new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort())
            .withConfiguration(GreenMailConfiguration.aConfig().withUser("ops@example.org", "me", Accounts.PASSWORD));

    @TempDir
    Path folder;

    @BeforeEach
    void secret() throws Exception {
        Files.writeString(folder.resolve("smtp"), Accounts.PASSWORD + "\n");
    }

    @Test
    void sendsWhatTheMessageSaysAndNothingFromTheExchange() throws Exception {
        Exchange told = tell(Map.of(
                "to", "ops@example.org",
                "host", "localhost",
                "port", String.valueOf(GREEN_MAIL.getSmtp().getPort()),
                "security", "none",
                "username", "me",
                "password", "file:smtp"));

        assertThat((Object) told.getException()).isNull();
        assertThat(told.getMessage().getBody()).isSameAs(Accounts.MESSAGE);
        assertThat(told.getMessage().getHeaders()).isEmpty();
        MimeMessage mail = GREEN_MAIL.getReceivedMessages()[0];
        assertThat(mail.getSubject()).isEqualTo(Accounts.MESSAGE.subject());
        assertThat(mail.getContentType()).isEqualTo("text/plain; charset=UTF-8");
        assertThat(mail.getContent().toString().strip().replace("\r\n", "\n")).isEqualTo(Accounts.MESSAGE.text());
        assertThat(mail.getHeader("To", null)).isEqualTo("ops@example.org");
        assertThat(mail.getHeader("From", null)).isEqualTo("ops@example.org");
        assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
        assertThat(mail.getMessageID()).isEqualTo("<firstup-42-1738318507000@localhost>");
        assertThat(mail.getSentDate()).isNotNull();
        assertThat(mail.getHeader("mail.smtp.host")).isNull();
        assertThat(mail.getHeader("CamelHttpUri")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"starttls", "tls"})
    void logsInOverTls(String security) throws Exception {
        SmtpServer.certify(folder, "localhost");
        try (SmtpServer server = server(security)) {
            Map<String, String> settings = settings(server, security);
            settings.put("from", "Firstup <firstup@example.org>");

            Exchange told = tell(settings);

            assertThat((Object) told.getException()).isNull();
            JsonNode mail = server.next();
            assertThat(mail.path("tls").booleanValue()).isTrue();
            assertThat(mail.path("login").booleanValue()).isTrue();
            assertThat(mail.path("data").asText(null))
                    .contains("From: Firstup <firstup@example.org>")
                    .contains("Subject: =?UTF-8?");
        }
    }

    @Test
    void sendsNothingWhereStarttlsIsNotOffered() throws Exception {
        SmtpServer.certify(folder, "localhost");
        try (SmtpServer server = server("plain")) {
            assertThat(tell(settings(server, "starttls")).getException())
                    .isInstanceOfSatisfying(WaitException.class, wait -> assertThat(wait.delay())
                            .isZero())
                    .hasMessage("Mail cannot be handed to localhost:" + server.port()
                            + ": STARTTLS is required but host does not support STARTTLS; name the port where it offers STARTTLS,"
                            + " or use security tls");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"starttls", "tls"})
    void sendsNothingToAServerOfAnotherName(String security) throws Exception {
        SmtpServer.certify(folder, "other.example.org");
        try (SmtpServer server = server(security)) {
            assertThat(tell(settings(server, security)).getException())
                    .isInstanceOf(WaitException.class)
                    .hasMessageContaining("localhost");
        }
    }

    @Test
    void sendsNothingToAServerWhoseCertificateNobodyVouchesFor() throws Exception {
        SmtpServer.certify(folder, "localhost");
        try (SmtpServer server = server("starttls")) {
            Map<String, String> settings = settings(server, "starttls");
            settings.remove("ca");

            assertThat(tell(settings).getException())
                    .isInstanceOf(WaitException.class)
                    .hasMessageContaining("unable to find valid certification path");
        }
    }

    @Test
    void waitsLongAfterARefusedLogin() throws Exception {
        SmtpServer.certify(folder, "localhost");
        try (SmtpServer server = server("starttls")) {
            Files.writeString(folder.resolve("smtp"), "wrong");

            Exchange told = tell(settings(server, "starttls"));

            assertThat(told.getException())
                    .isInstanceOfSatisfying(WaitException.class, wait -> assertThat(wait.delay())
                            .isEqualTo(Duration.ofMinutes(15)))
                    .hasMessage("localhost:" + server.port() + " refused the login of me@example.org (535 5.7.8): check"
                            + " username and file:smtp");
            assertThat(told.getMessage().getBody()).isSameAs(Accounts.MESSAGE);
        }
    }

    @Test
    void stopsForARecipientThatIsGoneAndTellsTheOthers() throws Exception {
        SmtpServer.certify(folder, "localhost");
        try (SmtpServer server = server("starttls")) {
            Map<String, String> settings = settings(server, "starttls");
            settings.put("to", "gone@example.org, ops@example.org");

            Exchange told = tell(settings);

            assertThat(server.next().path("to")).extracting(JsonNode::asText).containsExactly("ops@example.org");
            assertThat(told.getException())
                    .isInstanceOf(StopException.class)
                    .hasMessageContaining("550 5.1.1 no such user")
                    .hasMessageEndingWith("(it was sent to ops@example.org)")
                    .hasMessageStartingWith("Mail was refused by localhost:" + server.port() + ": 550 5.1.1");

            settings.put("to", "gone@example.org");
            assertThat(tell(settings).getException())
                    .isInstanceOf(StopException.class)
                    .hasMessageContaining("550 5.1.1 no such user");

            settings.put("to", "later@example.org");
            assertThat(tell(settings).getException())
                    .isInstanceOf(WaitException.class)
                    .hasMessageContaining("451 4.7.1 greylisted");
        }
    }

    @Test
    void refusesSettingsThatContradictEachOther() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("to", "ops@example.org", "host", "smtp.example.org"));
        settings.put("username", USER);
        assertThat(tell(settings).getException())
                .isInstanceOf(StopException.class)
                .hasMessage("mail: username and password belong together, but only username is given");

        settings.put("password", "file:smtp");
        settings.put("security", "none");
        assertThat(tell(settings).getException())
                .isInstanceOf(StopException.class)
                .hasMessage(
                        "mail: the password is not sent to smtp.example.org:25, where anybody on the way can read it:"
                                + " use security starttls or tls");
    }

    @Test
    void waitsWhenNobodyListens() throws Exception {
        assertThat(tell(Map.of("to", "ops@example.org", "host", "127.0.0.1", "port", "1"))
                        .getException())
                .isInstanceOf(WaitException.class)
                .hasMessageStartingWith("Mail cannot be handed to 127.0.0.1:1: ")
                .hasMessageContaining("Connection refused");
    }

    private SmtpServer server(String mode) throws Exception {
        return new SmtpServer(mode, folder.resolve("cert.pem"), folder.resolve("key.pem"), USER, Accounts.PASSWORD);
    }

    private Map<String, String> settings(SmtpServer server, String security) {
        return new HashMap<>(Map.of(
                "to",
                "ops@example.org",
                "host",
                "localhost",
                "port",
                String.valueOf(server.port()),
                "security",
                security,
                "username",
                USER,
                "password",
                "file:smtp",
                "ca",
                folder.resolve("cert.pem").toString()));
    }

    private Exchange tell(Map<String, String> settings) throws Exception {
        try (Accounts accounts = new Accounts(folder, "mail", settings)) {
            return accounts.tell();
        }
    }
}
