package dev.firstup.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcknowledgementTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Acknowledgement acknowledgement = new Acknowledgement();

    @Test
    void nothingIsNotWaitedFor() throws Exception {
        assertThat(acknowledgement.await(LONG)).isTrue();
    }

    @Test
    void allThatIsExpectedIsWaitedFor() throws Exception {
        acknowledgement.expect();
        acknowledgement.expect();
        CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(this::await);
        acknowledgement.done();
        // What follows from one thing is expected before that is done.
        acknowledgement.expect();
        acknowledgement.done();
        assertThat(answer).isNotDone();
        acknowledgement.done();
        assertThat(answer.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private boolean await() {
        try {
            return acknowledgement.await(LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoGivesUpHoldsNobodyUp() throws Exception {
        acknowledgement.expect();
        assertThat(acknowledgement.await(Duration.ofMillis(20))).isFalse();
        acknowledgement.done();
    }

    @Test
    void whatIsDoneBeforeIsDone() throws Exception {
        acknowledgement.expect();
        acknowledgement.done();
        assertThat(acknowledgement.await(LONG)).isTrue();
    }
}
