package dev.firstup.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static Answer answer(String body) {
        return new Answer(200, null, body);
    }

    @Test
    void textsAndNumbersAreTextAndNothingElseIs() {
        var node = Json.of(answer("{\"a\": \"x\", \"b\": 12, \"c\": null, \"d\": true, \"e\": {}, \"f\": [1]}"));
        assertThat(Json.text(node.path("a"))).isEqualTo("x");
        assertThat(Json.text(node.path("b"))).isEqualTo("12");
        assertThat(new String[] {"c", "d", "e", "f", "g"})
                .allSatisfy(it -> assertThat(Json.text(node.path(it))).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "hello", "<html>", "{", "{\"a\": ", "{} {}", "[1]x", "'a'", "{a: 1}", "NaN", "\u0000"})
    void whatIsNotOneValueIsMissing(String body) {
        assertThat(Json.of(answer(body)).isMissingNode()).isTrue();
    }

    @Test
    void whatIsTooDeepOrTooLongIsMissing() {
        assertThat(Json.of(answer("[".repeat(32) + "]".repeat(32))).isArray()).isTrue();
        assertThat(Json.of(answer("[".repeat(33) + "]".repeat(33))).isMissingNode())
                .isTrue();
        assertThat(Json.of(answer("[".repeat(30_000))).isMissingNode()).isTrue();
        assertThat(Json.of(answer("9".repeat(40))).isNumber()).isTrue();
        assertThat(Json.of(answer("9".repeat(41))).isMissingNode()).isTrue();
    }
}
