package dev.firstup.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of a page in Markdown, and the language of their cells. */
record Page(List<Table> tables) {
    private static final Pattern REPEATED = Pattern.compile("(\\d+) x (.+)");
    private static final Pattern LENGTH = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    /**
     * One table.
     *
     * @param title the heading above it
     */
    record Table(String title, int line, List<String> columns, List<Row> rows) {}

    /** @param cells as many as the table has columns */
    record Row(int line, String text, List<String> cells) {}

    static Page of(List<String> lines) {
        List<Table> tables = new ArrayList<>();
        String title = "";
        Table table = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("#")) {
                title = line.replaceFirst("#+ *", "");
            }
            if (!line.startsWith("|")) {
                table = null;
            } else if (table == null) {
                table = new Table(title, i + 1, cells(line), new ArrayList<>());
                tables.add(table);
                i++;
            } else {
                table.rows().add(new Row(i + 1, line, cells(line)));
            }
        }
        return new Page(tables);
    }

    private static List<String> cells(String line) {
        String inside = line.substring(1, line.endsWith("|") ? line.length() - 1 : line.length());
        return Arrays.stream(inside.split("\\|", -1))
                .map(it -> it.replace("`", "").strip())
                .toList();
    }

    /** What a cell lists, with commas: {@code a, 2 x (b, c)} is a, b, c, b, c. An empty cell lists nothing. */
    static List<String> list(String cell) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= cell.length(); i++) {
            char it = i == cell.length() ? ',' : cell.charAt(i);
            depth += it == '(' ? 1 : it == ')' ? -1 : 0;
            if (it == ',' && depth == 0) {
                items.addAll(expanded(cell.substring(start, i).strip()));
                start = i + 1;
            }
        }
        if (depth != 0) {
            throw unreadable(cell, "as many ( as )");
        }
        return items;
    }

    private static List<String> expanded(String item) {
        Matcher repeated = REPEATED.matcher(item);
        if (!repeated.matches()) {
            return item.isEmpty() ? List.of() : List.of(item);
        }
        String what = repeated.group(2);
        List<String> once = what.startsWith("(") ? list(what.substring(1, what.length() - 1)) : List.of(what);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(repeated.group(1)); i++) {
            all.addAll(once);
        }
        return all;
    }

    static boolean isLength(String text) {
        return LENGTH.matcher(text).matches();
    }

    static Duration length(String text) {
        Matcher length = LENGTH.matcher(text);
        if (!length.matches()) {
            throw unreadable(text, "a length of time like 500ms, 10s, 10m, 1h or 2d");
        }
        long amount = Long.parseLong(length.group(1));
        return switch (length.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static IllegalArgumentException unreadable(String found, String expected) {
        return new IllegalArgumentException("'" + found + "' cannot be read, expected " + expected);
    }
}
