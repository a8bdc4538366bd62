package dev.firstup.model.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.probe.engine.ReasonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRedactorTest {
    private static final SecretRedactor BLOT = SecretRedactor.of("p&/\"s \u00e9\u20ac\ud83d\ude00%2x");

    private static String excerpt(SecretRedactor redactor, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ReasonText.excerpt(redactor, bytes, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p&/\"s \u00e9\u20ac\ud83d\ude00%2x",
                "p&/\\\"s \u00e9\u20ac\ud83d\ude00%2x",
                "p\\u0026\\/\\\"s \\u00e9\\u20AC\\uD83D\\uDE00%2x",
                "p%26%2F%22s+%C3%A9%E2%82%AC%F0%9F%98%80%252x",
                "p%26%2f%22s%20%c3%a9%e2%82%ac%f0%9f%98%80%252x",
                "%70%26/%22%73 %c3%A9\u20ac\ud83d\ude00%2x",
                "p&amp;/&quot;s \u00e9&#8364;&#x1f600;%2x",
                "p&#38;/&#34;s&#x20;&#xE9;&#8364;&#128512;%2x"
            })
    void aSecretIsHiddenInEveryForm(String form) {
        assertThat(excerpt(BLOT, "a" + form + "z")).isEqualTo("\"a(secret)z\"");
        assertThat(excerpt(BLOT, form + form)).isEqualTo("\"(secret)(secret)\"");
        int half = form.offsetByCodePoints(0, form.codePointCount(0, form.length()) / 2);
        assertThat(excerpt(BLOT, "a" + form.substring(0, half))).isEqualTo("\"a(secret)\"");
    }

    @Test
    void whatIsNoneIsShown() {
        assertThat(excerpt(BLOT, "p&/'s and more")).isEqualTo("\"p&/'s and more\"");
        assertThat(excerpt(BLOT, "ends with p&")).isEqualTo("\"ends with p&\"");
        assertThat(excerpt(SecretRedactor.of("abc"), "abc")).isEqualTo("\"abc\"");
        assertThat(excerpt(SecretRedactor.NONE, "abc")).isEqualTo("\"abc\"");
    }

    @Test
    void whatFollowsManySecretsIsCutOff() {
        assertThat(excerpt(SecretRedactor.of("aaaa"), "a".repeat(64 * 1024)))
                .isEqualTo("\"" + "(secret)".repeat(7) + "(sec...\"");
        assertThat(excerpt(SecretRedactor.of("a".repeat(60_000) + "b"), ("a".repeat(10_000) + "c").repeat(6)))
                .isEqualTo("\"" + "a".repeat(60) + "...\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pa\u00df&/w", "pa%C3%9f%26/w", "pa\\u00df&\\/w", "pa\u00df&amp;/w", "pa%c3%9F%26%2Fw"})
    void nothingElseOfAWholeAnswerIsTouched(String form) {
        SecretRedactor redactor = SecretRedactor.of("pa\u00df&/w");
        String answer = new String(("PA good " + form + " pa\u00df&").getBytes(UTF_8), ISO_8859_1);

        assertThat(redactor.redact(answer))
                .isEqualTo(new String("PA good (secret) pa\u00df&".getBytes(UTF_8), ISO_8859_1));
        assertThat(redactor.redact((String) null)).isNull();
        assertThat(SecretRedactor.of("gooD secret").redact("good")).isEqualTo("good");
    }

    @Test
    void inALineAboutTheSecretEvenAShortOneIsHidden() {
        assertThat(SecretRedactor.strict("ab").redact("denied for ab")).isEqualTo("denied for ***");
        assertThat(SecretRedactor.of("ab").redact("denied for ab")).isEqualTo("denied for ab");
    }

    @Test
    void bytesOfHeadersAndTextAreTheSame() {
        SecretRedactor redactor = SecretRedactor.of("se\u00e9cret");

        assertThat(ReasonText.excerpt(redactor, "x se\u00e9cret")).isEqualTo("\"x (secret)\"");
        assertThat(ReasonText.excerptOfHeader(redactor, "x se\u00c3\u00a9cret")).isEqualTo("\"x (secret)\"");
        assertThat(ReasonText.excerptOfHeader(redactor, "x se\u00e9cret")).isEqualTo("\"x (secret)\"");
    }
}
