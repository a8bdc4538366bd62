package dev.firstup.health.sim;

import dev.firstup.health.Health;
import dev.firstup.health.Insight;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@link Health}, with its steps joined as {@code routes/pipeline/watch.camel.yaml} joins them. */
class RealCore implements Core {
    private final Health health;

    RealCore(Clock steady, Clock wall) {
        health = new Health(steady, wall);
    }

    @Override
    public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
        health.configure(configuration, memories);
    }

    @Override
    public Instant soonest() {
        return Insight.soonest(health);
    }

    @Override
    public List<Server> due() {
        return health.due();
    }

    @Override
    public List<Decision> hear(List<Verdict> verdicts) {
        return health.decide(health.aggregate(health.stamp(verdicts)));
    }

    @Override
    public List<Decision> order(Order order) {
        return health.decide(health.order(order));
    }

    @Override
    public void adopt(Publication publication) {
        health.adopt(publication);
    }

    @Override
    public HealthView view() {
        return health.views().get(0);
    }
}
