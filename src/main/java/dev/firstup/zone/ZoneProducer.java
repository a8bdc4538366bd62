package dev.firstup.zone;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/** Carries what is asked there, and the answer back. */
final class ZoneProducer<Q> extends DefaultAsyncProducer {
    private final Class<Q> type;
    private final Function<Q, CompletableFuture<?>> ask;
    private final Executor executor;

    /**
     * @param type of the body that is asked with
     * @param ask makes the body that is answered
     * @param executor where the route goes on
     */
    ZoneProducer(ZoneEndpoint endpoint, Class<Q> type, Function<Q, CompletableFuture<?>> ask, Executor executor) {
        super(endpoint);
        this.type = type;
        this.ask = ask;
        this.executor = executor;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Q question;
        try {
            question = exchange.getMessage().getMandatoryBody(type);
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        ask.apply(question)
                .whenCompleteAsync(
                        (answer, trouble) -> {
                            if (trouble == null) {
                                exchange.getMessage().setBody(answer);
                            } else {
                                exchange.setException(ZoneErrorText.cause(trouble));
                            }
                            callback.done(false);
                        },
                        executor);
        return false;
    }
}
