package dev.firstup.status;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Remembers whether the last heartbeat was heard: the bean {@code firstup-heartbeat} of the routes. */
public final class Heartbeat {
    private static final int LONGEST = 300;

    private final AtomicBoolean heard = new AtomicBoolean(true);

    /**
     * Takes what came of a heartbeat.
     *
     * @param checks what the program said of itself; nothing is sent where one is down. Null where it failed to say
     * @param status what was answered; null where nothing was
     * @param failure why nothing was answered; null where something was, or nothing was sent
     * @return what is new about it, in one sentence; null where that is nothing
     */
    public @Nullable String news(
            @Nullable List<HealthCheck> checks, @Nullable Integer status, @Nullable Exception failure) {
        String trouble = trouble(checks, status, failure);
        if (heard.getAndSet(trouble == null) == (trouble == null)) {
            return null;
        }
        return trouble == null ? "The heartbeat is heard again" : "No heartbeat is heard: " + trouble;
    }

    private static @Nullable String trouble(
            @Nullable List<HealthCheck> checks, @Nullable Integer status, @Nullable Exception failure) {
        if (failure != null) {
            String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
            return text.substring(0, Math.min(text.length(), LONGEST));
        }
        List<String> failing = HealthCheck.failing(Objects.requireNonNull(checks));
        if (!failing.isEmpty()) {
            return "this program is not well: " + String.join("; ", failing);
        }
        return status != null && status / 100 == 2 ? null : "answered " + status + ", expected 200-299";
    }
}
