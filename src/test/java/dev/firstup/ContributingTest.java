package dev.firstup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walks in CONTRIBUTING.md lead through files and names that there are. */
class ContributingTest {
    private static final Path PAGE = Path.of(".github/CONTRIBUTING.md");
    private static final Pattern STEP =
            Pattern.compile("^\\| (\\d+) \\| `([^`]+)` \\| `([^`]+)` \\|", Pattern.MULTILINE);

    record Step(int number, Path file, String name) {
        @Override
        public String toString() {
            return number + " " + file + " " + name;
        }
    }

    static List<Step> steps() throws IOException {
        return STEP.matcher(Files.readString(PAGE))
                .results()
                .map(ContributingTest::step)
                .toList();
    }

    private static Step step(MatchResult row) {
        return new Step(Integer.parseInt(row.group(1)), Path.of(row.group(2)), row.group(3));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyStepIsThere(Step step) throws IOException {
        assertThat(step.file()).isRegularFile();
        // A name is defined there, or begins there: a call of it alone would be another step.
        String defined = step.file().toString().endsWith(".java")
                ? "(?m)^    (?!return |throw )(?:[\\w<>\\[\\], .?@]+ )?" + Pattern.quote(step.name()) + "\\("
                : "(?<![\\w-])" + Pattern.quote(step.name()) + "(?![\\w-])";
        assertThat(Pattern.compile(defined).matcher(Files.readString(step.file())))
                .matches(Matcher::find);
    }

    @Test
    void eachWalkHasAtMostADozenSteps() throws IOException {
        List<Integer> numbers = steps().stream().map(Step::number).toList();
        assertThat(numbers).hasSizeBetween(12, 24).allMatch(it -> it <= 12);
        assertThat(Stream.of(Files.readString(PAGE).split("\n")).filter(it -> it.startsWith("## The walk of")))
                .hasSize(2);
        assertThat(numbers.stream().filter(it -> it == 1)).hasSize(2);
    }
}
