package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.util.List;

/** Publications that ask for something. */
final class Updates {
    private Updates() {}

    static Publication publication(
            Publication.Ask ask, String record, RecordType type, List<String> nameservers, String... values) {
        PublishTarget target =
                new PublishTarget("own", record, nameservers, "", Duration.ZERO, PublishTarget.Api.NONE, false, false);
        return Publication.of("chat", target, type, Duration.ofSeconds(42))
                .wanted(null, List.of(values))
                .attempt(attempt -> attempt.sent(List.of(values), null).found())
                .told(told -> told.moved(false))
                .ask(ask)
                .done();
    }
}
