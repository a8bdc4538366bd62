package dev.firstup.probe.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes what must not be seen out of what a server says, in whatever form it repeats it, before it is shown to people.
 *
 * @param secrets what must not be seen
 */
public record SecretRedactor(List<String> secrets) {
    /** Anything shorter would blot out what is no secret. */
    private static final int SHORTEST = 4;

    /** No more is looked through than an excerpt needs. */
    private static final int LONGEST = 100;

    private static final String BLOT = "(secret)";
    private static final Map<String, String> SHORT_IN_JSON = Map.of("\n", "\\n", "\r", "\\r", "\t", "\\t");
    private static final Map<String, String> NAMED_IN_HTML =
            Map.of("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;", "'", "&apos;");

    /** Hides nothing. */
    public static final SecretRedactor NONE = of();

    public static SecretRedactor of(String... secrets) {
        return new SecretRedactor(Arrays.stream(secrets)
                .filter(it -> it.getBytes(UTF_8).length >= SHORTEST)
                .toList());
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
        if (codePoint < 256) {
            forms.add(text);
        }
        if (codePoint == ' ') {
            forms.add("+");
        }
        return forms;
    }

    /** {@link ReasonText#excerpt} of {@code bytes} without any of it, also of what has only begun to arrive. */
    public String excerpt(byte[] bytes, int length) {
        if (secrets.isEmpty()) {
            return ReasonText.excerpt(bytes, length);
        }
        String text = new String(bytes, 0, length, ISO_8859_1);
        List<List<Set<String>>> all = secrets.stream()
                .map(it -> it.codePoints().mapToObj(SecretRedactor::forms).toList())
                .toList();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < length && shown.length() <= LONGEST; ) {
            int from = i;
            int end = all.stream().mapToInt(it -> end(it, text, from)).max().orElse(-1);
            shown.append(end < 0 ? text.substring(i, i + 1) : BLOT);
            i = end < 0 ? i + 1 : end;
        }
        byte[] blotted = shown.toString().getBytes(ISO_8859_1);
        return ReasonText.excerpt(blotted, blotted.length);
    }

    public String excerpt(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return excerpt(bytes, bytes.length);
    }

    /** @param header as it was received: each byte is one character */
    public String excerptOfHeader(String header) {
        return excerpt(header.getBytes(ISO_8859_1), header.length());
    }

    /** Where {@code secret} ends that begins at {@code from}, or the text does in the midst of it; -1 if it does not begin. */
    private static int end(List<Set<String>> secret, String text, int from) {
        Set<Integer> ends = Set.of(from);
        for (Set<String> forms : secret) {
            Set<Integer> next = new HashSet<>();
            for (int at : ends) {
                for (String form : forms) {
                    int n = Math.min(form.length(), text.length() - at);
                    // Hexadecimal digits come in both cases.
                    if (!text.regionMatches(true, at, form, 0, n)) {
                        continue;
                    }
                    if (n == form.length()) {
                        next.add(at + n);
                    } else if (text.length() - from >= SHORTEST) {
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
