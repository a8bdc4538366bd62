package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ReasonText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes many {@link Server}s, begins their probes and returns: each verdict goes on when it comes. */
final class ProbeBatchProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeBatchProducer.class);

    /** Of what goes wrong a thousand times a second, one line in so long is enough. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private static final int MOST_CHECKS = 10_000;

    private final CamelContext context;
    private final String destination;
    private final VerdictCoalescer outbox = new VerdictCoalescer(this::send);
    private final Map<String, Prober> checks = new ConcurrentHashMap<>();
    private Producer verdicts;

    private int refused;
    private long complained = System.nanoTime() - QUIET.toNanos();

    /**
     * @param destination the URI of the endpoint that verdicts are sent to
     */
    ProbeBatchProducer(ProbeEndpoint endpoint, String destination) {
        super(endpoint);
        this.context = endpoint.getCamelContext();
        this.destination = destination;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        List<?> servers = exchange.getMessage().getMandatoryBody(List.class);
        ProbeEngine engine = ((ProbeComponent) getEndpoint().getComponent()).engine();
        for (Object it : servers) {
            Server server = (Server) it;
            Prober check = check(server.probe());
            engine.probe(server, check, verdict -> outbox.add(verdict, engine::tellTogether));
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
            if (context.getEndpoint(probe) instanceof ProbeEndpoint endpoint && endpoint.check() != null) {
                if (checks.size() >= MOST_CHECKS) {
                    checks.clear();
                }
                checks.put(probe, endpoint.check());
                return endpoint.check();
            }
            obstacle = ProbeResult.unknown(ReasonText.withoutOptions(probe) + " is not a probe of one server");
        } catch (RuntimeException e) {
            obstacle = ProbeResult.unknown(ReasonText.reason(e));
        }
        ProbeResult result = obstacle;
        return (attempt, engine) -> attempt.settle(result);
    }

    private void send(List<Verdict> together) {
        if (context.isStopping()) {
            // Nobody is there to take them, and waiting for somebody would hold up the end.
            return;
        }
        Exchange exchange = verdicts.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getMessage().setBody(together);
        try {
            verdicts.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            complain(together.size(), exchange.getException());
        }
    }

    private synchronized void complain(int verdicts, Exception failure) {
        refused += verdicts;
        long now = System.nanoTime();
        if (now - complained >= QUIET.toNanos()) {
            LOG.warn("{} verdicts were not taken by {}: {}", refused, destination, ReasonText.reason(failure));
            complained = now;
            refused = 0;
        }
        LOG.debug("Verdicts were not taken", failure);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        verdicts = context.getEndpoint(destination).createProducer();
        ServiceHelper.startService(verdicts);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(verdicts);
        super.doStop();
    }
}
