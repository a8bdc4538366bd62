package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code FIRSTUP_LOG}, which Log4j would take as it is. */
class LogLevelTest {
    private static final String PROPERTY = "firstup.log";

    private String before;

    @BeforeEach
    void none() {
        before = System.clearProperty(PROPERTY);
    }

    @AfterEach
    void asItWas() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void whatIsEmptyIsNotSet(String wanted) {
        assertThat(Firstup.logLevel(wanted)).isNull();
        assertThat(System.getProperty(PROPERTY)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"DEBUG, DEBUG", "warn, WARN", "' off ', OFF"})
    void aLevelIsTaken(String wanted, String level) {
        assertThat(Firstup.logLevel(wanted)).isNull();
        assertThat(System.getProperty(PROPERTY)).isEqualTo(level);
    }

    @Test
    void whatIsNoneIsSaid() {
        assertThat(Firstup.logLevel("verbose"))
                .isEqualTo(
                        "FIRSTUP_LOG is \"verbose\", expected one of TRACE, DEBUG, INFO, WARN, ERROR, OFF: change it in"
                                + " the environment");
        assertThat(System.getProperty(PROPERTY)).isNull();
    }

    @Test
    void aPropertyWins() {
        System.setProperty(PROPERTY, "ERROR");
        assertThat(Firstup.logLevel("DEBUG")).isNull();
        assertThat(System.getProperty(PROPERTY)).isEqualTo("ERROR");
    }
}
