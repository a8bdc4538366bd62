package dev.firstup.model.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    @Test
    void readsBothFormsOfRetryAfter() {
        Instant now = Instant.parse("2025-01-31T10:15:00Z");

        assertThat(RetryAfter.delay("120", now, Duration.ZERO)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.delay("Fri, 31 Jan 2025 10:16:00 GMT", now, Duration.ZERO))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(RetryAfter.delay("Fri, 31 Jan 2025 10:14:00 GMT", now, Duration.ZERO))
                .isZero();
        assertThat(RetryAfter.delay("999999999", now, Duration.ZERO)).isEqualTo(Duration.ofDays(1));
        assertThat(RetryAfter.delay("-5", now, Duration.ZERO)).isZero();
        assertThat(RetryAfter.delay(null, now, Duration.ZERO)).isZero();
    }
}
