package dev.firstup.probe;

import dev.firstup.model.Code;
import dev.firstup.model.Phase;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Route;
import org.apache.camel.support.AsyncProcessorConverterHelper;

/**
 * Asks a route, mostly one of the user's. It may block: it has a thread to itself, and a deadline after which its answer does not
 * count.
 *
 * @param context where its route lives
 */
record RouteCheck(CamelContext context) implements Check {
    /** The group of the routes that are Firstup itself. */
    private static final String OWN = "firstup";

    @Override
    public void begin(Attempt attempt, Engine engine) {
        Server server = attempt.server();
        Route route = route(server.host());
        if (route == null) {
            attempt.settle(Finding.unknown("no route from direct:" + server.host() + " is running"));
            return;
        }
        attempt.start(Phase.RESPONSE);
        ScheduledFuture<?> deadline = engine.deadline(
                engine.loop(),
                server.timeout(),
                () -> Finding.down(
                        Code.L7TOUT,
                        "route " + server.host() + " did not return within " + Text.duration(server.timeout())),
                attempt::settle);
        try {
            // Firstup's own never block, and each queue may have one of them.
            Executor where = OWN.equals(route.getGroup()) ? Runnable::run : engine.slots();
            where.execute(() -> ask(route, attempt, () -> deadline.cancel(false)));
        } catch (RejectedExecutionException e) {
            deadline.cancel(false);
            attempt.settle(Finding.unknown("no free slot among " + engine.slotsAtMost() + " for foreign probes"));
        }
    }

    private void ask(Route route, Attempt attempt, Runnable done) {
        Exchange exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
        exchange.setVariable("server", attempt.server());
        // A server that is down is no news: Camel's default handler would log each time, with a stack trace.
        exchange.getExchangeExtension().setRedeliveryExhausted(handlesNoErrors(route));
        // Where the route waits without a thread, ours is free for another probe meanwhile.
        AsyncProcessorConverterHelper.convert(route.getConsumer().getProcessor())
                .process(exchange, doneAtOnce -> {
                    judge(exchange, attempt);
                    done.run();
                });
    }

    private static void judge(Exchange exchange, Attempt attempt) {
        Exception failure = exchange.getException();
        if (failure != null) {
            attempt.settle(Finding.down(Code.L7RSP, reason(failure)));
            return;
        }
        Object reply = exchange.getMessage().getBody();
        if (reply instanceof Verdict verdict) {
            attempt.settle(verdict);
            return;
        }
        String said = reply instanceof String text ? Text.firstLine(text) : "";
        attempt.settle(Finding.up(Code.L7OK, said.isEmpty() ? "returned normally" : said));
    }

    /** What went wrong, and what lies at the bottom of it: "no connection" alone helps nobody. */
    private static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? "" : Text.firstLine(failure.getMessage());
        String root = failure.getCause() == null ? "" : Text.reason(failure);
        if (message.isEmpty()) {
            return root.isEmpty() ? failure.getClass().getSimpleName() : root;
        }
        return message.contains(root) ? message : Text.firstLine(message + ": " + root);
    }

    private Route route(String name) {
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

    private boolean handlesNoErrors(Route route) {
        return route.getOnExceptions().isEmpty()
                && route.getErrorHandlerFactory()
                        == context.getCamelContextExtension().getErrorHandlerFactory();
    }
}
