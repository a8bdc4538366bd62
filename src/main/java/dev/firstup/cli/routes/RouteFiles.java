package dev.firstup.cli.routes;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Route files, read before Camel reads them. */
public final class RouteFiles {
    private final List<RouteFile> files;

    private RouteFiles(List<RouteFile> files) {
        this.files = files;
    }

    /** Those at {@code paths}; of one that is no YAML, what stands before that. */
    public static RouteFiles read(List<Path> paths) {
        return new RouteFiles(paths.stream().map(RouteFile::read).toList());
    }

    /**
     * All that keeps them from running, a sentence each.
     *
     * @param kamelets where Kamelets lie, as Camel's component has it; null for where ours do
     */
    public List<String> problems(String kamelets) {
        return Stream.of(ReservedIds.problems(files), RouteIds.problems(files), KameletNames.problems(files, kamelets))
                .flatMap(List::stream)
                .toList();
    }

    /** The secrets that ours of the Kamelets are given by names which cannot be read here, a warning each. */
    public List<String> missingSecrets(Path folder) {
        return MissingSecrets.warnings(files, folder);
    }

    /**
     * Why no verdict would come from where they are found to where they are decided about.
     *
     * @param to the setting {@code firstup.verdicts.to}
     * @param from the setting {@code firstup.verdicts.from}
     * @param settings the value of any setting; null where there is none
     * @return one sentence; null where they come, or may
     */
    public String verdictGap(String to, String from, UnaryOperator<String> settings) {
        return new VerdictPath(files, settings).gap(to, from);
    }
}
