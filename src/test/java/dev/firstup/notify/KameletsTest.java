package dev.firstup.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.notify.channel.SmtpClient;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.component.mail.MailEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KameletsTest {

    @TempDir
    Path secrets;

    @Test
    void startInABareContext() throws Exception {
        try (Accounts slack = new Accounts(secrets, "slack", Map.of("webhook", "env:SLACK"));
                Accounts mail = new Accounts(secrets, "mail", Map.of("to", "a@example.org", "host", "localhost"))) {
            assertThat(slack.context().getRoutesSize()).isEqualTo(2);
            assertThat(mail.context().getRoutesSize()).isEqualTo(2);
        }
    }

    @Test
    void refuseAMistypedParameter() {
        assertThatThrownBy(() -> new Accounts(secrets, "slack", Map.of("webhok", "env:SLACK")))
                .hasStackTraceContaining(
                        "Route template slack the following mandatory parameters must be provided: webhook");
        assertThatThrownBy(() -> new Accounts(secrets, "mail", Map.of("too", "a@example.org", "host", "localhost")))
                .hasStackTraceContaining("Route template mail the following mandatory parameters must be provided: to");
    }

    @Test
    void refuseAValueThatIsNotOne() {
        assertThatThrownBy(() -> new Accounts(
                        secrets, "mail", Map.of("to", "a@example.org", "host", "localhost", "security", "ssl")))
                .hasStackTraceContaining("mail: security is \"ssl\", expected starttls, tls or none");
        assertThatThrownBy(() -> new Accounts(secrets, "slack", Map.of("webhook", "https://hooks.example.org/x")))
                .hasStackTraceContaining("a secret is given by name, as env:NAME or file:NAME, never by its value");
    }

    @Test
    void takeNothingFromTheEnvironmentThatHappensToBeCalledLikeAParameter() throws Exception {
        System.setProperty("port", "1");
        System.setProperty("host", "elsewhere");
        try (Accounts mail =
                new Accounts(secrets, "mail", Map.of("to", "a@example.org", "host", "127.0.0.1", "security", "none"))) {
            MailEndpoint endpoint = mail.context().getEndpoints().stream()
                    .filter(MailEndpoint.class::isInstance)
                    .map(MailEndpoint.class::cast)
                    .findAny()
                    .orElseThrow();
            SmtpClient smtp = (SmtpClient) endpoint.getConfiguration().getJavaMailSender();

            assertThat(smtp.getHost()).isEqualTo("127.0.0.1");
            assertThat(smtp.getPort()).isZero();
        } finally {
            System.clearProperty("port");
            System.clearProperty("host");
        }
    }
}
