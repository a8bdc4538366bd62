package dev.firstup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class SerialPolicyTest {
    private static final int THREADS = 8;
    private static final int EACH = 500;

    private final BlockingQueue<Integer> line = new LinkedBlockingQueue<>();
    private final DefaultCamelContext context = new DefaultCamelContext();

    private Processor within(int most, Processor steps) {
        return new SerialPolicy(line, most).wrap(null, steps);
    }

    private void pass(Processor policy) throws Exception {
        policy.process(new DefaultExchange(context));
    }

    @Test
    void whatIsMadeStandsInTheLineInItsOrder() throws Exception {
        AtomicInteger made = new AtomicInteger();
        AtomicBoolean inside = new AtomicBoolean();
        Processor policy = within(Integer.MAX_VALUE, exchange -> {
            assertThat(inside.getAndSet(true)).isFalse();
            int next = made.incrementAndGet();
            Thread.yield();
            line.add(next);
            inside.set(false);
        });
        CountDownLatch begin = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int i = 0; i < THREADS; i++) {
            threads.execute(() -> {
                try {
                    begin.await();
                    for (int each = 0; each < EACH; each++) {
                        pass(policy);
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
        begin.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(List.copyOf(line)).hasSize(THREADS * EACH).isSorted();
    }

    @Test
    void nobodyIsLetInWhileTheLineIsLongAndNobodyWaits() throws Exception {
        Processor policy = within(2, exchange -> line.add(line.size()));
        for (int i = 0; i < 5; i++) {
            pass(policy);
        }
        assertThat(line).hasSize(2);
        line.remove();
        pass(policy);
        assertThat(line).hasSize(2);
    }

    @Test
    void whoFailsInsideKeepsNobodyOut() throws Exception {
        List<String> steps = new ArrayList<>();
        Processor policy = within(2, exchange -> {
            steps.add("in");
            throw new UnsupportedOperationException("not yet");
        });
        for (int i = 0; i < 2; i++) {
            try {
                pass(policy);
            } catch (UnsupportedOperationException e) {
                steps.add(e.getMessage());
            }
        }
        assertThat(steps).containsExactly("in", "not yet", "in", "not yet");
    }

    @Test
    void anOrderHasTheStageToItselfAndIsNeverLeftOut() throws Exception {
        SerialPolicy stage = new SerialPolicy(line, 1);
        Processor inner = stage.wrap(null, exchange -> line.add(line.size()));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        List<String> steps = new CopyOnWriteArrayList<>();
        Processor order = new SerialPolicy(stage).wrap(null, exchange -> {
            inside.countDown();
            asked.await();
            steps.add("ordered");
            pass(inner);
        });
        Processor verdict = stage.wrap(null, exchange -> steps.add("decided"));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        threads.submit(() -> {
            pass(order);
            return null;
        });
        inside.await();
        threads.submit(() -> {
            asked.countDown();
            pass(verdict);
            return null;
        });
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        // The verdict came while the order was inside, and found the line full after it.
        assertThat(steps).containsExactly("ordered");
        assertThat(line).hasSize(1);
        pass(new SerialPolicy(stage).wrap(null, exchange -> steps.add("again")));
        assertThat(steps).containsExactly("ordered", "again");
    }
}
