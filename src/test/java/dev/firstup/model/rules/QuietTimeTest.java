package dev.firstup.model.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuietTimeTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final Duration HOUR = Duration.ofHours(1);

    private static QuietTime daily(String start, Duration duration, ZoneId zone) {
        return new QuietTime(LocalTime.parse(start), duration, zone, Set.of(), Set.of());
    }

    /** That it is quiet from {@code from} on, and not just before, and until {@code to}, and not then. */
    private static void covers(QuietTime quiet, Instant from, Instant to) {
        assertThat(quiet.covers(from.minusMillis(1))).isFalse();
        assertThat(quiet.end(from.minusMillis(1))).isNull();
        for (Instant at = from; at.isBefore(to); at = at.plus(Duration.ofMinutes(7))) {
            assertThat(quiet.covers(at)).as(at.toString()).isTrue();
            assertThat(quiet.end(at)).as(at.toString()).isEqualTo(to);
        }
        assertThat(quiet.covers(to.minusMillis(1))).isTrue();
        assertThat(quiet.covers(to)).isFalse();
        assertThat(quiet.end(to)).isNull();
    }

    private static Instant at(String local, ZoneId zone) {
        return LocalDateTime.parse(local).atZone(zone).toInstant();
    }

    @Test
    void itIsAsClocksThereShowIt() {
        covers(
                daily("02:00", HOUR, PARIS),
                Instant.parse("2026-01-31T01:00:00Z"),
                Instant.parse("2026-01-31T02:00:00Z"));
        covers(
                daily("02:00", HOUR, PARIS),
                Instant.parse("2026-07-31T00:00:00Z"),
                Instant.parse("2026-07-31T01:00:00Z"));
        covers(
                daily("02:00", HOUR, ZoneId.of("Asia/Kolkata")),
                Instant.parse("2026-01-30T20:30:00Z"),
                Instant.parse("2026-01-30T21:30:00Z"));
    }

    @Test
    void itMayLastOverMidnight() {
        covers(
                daily("23:30", HOUR, ZoneOffset.UTC),
                Instant.parse("2026-01-31T23:30:00Z"),
                Instant.parse("2026-02-01T00:30:00Z"));
    }

    @Test
    void weekdaysAreThoseOnWhichItBegins() {
        QuietTime quiet =
                new QuietTime(LocalTime.of(23, 0), Duration.ofHours(3), PARIS, Set.of(DayOfWeek.SATURDAY), Set.of());
        covers(quiet, at("2026-01-31T23:00", PARIS), at("2026-02-01T02:00", PARIS));
        assertThat(quiet.covers(at("2026-01-30T23:30", PARIS))).isFalse();
        assertThat(quiet.covers(at("2026-01-31T00:30", PARIS))).isFalse();
        assertThat(quiet.covers(at("2026-02-01T23:30", PARIS))).isFalse();
    }

    @Test
    void weekdaysAreThoseOfTheZone() {
        QuietTime quiet =
                new QuietTime(LocalTime.of(0, 30), HOUR, ZoneId.of("Asia/Tokyo"), Set.of(DayOfWeek.SUNDAY), Set.of());
        covers(quiet, Instant.parse("2026-01-31T15:30:00Z"), Instant.parse("2026-01-31T16:30:00Z"));
    }

    @Test
    void monthdaysAreThoseOnWhichItBegins() {
        QuietTime quiet = new QuietTime(LocalTime.of(22, 0), Duration.ofHours(4), PARIS, Set.of(), Set.of(1, 31));
        covers(quiet, at("2026-01-31T22:00", PARIS), at("2026-02-01T02:00", PARIS));
        covers(quiet, at("2026-02-01T22:00", PARIS), at("2026-02-02T02:00", PARIS));
        assertThat(quiet.covers(at("2026-02-28T23:00", PARIS))).isFalse();
    }

    @Test
    void weekdayAndMonthdayMustBothFit() {
        QuietTime quiet = new QuietTime(LocalTime.NOON, HOUR, PARIS, Set.of(DayOfWeek.FRIDAY), Set.of(13));
        assertThat(quiet.covers(at("2026-02-13T12:30", PARIS))).isTrue();
        assertThat(quiet.covers(at("2026-02-20T12:30", PARIS))).isFalse();
        assertThat(quiet.covers(at("2026-01-13T12:30", PARIS))).isFalse();
    }

    @Test
    void itMayLastSeveralDays() {
        QuietTime quiet =
                new QuietTime(LocalTime.of(18, 0), Duration.ofHours(62), PARIS, Set.of(DayOfWeek.FRIDAY), Set.of());
        covers(quiet, at("2026-01-30T18:00", PARIS), at("2026-02-02T08:00", PARIS));
        QuietTime week = new QuietTime(LocalTime.of(18, 0), Duration.ofDays(7), PARIS, Set.of(), Set.of(10));
        covers(week, at("2026-01-10T18:00", PARIS), at("2026-01-17T18:00", PARIS));
    }

    @Test
    void oneThatNeverEndsEndsAtTheLatestKnown() {
        QuietTime quiet = daily("00:00", Duration.ofDays(1), ZoneOffset.UTC);
        assertThat(quiet.end(Instant.parse("2026-01-31T00:00:00Z"))).isEqualTo("2026-02-01T00:00:00Z");
        QuietTime overlapping = daily("00:00", Duration.ofDays(2), ZoneOffset.UTC);
        assertThat(overlapping.end(Instant.parse("2026-01-31T12:00:00Z"))).isEqualTo("2026-02-02T00:00:00Z");
    }

    // Europe/Paris: on 2026-03-29 clocks go from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.

    @Test
    void aStartThatDaylightSavingSkipsIsAsMuchLater() {
        covers(
                daily("02:30", HOUR, PARIS),
                Instant.parse("2026-03-29T01:30:00Z"),
                Instant.parse("2026-03-29T02:30:00Z"));
    }

    @Test
    void itLastsAsLongWhenAnHourIsSkipped() {
        covers(
                daily("01:30", HOUR, PARIS),
                Instant.parse("2026-03-29T00:30:00Z"),
                Instant.parse("2026-03-29T01:30:00Z"));
        QuietTime late = new QuietTime(
                LocalTime.of(23, 59),
                Duration.ofHours(24).minusMinutes(1),
                PARIS,
                Set.of(DayOfWeek.SATURDAY),
                Set.of());
        covers(late, at("2026-03-28T23:59", PARIS), at("2026-03-30T00:58", PARIS));
    }

    @Test
    void ofAnHourThatComesTwiceItIsTheFirst() {
        covers(
                daily("02:30", HOUR, PARIS),
                Instant.parse("2026-10-25T00:30:00Z"),
                Instant.parse("2026-10-25T01:30:00Z"));
        covers(
                daily("01:30", Duration.ofHours(2), PARIS),
                Instant.parse("2026-10-24T23:30:00Z"),
                Instant.parse("2026-10-25T01:30:00Z"));
    }

    @Test
    void whereDaylightSavingEndsAtMidnightTheDayIsLonger() {
        // America/Santiago: at 24:00 on 2026-04-04 clocks go back to 23:00.
        ZoneId santiago = ZoneId.of("America/Santiago");
        covers(
                daily("23:30", HOUR, santiago),
                Instant.parse("2026-04-05T02:30:00Z"),
                Instant.parse("2026-04-05T03:30:00Z"));
    }
}
