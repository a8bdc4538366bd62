package dev.firstup.model.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import java.util.List;

/**
 * What a person wants of publishers that are not asked any more: that they are asked again, for what stopped them is mended.
 *
 * @param publications those that have stopped
 * @param events that it was ordered
 */
public record RetryRequest(List<Publication> publications, List<Event> events) {
    public RetryRequest {
        publications = List.copyOf(publications);
        events = List.copyOf(events);
    }
}
