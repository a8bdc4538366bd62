package dev.firstup.notify.channel;

import dev.firstup.model.SecretReference;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.secret.LoopbackHosts;
import dev.firstup.model.secret.SecretRedactor;
import dev.firstup.notify.LogSanitizer;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Hands mail to one server, by SMTP (RFC 5321) with STARTTLS (RFC 3207), or TLS from the start (RFC 8314). The server's
 * certificate must be valid and carry its name. The password is read for each message and kept nowhere. Each step of the
 * dialogue may take 10 s.
 *
 * <p>Used as camel-mail's option {@code javaMailSender}.
 */
public final class SmtpClient extends DefaultJavaMailSender {
    private static final Duration AFTER_REFUSED_LOGIN = Duration.ofMinutes(15);
    private static final String TIMEOUT = "10000";
    private static final int LONGEST_REPLY = 300;
    private static final Pattern CODES = Pattern.compile("^\\d{3}([ -]\\d\\.\\d{1,3}\\.\\d{1,3})?");

    /** How the connection is protected, and the port that goes with it. */
    private enum Security {
        STARTTLS(587),
        TLS(465),
        NONE(25);

        private final int port;

        Security(int port) {
            this.port = port;
        }
    }

    private Security security = Security.STARTTLS;
    private String user = "";
    private String password = "";
    private String from = "";
    private String ca = "";
    private Path folder = Path.of("secrets");

    /** @param security {@code starttls}, {@code tls} or {@code none} */
    public void setSecurity(String security) {
        this.security = switch (security) {
            case "starttls" -> Security.STARTTLS;
            case "tls" -> Security.TLS;
            case "none" -> Security.NONE;
            default ->
                throw new IllegalArgumentException(
                        "mail: security is \"" + security + "\", expected starttls, tls or none");
        };
    }

    /** @param username who logs in; empty for no login */
    @Override
    public void setUsername(String username) {
        this.user = username;
    }

    /** @param password the secret's name, {@code env:NAME} or {@code file:NAME}; empty for no login */
    @Override
    public void setPassword(String password) {
        this.password = password;
    }

    /** @param from the sender's address; empty for the first recipient's */
    public void setFrom(String from) {
        this.from = from;
    }

    /** @param ca a PEM file with the certificates to trust instead of the JVM's; empty for the JVM's */
    public void setCa(String ca) {
        this.ca = ca;
    }

    /** @param folder where {@code file:} secrets lie; {@code secrets} if not set */
    public void setFolder(String folder) {
        this.folder = Path.of(folder);
    }

    /**
     * Hands over {@code message}.
     *
     * @throws WaitException if the server is to be asked again; without a delay of its own unless the login was refused
     * @throws StopException if the server refused it for good, or the settings contradict each other
     */
    @Override
    public void send(MimeMessage message) throws MessagingException {
        String secret = login();
        boolean sent = false;
        try (Transport transport = Session.getInstance(properties()).getTransport("smtp")) {
            complete(message);
            transport.connect(getHost(), port(), user.isEmpty() ? null : user, secret);
            transport.sendMessage(message, message.getAllRecipients());
            sent = true;
        } catch (AuthenticationFailedException e) {
            // A server can quote what it was given; its codes are enough.
            Matcher codes = CODES.matcher(String.valueOf(e.getMessage()));
            throw new WaitException(
                    AFTER_REFUSED_LOGIN,
                    server() + " refused the login of " + user + (codes.find() ? " (" + codes.group() + ")" : "")
                            + ": check username and " + password);
        } catch (MessagingException e) {
            // What fails after the server took the message is only the good-bye.
            if (!sent) {
                throw refused(e, secret);
            }
        }
    }

    private @Nullable String login() {
        if (user.isEmpty() != password.isEmpty()) {
            throw new StopException("mail: username and password belong together, but only "
                    + (user.isEmpty() ? "password" : "username") + " is given");
        }
        if (user.isEmpty()) {
            return null;
        }
        if (security == Security.NONE && !LoopbackHosts.is(getHost())) {
            throw new StopException("mail: the password is not sent to " + server()
                    + ", where anybody on the way can read it: use security starttls or tls");
        }
        return new SecretReference(password).read(folder);
    }

    // Jakarta Mail has no other date.
    @SuppressWarnings("JavaUtilDate")
    private void complete(MimeMessage message) throws MessagingException {
        Address[] recipients = message.getAllRecipients();
        message.setFrom(from.isEmpty() ? recipients[0].toString() : from);
        message.setSentDate(new Date());
        String id = message.getMessageID();
        message.saveChanges();
        if (id != null) {
            // Saving makes up a new one; the same event must keep its own when it is sent again.
            message.setHeader("Message-ID", id);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("mail.smtp.auth", String.valueOf(!user.isEmpty()));
        properties.put("mail.smtp.starttls.enable", String.valueOf(security == Security.STARTTLS));
        properties.put("mail.smtp.starttls.required", String.valueOf(security == Security.STARTTLS));
        properties.put("mail.smtp.ssl.enable", String.valueOf(security == Security.TLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.connectiontimeout", TIMEOUT);
        properties.put("mail.smtp.timeout", TIMEOUT);
        properties.put("mail.smtp.writetimeout", TIMEOUT);
        properties.put("mail.smtp.quitwait", "false");
        // One address that is gone must not keep the others from being told.
        properties.put("mail.smtp.sendpartial", "true");
        if (!ca.isEmpty()) {
            properties.put("mail.smtp.ssl.socketFactory", trusting(Path.of(ca)));
        }
        return properties;
    }

    private static SSLSocketFactory trusting(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(String.valueOf(store.size()), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "mail: ca names " + pem + ", expected a readable PEM file with certificates", e);
        }
    }

    private RuntimeException refused(MessagingException failure, @Nullable String secret) {
        List<String> replies = new ArrayList<>();
        Set<Integer> codes = new LinkedHashSet<>();
        for (Exception e = failure; e instanceof MessagingException m; e = m.getNextException()) {
            int code = code(e);
            // With 2xx the server speaks of the recipients that it did not refuse.
            if (code == 0 || code >= 400) {
                replies.add(e.getMessage());
            }
            if (code >= 400) {
                codes.add(code);
            }
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        replies.add(root.getMessage());
        String said = replies.stream()
                .filter(reply -> reply != null && !reply.isBlank())
                .map(reply -> LogSanitizer.line(without(secret, reply), LONGEST_REPLY))
                .distinct()
                .collect(Collectors.joining("; "));
        String where = server() + ": " + said;
        if (security == Security.STARTTLS && said.startsWith("STARTTLS is required")) {
            where += "; name the port where it offers STARTTLS, or use security tls";
        }
        boolean permanent = !codes.isEmpty() && codes.stream().allMatch(code -> code >= 500);
        return permanent
                ? new StopException("Mail was refused by " + where + told(failure))
                : new WaitException(Duration.ZERO, "Mail cannot be handed to " + where);
    }

    private static int code(Exception e) {
        return e instanceof SMTPAddressFailedException address
                ? address.getReturnCode()
                : e instanceof SMTPSenderFailedException sender
                        ? sender.getReturnCode()
                        : e instanceof SMTPSendFailedException send ? send.getReturnCode() : 0;
    }

    private static String told(MessagingException failure) {
        Address[] sent = failure instanceof SendFailedException e ? e.getValidSentAddresses() : null;
        return sent == null || sent.length == 0
                ? ""
                : " (it was sent to " + Stream.of(sent).map(Address::toString).collect(Collectors.joining(", ")) + ")";
    }

    private static String without(@Nullable String secret, String reply) {
        return secret == null
                ? reply
                : SecretRedactor.strict(
                                secret, Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)))
                        .redact(reply);
    }

    private int port() {
        return getPort() > 0 ? getPort() : security.port;
    }

    private String server() {
        return getHost() + ":" + port();
    }
}
