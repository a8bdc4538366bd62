package dev.firstup.e2e.kill;

import dev.firstup.Fixtures;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Starts {@link Mover} as fast as Java can: with its classes laid out in an archive, which the first one that ends by itself leaves. */
final class Launcher {
    private static final Path PROGRAM = Path.of("target/firstup.jar").toAbsolutePath();

    private final Path jar;
    private final Path archive;

    /** @param folder where the archive is made */
    Launcher(Path folder) throws IOException {
        jar = folder.resolve("mover.jar");
        archive = folder.resolve("mover.jsa");
        // There are no archives of classes in folders.
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            add(Fixtures.class, out);
            add(Mover.class, out);
        }
    }

    private static void add(Class<?> type, JarOutputStream out) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        try (var in = type.getClassLoader().getResourceAsStream(name)) {
            in.transferTo(out);
        }
        out.closeEntry();
    }

    /**
     * Starts one.
     *
     * @param folder of its files; gets what it says of errors
     */
    Process start(Path folder, String... arguments) throws IOException {
        boolean archived = Files.exists(archive);
        Path natives = Files.createDirectories(folder.resolve("natives"));
        clear(natives);
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "-Xshare:auto",
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                (archived ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive,
                // A quarter of a start would go into a log that nobody reads.
                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
                "-Dslf4j.internal.verbosity=WARN",
                // SQLite unpacks its library anew at each start, and who is killed leaves it behind.
                "-Dorg.sqlite.tmpdir=" + natives,
                "-cp",
                jar + File.pathSeparator + PROGRAM,
                Mover.class.getName(),
                folder.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors").toFile()));
        builder.environment().keySet().removeIf(it -> it.startsWith("FIRSTUP_") || it.startsWith("CAMEL_"));
        return builder.start();
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path it : files.toList()) {
                Files.delete(it);
            }
        }
    }
}
