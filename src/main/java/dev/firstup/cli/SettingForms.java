package dev.firstup.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The settings that are numbers, times or switches. What has another form, Camel would take for something else, or would say
 * late and without the name of the setting.
 */
final class SettingForms {
    private static final List<String> THREADS =
            List.of("firstup.publish.threads", "firstup.notify.threads", "firstup.names.threads");

    /** A timer without a period fires once, and then never again. */
    private static final List<String> TIMES = List.of(
            "firstup.tick",
            "firstup.reload",
            "firstup.publish.tick",
            "firstup.publish.timeout",
            "firstup.names.check",
            "firstup.notify.tick",
            "firstup.heartbeat.period");

    private static final List<String> DELAYS = List.of("firstup.names.delay", "firstup.heartbeat.delay");

    /** Camel makes no length of a bare number. */
    private static final List<String> LENGTHS =
            List.of("firstup.publish.lease", "firstup.publish.drift-check", "firstup.notify.lease");

    private static final List<String> LENGTHS_OR_NONE = List.of("firstup.publish.gap", "firstup.publish.lag");

    private static final List<String> SWITCHES = List.of("firstup.publish.dry-run", "firstup.publish.retry-stopped");

    private final Installation home;
    private final List<String> problems = new ArrayList<>();

    private SettingForms(Installation home) {
        this.home = home;
    }

    /** @throws CommandException if any has another form; it says all that was found */
    static void require(Installation home) {
        SettingForms settings = new SettingForms(home);
        settings.expect("firstup.port", SettingForms::isPort, "a port from 0 to 65535, such as 8053");
        THREADS.forEach(
                it -> settings.expect(it, value -> value.matches("[1-9][0-9]{0,4}"), "a number of threads, such as 2"));
        settings.expect("firstup.orders.patience", value -> value.matches("[0-9]{1,9}"), "milliseconds, such as 10000");
        TIMES.forEach(it -> settings.expect(
                it,
                value -> isTime(value) && !isNone(value),
                "a time of at least a millisecond, such as 1000 (milliseconds), 30s or 5m"));
        LENGTHS.forEach(it -> settings.expect(
                it,
                value -> isLength(value) && !isNone(value),
                "a time with its unit and longer than none, such as 30s or 5m"));
        LENGTHS_OR_NONE.forEach(
                it -> settings.expect(it, SettingForms::isLength, "a time with its unit, such as 30s or 5m"));
        DELAYS.forEach(
                it -> settings.expect(it, SettingForms::isTime, "a time, such as 1000 (milliseconds), 30s or 5m"));
        SWITCHES.forEach(it -> settings.expect(it, value -> value.matches("true|false"), "true or false"));
        if (!settings.problems.isEmpty()) {
            throw new CommandException(String.join(System.lineSeparator(), settings.problems));
        }
    }

    private void expect(String name, Predicate<String> form, String expected) {
        String value = home.setting(name, "");
        // What is missing, or stands elsewhere, Camel finds.
        if (!value.isEmpty() && !value.contains("{{") && !form.test(value)) {
            problems.add(name + " is \"" + value + "\", expected " + expected + "; change it " + home.place(name));
        }
    }

    private static boolean isPort(String value) {
        return value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65_535;
    }

    private static boolean isLength(String value) {
        return isTime(value) && !value.matches("[0-9]+");
    }

    private static boolean isNone(String value) {
        return value.startsWith("P") || value.startsWith("p")
                ? Duration.parse(value).compareTo(Duration.ofMillis(1)) < 0
                : value.matches("[^1-9]*");
    }

    /** As Camel reads one, which takes what it does not know for 0. */
    private static boolean isTime(String value) {
        if (value.matches("(?i)[0-9]+|([0-9]+(ms|s|m|h|d) *)+")) {
            return true;
        }
        try {
            return !Duration.parse(value).isNegative();
        } catch (DateTimeException e) {
            return false;
        }
    }
}
