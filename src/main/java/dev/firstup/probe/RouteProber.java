package dev.firstup.probe;

import dev.firstup.model.ReservedNames;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.time.DurationText;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ReasonText;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.UnknownHostException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.Route;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.jspecify.annotations.Nullable;

/**
 * Asks a route, mostly one of the user's. It may block: it has a thread to itself, and a deadline after which its answer does not
 * count. A server that holds its thread beyond that gets no other one.
 */
final class RouteProber implements Prober {
    private final CamelContext context;
    /** By whose probe a thread is held. */
    private final ConcurrentMap<Asked, ProbeAttempt> held = new ConcurrentHashMap<>();

    private record Asked(String queue, String server, String route) {}

    /** @param context where its route lives */
    RouteProber(CamelContext context) {
        this.context = context;
    }

    @Override
    public void begin(ProbeAttempt attempt, ProbeEngine engine) {
        Server server = attempt.server();
        Route route = route(server.host());
        if (route == null) {
            attempt.settle(ProbeResult.unknown("no route from direct:" + server.host() + " is running"));
            return;
        }
        Asked asked = new Asked(server.queue(), server.name(), server.host());
        if (held.putIfAbsent(asked, attempt) != null) {
            attempt.settle(ProbeResult.down(
                    ReasonCode.L7TOUT,
                    "route " + server.host() + " has not returned since an earlier probe of this server"));
            return;
        }
        attempt.start(ProbePhase.RESPONSE);
        ScheduledFuture<?> deadline = engine.deadline(
                engine.loop(),
                server.timeout(),
                () -> ProbeResult.down(
                        ReasonCode.L7TOUT,
                        "route " + server.host() + " did not return within " + DurationText.exact(server.timeout())),
                attempt::settle);
        Consumer<Runnable> probe = free -> {
            Runnable done = () -> {
                held.remove(asked, attempt);
                free.run();
            };
            try {
                ask(route, attempt, () -> {
                    done.run();
                    deadline.cancel(false);
                });
            } finally {
                // Where the route waits without a thread, its answer may be lost: it is asked again.
                done.run();
            }
        };
        if (ReservedNames.isReserved(server.host())) {
            // Firstup's own never block, and each queue may have one of them.
            probe.accept(() -> {});
            return;
        }
        try {
            engine.slots().start(probe);
        } catch (RejectedExecutionException e) {
            held.remove(asked, attempt);
            deadline.cancel(false);
            attempt.settle(ProbeResult.unknown(String.valueOf(e.getMessage())));
        } catch (Error e) {
            held.remove(asked, attempt);
            deadline.cancel(false);
            throw e;
        }
    }

    private void ask(Route route, ProbeAttempt attempt, Runnable done) {
        Exchange exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
        exchange.setVariable("server", attempt.server().itself());
        // Where the route waits without a thread, ours is free for another probe meanwhile.
        AsyncProcessorConverterHelper.convert(route.getConsumer().getProcessor())
                .process(exchange, doneAtOnce -> {
                    // First: who hears the verdict may ask again at once.
                    done.run();
                    judge(exchange, attempt);
                });
    }

    private static void judge(Exchange exchange, ProbeAttempt attempt) {
        Exception failure = exchange.getException();
        if (failure != null) {
            String reason = reason(failure);
            attempt.settle(isOurs(failure) ? ProbeResult.unknown(reason) : ProbeResult.down(ReasonCode.L7RSP, reason));
            return;
        }
        Object reply = exchange.getMessage().getBody();
        if (reply instanceof Verdict verdict) {
            attempt.settle(verdict);
            return;
        }
        String said = reply instanceof String text ? ReasonText.firstLine(text) : "";
        attempt.settle(ProbeResult.up(ReasonCode.L7OK, said.isEmpty() ? "returned normally" : said));
    }

    /** What cannot be made, found by name or opened here says nothing about the server. */
    private static boolean isOurs(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ResolveEndpointFailedException
                    || e instanceof FailedToCreateProducerException
                    || e instanceof NoSuchEndpointException
                    || e instanceof NoSuchBeanException
                    || e instanceof UnknownHostException
                    || String.valueOf(e.getMessage()).startsWith("Too many open files")) {
                return true;
            }
        }
        return false;
    }

    /** What went wrong, and what lies at the bottom of it: "no connection" alone helps nobody. */
    private static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? "" : ReasonText.firstLine(failure.getMessage());
        String root = failure.getCause() == null ? "" : ReasonText.reason(failure);
        if (message.isEmpty()) {
            return root.isEmpty() ? failure.getClass().getSimpleName() : root;
        }
        return message.contains(root) ? message : ReasonText.firstLine(message + ": " + root);
    }

    private @Nullable Route route(String name) {
        String uri = "direct://" + name;
        for (Route route : context.getRoutes()) {
            String from = route.getEndpoint().getEndpointUri();
            if (from.equals(uri) || from.startsWith(uri + "?")) {
                return context.getRouteController()
                                .getRouteStatus(route.getId())
                                .isStarted()
                        ? route
                        : null;
            }
        }
        return null;
    }
}
