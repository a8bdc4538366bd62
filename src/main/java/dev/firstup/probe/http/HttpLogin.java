package dev.firstup.probe.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.SecretReference;
import dev.firstup.model.secret.SecretRedactor;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What logs in to an HTTP server, by name: Basic (RFC 7617) where there is a user name, else bearer (RFC 6750).
 *
 * @param username null for bearer
 * @param secret the password, or the token
 * @param folder where {@code file:} secrets lie
 */
public record HttpLogin(@Nullable String username, SecretReference secret, Path folder) {

    /**
     * What is sent, read now.
     *
     * @throws IllegalStateException if that cannot be sent: the message says why, and never what
     */
    Value read() {
        String value = secret.read(folder);
        if (username != null) {
            String basic = Base64.getEncoder().encodeToString((username + ":" + value).getBytes(UTF_8));
            return new Value("Basic " + basic, SecretRedactor.of(value, basic));
        }
        if (!value.chars().allMatch(it -> it > ' ' && it < 127)) {
            throw new IllegalStateException(
                    secret.reference() + " has a blank, a line break or another character that no token has");
        }
        return new Value("Bearer " + value, SecretRedactor.of(value));
    }

    /**
     * A header's value that nobody may see.
     *
     * @param header null for none
     */
    record Value(@Nullable String header, SecretRedactor redactor) {
        static final Value NONE = new Value(null, SecretRedactor.NONE);

        @Override
        public String toString() {
            return "(secret)";
        }
    }
}
