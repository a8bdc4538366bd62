package dev.firstup.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.firstup.model.Queue;
import dev.firstup.model.ServerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of docs/decisions.md is so. */
class DecisionsTest {
    private static final Path PAGE = Path.of("docs", "decisions.md");

    private static final List<String> VERDICTS = List.of("fall, rise", "something else answers", "probes", "state");
    private static final List<String> PLAYED =
            List.of("settings", "what happens", "the record says, in turn", "told besides moves");
    private static final List<String> BOUNDS = List.of("settings", "what happens", "at most");

    private static final Map<String, List<String>> TABLES = new TreeMap<>(Map.of(
            "Up or down", VERDICTS,
            "Which server", PLAYED,
            "The way back", PLAYED,
            "When all are down", PLAYED,
            "When it is our own link", PLAYED,
            "Candidates", PLAYED,
            "By hand", PLAYED,
            "Restarts", PLAYED,
            "Worth a look", PLAYED,
            "How long it takes", BOUNDS));

    private static final Pattern EDGE = Pattern.compile("\\s*(\\w+) --> (\\w+)(?: *:.*)?");
    private static final Pattern TERM = Pattern.compile("(?:(\\d+) x )?(\\w+)");
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration LATENCY = Duration.ofMillis(10);

    @TestFactory
    Stream<DynamicContainer> everyRowIsSo() throws IOException {
        Page page = Page.of(Files.readAllLines(PAGE));
        return page.tables().stream()
                .map(table -> dynamicContainer(
                        table.title(),
                        table.rows().stream().map(row -> dynamicTest(row.text(), () -> holds(table, row)))));
    }

    @Test
    void everyTableIsThereAndKnown() throws IOException {
        assertThat(mistakes(Page.of(Files.readAllLines(PAGE)))).isEmpty();
    }

    private static List<String> mistakes(Page page) {
        List<String> mistakes = new ArrayList<>();
        Set<String> missing = new TreeSet<>(TABLES.keySet());
        for (Page.Table it : page.tables()) {
            String where = PAGE + ":" + it.line() + ": ";
            if (!missing.remove(it.title())) {
                mistakes.add(where + "table of '" + it.title() + "', expected one for each of " + TABLES.keySet());
            } else if (!it.columns().equals(TABLES.get(it.title()))) {
                mistakes.add(where + "columns " + it.columns() + ", expected " + TABLES.get(it.title()));
            }
            if (it.rows().isEmpty()) {
                mistakes.add(where + "a table without rows, expected at least one");
            }
        }
        missing.forEach(it -> mistakes.add(PAGE + ": no table under '" + it + "'"));
        return mistakes;
    }

    private static void holds(Page.Table table, Page.Row row) {
        List<String> columns = TABLES.get(table.title());
        assertThat(row.cells()).as(PAGE + ":" + row.line() + ": cells").hasSameSizeAs(columns);
        if (columns == VERDICTS) {
            verdictsMakeAState(row.cells());
        } else if (columns == BOUNDS) {
            itTakesAtMost(row.cells());
        } else {
            isPlayed(row.cells());
        }
    }

    // Rows that are played

    private static void isPlayed(List<String> cells) {
        Story story = new Story(Settings.queue(cells.get(0))).play(Page.list(cells.get(1)));
        assertThat(story.said()).as("the record").isEqualTo(Page.list(cells.get(2)));
        List<String> told = cells.get(3).equals("nothing") ? List.of() : Page.list(cells.get(3));
        assertThat(story.told()).as("told").isEqualTo(told);
    }

    // Verdicts

    private static void verdictsMakeAState(List<String> cells) {
        String[] numbers = cells.get(0).split(", ");
        Story story = new Story(Settings.queue("fall: " + numbers[0] + ", rise: " + numbers[1]));
        alone(story, cells.get(1));
        for (String it : Page.list(cells.get(2))) {
            Arrays.stream(it.split(" ")).forEach(symbol -> probe(story, symbol));
        }
        assertThat(story.state("paris")).isEqualTo(ServerState.valueOf(cells.get(3)));
    }

    private static void alone(Story story, String somethingElseAnswers) {
        String others =
                switch (somethingElseAnswers) {
                    case "yes" -> "up";
                    case "no" -> "silent";
                    default -> throw Page.unreadable(somethingElseAnswers, "yes or no");
                };
        story.play(List.of("tokyo " + others, "quebec " + others, "witness " + others, "start with paris"));
    }

    private static void probe(Story story, String symbol) {
        if (symbol.equals("!")) {
            story.witnessed();
        } else {
            story.probed("paris", symbol);
        }
    }

    // Bounds

    private static void itTakesAtMost(List<String> cells) {
        Queue queue = Settings.queue(cells.get(0));
        Duration bound = bound(queue, cells.get(1));
        String[] sides = cells.get(2).split(" = ");
        assertThat(sides).as("SUM = LENGTH").hasSize(2);
        assertThat(sum(sides[0])).as("the sum").isEqualTo(Page.length(sides[1]));
        assertThat(Page.length(sides[1])).as("the bound").isEqualTo(bound);

        // The worst that can happen: it fails just after an answer, and the first candidate turns silent when it is
        // asked.
        Story down = failing(queue, cells.get(1)).play(List.of("until paris is DOWN"));
        Story story = failing(queue, cells.get(1));
        // Where paris refuses, that is before it is down.
        Instant asked = cells.get(1).equals("paris down") ? down.lastAnswer("tokyo") : down.steady.instant();
        story.run(Duration.between(story.steady.instant(), asked).minus(LATENCY.multipliedBy(2)));
        story.play(List.of("tokyo silent"));
        while (story.said().size() == 1) {
            story.run(LATENCY);
        }
        assertThat(story.said()).containsExactly("paris", "quebec");
        assertThat(since(story))
                .as("kept, and the worst comes close to it")
                .isBetween(
                        bound,
                        bound.plus(TICK.plus(LATENCY).multipliedBy(queue.rules().fall() + 2L)));
    }

    private static Story failing(Queue queue, String what) {
        Story story = new Story(queue).play(List.of());
        Instant before = story.lastAnswer("paris");
        while (story.lastAnswer("paris").equals(before)) {
            story.run(LATENCY);
        }
        return story.play(List.of(what));
    }

    private static Duration since(Story story) {
        return Duration.between(story.lastAnswer("paris"), story.steady.instant());
    }

    private static Duration bound(Queue queue, String what) {
        Queue.Pace pace = queue.pace();
        int fall = queue.rules().fall();
        Duration quick = pace.interval().plus(pace.fast().multipliedBy(fall - 1L));
        // One failure alone is not believed: it is probed again, at once.
        int probes = Math.max(2, fall);
        return switch (what) {
            case "paris down" -> quick.plus(pace.timeout());
            case "paris silent" -> quick.plus(pace.timeout().multipliedBy(probes + 1L));
            default -> throw Page.unreadable(what, "paris down or paris silent");
        };
    }

    private static Duration sum(String text) {
        Duration sum = Duration.ZERO;
        for (String it : text.split(" \\+ ")) {
            Matcher term = TERM.matcher(it);
            if (!term.matches()) {
                throw Page.unreadable(it, "a length of time, or 2 x one");
            }
            int times = term.group(1) == null ? 1 : Integer.parseInt(term.group(1));
            sum = sum.plus(Page.length(term.group(2)).multipliedBy(times));
        }
        return sum;
    }

    // The diagram

    @Test
    void theDiagramShowsEveryStepBetweenStatesThatThereIsAndNoOther() throws IOException {
        Set<String> drawn = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher edge = EDGE.matcher(line);
            if (edge.matches()) {
                drawn.add(ServerState.valueOf(edge.group(1)) + " " + ServerState.valueOf(edge.group(2)));
            }
        }
        assertThat(drawn).isEqualTo(steps());
    }

    private static Set<String> steps() {
        Set<String> steps = new TreeSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 30; i++) {
            Story story = new Story(Settings.queue("fall: " + (1 + i % 4) + ", rise: " + (1 + i / 4 % 3)));
            alone(story, i % 5 == 0 ? "no" : "yes");
            for (int j = 0; j < 60; j++) {
                ServerState before = story.state("paris");
                probe(story, List.of("+", "-", "-", "?", "!").get(random.nextInt(5)));
                ServerState after = story.state("paris");
                if (after != before) {
                    steps.add(before + " " + after);
                }
            }
        }
        return steps;
    }

    // The test itself

    @ParameterizedTest
    @ValueSource(
            strings = {
                "| defaults | paris down, 1m | paris | nothing |",
                "| defaults | paris down, 1m | tokyo | nothing |",
                "| defaults | paris down, 1m | paris, tokyo | all down |",
            })
    void aRowThatDoesNotHoldFails(String row) {
        assertThatThrownBy(() -> check("Which server", row)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Which server; | defaults | lyon down, 1m | paris | nothing |",
                "Which server; | defaults | paris sleepy, 1m | paris | nothing |",
                "Which server; | defaults | paris down, 1 minute | paris | nothing |",
                "Which server; | defaults | drain | paris | nothing |",
                "Which server; | defaults | 2 x (paris down, 1m | paris | nothing |",
                "Which server; | answers: many | 1m | paris | nothing |",
                "Which server; | answer: 2 | 1m | paris | nothing |",
                "Which server; | fallback: auto | 1m | paris | nothing |",
                "Which server; | failback auto | 1m | paris | nothing |",
                "Up or down; | 3, 2 | yes | + * | UP |",
                "Up or down; | 3, 2 | maybe | + + | UP |",
                "Up or down; | 3, 2 | yes | + + | HIGH |",
                "How long it takes; | defaults | paris lossy | 1s = 1s |",
                "How long it takes; | defaults | paris down | 1 s = 1s |",
            })
    void aCellThatCannotBeReadFails(String title, String row) {
        assertThatThrownBy(() -> check(title, row)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "How long it takes; | defaults | paris down | 10s + 2 x 1s + 3s = 16s |",
                "How long it takes; | defaults | paris down | 10s + 2 x 1s = 12s |",
                "How long it takes; | fall: 4 | paris down | 10s + 2 x 1s + 3s = 15s |",
                "Up or down; | 3, 2 | yes | + + - | UP |",
                "Up or down; | 3, 2 | + + | UP |",
            })
    void whatIsReadAndNotSoFails(String title, String row) {
        assertThatThrownBy(() -> check(title, row)).isInstanceOf(AssertionError.class);
    }

    private static void check(String title, String row) {
        List<String> lines = List.of("# " + title, "| head |", "|---|", row);
        Page.Table table = Page.of(lines).tables().get(0);
        holds(table, table.rows().get(0));
    }

    @Test
    void tablesThatAreUnknownOrEmptyOrNotThereAreMistakes() {
        List<String> lines = List.of(
                "# Another", "| a |", "|---|", "| b |", "", "# Restarts", "| a | b |", "|---|---|", "", "# By hand");
        assertThat(mistakes(Page.of(lines)))
                .anyMatch(it -> it.contains(":2: table of 'Another'"))
                .anyMatch(it -> it.contains(":7: columns [a, b]"))
                .anyMatch(it -> it.contains(":7: a table without rows"))
                .anyMatch(it -> it.contains("no table under 'By hand'"));
    }
}
