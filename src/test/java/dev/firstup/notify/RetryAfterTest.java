package dev.firstup.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    @Test
    void readsBothFormsOfRetryAfter() {
        Instant now = Instant.parse("2025-01-31T10:15:00Z");

        assertThat(Slack.delay("120", now)).isEqualTo(Duration.ofMinutes(2));
        assertThat(Slack.delay("Fri, 31 Jan 2025 10:16:00 GMT", now)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Slack.delay("Fri, 31 Jan 2025 10:14:00 GMT", now)).isZero();
        assertThat(Slack.delay("999999999", now)).isEqualTo(Duration.ofDays(1));
        assertThat(Slack.delay("-5", now)).isZero();
        assertThat(Slack.delay(null, now)).isZero();
    }
}
