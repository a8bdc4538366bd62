package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ReasonText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Takes many {@link Server}s, begins their probes and returns: {@code from: probe:verdicts} gives each verdict when it comes. */
final class ProbeBatchProducer extends DefaultProducer {
    private static final int MOST_CHECKS = 10_000;

    private final CamelContext context;
    private final Map<String, Prober> checks = new ConcurrentHashMap<>();

    ProbeBatchProducer(ProbeEndpoint endpoint) {
        super(endpoint);
        this.context = endpoint.getCamelContext();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        List<?> servers = exchange.getMessage().getMandatoryBody(List.class);
        ProbeComponent component = (ProbeComponent) getEndpoint().getComponent();
        ProbeEngine engine = component.engine();
        VerdictCoalescer coalescer = component.coalescer();
        for (Object it : servers) {
            Server server = (Server) it;
            if (!coalescer.holds(server)) {
                Prober check = check(server.probe());
                engine.probe(server, check, verdict -> coalescer.add(verdict, engine::tellTogether));
            }
        }
    }

    /** What is done for {@code probe}; where it cannot be done, why is the verdict on each server that asks for it. */
    private Prober check(String probe) {
        // Thousands of servers share a few endpoints. Where they do not, Camel remembers a thousand only.
        Prober known = checks.get(probe);
        if (known != null) {
            return known;
        }
        ProbeResult obstacle;
        try {
            Prober check = context.getEndpoint(probe) instanceof ProbeEndpoint endpoint ? endpoint.check() : null;
            if (check != null) {
                if (checks.size() >= MOST_CHECKS) {
                    checks.clear();
                }
                checks.put(probe, check);
                return check;
            }
            obstacle = ProbeResult.unknown(ReasonText.withoutOptions(probe) + " is not a probe of one server");
        } catch (RuntimeException e) {
            obstacle = ProbeResult.unknown(ReasonText.reason(e));
        }
        ProbeResult result = obstacle;
        return (attempt, engine) -> attempt.settle(result);
    }
}
