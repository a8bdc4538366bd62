package dev.firstup.status;

import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.names.Finding;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the routes gather an {@link Overview}, answer by answer: the aggregation strategies {@code firstup-enrichment} of the routes. */
public final class Enrichment {

    /** Before anybody was asked. The publications are not known. */
    public Overview nothing() {
        return new Overview(List.of(), null, null, List.of(), List.of(), List.of(), null, 0);
    }

    public Overview views(Overview it, List<HealthView> views) {
        return new Overview(
                views,
                it.idle(),
                it.publications(),
                it.problems(),
                it.findings(),
                it.events(),
                it.unwritable(),
                it.backlog());
    }

    public Overview idle(Overview it, @Nullable Duration idle) {
        return new Overview(
                it.views(),
                idle,
                it.publications(),
                it.problems(),
                it.findings(),
                it.events(),
                it.unwritable(),
                it.backlog());
    }

    public Overview publications(Overview it, List<Publication> publications) {
        return new Overview(
                it.views(),
                it.idle(),
                publications,
                it.problems(),
                it.findings(),
                it.events(),
                it.unwritable(),
                it.backlog());
    }

    public Overview problems(Overview it, List<?> problems) {
        return new Overview(
                it.views(),
                it.idle(),
                it.publications(),
                problems,
                it.findings(),
                it.events(),
                it.unwritable(),
                it.backlog());
    }

    public Overview findings(Overview it, List<Finding> findings) {
        return new Overview(
                it.views(),
                it.idle(),
                it.publications(),
                it.problems(),
                findings,
                it.events(),
                it.unwritable(),
                it.backlog());
    }

    public Overview events(Overview it, List<Event> events) {
        return new Overview(
                it.views(),
                it.idle(),
                it.publications(),
                it.problems(),
                it.findings(),
                events,
                it.unwritable(),
                it.backlog());
    }

    /** @param unwritable why nothing can be kept; null where it can */
    public Overview unwritable(Overview it, @Nullable String unwritable) {
        return new Overview(
                it.views(),
                it.idle(),
                it.publications(),
                it.problems(),
                it.findings(),
                it.events(),
                unwritable,
                it.backlog());
    }

    public Overview backlog(Overview it, int backlog) {
        return new Overview(
                it.views(),
                it.idle(),
                it.publications(),
                it.problems(),
                it.findings(),
                it.events(),
                it.unwritable(),
                backlog);
    }
}
