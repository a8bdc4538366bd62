package dev.firstup.model;

import java.util.List;

/**
 * All queues as their files now say, read and validated as one.
 *
 * @param queues every queue that is to run, in the order of their names
 * @param events what became of the files since the last reading
 * @param changed whether anything differs from the last reading
 */
public record Configuration(List<Queue> queues, List<Event> events, boolean changed) {
    public Configuration {
        queues = List.copyOf(queues);
        events = List.copyOf(events);
    }
}
