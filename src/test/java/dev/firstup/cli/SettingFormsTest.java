package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingFormsTest {
    @TempDir
    Path home;

    @Test
    void theDefaultsAreTaken() {
        assertThatCode(() -> SettingForms.require(new Installation(Path.of(""))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firstup.port=0",
                "firstup.port=",
                "firstup.port=8053 ",
                "firstup.publish.gap=0s",
                "firstup.names.delay=0s",
                "firstup.tick=10",
                "firstup.tick=1s",
                "firstup.publish.gap=2m30s",
                "firstup.publish.lag=PT5M",
                "firstup.publish.lag=pt5m",
                "firstup.publish.lease={{mine}}",
                "firstup.publish.dry-run=true",
                "firstup.names.threads=16"
            })
    void whatCamelTakesIsTaken(String line) throws Exception {
        set(line);
        assertThatCode(this::require).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            firstup.port               | abc   | a port from 0 to 65535, such as 8053
            firstup.port               | 65536 | a port from 0 to 65535, such as 8053
            firstup.port               | -1    | a port from 0 to 65535, such as 8053
            firstup.publish.threads    | 0     | a number of threads, such as 2
            firstup.names.threads      | two   | a number of threads, such as 2
            firstup.orders.patience    | long  | milliseconds, such as 10000
            firstup.tick               | often | a time of at least a millisecond, such as 1000 (milliseconds), 30s or 5m
            firstup.tick               | 0     | a time of at least a millisecond, such as 1000 (milliseconds), 30s or 5m
            firstup.names.check        | 0m    | a time of at least a millisecond, such as 1000 (milliseconds), 30s or 5m
            firstup.heartbeat.period   | PT0S  | a time of at least a millisecond, such as 1000 (milliseconds), 30s or 5m
            firstup.names.delay        | soon  | a time, such as 1000 (milliseconds), 30s or 5m
            firstup.publish.drift-check| -5m   | a time with its unit and longer than none, such as 30s or 5m
            firstup.publish.lease      | 0s    | a time with its unit and longer than none, such as 30s or 5m
            firstup.publish.lease      | 60000 | a time with its unit and longer than none, such as 30s or 5m
            firstup.publish.gap        | 2w    | a time with its unit, such as 30s or 5m
            firstup.publish.gap        | 0     | a time with its unit, such as 30s or 5m
            firstup.publish.lag        | 10x   | a time with its unit, such as 30s or 5m
            firstup.publish.dry-run    | yes   | true or false
            firstup.publish.dry-run    | TRUE  | true or false
            firstup.publish.retry-stopped | 1  | true or false
            firstup.notify.lease       | P5    | a time with its unit and longer than none, such as 30s or 5m
            """)
    void whatIsNoneIsSaidWithItsPlace(String name, String value, String expected) throws Exception {
        set(name + "=" + value);
        assertThatThrownBy(this::require)
                .isInstanceOf(CommandException.class)
                .hasMessage(name + " is \"" + value + "\", expected " + expected + "; change it in "
                        + home.resolve("application.properties"));
    }

    @Test
    void allOfThemAreSaidAtOnce() throws Exception {
        set("firstup.port=a", "firstup.tick=b");
        assertThatThrownBy(this::require).hasMessageContainingAll("firstup.port is \"a\"", "firstup.tick is \"b\"");
    }

    private void require() {
        SettingForms.require(new Installation(home));
    }

    private void set(String... lines) throws IOException {
        Files.writeString(home.resolve("application.properties"), String.join("\n", lines));
    }
}
