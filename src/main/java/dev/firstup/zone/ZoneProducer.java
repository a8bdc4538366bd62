package dev.firstup.zone;

import dev.firstup.model.Publication;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/** Carries a publication to the reader and its reading back. */
final class ZoneProducer extends DefaultAsyncProducer {
    private final ZoneReader reader;
    private final Executor executor;

    ZoneProducer(ZoneEndpoint endpoint, ZoneReader reader, Executor executor) {
        super(endpoint);
        this.reader = reader;
        this.executor = executor;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Publication publication;
        try {
            publication = exchange.getMessage().getMandatoryBody(Publication.class);
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        reader.read(publication.record(), publication.type(), publication.nameservers())
                .whenCompleteAsync(
                        (reading, trouble) -> {
                            if (trouble == null) {
                                exchange.getMessage().setBody(reading);
                            } else {
                                exchange.setException(trouble);
                            }
                            callback.done(false);
                        },
                        executor);
        return false;
    }
}
