package dev.firstup.model.time;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Tells the time without ever jumping: that of the system when this clock was made, and what has passed since. */
public final class SteadyClock extends Clock {
    private final Instant start = Instant.now();
    private final long origin = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - origin);
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
