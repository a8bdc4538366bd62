package dev.firstup.model.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import java.util.List;

/**
 * What became of a publication that was sent or read.
 *
 * @param publication as it stands now
 * @param outcome in one word, for counting: {@code read confirmed accepted unchanged waiting stopped unknown dry}
 * @param events what is worth keeping or telling about it
 * @param account whether nothing else need be tried with the same account
 */
public record Settlement(Publication publication, String outcome, List<Event> events, boolean account) {
    public Settlement {
        events = List.copyOf(events);
    }

    /** One that concerns this publication only. */
    public Settlement(Publication publication, String outcome, List<Event> events) {
        this(publication, outcome, events, false);
    }
}
