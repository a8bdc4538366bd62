package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VerdictCoalescerTest {
    private final Server paris = Fixtures.server("paris", "192.0.2.10");
    private final Server tokyo = Fixtures.server("tokyo", "192.0.2.20");
    private final AtomicLong nanos = new AtomicLong();
    private final VerdictCoalescer coalescer = new VerdictCoalescer(nanos::get);
    private final List<Verdict> taken = new ArrayList<>();

    @Test
    void whatWasHeldForLongSaysNothingOfNow() {
        add(paris, ProbeOutcome.DOWN);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        add(tokyo, ProbeOutcome.DOWN);
        assertThat(coalescer.holds(paris)).isTrue();

        coalescer.subscribe(taken::addAll, Runnable::run);

        assertThat(taken).extracting(Verdict::server).containsExactly("paris", "tokyo");
        assertThat(taken).extracting(Verdict::outcome).containsExactly(ProbeOutcome.UNKNOWN, ProbeOutcome.DOWN);
        assertThat(coalescer.holds(paris)).isFalse();
    }

    private void add(Server server, ProbeOutcome outcome) {
        coalescer.add(
                Verdict.of(server, Instant.EPOCH, outcome, ReasonCode.L4CON, "refused", Duration.ofMillis(1)),
                Runnable::run);
    }
}
