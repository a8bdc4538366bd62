package dev.firstup.status;

import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.names.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the other rooms know at one moment: what pages, JSON, metrics and checks are made of. What was not asked for is empty.
 *
 * @param views all queues, in the order in which they are shown
 * @param idle how long ago due probes were last asked for; null for never
 * @param publications of all queues; null where they cannot be read
 * @param problems what is wrong with the files now, {@code FILE:LINE:COLUMN: error|warning: ...}
 * @param findings what is wrong with the names around records
 * @param events the newest, the newest first
 * @param unwritable why nothing can be kept; null where it can
 * @param backlog how many messages wait to be told
 */
public record Overview(
        List<HealthView> views,
        @Nullable Duration idle,
        @Nullable List<Publication> publications,
        List<?> problems,
        List<Finding> findings,
        List<Event> events,
        @Nullable String unwritable,
        int backlog) {
    /** The publications of all queues, for what cannot do without. */
    List<Publication> known() {
        return Objects.requireNonNull(publications);
    }
}
