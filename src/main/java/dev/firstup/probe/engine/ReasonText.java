package dev.firstup.probe.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.secret.SecretRedactor;
import dev.firstup.model.text.NearestWord;
import java.util.Collection;

/** Values as people read them in a reason. */
public final class ReasonText {
    private static final int EXCERPT = 60;

    /** No more is looked through for secrets than an excerpt needs. */
    private static final int REDACTED = 100;

    private static final int LINE = 200;

    private ReasonText() {}

    /** What a server sent, in quotes: at most 60 characters, all of them printable ASCII. */
    public static String excerpt(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(length, EXCERPT); i++) {
            text.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '?');
        }
        return text.append(length > EXCERPT ? "...\"" : "\"").toString();
    }

    /** The same without any secret, also of what has only begun to arrive. */
    public static String excerpt(SecretRedactor redactor, byte[] bytes, int length) {
        byte[] shown = redactor.begin(bytes, length, REDACTED);
        return excerpt(shown, shown.length);
    }

    public static String excerpt(SecretRedactor redactor, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return excerpt(redactor, bytes, bytes.length);
    }

    /** @param header as it was received: each byte is one character */
    public static String excerptOfHeader(SecretRedactor redactor, String header) {
        return excerpt(redactor, header.getBytes(ISO_8859_1), header.length());
    }

    /** The same, with the other bytes percent-encoded, as in the options {@code send} and {@code expect}. */
    public static String encoded(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = from; i < to; i++) {
            if (text.length() > EXCERPT) {
                return text.append("...\"").toString();
            }
            if (bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '%') {
                text.append((char) bytes[i]);
            } else {
                text.append(String.format("%%%02X", bytes[i]));
            }
        }
        return text.append('"').toString();
    }

    /** The first line of {@code text} that says something, at most 200 characters and none of them a control character. */
    public static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("").strip().replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LINE ? line : line.substring(0, LINE - 3) + "...";
    }

    /** Of {@code text} at most 60 characters, all of them printable ASCII. */
    public static String shortened(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= EXCERPT ? printable : printable.substring(0, EXCERPT) + "...";
    }

    /** What {@code failure} is at its root. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : firstLine(root.getMessage());
    }

    /** An endpoint as it may be shown: its options may have secrets. */
    public static String withoutOptions(String endpoint) {
        return endpoint.split("\\?", 2)[0];
    }

    /** {@code , did you mean "status"?} where one of {@code known} is near to {@code found}; else a full stop. */
    public static String nearest(String found, Collection<String> known) {
        return NearestWord.to(found, known)
                .map(it -> ", did you mean \"" + it + "\"?")
                .orElse(".");
    }
}
