package dev.firstup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time that passes when a test says so. */
public final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** As when somebody sets it. */
    public void back(Duration time) {
        now = now.minus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
