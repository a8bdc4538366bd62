package dev.firstup.model.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0 s",
        "0, 0 s",
        "119, 119 s",
        "120, 2 min",
        "179, 2 min",
        "7199, 119 min",
        "7200, 2 h",
        "7259, 2 h",
        "7260, 2 h 1 min",
        "10799, 2 h 59 min",
        "10800, 3 h",
    })
    void lengthsAreReadable(long seconds, String expected) {
        assertThat(DurationText.length(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT-1S, 0 ms",
        "PT0.25S, 250 ms",
        "PT59.9S, 59 s",
        "PT1M, 1 min",
        "PT3M20S, 3 min 20 s",
        "PT2H, 2 h",
        "PT2H5M9S, 2 h 5 min",
        "PT51H, 2 d 3 h",
        "PT48H1M, 2 d"
    })
    void outagesAreSaidInTheirTwoLargestUnits(Duration duration, String text) {
        assertThat(DurationText.outage(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0 ms", "PT0.25S, 250 ms", "PT1S, 1 s", "PT1.5S, 1.5 s", "PT100S, 100 s"})
    void whatIsMeasuredIsSaidExactly(Duration duration, String text) {
        assertThat(DurationText.exact(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0 s", "PT3S, 3 s", "PT1.5S, 1500 ms", "PT0.25S, 250 ms"})
    void settingsAreSaidInTheirUnit(Duration duration, String text) {
        assertThat(DurationText.setting(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0 s",
        "PT59.9S, 59 s",
        "PT1M, 1 min",
        "PT59M59S, 59 min",
        "PT1H, 1 h 0 min",
        "PT23H59M, 23 h 59 min",
        "PT24H, 1 d 0 h",
        "PT51H, 2 d 3 h"
    })
    void agesKeepTheirUnits(Duration duration, String text) {
        assertThat(DurationText.age(duration)).isEqualTo(text);
    }
}
