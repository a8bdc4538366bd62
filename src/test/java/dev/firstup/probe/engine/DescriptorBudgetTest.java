package dev.firstup.probe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.probe.Probing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DescriptorBudgetTest {
    private static final int SERVERS = 400;
    private static final String FULL =
            "SOCKERR: cannot probe N.N.N.N: this process may have N descriptors, N are open and the rest is kept for what must be"
                    + " written: raise ulimit -n";

    private final AtomicLong open = new AtomicLong(40);
    private final DescriptorBudget descriptors = new DescriptorBudget(() -> 100, open::get);

    @Test
    void someAreLeftToTheOthers() {
        for (int i = 0; i < 48; i++) {
            assertThat(descriptors.take()).as("socket %d", i).isNull();
        }
        assertThat(descriptors.take())
                .isEqualTo(
                        "this process may have 100 descriptors, 88 are open and the rest is kept for what must be written:"
                                + " raise ulimit -n");
    }

    @Test
    void whatIsIdleTakesNoMoreThanHalf() {
        for (int i = 0; i < 10; i++) {
            assertThat(descriptors.takeIdle()).isNull();
        }
        assertThat(descriptors.takeIdle()).startsWith("this process may have 100 descriptors, 50 are open");
        assertThat(descriptors.take()).isNull();
    }

    @Test
    void whatIsClosedIsFreeOnceItsThreadHasLookedAgain() {
        DescriptorBudget.Closed closed = descriptors.closed();
        for (int i = 0; i < 48; i++) {
            descriptors.take();
        }
        closed.add();
        closed.turn();
        assertThat(descriptors.take()).isNotNull();
        closed.turn();
        assertThat(descriptors.take()).isNull();
        assertThat(descriptors.take()).isNotNull();
    }

    /** With 320 descriptors, of which class files in jars take half, and 400 servers that accept and say nothing: those that cannot be asked are unknown. */
    @Test
    void aProcessWithFewIsNotTheServersFault() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, SERVERS * 2, InetAddress.getLoopbackAddress())) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            Process process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "ulimit -n 320 && exec \"$0\" \"$@\"",
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Few.class.getName(),
                            String.valueOf(silent.getLocalPort()))
                    .redirectErrorStream(true)
                    .start();
            List<String> said;
            try {
                said = process.inputReader().lines().toList();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            // A machine that is full is late as well.
            assertThat(said)
                    .allMatch(it -> it.equals("a file can be opened")
                            || it.equals("L7TOUT: no answer from N.N.N.N:N within N s")
                            || it.equals("SOCKERR: this machine was N ms late")
                            || it.equals(FULL))
                    .contains("a file can be opened", FULL);
            assertThat(said.get(said.size() - 1)).as("%s", said).startsWith("L7TOUT");
        }
    }

    /** The process of that test. */
    static final class Few {
        private Few() {}

        public static void main(String[] args) throws Exception {
            Server server = Probing.server("127.0.0.1", Integer.parseInt(args[0]), Duration.ofSeconds(3));
            try (Probing probing = new Probing()) {
                List<CompletableFuture<Verdict>> verdicts = begin(probing, server, SERVERS);
                // When these come, all that can be open is.
                CompletableFuture.anyOf(verdicts.toArray(CompletableFuture[]::new))
                        .join();
                open();
                Set<String> said = new TreeSet<>();
                verdicts.forEach(it -> said.add(said(it)));
                said.forEach(System.out::println);
                // All are free again.
                System.out.println(Awaitility.await()
                        .atMost(Probing.GENEROUS)
                        .until(() -> said(probing.begin("probe:http", server)), it -> it.startsWith("L7TOUT")));
            }
        }

        private static String said(CompletableFuture<Verdict> verdict) {
            return verdict.join().explained().replaceAll("\\b\\d+", "N");
        }

        private static List<CompletableFuture<Verdict>> begin(Probing probing, Server server, int count) {
            List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                verdicts.add(probing.begin("probe:http", server));
            }
            return verdicts;
        }

        private static void open() throws IOException {
            Path file = Files.createTempFile("firstup", null);
            Files.delete(file);
            System.out.println("a file can be opened");
        }
    }
}
