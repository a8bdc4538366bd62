package dev.firstup.queue;

import java.time.Duration;

/**
 * What a publisher can do with a record.
 *
 * @param gap how long it wants to be left alone about one record after it took it; zero where that is not known
 * @param withdraw whether it can remove all records of one type
 * @param several whether a record can have more than one value of a type there
 */
public record Abilities(Duration gap, boolean withdraw, boolean several) {
    /** Whatever is asked of it. */
    public static final Abilities ALL = new Abilities(Duration.ZERO, true, true);

    /** What both can do. */
    Abilities and(Abilities other) {
        return new Abilities(
                gap.compareTo(other.gap) < 0 ? other.gap : gap, withdraw && other.withdraw, several && other.several);
    }
}
