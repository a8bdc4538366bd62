package dev.firstup.model.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationNotationTest {
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
}
