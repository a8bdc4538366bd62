package dev.firstup.health;

import dev.firstup.model.AllDown;
import dev.firstup.model.Code;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Failback;
import dev.firstup.model.Outcome;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.RecordType;
import dev.firstup.model.Rules;
import dev.firstup.model.Server;
import dev.firstup.model.Target;
import dev.firstup.model.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The death of a server that there is not, in a health view of its own, where time passes without being waited for. */
final class WarmUp {
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final Queue.Pace PACE = new Queue.Pace(
            Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(3), true);
    /** Looks until the servers are up, and until the first of them is found down. */
    private static final int LOOKS = 5;

    private static final Server FIRST = server("first", "192.0.2.1");
    private static final Server SECOND = server("second", "192.0.2.2");
    private static final Target TARGET =
            new Target("nobody", FIRST.publicName(), List.of(), "", Duration.ZERO, Target.Api.NONE, false, false);

    private static final Queue QUEUE = new Queue(
            FIRST.queue(),
            FIRST.revision(),
            FIRST.publicName(),
            null,
            List.of(),
            TTL,
            List.of(FIRST, SECOND),
            PACE,
            new Rules(1, 1, null, Failback.BY_HAND, AllDown.HOLD, 1, false),
            List.of(),
            List.of(),
            List.of(TARGET),
            List.of());

    private final Time time = new Time();
    private final Health health = new Health(time, time);

    private WarmUp() {}

    /** @return what was decided, in order: at last, to move from {@code first} to {@code second} */
    static List<Decision> death() {
        return new WarmUp().decisions();
    }

    private List<Decision> decisions() {
        List<Decision> decisions = new ArrayList<>();
        health.configure(new Configuration(List.of(QUEUE), List.of(), true, List.of()), Map.of());
        health.adopt(Publication.of(QUEUE.name(), TARGET, RecordType.A, TTL)
                .confirmed(List.of(FIRST.address()))
                .done());
        for (int i = 0; i < LOOKS; i++) {
            time.pass(PACE.fast());
            decisions.addAll(look(true));
        }
        health.suspect(FIRST);
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
                .map(it -> up || it != FIRST
                        ? Verdict.of(it, time.instant(), Outcome.UP, Code.L4OK, "connected", LATENCY)
                        : Verdict.of(it, time.instant(), Outcome.DOWN, Code.L4CON, "refused", LATENCY))
                .toList();
        List<Decision> decisions = health.decide(health.aggregate(health.stamp(verdicts)));
        decisions.forEach(it -> health.next());
        health.urgent();
        return decisions;
    }

    private static Server server(String name, String address) {
        return new Server(
                "warm-up",
                1,
                name,
                Map.of(RecordType.A, address),
                "probe:tcp",
                address,
                0,
                "",
                "warm-up.invalid",
                PACE.timeout());
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
