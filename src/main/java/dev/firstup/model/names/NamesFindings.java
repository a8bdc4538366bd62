package dev.firstup.model.names;

import dev.firstup.model.Event;
import dev.firstup.model.Queue;
import java.util.List;
import java.util.Set;

/**
 * What one reading of the names around a record has shown.
 *
 * @param queue the queue, as it was configured when they were read
 * @param found what is not as it should be
 * @param unread the names that could not be read: what was found of them before still stands
 * @param events what is news about it, once it is kept
 */
public record NamesFindings(Queue queue, List<Finding> found, Set<String> unread, List<Event> events) {
    public NamesFindings {
        found = List.copyOf(found);
        unread = Set.copyOf(unread);
        events = List.copyOf(events);
    }

    /** The same, as it was kept. */
    public NamesFindings with(List<Event> events) {
        return new NamesFindings(queue, found, unread, events);
    }
}
