package dev.firstup.rehearsal;

import dev.firstup.model.HealthView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see at one moment.
 *
 * @param view the queue's servers; null before the first view
 * @param record what the record says, for people: {@code chat.rehearsal.test -> 192.0.2.10 (paris)}
 * @param events all events so far, one line each, in order
 * @param footer the keys
 */
record Scene(@Nullable HealthView view, String record, List<String> events, String footer) {
    Scene {
        events = List.copyOf(events);
    }
}
