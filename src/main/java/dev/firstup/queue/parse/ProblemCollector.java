package dev.firstup.queue.parse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects the problems of one file. */
final class ProblemCollector {
    // A file of a hundred thousand wrong servers is one mistake, and must not cost the memory of as many sentences.
    static final int MOST = 1_000;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private int errors;
    private int unlisted;

    ProblemCollector(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    void add(Node where, ProblemMessage message, Object... values) {
        add(where.getStartMark().orElseThrow(), message, values);
    }

    void add(Mark where, ProblemMessage message, Object... values) {
        add(where.getLine() + 1, where.getColumn() + 1, message, values);
    }

    void add(int line, int column, ProblemMessage message, Object... values) {
        add(message.at(file, line, column, values));
    }

    void add(Problem problem) {
        errors += problem.isError() ? 1 : 0;
        if (problems.size() < MOST) {
            problems.add(problem);
        } else {
            unlisted++;
        }
    }

    /** How many errors there are so far. */
    int errors() {
        return errors;
    }

    /** All problems in file order, at one place the errors first. */
    List<Problem> problems() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt(Problem::line)
                .thenComparingInt(Problem::column)
                .thenComparing(Problem::severity));
        if (unlisted > 0) {
            Problem last = sorted.get(sorted.size() - 1);
            sorted.add(ProblemMessage.TOO_MANY_PROBLEMS.at(file, last.line(), last.column(), unlisted));
        }
        return List.copyOf(sorted);
    }
}
