package dev.firstup.e2e.kill;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How the host treats one life of Firstup, and how far that came there. */
final class Visit {
    /** Longer than any life. */
    static final int FOR_GOOD = 1_000_000;

    final CountDownLatch arrived = new CountDownLatch(1);
    final CountDownLatch taken = new CountDownLatch(1);
    final CountDownLatch answered = new CountDownLatch(1);

    private final int beforeTaking;
    private final int beforeAnswering;
    private final boolean late;
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param beforeTaking how long a request is on its way, in ms
     * @param beforeAnswering how long its answer is, in ms
     * @param late whether what was on its way when its sender died arrives all the same
     */
    Visit(int beforeTaking, int beforeAnswering, boolean late) {
        this.beforeTaking = beforeTaking;
        this.beforeAnswering = beforeAnswering;
        this.late = late;
    }

    /** Whether the request that has arrived is to be taken, at the end of its way. */
    boolean taking() throws InterruptedException {
        return !ended.await(beforeTaking, TimeUnit.MILLISECONDS) || late;
    }

    /** Whether anybody is left to answer, at the end of that way. */
    boolean answering() throws InterruptedException {
        return !ended.await(beforeAnswering, TimeUnit.MILLISECONDS);
    }

    /** The visitor is dead. */
    void end() {
        ended.countDown();
    }

    @Override
    public String toString() {
        return "arrived " + (arrived.getCount() == 0) + ", taken " + (taken.getCount() == 0) + ", answered "
                + (answered.getCount() == 0);
    }
}
