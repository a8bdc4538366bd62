package dev.firstup.status;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One gauge while its rows are gathered, in Micrometer's words: dots in its name, and its unit apart. */
final class GaugeFamily {
    /** @param labels names and values in turn */
    record Row(double value, String[] labels) {}

    private final String name;
    private final @Nullable String unit;
    private final String help;
    private final List<Row> rows = new ArrayList<>();

    private GaugeFamily(String name, @Nullable String unit, String help) {
        this.name = name;
        this.unit = unit;
        this.help = help;
    }

    /** One that counts things, or says yes (1) or no (0). */
    static GaugeFamily of(String name, String help) {
        return new GaugeFamily(name, null, help);
    }

    static GaugeFamily seconds(String name, String help) {
        return new GaugeFamily(name, "seconds", help);
    }

    /** @param labels names and values in turn */
    GaugeFamily add(double value, String... labels) {
        rows.add(new Row(value, labels));
        return this;
    }

    String name() {
        return name;
    }

    /** Null where it has none. */
    @Nullable
    String unit() {
        return unit;
    }

    String help() {
        return help;
    }

    List<Row> rows() {
        return rows;
    }
}
