package dev.firstup.model;

import java.util.List;

/**
 * What became of a publication that was sent or read.
 *
 * @param publication as it stands now
 * @param outcome in one word, for counting: {@code read confirmed unchanged waiting stopped unknown}
 * @param events what is worth keeping or telling about it
 */
public record Settlement(Publication publication, String outcome, List<Event> events) {
    public Settlement {
        events = List.copyOf(events);
    }
}
