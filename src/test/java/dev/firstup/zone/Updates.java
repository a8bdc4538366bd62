package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.RecordType;
import java.time.Duration;
import java.util.List;

/** Publications that ask for something. */
final class Updates {
    private Updates() {}

    static Publication publication(
            Publication.Ask ask, String record, RecordType type, List<String> nameservers, String... values) {
        return new Publication(
                "chat",
                "own",
                record,
                type,
                Duration.ofSeconds(42),
                nameservers,
                "",
                null,
                List.of(values),
                false,
                null,
                null,
                List.of(values),
                null,
                null,
                null,
                0,
                0,
                0,
                null,
                null,
                false,
                null,
                null,
                ask);
    }
}
