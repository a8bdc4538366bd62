package dev.firstup.queue.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.text.NearestWord;
import dev.firstup.model.time.DurationNotation;
import dev.firstup.queue.parse.NameSyntax;
import dev.firstup.queue.parse.QueueKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small parts that read and write single values. */
final class QuotedValueTest {

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

    @ParameterizedTest
    @CsvSource({"500ms, 500ms", "90s, 1m 30s", "36h, 1d 12h", "0s, 0s", "007m, 7m"})
    void readsAndWritesDurations(String text, String written) {
        assertThat(DurationNotation.text(DurationNotation.of(text))).isEqualTo(written);
    }

    @Test
    void readsNoOtherDurations() {
        assertThat(List.of("", "s", "10", "1.5s", "-1s", "1 s", "1S", "1m30s", "9999999999s", "1w"))
                .allSatisfy(text -> assertThat(DurationNotation.of(text)).isNull());
        assertThat(DurationNotation.of("999999999d")).isEqualTo(Duration.ofDays(999_999_999));
    }

    @Test
    void countsASwapOfNeighboursOnce() {
        assertThat(NearestWord.distance("srevers", "servers")).isEqualTo(1);
        assertThat(NearestWord.distance("", "ttl")).isEqualTo(3);
        assertThat(NearestWord.to("falback", QueueKeys.QUEUE.keySet())).contains("failback");
        assertThat(NearestWord.to("weather", QueueKeys.QUEUE.keySet())).isEmpty();
    }

    @Test
    void showsNothingThatMovesACursor() {
        assertThat(QuotedValue.quoted("a\r\n\u001b[2J\u202eb")).isEqualTo("\"a\\u000d\\u000a\\u001b[2J\\u202eb\"");
        assertThat(QuotedValue.quoted("é".repeat(61))).isEqualTo("\"" + "é".repeat(57) + "...\"");
    }
}
