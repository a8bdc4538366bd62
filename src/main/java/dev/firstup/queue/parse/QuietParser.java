package dev.firstup.queue.parse;

import dev.firstup.model.rules.QuietTime;
import dev.firstup.model.text.NearestWord;
import dev.firstup.queue.text.QuotedValue;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** The key {@code quiet} of a queue. */
final class QuietParser {
    private static final Pattern START = Pattern.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]");
    private static final Map<String, DayOfWeek> DAYS = days();

    private final MappingReader queue;
    private final ProblemCollector report;

    QuietParser(MappingReader queue, ProblemCollector report) {
        this.queue = queue;
        this.report = report;
    }

    /** Those that can be read; what is wrong with the others is reported. */
    List<QuietTime> parse() {
        List<QuietTime> times = new ArrayList<>();
        for (Node node : queue.list("quiet", MappingReader.LONGEST_LIST)) {
            if (!(node instanceof MappingNode mapping)) {
                report.add(node, ProblemMessage.QUIET_FORM, QuotedValue.found(node));
                continue;
            }
            int before = report.errors();
            QuietTime quiet = quiet(new MappingReader(mapping, QueueKeys.QUIET, report));
            if (quiet != null && report.errors() == before) {
                times.add(quiet);
            }
        }
        return times;
    }

    private @Nullable QuietTime quiet(MappingReader section) {
        int before = report.errors();
        section.require("start", "the time of day when it begins, such as 22:00");
        section.require("duration", "how long it lasts, such as 8h");
        section.require("zone", "a time zone such as Europe/Berlin");
        LocalTime start = start(section);
        Duration duration = section.optionalDuration("duration", "1m", "7d");
        ZoneId zone = zone(section);
        Set<DayOfWeek> weekdays = weekdays(section);
        Set<Integer> monthdays = monthdays(section);
        if (section.has("weekdays") && section.has("monthdays")) {
            report.add(section.at("monthdays"), ProblemMessage.QUIET_DAYS);
        }
        if (report.errors() != before || start == null || duration == null || zone == null) {
            return null;
        }
        return new QuietTime(start, duration, zone, weekdays, monthdays);
    }

    private @Nullable LocalTime start(MappingReader section) {
        String text = section.text("start", "a time of day such as \"22:00\"");
        if (text == null) {
            return null;
        }
        if (!START.matcher(text).matches()) {
            report.add(section.at("start"), ProblemMessage.NOT_A_TIME, "\"start\"", QuotedValue.quoted(text));
            return null;
        }
        return LocalTime.parse(text);
    }

    private @Nullable ZoneId zone(MappingReader section) {
        String text = section.text("zone", "a time zone such as Europe/Berlin");
        Set<String> known = ZoneId.getAvailableZoneIds();
        if (text == null || known.contains(text)) {
            return text == null ? null : ZoneId.of(text);
        }
        Optional<String> near = nearest(text, known);
        if (near.isPresent()) {
            report.add(
                    section.at("zone"),
                    ProblemMessage.NO_SUCH_ZONE_NEAR,
                    QuotedValue.quoted(text),
                    QuotedValue.quoted(near.get()));
        } else {
            report.add(section.at("zone"), ProblemMessage.NO_SUCH_ZONE, QuotedValue.quoted(text));
        }
        return null;
    }

    /** By its whole name, or by that of its city alone. */
    private static Optional<String> nearest(String text, Collection<String> known) {
        Map<String, String> cities = new TreeMap<>();
        known.stream().sorted().forEach(it -> cities.putIfAbsent(it.substring(it.lastIndexOf('/') + 1), it));
        return NearestWord.to(text, known)
                .or(() -> NearestWord.to(text, cities.keySet()).map(cities::get));
    }

    private Set<DayOfWeek> weekdays(MappingReader section) {
        Set<DayOfWeek> weekdays = new HashSet<>();
        for (Node node : section.list("weekdays", MappingReader.LONGEST_LIST)) {
            String text =
                    MappingReader.text(node, "\"weekdays\"", "one of: " + QuotedValue.list(DAYS.keySet()), report);
            if (text != null && !DAYS.containsKey(text)) {
                report.add(
                        node,
                        ProblemMessage.NOT_ONE_OF,
                        "\"weekdays\"",
                        QuotedValue.quoted(text),
                        QuotedValue.list(DAYS.keySet()));
            } else if (text != null && !weekdays.add(DAYS.get(text))) {
                report.add(node, ProblemMessage.TWICE, "\"weekdays\"", text);
            }
        }
        return weekdays;
    }

    private Set<Integer> monthdays(MappingReader section) {
        Set<Integer> monthdays = new HashSet<>();
        for (Node node : section.list("monthdays", MappingReader.LONGEST_LIST)) {
            Integer day = MappingReader.number(node, "\"monthdays\"", 1, 31, report);
            if (day != null && !monthdays.add(day)) {
                report.add(node, ProblemMessage.TWICE, "\"monthdays\"", day);
            }
        }
        return monthdays;
    }

    private static Map<String, DayOfWeek> days() {
        Map<String, DayOfWeek> days = new LinkedHashMap<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            days.put(day.name().substring(0, 3).toLowerCase(Locale.ROOT), day);
        }
        return days;
    }
}
