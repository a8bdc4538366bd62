package dev.firstup.probe.xmpp;

import dev.firstup.model.SecretReference;
import dev.firstup.model.Server;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.Protocol;
import java.net.IDN;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An XMPP check (RFC 6120) as the options of an endpoint describe it. The domain is the server's public name.
 *
 * @param tlsFirst whether TLS is spoken at once (XEP-0368), or after STARTTLS
 * @param verified whether the certificate is checked, so that a password may be shown
 * @param referring whether a server is up that sends its users to another one
 * @param from the domain that asks, as a server among servers; null to ask as a client
 * @param account the account to log in with; null for none
 */
public record XmppProtocol(
        boolean tlsFirst, boolean verified, boolean referring, @Nullable String from, @Nullable Account account)
        implements Protocol {
    public static final int CLIENT_PORT = 5222;
    public static final int CLIENT_TLS_PORT = 5223;
    public static final int SERVER_PORT = 5269;

    /** What a domain may look like, in the letters of DNS. */
    public static final String DOMAIN = "(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*";

    /** The name of the protocol under TLS (XEP-0368). */
    public static final String ALPN = "xmpp-client";

    /**
     * An account of the domain.
     *
     * @param username what stands before the {@code @}
     * @param folder where {@code file:} secrets lie
     */
    public record Account(String username, SecretReference password, Path folder) {
        private static final Pattern USERNAME = Pattern.compile("[^\\p{Cntrl}\\s\"&'/:<>@]{1,255}");

        /**
         * As an endpoint's options have it; null where they have none.
         *
         * @throws IllegalArgumentException if one is wrong
         */
        public static @Nullable Account of(@Nullable String username, @Nullable String password, Path folder) {
            if (username == null && password == null) {
                return null;
            }
            if (username == null || password == null) {
                throw new IllegalArgumentException(
                        (username == null ? "username" : "password") + " is missing, expected both or neither");
            }
            if (!USERNAME.matcher(username).matches()) {
                throw new IllegalArgumentException(
                        "username has a character that none has, expected what stands before the @ alone");
            }
            try {
                return new Account(username, new SecretReference(password), folder);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("password: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public Dialogue dialogue(Server server) {
        return new XmppDialogue(this, domain(server.publicName()));
    }

    @Override
    public @Nullable String obstacle(Server server) {
        return server.publicName().isEmpty() ? "no XMPP domain is given" : null;
    }

    /** As XMPP writes it (RFC 7622, section 3.2): in letters where DNS has {@code xn--}, and IPv6 in brackets. */
    private static String domain(String name) {
        return name.indexOf(':') >= 0 ? "[" + name + "]" : IDN.toUnicode(name);
    }
}
