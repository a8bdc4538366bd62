package dev.firstup.model;

import java.util.List;

/**
 * All queues as the files say them now, and what is wrong with the files.
 *
 * @param queues in the order of their files' names; a queue whose file is not valid stays as it was
 * @param problems errors and warnings as text, {@code FILE:LINE:COLUMN: error: ...}, in file order
 * @param valid whether every file was taken: there may be warnings, but no error
 * @param events what changed since the reading before
 */
public record Configuration(List<Queue> queues, List<String> problems, boolean valid, List<Event> events) {
    public Configuration {
        queues = List.copyOf(queues);
        problems = List.copyOf(problems);
        events = List.copyOf(events);
    }
}
