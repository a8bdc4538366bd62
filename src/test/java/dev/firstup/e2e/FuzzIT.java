package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.publish.provider.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each parser of answers under Jazzer, in a process of its own with little memory: no hang, no exception but those that it may
 * throw. {@code -Dfirstup.fuzz.seconds=1800} for longer than the usual half minute for each parser.
 */
class FuzzIT {
    /** Fewer than this are no test; a machine that has no time for them gets more of it. */
    private static final int LEAST = 1000;

    private static final int TRIES = 3;
    private static final int SECONDS = Integer.getInteger("firstup.fuzz.seconds", 30);

    @TempDir
    Path folder;

    @Test
    void everyAnswerIsReadOrRefused() throws Exception {
        List<String> targets = Stream.concat(
                        Dialects.kinds().stream().map(it -> "dev.firstup.publish.provider.ProviderFuzz " + it),
                        Stream.of(
                                "dev.firstup.zone.ZoneFuzz dns",
                                "dev.firstup.rehearsal.DnsServerFuzz dns-server",
                                "dev.firstup.probe.dns.DnsFuzz probe-dns",
                                "dev.firstup.probe.line.LineFuzz dialogues",
                                "dev.firstup.probe.http.HttpFuzz http",
                                "dev.firstup.probe.xmpp.XmppFuzz xmpp"))
                .toList();
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<String>> runs = new ArrayList<>();
            targets.forEach(it -> runs.add(pool.submit(() -> fuzz(it.split(" ")))));
            List<String> failures = new ArrayList<>();
            for (Future<String> run : runs) {
                String failure = run.get();
                if (failure != null) {
                    failures.add(failure);
                }
            }
            assertThat(failures).isEmpty();
        } finally {
            pool.shutdownNow();
        }
    }

    /** What went wrong; null where nothing did. */
    private String fuzz(String... target) throws IOException, InterruptedException {
        long inputs = 0;
        for (int i = 0; i < TRIES && inputs < LEAST; i++) {
            String failure = run(target);
            if (failure != null) {
                return failure;
            }
            inputs += inputs(target[1]);
        }
        System.out.println("fuzz " + target[1] + ": " + inputs + " inputs");
        return inputs < LEAST ? target[1] + ": only " + inputs + " inputs, which say nothing" : null;
    }

    private long inputs(String name) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(name).resolve("log"))) {
            return lines.filter(it -> it.contains("number_of_executed_units"))
                    .mapToLong(it -> Long.parseLong(it.replaceAll(".*: *", "")))
                    .sum();
        }
    }

    private String run(String... target) throws IOException, InterruptedException {
        String name = target[1];
        Path own = Files.createDirectories(folder.resolve(name));
        Path log = own.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-XX:+UseSerialGC",
                        // Most of half a minute goes into what runs once.
                        "-XX:TieredStopAtLevel=1",
                        "-Dfirstup.fuzz.host=" + name,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target[0],
                        "--instrumentation_includes=dev.firstup.**:org.xbill.**:com.fasterxml.**",
                        "--reproducer_path=" + own,
                        "-artifact_prefix=" + own + "/",
                        "-max_total_time=" + SECONDS,
                        "-timeout=25",
                        "-print_final_stats=1")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(SECONDS + 120L, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return name + ": it does not come to an end\n" + tail(log);
        }
        return process.exitValue() == 0 ? null : name + ": exit " + process.exitValue() + "\n" + tail(log);
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }
}
