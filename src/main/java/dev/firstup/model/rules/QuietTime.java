package dev.firstup.model.rules;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A time, again and again, in which people are told nothing of a queue: it is probed, and its record moves.
 *
 * @param start the time of day when it begins, as clocks in {@code zone} show it
 * @param duration how long it lasts, at most 7 days
 * @param zone the time zone
 * @param weekdays the days of the week on which it begins; empty means any
 * @param monthdays the days of the month on which it begins, 1 to 31; empty means any
 */
public record QuietTime(
        LocalTime start, Duration duration, ZoneId zone, Set<DayOfWeek> weekdays, Set<Integer> monthdays) {
    public QuietTime {
        weekdays = Set.copyOf(weekdays);
        monthdays = Set.copyOf(monthdays);
    }

    /** Whether {@code at} lies in one of these times. A start that daylight saving skips is as much later. */
    public boolean covers(Instant at) {
        return end(at) != null;
    }

    /** When the time that {@code at} lies in is over, the latest of those that overlap; null where it lies in none. */
    public @Nullable Instant end(Instant at) {
        LocalDate day = at.atZone(zone).toLocalDate();
        // What begins late and lasts d days and some hours ends on day d + 1, or on the next where daylight saving
        // skips an hour.
        for (long back = 0; back <= duration.toDays() + 2; back++) {
            LocalDate begun = day.minusDays(back);
            Instant from = ZonedDateTime.of(begun, start, zone).toInstant();
            if (begins(begun) && !at.isBefore(from) && at.isBefore(from.plus(duration))) {
                return from.plus(duration);
            }
        }
        return null;
    }

    private boolean begins(LocalDate day) {
        return (weekdays.isEmpty() || weekdays.contains(day.getDayOfWeek()))
                && (monthdays.isEmpty() || monthdays.contains(day.getDayOfMonth()));
    }
}
