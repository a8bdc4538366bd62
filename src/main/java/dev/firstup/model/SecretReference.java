package dev.firstup.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A secret's name, never its value: {@code env:NAME}, or {@code file:NAME} below the folder of secrets. The value is read just
 * before it is sent and is kept nowhere.
 *
 * @param reference {@code env:NAME} or {@code file:NAME}
 */
public record SecretReference(String reference) {
    private static final Pattern FORM = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final long LARGEST = 64 * 1024;

    public SecretReference {
        if (reference == null || !FORM.matcher(reference).matches()) {
            // What stands there instead may be the secret itself, so it is not repeated.
            throw new IllegalArgumentException(
                    "a secret is given by name, as env:NAME or file:NAME, never by its value");
        }
    }

    /**
     * The value now.
     *
     * @param folder where {@code file:} secrets lie
     * @throws IllegalStateException if there is none: the message names the reference and what to do
     */
    public String read(Path folder) {
        String name = reference.substring(reference.indexOf(':') + 1);
        String value = reference.startsWith("env:") ? System.getenv(name) : readFile(folder.resolve(name));
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(reference + " is not set: set the environment variable " + name
                    + " before starting, or name another secret");
        }
        return value;
    }

    private String readFile(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // Nobody may ever write into a pipe.
                throw new IllegalStateException(reference + ": " + file + " is no file");
            }
            if (Files.size(file) > LARGEST) {
                throw new IllegalStateException(reference + ": " + file + " is larger than 64 KiB");
            }
            // Editors end a file with a line break; no secret does.
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            // Without the cause: whoever catches failures to send by their cause would take this for one.
            throw new IllegalStateException(reference + " cannot be read ("
                    + e.getClass().getSimpleName() + "): expected it in the file " + file);
        }
    }
}
