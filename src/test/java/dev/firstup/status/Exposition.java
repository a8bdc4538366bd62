package dev.firstup.status;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Prometheus reads, and insists on its grammar
 * (https://prometheus.io/docs/instrumenting/exposition_formats/): every metric has a help text and a type before its first
 * sample, and stands in one place; no sample is there twice.
 */
final class Exposition {
    private static final Pattern META = Pattern.compile("# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*)})?"
                    + " (NaN|[+-]Inf|[+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)");

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> types = new HashMap<>();
    private final Map<String, String> helps = new HashMap<>();

    Exposition(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        String current = "";
        for (String line : text.split("\n")) {
            if (line.equals("# EOF")) {
                continue;
            }
            Matcher meta = META.matcher(line);
            if (meta.matches()) {
                if (!meta.group(2).equals(current)
                        && (types.containsKey(meta.group(2)) || helps.containsKey(meta.group(2)))) {
                    throw new AssertionError("stands in two places: " + line);
                }
                current = meta.group(2);
                (meta.group(1).equals("TYPE") ? types : helps).put(current, meta.group(3));
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("no sample: " + line);
            }
            String name = sample.group(1);
            if (!name.equals(current) && !name.equals(current + "_total")
                    || !types.containsKey(current)
                    || !helps.containsKey(current)) {
                throw new AssertionError("without help or type: " + line);
            }
            String key = line.substring(0, line.lastIndexOf(' '));
            if (samples.put(key, Double.valueOf(sample.group(4))) != null) {
                throw new AssertionError("there twice: " + line);
            }
        }
    }

    /** The values, by name with labels as they are written. */
    Map<String, Double> samples() {
        return samples;
    }

    /** The types, by metric. */
    Map<String, String> types() {
        return types;
    }
}
