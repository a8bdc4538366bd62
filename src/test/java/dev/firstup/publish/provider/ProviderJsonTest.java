package dev.firstup.publish.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderJsonTest {
    private static ProviderResponse answer(String body) {
        return new ProviderResponse(200, null, body);
    }

    @Test
    void textsAndNumbersAreTextAndNothingElseIs() {
        var node =
                ProviderJson.of(answer("{\"a\": \"x\", \"b\": 12, \"c\": null, \"d\": true, \"e\": {}, \"f\": [1]}"));
        assertThat(ProviderJson.text(node.path("a"))).isEqualTo("x");
        assertThat(ProviderJson.text(node.path("b"))).isEqualTo("12");
        assertThat(new String[] {"c", "d", "e", "f", "g"})
                .allSatisfy(it -> assertThat(ProviderJson.text(node.path(it))).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "hello", "<html>", "{", "{\"a\": ", "{} {}", "[1]x", "'a'", "{a: 1}", "NaN", "\u0000"})
    void whatIsNotOneValueIsMissing(String body) {
        assertThat(ProviderJson.of(answer(body)).isMissingNode()).isTrue();
    }

    @Test
    void whatIsTooDeepOrTooLongIsMissing() {
        assertThat(ProviderJson.of(answer("[".repeat(32) + "]".repeat(32))).isArray())
                .isTrue();
        assertThat(ProviderJson.of(answer("[".repeat(33) + "]".repeat(33))).isMissingNode())
                .isTrue();
        assertThat(ProviderJson.of(answer("[".repeat(30_000))).isMissingNode()).isTrue();
        assertThat(ProviderJson.of(answer("9".repeat(40))).isNumber()).isTrue();
        assertThat(ProviderJson.of(answer("9".repeat(41))).isMissingNode()).isTrue();
    }
}
