package dev.firstup.model.rules;

import java.time.Duration;

/**
 * When the record returns to a better-ranked server that has recovered.
 *
 * @param after how long a server must have been healthy without a break before the record may name it besides or instead of one
 *     that serves; zero means at once
 * @param manual whether it returns only when somebody says so
 */
public record Failback(Duration after, boolean manual) {
    public static final Failback AT_ONCE = new Failback(Duration.ZERO, false);
    public static final Failback BY_HAND = new Failback(Duration.ofMinutes(10), true);
}
