package dev.firstup.publish.sim;

import dev.firstup.model.Publication;
import dev.firstup.model.publish.Settlement;
import dev.firstup.publish.Publications;
import java.time.Clock;
import java.time.Duration;

/** What a history is played against: the publish room, or one that is wrong on purpose. */
interface Core {
    Duration LEASE = Duration.ofMinutes(1);
    Duration GAP = Duration.ofMinutes(2);
    Duration LAG = Duration.ofMinutes(5);
    Duration DRIFT_CHECK = Duration.ofMinutes(5);

    /** Makes the core of a program that starts. */
    interface Maker {
        Core make(Clock clock);
    }

    Publication claim(Publication it);

    Settlement settle(Publication it, Object body, Throwable thrown);

    static Core real(Clock clock) {
        Publications real = new Publications(clock, LEASE, GAP, LAG, DRIFT_CHECK);
        return new Core() {
            @Override
            public Publication claim(Publication it) {
                return real.claim(it);
            }

            @Override
            public Settlement settle(Publication it, Object body, Throwable thrown) {
                return real.settle(it, body, thrown);
            }
        };
    }
}
