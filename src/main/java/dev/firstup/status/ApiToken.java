package dev.firstup.status;

import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Tells those who may give orders from those who may look: the bean {@code firstup-token} of the routes. Who can read the file may.
 */
public final class ApiToken {
    private static final String HEADER = "Authorization";
    private static final String SCHEME = "Bearer ";
    private static final int BYTES = 32;

    /** RFC 6750, and nothing that is guessed in a lifetime. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]{32,1000}=*");

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final byte[] value;

    /**
     * Reads the token, or makes a new one where there is no file.
     *
     * @param file the file that holds it, for its owner only
     * @throws IllegalStateException if it cannot be used: the message says why and what to do
     */
    public ApiToken(String file) {
        value = read(Path.of(file)).getBytes(StandardCharsets.UTF_8);
    }

    private static String read(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(permissions)) {
                throw new IllegalStateException("the token file " + file + " has the mode "
                        + PosixFilePermissions.toString(permissions)
                        + ", expected rw-------: others could give orders with it. chmod 600 it, or delete it if they"
                        + " may know it already: the next start makes a new one");
            }
            String text = Files.readString(file).strip();
            if (!FORM.matcher(text).matches()) {
                // Whatever it is, it may be a secret.
                throw new IllegalStateException("the token file " + file
                        + " holds no token, expected 32 or more of the characters A-Z a-z 0-9 . _ ~ + / -."
                        + " Delete it: the next start makes a new one");
            }
            return text;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the token file " + file + " cannot be read or created (" + e.getMessage()
                            + "): make it and its folder yours, or set firstup.token to another one",
                    e);
        }
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
        }
        // Never there without its content, nor for a moment for others to read.
        Path part = Files.createTempFile(
                folder,
                file.getFileName().toString(),
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(part, HexFormat.of().formatHex(random) + "\n");
        Files.move(part, file);
    }

    /**
     * Looks at a request that would change something, and takes the token out of it.
     *
     * @throws RequestRefusedException if it does not carry the token (401)
     */
    public void admit(Exchange exchange) {
        HttpMessage message = exchange.getIn(HttpMessage.class);
        // Not the message's headers: query parameters are mixed into those.
        String header = message.getRequest().getHeader(HEADER);
        message.removeHeader(HEADER);
        HttpServerResponse response = message.getResponse();
        if (header == null) {
            throw refused(response, "the header Authorization is missing");
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused(response, "the header Authorization is of another kind");
        }
        byte[] given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(value, given)) {
            throw refused(response, "the header Authorization carries another token");
        }
    }

    private static RequestRefusedException refused(HttpServerResponse response, String found) {
        response.putHeader("WWW-Authenticate", SCHEME.strip());
        return new RequestRefusedException(
                401, found + ", expected Bearer and what the file of the setting firstup.token held at the start");
    }
}
