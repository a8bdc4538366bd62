package dev.firstup.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a decision could be kept now: tried at most every ten seconds, however many ask. */
final class WriteTrial {
    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(10);

    private final SqlSession sql;
    private final Clock clock;

    private @Nullable Instant tried;
    private @Nullable String unwritable;

    WriteTrial(SqlSession sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** @return null, or why it could not */
    @Nullable
    String result() {
        Instant now = clock.instant();
        if (tried == null || Duration.between(tried, now).abs().compareTo(BETWEEN_TRIALS) >= 0) {
            tried = now;
            unwritable = trial();
        }
        return unwritable;
    }

    private @Nullable String trial() {
        try {
            sql.write(() -> {
                // More than a decision takes: what is free in a page of its own would say nothing about the disk.
                sql.update("INSERT INTO trial (room) VALUES (zeroblob(16384))");
                sql.update("DELETE FROM trial");
            });
            return null;
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }
}
