package dev.firstup.probe.exec;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.probe.ProbeComponent;
import dev.firstup.probe.Probing;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins that this test writes, some of them bad ones. */
class PluginProbeTest {
    @TempDir
    Path folder;

    private Probing probing;

    @BeforeEach
    void start() {
        probing = new Probing();
        probing.context().getPropertiesComponent().addInitialProperty("firstup.plugins", folder.toString());
    }

    @AfterEach
    void stop() {
        probing.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo 'TCP OK - 1 ms BAR time=1ms'; exit 0 | L7OK: TCP OK - 1 ms",
                "echo 'LOAD WARNING'; exit 1              | L7OK: LOAD WARNING",
                "echo; echo 'TCP CRITICAL'; echo more; exit 2 | L7STS: TCP CRITICAL",
                "echo 'usage: plugin'; exit 3             | SOCKERR: usage: plugin",
                "echo oops >&2; exit 4                    | SOCKERR: plugin ended with exit status 4, expected 0 to 3: oops",
                "echo warned >&2; echo 'TCP OK'; exit 0   | L7OK: TCP OK",
                "kill -SEGV $$                            | SOCKERR: plugin ended with exit status 139, expected 0 to 3",
                "exit 0                                   | L7OK: plugin ended with exit status 0",
                "exit 2                                   | L7STS: plugin ended with exit status 2",
                "printf 'a\\033[31mb'; exit 2             | L7STS: a?[31mb",
                "cat; exit 0                              | L7OK: plugin ended with exit status 0",
            })
    void theExitStatusIsTheVerdict(String script, String expected) throws Exception {
        plugin(script.replace("BAR", "|"));

        Verdict verdict = probing.probe("probe:exec?command=plugin", server(0));

        assertThat(verdict.explained()).isEqualTo(expected);
        assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESPONSE);
    }

    @Test
    void argumentsAreFilledInAfterTheyWereSplit() throws Exception {
        plugin("for i in \"$@\"; do printf '<%s>' \"$i\"; done");

        Verdict verdict = probing.probe(
                "probe:exec?command=plugin&args=-H {host}  -p {port} --name={name}:{port} 'two words' '' $(touch x) *",
                server("2001:db8::1; touch y", 5222, "", "chat.example", GENEROUS));

        assertThat(verdict.reason())
                .isEqualTo(
                        "<-H><2001:db8::1; touch y><-p><5222><--name=chat.example:5222><two words><><$(touch><x)><*>");
    }

    @Test
    void theEnvironmentIsClean() throws Exception {
        plugin(
                "env | cut -d= -f1 | grep -vE '^(PATH|HOME|LANG|LANGUAGE|LC_[A-Z]+|TMPDIR|TZ|PWD|OLDPWD|SHLVL|_|FIRSTUP_PROBE_"
                        + "(HOST|PORT|NAME|TIMEOUT|QUEUE|SERVER))$' | tr '\\n' ' ' | sed 's/^/not clean: /'; echo \"$PWD"
                        + " $FIRSTUP_PROBE_HOST $FIRSTUP_PROBE_PORT $FIRSTUP_PROBE_NAME $FIRSTUP_PROBE_TIMEOUT"
                        + " $FIRSTUP_PROBE_QUEUE/$FIRSTUP_PROBE_SERVER\"");

        assertThat(probing.probe("probe:exec?command=plugin", server("192.0.2.1", 443, Duration.ofMillis(2_500)))
                        .reason())
                .isEqualTo("/ 192.0.2.1 443 chat.example 2.5 chat/paris");
    }

    @Test
    void oneThatSleepsIsEndedAtTheDeadline() throws Exception {
        plugin("echo $$ > " + folder.resolve("pid") + "; sleep 300");

        Verdict verdict = probing.probe("probe:exec?command=plugin", server("127.0.0.1", 0, SHORT));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
        assertThat(verdict.explained()).isEqualTo("L7TOUT: plugin did not end within 400 ms");
        assertThat(verdict.took()).isBetween(SHORT, SHORT.plusSeconds(2));
        assertGone("pid");
    }

    @Test
    void childrenThatIgnoreTheSignalAreEndedToo() throws Exception {
        plugin(
                """
                trap '' TERM
                (trap '' TERM; echo $$ > %1$s/same; while :; do sleep 300; done) &
                sh -c 'trap "" TERM; (sh -c "echo \\$\\$ > %1$s/orphan; while :; do sleep 300; done" &)'
                echo $$ > %1$s/pid
                while :; do sleep 300; done
                """
                        .formatted(folder));

        Verdict verdict = probing.probe("probe:exec?command=plugin", server("127.0.0.1", 0, Duration.ofSeconds(2)));

        assertThat(verdict.explained()).isEqualTo("L7TOUT: plugin did not end within 2 s");
        assertGone("pid");
        assertGone("same");
        assertGone("orphan");
    }

    @Test
    void whatAPluginLeavesBehindIsEnded() throws Exception {
        plugin("(sh -c 'echo $$ > %1$s/left; sleep 300' &)\nwhile [ ! -s %1$s/left ]; do :; done\necho fine"
                .formatted(folder));

        Verdict verdict = probing.probe("probe:exec?command=plugin", server(0));

        assertThat(verdict.explained()).isEqualTo("L7OK: fine");
        assertGone("left");
    }

    @Test
    void aDaemonThatKeepsTheOutputOpenDelaysNothing() throws Exception {
        plugin(
                "setsid sh -c 'echo $$ > %1$s/daemon; exec sleep 60' &\nwhile [ ! -s %1$s/daemon ]; do :; done\necho fine"
                        .formatted(folder));
        try {
            Verdict verdict = probing.probe("probe:exec?command=plugin", server(0));

            assertThat(verdict.explained()).isEqualTo("L7OK: fine");
            await().until(() -> threads() == 0
                    || Thread.getAllStackTraces().entrySet().stream()
                            .filter(it -> it.getKey().getName().startsWith("firstup-plugins"))
                            .allMatch(it -> it.getValue().length > 0
                                    && List.of(it.getValue()).toString().contains("ThreadPoolExecutor.getTask")));
        } finally {
            process("daemon").destroyForcibly();
        }
    }

    @Test
    void aGigabyteIsReadAndForgotten() throws Exception {
        plugin("echo 'DISK OK'; yes | head -c 1000000000; exit 0");
        long before = System.nanoTime();

        Verdict verdict = probing.probe("probe:exec?command=plugin", server("127.0.0.1", 0, Duration.ofSeconds(60)));

        assertThat(verdict.explained()).isEqualTo("L7OK: DISK OK");
        System.out.printf("1 GB of output was read in %.1f s%n", (System.nanoTime() - before) / 1e9);
    }

    @Test
    void oneThatNeverStopsWritingIsEndedAtTheDeadline() throws Exception {
        plugin("exec yes");

        assertThat(probing.probe("probe:exec?command=plugin", server("127.0.0.1", 0, SHORT))
                        .explained())
                .isEqualTo("L7TOUT: plugin did not end within 400 ms");
    }

    /** The JDK would read what they write for as long as they do, all into the heap, and would let nobody else near it. */
    @ParameterizedTest
    @ValueSource(strings = {"", ">&2"})
    void childrenThatNeverStopWritingAreEnded(String to) throws Exception {
        plugin("echo first; for i in 1 2 3 4 5 6 7 8; do yes 'and so on' %s & done; echo $! > %s/left; exit 0"
                .formatted(to, folder));

        Verdict verdict = probing.probe("probe:exec?command=plugin", server(0));

        assertThat(verdict.explained()).isEqualTo("L7OK: first");
        assertGone("left");
    }

    /** Whether the JDK comes to an end with the others is a matter of luck; that it has nothing to read is not. */
    @Test
    void theJdkHasNoPartInTheOutput() throws Exception {
        plugin("readlink /proc/self/fd/1; readlink /proc/self/fd/2 >&2; exit 0");

        assertThat(probing.probe("probe:exec?command=plugin", server(0)).reason())
                .matches(".*/firstup-[0-9]+/[0-9]+");
    }

    /** Nobody ends it, but nobody reads it either: what it writes next ends it. */
    @Test
    void aDaemonThatNeverStopsWritingDelaysNothing() throws Exception {
        plugin(
                "echo first; setsid sh -c 'echo $$ > %1$s/daemon; exec yes' &\nwhile [ ! -s %1$s/daemon ]; do :; done\nexit 2"
                        .formatted(folder));

        Verdict verdict = probing.probe("probe:exec?command=plugin", server(0));

        assertThat(verdict.explained()).isEqualTo("L7STS: first");
        assertGone("daemon");
    }

    @Test
    void nothingIsKeptOfOneThatHasEnded() throws Exception {
        plugin("exit 0");
        WeakReference<Server> server = new WeakReference<>(server("127.0.0.1", 0, Duration.ofHours(1)));

        assertThat(probing.probe("probe:exec?command=plugin", server.get()).outcome())
                .isEqualTo(ProbeOutcome.UP);

        await().until(() -> {
            System.gc();
            return server.get() == null;
        });
    }

    @Test
    void noMoreRunAtOnceThanAreAllowed() throws Exception {
        probing.context().getComponent("probe", ProbeComponent.class).setPlugins(2);
        plugin("echo x >> " + folder.resolve("begun") + "; [ -z \"$1\" ] && exit 0; while [ ! -e "
                + folder.resolve("go") + " ]; do sleep 0.05; done");
        List<CompletableFuture<Verdict>> waiting = List.of(
                probing.begin("probe:exec?command=plugin&args=wait", server(0)),
                probing.begin("probe:exec?command=plugin&args=wait", server(0)));
        await().until(() -> Files.exists(folder.resolve("begun"))
                && Files.readAllLines(folder.resolve("begun")).size() == 2);

        Verdict third = probing.probe("probe:exec?command=plugin", server(0));
        assertThat(third.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(third.explained()).isEqualTo("SOCKERR: no free slot among 2 for plugins");

        Files.createFile(folder.resolve("go"));
        for (CompletableFuture<Verdict> it : waiting) {
            assertThat(it.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(ProbeOutcome.UP);
        }
        await().until(() ->
                probing.probe("probe:exec?command=plugin", server(0)).outcome() == ProbeOutcome.UP);
    }

    @Test
    void allIsEndedWhenTheComponentStops() throws Exception {
        plugin("trap '' TERM; echo $$ > " + folder.resolve("pid") + "; while :; do sleep 300; done");
        CompletableFuture<Verdict> verdict = probing.begin("probe:exec?command=plugin", server(0));
        await().until(() -> Files.exists(folder.resolve("pid")) && Files.size(folder.resolve("pid")) > 0);

        probing.context().getComponent("probe", ProbeComponent.class).stop();

        assertThat(verdict.get(10, TimeUnit.SECONDS).explained()).isEqualTo("SOCKERR: this monitor is stopping");
        assertGone("pid");
        await().until(() -> threads() == 0);
    }

    @Test
    void aProgramThatIsGoneIsOurTrouble() throws Exception {
        Path plugin = plugin("exit 0");
        probing.context().getEndpoint("probe:exec?command=plugin");
        Files.delete(plugin);

        Verdict verdict = probing.probe("probe:exec?command=plugin", server(0));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(verdict.reason()).contains("No such file or directory");
    }

    @Test
    void aPortThatIsAskedForMustBeThere() throws Exception {
        plugin("exit 0");

        assertThat(probing.probe("probe:exec?command=plugin&args=-p {port}", server(0))
                        .explained())
                .isEqualTo("SOCKERR: no port is given, and args has {port}");
    }

    @Test
    void whatIsWrongIsExplained() throws Exception {
        Path plugin = plugin("exit 0");
        Files.createFile(folder.resolve("text"));
        String where = folder.toString();

        assertThat(PluginProber.of(plugin.toString(), "", "/elsewhere").program())
                .isEqualTo(plugin);
        assertWrong(null, "", where, "command is missing, expected a plugin such as check_http");
        assertWrong("plugin", "", "", "no plugins are run here, for the setting firstup.plugins is empty");
        assertWrong(
                "../sh",
                "",
                where,
                "command is \"../sh\", expected an absolute path, or a plugin below " + where + " (firstup.plugins)");
        assertWrong(
                "none",
                "",
                where,
                "command is \"none\", expected a program that can be run: there is no " + where + "/none");
        assertWrong(
                "text",
                "",
                where,
                "command is \"text\", expected a program that can be run: " + where + "/text is none");
        assertWrong(
                "plugin",
                "{hots}",
                where,
                "args has \"{hots}\", did you mean \"{host}\"? Expected one of {host}, {name}, {port}");
        assertWrong("plugin", "a 'b", where, "args has a quotation without an end, expected another ' after it");
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertWrong(
                "plugin",
                "",
                where,
                "command is \"plugin\", expected a program that not everybody may change: chmod o-w " + plugin);
    }

    private static void assertWrong(String command, String args, String folder, String message) {
        assertThatThrownBy(() -> PluginProber.of(command, args, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private Path plugin(String script) throws IOException {
        Path plugin = folder.resolve("plugin");
        Files.writeString(plugin, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
        return plugin;
    }

    private ProcessHandle process(String file) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        return ProcessHandle.of(pid).orElse(null);
    }

    private void assertGone(String file) throws IOException {
        assertThat(folder.resolve(file)).isNotEmptyFile();
        await().until(() -> process(file) == null || !process(file).isAlive());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.isAlive() && it.getName().startsWith("firstup-plugins"))
                .count();
    }
}
