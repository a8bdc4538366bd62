package dev.firstup.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the program's own routes are: in the folder of a checkout, or where there is none, in the jar. Never in both. */
final class PipelineRoutes {
    private static final String PACKED = "routes/pipeline/";
    /** Made by the build: patterns find nothing in a jar that has no entries for its folders. */
    private static final String INDEX = PACKED + "index";

    private PipelineRoutes() {}

    /**
     * Their URIs, in the order of their names.
     *
     * @throws CommandException if there are none
     */
    static List<String> uris(Installation home) {
        Path folder = home.pipeline();
        List<String> uris = Files.isDirectory(folder)
                ? files(folder).stream().map(it -> "file:" + it).toList()
                : packed();
        if (uris.isEmpty()) {
            throw new CommandException("the folder " + folder + " holds no file *.camel.yaml, and so not the program:"
                    + " restore its files, or delete the folder to run those of the jar");
        }
        return uris;
    }

    /** @throws CommandException if the folder cannot be read */
    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(UserRoutes::isRouteFile).sorted().toList();
        } catch (IOException e) {
            throw new CommandException(
                    "the folder " + folder + " cannot be read: it holds the program; make it readable");
        }
    }

    private static List<String> packed() {
        try (InputStream index = PipelineRoutes.class.getClassLoader().getResourceAsStream(INDEX)) {
            if (index == null) {
                throw new CommandException("the jar holds no routes: build it with mvn package");
            }
            String names = new String(index.readAllBytes(), StandardCharsets.UTF_8);
            return names.lines().map(it -> "classpath:" + PACKED + it).toList();
        } catch (IOException e) {
            throw new CommandException("the jar cannot be read (" + e.getMessage() + "): build it with mvn package");
        }
    }
}
