package dev.firstup.queue.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "EXAMPLE.org., example.org",
        "münchen.example, xn--mnchen-3ya.example",
        "xn--mnchen-3ya.example, xn--mnchen-3ya.example",
        "例え。テスト, xn--r8jz45g.xn--zckzah",
        "1and1.example, 1and1.example",
        "a_b.example, ",
        "-a.example, ",
        "a..example, ",
        "1.2.3.4, ",
        "a b, ",
    })
    void normalisesHostNames(String text, String host) {
        assertThat(NameSyntax.host(text)).isEqualTo(host);
    }

    @Test
    void boundsTheLengthOfHostNames() {
        assertThat(NameSyntax.host("a".repeat(63) + ".example")).isNotNull();
        assertThat(NameSyntax.host("a".repeat(64) + ".example")).isNull();
        assertThat(NameSyntax.host("ab.".repeat(84) + "a")).hasSize(253);
        assertThat(NameSyntax.host("ab.".repeat(84) + "ab")).isNull();
    }
}
