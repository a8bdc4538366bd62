package dev.firstup.model;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What somebody waits for who has ordered something: that all that follows from it is written down. It travels beside the
 * decisions, and holds none of them: who gives up waiting takes nothing out of the line.
 */
public final class Acknowledgement {
    /** One party is the one who waits, and one is everything that is on its way: once all have arrived, the first phase is over. */
    private final Phaser open = new Phaser(1);

    /** One thing more is on its way: an order to be decided about, or a decision to be written down. */
    public void expect() {
        open.register();
    }

    /** It has arrived. What follows from it was expected before. */
    public void done() {
        open.arriveAndDeregister();
    }

    /**
     * Waits, once.
     *
     * @return whether all that was expected is done; false if it is not in this time
     */
    public boolean await(Duration patience) throws InterruptedException {
        try {
            open.awaitAdvanceInterruptibly(open.arriveAndDeregister(), patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
