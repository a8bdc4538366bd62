package dev.firstup.health;

import java.time.Instant;

/** What a simulation must see of {@link Health} to jump over the time in which nothing can happen. */
public final class Insight {
    private Insight() {}

    /** The earliest time on its steady clock at which {@code health} may have something due. */
    public static Instant soonest(Health health) {
        return health.soonest();
    }
}
