package dev.firstup.notify;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Step;
import dev.firstup.model.notify.ChannelMessage;
import dev.firstup.model.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events as text. Says what the event says and nothing more; the same event always gives the same text. */
public final class MessageRenderer {
    private static final int NAME = 100;
    private static final int REASON = 500;
    private static final int REASON_LINES = 20;
    private static final DateTimeFormatter READABLE = DateTimeFormatter.ofPattern(
                    "EEEE, d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    /** Ready to write at once. */
    public MessageRenderer() {
        // What Java looks for at the first message, names of days above all, takes tens of milliseconds.
        Map<Step, Instant> times = Map.of(Step.DETECTED, Instant.EPOCH, Step.VISIBLE, Instant.EPOCH);
        render(
                Event.of(Event.Kind.MOVED, Instant.EPOCH, Event.About.PROGRAM, "-")
                        .with(new Event.Change(null, "", times)),
                "");
    }

    /**
     * The text of an event.
     *
     * @param event what happened
     * @param notifier the notifier that will tell it
     */
    public ChannelMessage render(Event event, String notifier) {
        Names names = Names.of(event);
        List<String> lines = new ArrayList<>();
        lines.add(sentence(event, names));
        lines.add("");
        if (event.reason() != null && !event.reason().isBlank()) {
            lines.add("Why:" + reason(event));
        }
        if (event.downtime() != null) {
            lines.add((event.kind() == Event.Kind.STASIS_OVER ? "Cut off for: " : "Down for: ")
                    + DurationText.outage(event.downtime()));
        }
        if (event.publisher() != null && !event.kind().name().startsWith("PUBLISH")) {
            lines.add("Publisher: " + name(event.publisher(), ""));
        }
        lines.add("When: " + event.at().truncatedTo(ChronoUnit.SECONDS) + " (" + READABLE.format(event.at()) + ")");
        if (!event.times().isEmpty()) {
            lines.add("");
            lines.addAll(steps(event.times()));
        }
        if (event.kind() == Event.Kind.MOVED && !event.times().containsKey(Step.VISIBLE)) {
            lines.add("Not every authoritative name server shows it yet.");
        }
        return new ChannelMessage(
                event, notifier, names.queue + ": " + subject(event, names), String.join("\n", lines));
    }

    private static String subject(Event event, Names n) {
        return switch (event.kind()) {
            case SERVER_DOWN -> n.server + " is down";
            case SERVER_UP -> n.server + " is up again";
            case SERVER_UNKNOWN -> n.server + " cannot be probed";
            case DECIDED -> n.to == null ? "should name another server" : "should move" + n.way();
            case MOVED -> n.to == null ? "the record changed" : "moved" + n.way();
            case ALL_DOWN -> "all servers are down";
            case RECOVERED -> "a server is up again";
            case DEGRADED -> n.server + " is worth a look";
            case STASIS -> "this monitor looks cut off";
            case STASIS_OVER -> "this monitor is not cut off any more";
            case WITNESS_LEFT_OUT -> "a witness does not answer";
            case FAILBACK_LIMITED -> "went back too often";
            case FAILBACK_FREE -> "goes back by itself again";
            case ORDERED -> n.who() + "an order by hand";
            case ORDER_ENDED -> n.who() + "an order by hand has ended";
            case FOREIGN -> "the record holds something else";
            case UNREADABLE -> "the record cannot be read";
            case NAMES -> "names around the record need a look";
            case NAMES_OK -> "the names around the record are right";
            case DRIFT -> "the record was changed by somebody else";
            case REPAIRED -> "the record is written again";
            case CREDENTIAL -> "the credential of " + n.publisher + " needs a look";
            case WOULD_SEND -> "would have been sent to " + n.publisher;
            case PUBLISH_WAITING -> n.publisher + " did not take the record, it is asked again";
            case PUBLISH_STOPPED -> n.publisher + " is not asked any more, somebody has to act";
            case PUBLISH_RESUMED -> n.publisher + " takes the record again";
            case CONFIG_REJECTED -> "the new configuration is not valid";
            case CONFIG_CHANGED -> "the configuration changed";
        };
    }

    private static String sentence(Event event, Names n) {
        return switch (event.kind()) {
            case SERVER_DOWN -> "The server " + n.server + " was found down.";
            case SERVER_UP -> "The server " + n.server + " is up again.";
            case SERVER_UNKNOWN ->
                "The probes of " + n.server + " could not be made, several times in a row."
                        + " Whether it is up is not known.";
            case DECIDED ->
                n.to == null
                        ? "It was decided that " + n.record + " should name another server."
                        : "It was decided that " + n.record + " should name " + n.to + n.instead();
            case MOVED ->
                n.to == null
                        ? "A publisher confirmed a change of " + n.record + "."
                        : n.record + " names " + n.to + " now" + n.before();
            case ALL_DOWN -> "No server of this queue is up.";
            case RECOVERED ->
                "All servers of this queue were down; " + (n.server == null ? "one" : n.server) + " is up again.";
            case DEGRADED -> "The server " + n.server + " serves, and something about it is worth a look.";
            case STASIS -> "No server and no witness answers: this monitor looks cut off, and changes nothing.";
            case STASIS_OVER -> "This monitor is not cut off any more.";
            case WITNESS_LEFT_OUT -> "A witness does not answer, while others do. It is left out until it does.";
            case FAILBACK_LIMITED ->
                n.record + " returned to a better server so often that it does so only by hand from now on.";
            case FAILBACK_FREE -> n.record + " returns to a better server by itself again.";
            case ORDERED -> "Somebody has given an order by hand" + n.about();
            case ORDER_ENDED -> "An order that was given by hand has ended" + n.about();
            case FOREIGN -> n.record + " holds something that this queue would not say. The next decision replaces it.";
            case UNREADABLE -> n.record + " cannot be read.";
            case NAMES -> "Names around " + n.record + " are not as they should be.";
            case NAMES_OK -> "The names around " + n.record + " are as they should be again.";
            case DRIFT -> n.record + " was changed, and not by Firstup.";
            case REPAIRED -> n.record + " was changed, and not by Firstup. It is written again.";
            case CREDENTIAL -> "Whether " + n.publisher + " still takes " + n.record + " is not sure.";
            case WOULD_SEND -> "This is a dry run: nothing was sent to " + n.publisher + ".";
            case PUBLISH_WAITING -> n.publisher + " did not take " + n.record + ". It is asked again.";
            case PUBLISH_STOPPED ->
                n.publisher + " is not asked to change " + n.record + " any more until somebody acts.";
            case PUBLISH_RESUMED -> n.publisher + " has taken " + n.record + " after it had not.";
            case CONFIG_REJECTED -> "The new configuration is not valid. What ran before keeps running.";
            case CONFIG_CHANGED -> "The configuration changed.";
        };
    }

    private static List<String> steps(Map<Step, Instant> times) {
        Instant first = times.values().iterator().next();
        return times.entrySet().stream()
                .map(time -> String.format(
                        Locale.ROOT,
                        "%-10s %s  +%.3f s",
                        label(time.getKey()),
                        EXACT.format(time.getValue()),
                        Duration.between(first, time.getValue()).toMillis() / 1000.0))
                .toList();
    }

    private static String label(Step step) {
        return step.name().charAt(0) + step.name().substring(1).toLowerCase(Locale.ROOT) + ":";
    }

    private static String reason(Event event) {
        if (event.kind() != Event.Kind.CONFIG_REJECTED && event.kind() != Event.Kind.NAMES) {
            return " " + LogSanitizer.line(event.reason(), REASON);
        }
        // All that is wrong with a file, or with names, is told at once, a line each; indented, so that none can pass
        // for one of ours.
        return event.reason()
                .lines()
                .filter(line -> !line.isBlank())
                .limit(REASON_LINES)
                .map(line -> LogSanitizer.line(line, REASON))
                .collect(Collectors.joining("\n  ", "\n  ", ""));
    }

    private static @Nullable String name(@Nullable String value, @Nullable String otherwise) {
        return value == null || value.isBlank() ? otherwise : LogSanitizer.line(value, NAME);
    }

    private record Names(
            String queue,
            String record,
            @Nullable String server,
            @Nullable String from,
            @Nullable String to,
            String publisher) {

        static Names of(Event event) {
            return new Names(
                    Objects.requireNonNull(name(event.queue(), "firstup")),
                    Objects.requireNonNull(name(event.record(), "the record")),
                    name(event.server(), otherwise(event)),
                    name(event.from(), null),
                    name(event.to(), null),
                    Objects.requireNonNull(name(event.publisher(), "the publisher")));
        }

        private static @Nullable String otherwise(Event event) {
            return switch (event.kind()) {
                case RECOVERED -> name(event.to(), null);
                case ORDERED, ORDER_ENDED -> null;
                default -> "a server";
            };
        }

        String who() {
            return server == null ? "" : server + ": ";
        }

        String about() {
            return server == null ? "." : " about " + server + ".";
        }

        String way() {
            return (from == null ? "" : " from " + from) + " to " + to;
        }

        String instead() {
            return from == null ? "." : " instead of " + from + ".";
        }

        String before() {
            return from == null ? "." : "; before, it named " + from + ".";
        }
    }
}
