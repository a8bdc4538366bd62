package dev.firstup.model;

import java.time.Duration;

/**
 * When the record returns to a better-ranked server that has recovered.
 *
 * @param after how long that server must have been healthy without a break; zero means at once
 */
public record Failback(Duration after) {
    public static final Failback AT_ONCE = new Failback(Duration.ZERO);
}
