package dev.firstup.model.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes what must not be seen out of what somebody answers, in whatever form it repeats it. */
public final class SecretRedactor {
    /** Anything shorter would blot out what is no secret. */
    private static final int SHORTEST = 4;

    private static final String BLOT = "(secret)";
    private static final Map<String, String> SHORT_IN_JSON = Map.of("\n", "\\n", "\r", "\\r", "\t", "\\t");
    private static final Map<String, String> NAMED_IN_HTML =
            Map.of("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;", "'", "&apos;");

    /** Hides nothing. */
    public static final SecretRedactor NONE = of();

    private final List<String> secrets;
    private final String blot;

    private SecretRedactor(List<String> secrets, String blot) {
        this.secrets = List.copyOf(secrets);
        this.blot = blot;
    }

    public static SecretRedactor of(String... secrets) {
        return of(Arrays.asList(secrets));
    }

    public static SecretRedactor of(List<String> secrets) {
        return new SecretRedactor(
                secrets.stream().filter(SecretRedactor::telling).toList(), BLOT);
    }

    /** Whether it is long enough to be told from what is no secret. */
    public static boolean telling(String secret) {
        return secret.getBytes(UTF_8).length >= SHORTEST;
    }

    /** For a line that is nothing but words about the secret: there, even a short one is blotted out. */
    public static SecretRedactor strict(String... secrets) {
        return new SecretRedactor(
                Arrays.stream(secrets).filter(it -> !it.isEmpty()).toList(), "***");
    }

    private List<List<Set<String>>> all() {
        return secrets.stream()
                .map(it -> it.codePoints().mapToObj(SecretRedactor::forms).toList())
                .toList();
    }

    /** What a character may look like; each byte is one character there. */
    private static Set<String> forms(int codePoint) {
        String text = Character.toString(codePoint);
        byte[] bytes = text.getBytes(UTF_8);
        StringBuilder percent = new StringBuilder();
        for (byte it : bytes) {
            percent.append(String.format("%%%02x", it));
        }
        StringBuilder json = new StringBuilder();
        text.chars().forEach(it -> json.append(String.format("\\u%04x", it)));
        Set<String> forms = new HashSet<>(List.of(
                new String(bytes, ISO_8859_1),
                percent.toString(),
                json.toString(),
                SHORT_IN_JSON.getOrDefault(text, "\\" + new String(bytes, ISO_8859_1)),
                NAMED_IN_HTML.getOrDefault(text, "&#" + codePoint + ";"),
                "&#" + codePoint + ";",
                String.format("&#x%x;", codePoint)));
        forms.add(text);
        if (codePoint == ' ') {
            forms.add("+");
        }
        return forms;
    }

    /** {@code bytes} without any of it. */
    public byte[] redact(byte[] bytes) {
        return redact(new String(bytes, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    /**
     * {@code text} without any of it.
     *
     * @param text as it was received: each byte is one character; or null
     */
    @SuppressWarnings("NullAway") // Null for null only: no annotation says that.
    public String redact(@Nullable String text) {
        return text == null || secrets.isEmpty() ? text : redact(text, Integer.MAX_VALUE, false);
    }

    /**
     * What people are shown of {@code bytes}, which may be the beginning of an answer only: no secret that has only begun either.
     *
     * @param most no more is looked through than is shown
     */
    public byte[] begin(byte[] bytes, int length, int most) {
        return secrets.isEmpty()
                ? Arrays.copyOf(bytes, length)
                : redact(new String(bytes, 0, length, ISO_8859_1), most, true).getBytes(ISO_8859_1);
    }

    private String redact(String text, int most, boolean cut) {
        List<List<Set<String>>> all = all();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && shown.length() <= most; ) {
            int from = i;
            int end =
                    all.stream().mapToInt(it -> end(it, text, from, cut)).max().orElse(-1);
            shown.append(end < 0 ? text.substring(i, i + 1) : blot);
            i = end < 0 ? i + 1 : end;
        }
        return shown.toString();
    }

    /** Where {@code secret} ends that begins at {@code from}, or a text that is cut off does in the midst of it; -1 if it does not begin. */
    private static int end(List<Set<String>> secret, String text, int from, boolean cut) {
        Set<Integer> ends = Set.of(from);
        for (Set<String> forms : secret) {
            Set<Integer> next = new HashSet<>();
            for (int at : ends) {
                for (String form : forms) {
                    int n = Math.min(form.length(), text.length() - at);
                    // Hexadecimal digits come in both cases. In what only people read, so may anything.
                    if (!text.regionMatches(cut || form.length() > 1, at, form, 0, n)) {
                        continue;
                    }
                    if (n == form.length()) {
                        next.add(at + n);
                    } else if (cut && text.length() - from >= SHORTEST) {
                        return text.length();
                    }
                }
            }
            if (next.isEmpty()) {
                return -1;
            }
            ends = next;
        }
        return Collections.max(ends);
    }

    @Override
    public String toString() {
        return BLOT;
    }
}
