package dev.firstup.cli.routes;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /** What in them is Firstup's own, or there twice, a sentence each. */
    public List<String> problems() {
        return Stream.of(ReservedIds.problems(files), RouteIds.problems(files))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * What Camel means by a failure, where that lies in these files: a sentence each, with the place, which Camel does not say.
     *
     * @param failure what Camel said, down to the innermost cause
     * @param kamelets where Kamelets lie, as Camel's component has it; null for where ours do
     */
    public List<String> behind(String failure, @Nullable String kamelets) {
        return KameletNames.problems(files, failure, kamelets);
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
     * @return one sentence; null where they come, or may
     */
    public @Nullable String verdictGap(String to, String from) {
        return VerdictPath.gap(to, from, files);
    }
}
