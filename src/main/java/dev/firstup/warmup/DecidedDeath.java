package dev.firstup.warmup;

import dev.firstup.health.Health;
import dev.firstup.model.Decision;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The death of a made-up server, in a health view of its own, where time passes without being waited for. */
final class DecidedDeath {
    private static final Duration LATENCY = Duration.ofMillis(5);
    /** Looks until the servers are up, and until the first of them is found down. */
    private static final int LOOKS = 5;

    private final Time time = new Time();
    private final Health health = new Health(time, time);

    /** @return what was decided, in order: at last, to move from {@code first} to {@code second} */
    List<Decision> decisions() {
        List<Decision> decisions = new ArrayList<>();
        health.configure(SyntheticQueue.configuration(), Map.of());
        health.adopt(SyntheticQueue.publication(SyntheticQueue.FIRST));
        for (int i = 0; i < LOOKS; i++) {
            time.pass(SyntheticQueue.QUEUE.pace().fast());
            decisions.addAll(look(true));
        }
        health.suspect(SyntheticQueue.FIRST);
        for (int i = 0; i < LOOKS; i++) {
            decisions.addAll(look(false));
        }
        return decisions;
    }

    /** Has answered who is due: the first server one way or the other, the second one that it is up. */
    private List<Decision> look(boolean up) {
        List<Server> due = health.due();
        time.pass(LATENCY);
        List<Verdict> verdicts = due.stream()
                .map(it -> up || it != SyntheticQueue.FIRST
                        ? Verdict.of(it, time.instant(), ProbeOutcome.UP, ReasonCode.L4OK, "connected", LATENCY)
                        : Verdict.of(it, time.instant(), ProbeOutcome.DOWN, ReasonCode.L4CON, "refused", LATENCY))
                .toList();
        List<Decision> decisions = health.decide(health.aggregate(health.stamp(verdicts)));
        health.urgent();
        return decisions;
    }

    private static final class Time extends Clock {
        private Instant now = Instant.EPOCH;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
