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

    private final int beforeArriving;
    private final int beforeTaking;
    private final int beforeAnswering;
    private final boolean late;
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param beforeArriving how long a request is on its way, in ms, unless its sender dies
     * @param beforeTaking how long the host looks at it, in ms
     * @param beforeAnswering how long it takes to answer, in ms
     * @param late whether what was not taken when its sender died is taken all the same
     */
    Visit(int beforeArriving, int beforeTaking, int beforeAnswering, boolean late) {
        this.beforeArriving = beforeArriving;
        this.beforeTaking = beforeTaking;
        this.beforeAnswering = beforeAnswering;
        this.late = late;
    }

    /** Until the request arrives: nothing arrives later than its sender dies, but on a network that nobody could know of. */
    void arriving() throws InterruptedException {
        ended.await(beforeArriving, TimeUnit.MILLISECONDS);
    }

    /** Whether the request that has arrived is to be taken, after a look at it. */
    boolean taking() throws InterruptedException {
        return !ended.await(beforeTaking, TimeUnit.MILLISECONDS) || late;
    }

    /** Whether anybody is left to answer. */
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
