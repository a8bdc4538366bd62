package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.RecordType;
import dev.firstup.model.Target;
import java.time.Duration;
import java.util.List;

/** Publications that ask for something. */
final class Updates {
    private Updates() {}

    static Publication publication(
            Publication.Ask ask, String record, RecordType type, List<String> nameservers, String... values) {
        Target target = new Target("own", record, nameservers, "", Duration.ZERO, Target.Api.NONE, false, false);
        return Publication.of("chat", target, type, Duration.ofSeconds(42))
                .decided(List.of(values))
                .held(false)
                .attempted(List.of(values))
                .told(false)
                .ask(ask)
                .done();
    }
}
