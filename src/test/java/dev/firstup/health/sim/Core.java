package dev.firstup.health.sim;

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

/** What a history is played against: the health core, or one that is wrong on purpose. */
interface Core {
    /** Makes the core of a monitor that starts. */
    interface Maker {
        Core make(Clock steady, Clock wall);
    }

    void configure(Configuration configuration, Map<String, QueueMemory> memories);

    Instant soonest();

    List<Server> due();

    List<Decision> hear(List<Verdict> verdicts);

    List<Decision> order(Order order);

    void adopt(Publication publication);

    HealthView view();
}
