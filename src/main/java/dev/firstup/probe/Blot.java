package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes what must not be seen out of what a server says, before it is shown to people.
 *
 * @param forms what must not be seen, in each way in which a server may repeat it
 */
record Blot(List<String> forms) {
    /** Anything shorter would blot out what is no secret. */
    private static final int SHORTEST = 4;

    private static final String BLOT = "(secret)";

    static Blot of(String... secrets) {
        return new Blot(Arrays.stream(secrets)
                .flatMap(it -> Stream.of(
                        it,
                        it.replace("\\", "\\\\").replace("\"", "\\\""),
                        it.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"),
                        it.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
                        URLEncoder.encode(it, UTF_8),
                        URLEncoder.encode(it, UTF_8).replace("+", "%20")))
                .map(it -> new String(it.getBytes(UTF_8), ISO_8859_1))
                .filter(it -> it.length() >= SHORTEST)
                .distinct()
                .toList());
    }

    /** {@link Text#excerpt} of {@code bytes} without any of it, also of what has only begun to arrive. */
    String excerpt(byte[] bytes, int length) {
        if (forms.isEmpty()) {
            return Text.excerpt(bytes, length);
        }
        String text = new String(bytes, 0, length, ISO_8859_1);
        for (String form : forms) {
            text = text.replace(form, BLOT);
        }
        for (String form : forms) {
            for (int n = Math.min(form.length() - 1, text.length()); n >= SHORTEST; n--) {
                if (text.regionMatches(text.length() - n, form, 0, n)) {
                    text = text.substring(0, text.length() - n) + BLOT;
                    break;
                }
            }
        }
        byte[] blotted = text.getBytes(ISO_8859_1);
        return Text.excerpt(blotted, blotted.length);
    }

    String excerpt(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return excerpt(bytes, bytes.length);
    }

    @Override
    public String toString() {
        return BLOT;
    }
}
