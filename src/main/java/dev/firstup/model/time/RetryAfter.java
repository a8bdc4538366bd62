package dev.firstup.model.time;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After} (RFC 9110, 10.2.3). */
public final class RetryAfter {
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);

    private RetryAfter() {}

    /**
     * How long to wait.
     *
     * @param header seconds or a date; null where there is none
     * @param otherwise where it says neither, or no time to come
     */
    public static Duration delay(@Nullable String header, Instant now, Duration otherwise) {
        if (header == null) {
            return otherwise;
        }
        String value = header.strip();
        try {
            Duration delay = value.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(now, ZonedDateTime.parse(value, DATE).toInstant());
            return delay.isNegative() || delay.isZero() ? otherwise : WaitLimit.atMost(delay);
        } catch (DateTimeException e) {
            return otherwise;
        }
    }
}
