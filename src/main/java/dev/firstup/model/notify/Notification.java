package dev.firstup.model.notify;

import dev.firstup.model.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event that one notifier has still to tell.
 *
 * @param id its number in the store
 * @param notifier the notifier's name
 * @param event what is to be told
 * @param attempts how often it was tried
 * @param due when to try again; null once it is told
 * @param note what the last attempt came to; null before the first
 */
public record Notification(
        long id, String notifier, Event event, int attempts, @Nullable Instant due, @Nullable String note) {}
