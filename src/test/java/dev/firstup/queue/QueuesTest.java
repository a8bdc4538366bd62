package dev.firstup.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.Configuration;
import dev.firstup.model.Event;
import dev.firstup.model.Queue;
import dev.firstup.queue.parse.Problem;
import dev.firstup.queue.parse.QueueFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueuesTest {
    @TempDir
    private Path folder;

    private final Queues queues = new Queues();

    @BeforeEach
    void wire() {
        queues.setFolder(folder.toString());
        queues.setAccounts(QueueFixtures.ACCOUNTS);
    }

    private static String file(String record, String more) {
        return "record: " + record + ".example.net\nservers: [paris: 11.0.0.10, tokyo: 11.0.0.20]\n"
                + "probe: probe:https\npublish: [no-ip]\n" + more;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name + ".queue.yaml"), text);
    }

    /** Two readings: the first sees the change, the second that it has settled. */
    private Configuration settled() {
        assertThat(queues.reload()).isNull();
        return queues.reload();
    }

    private static List<String> names(Configuration configuration) {
        return configuration.queues().stream().map(Queue::name).toList();
    }

    private static Queue queue(Configuration configuration, String name) {
        return configuration.queues().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void takesTheFirstReadingAtOnceAndIsQuietAfterwards() throws IOException {
        write("web", file("web", ""));
        write("chat.example.org", file("chat", ""));
        Files.writeString(folder.resolve("accounts.camel.yaml"), "- route: {}\n");
        Files.writeString(folder.resolve(".hidden.queue.yaml"), "nonsense");
        Configuration first = queues.reload();
        assertThat(first).isNotNull();
        assertThat(first.valid()).isTrue();
        assertThat(first.events()).isEmpty();
        assertThat(names(first)).containsExactly("chat.example.org", "web");
        assertThat(first.queues()).allSatisfy(queue -> {
            assertThat(queue.revision()).isPositive();
            assertThat(queue.servers())
                    .allSatisfy(server -> assertThat(server.revision()).isEqualTo(queue.revision()));
        });
        Configuration second = queues.reload();
        assertThat(second).isNull();
        assertThat(queues.current()).isEqualTo(first);
    }

    @Test
    void anEmptyFolderIsAnEmptySet() {
        Configuration first = queues.reload();
        assertThat(first.queues()).isEmpty();
        assertThat(first.valid()).isTrue();
    }

    @Test
    void changesOnlyWhatChanged() throws IOException {
        write("chat", file("chat", ""));
        write("web", file("web", ""));
        Configuration before = queues.reload();
        write("chat", file("chat", "ttl: 30s\nfall: 5\n"));
        Configuration after = settled();
        assertThat(after).isNotNull();
        assertThat(queue(after, "web")).isSameAs(queue(before, "web"));
        assertThat(queue(after, "chat").revision())
                .isGreaterThan(queue(before, "chat").revision());
        assertThat(after.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Event.Kind.CONFIG_CHANGED);
            assertThat(event.queue()).isEqualTo("chat");
            assertThat(event.record()).isEqualTo("chat.example.net");
            assertThat(event.reason()).isEqualTo("queue chat was changed: ttl, fall");
            assertThat(event.tell()).isFalse();
        });
    }

    @Test
    void saysWhichPartsAChangeChanged() throws IOException {
        write("chat", file("chat", ""));
        queues.reload();
        assertThat(change("slow: 1s\nfailback: manual\nall-down: first\n"))
                .isEqualTo("queue chat was changed: slow, failback, all-down");
        assertThat(change("families: apart\nwitnesses: [my-probe]\n"))
                .isEqualTo("queue chat was changed: slow, failback, all-down, families, witnesses");
        assertThat(change("quiet: [{ start: \"22:00\", duration: 8h, zone: UTC }]\n"))
                .isEqualTo("queue chat was changed: families, witnesses, quiet");
        assertThat(change("nameservers: [ns.example.net]\n"))
                .as("the default witnesses follow")
                .isEqualTo("queue chat was changed: quiet, publishers");
        assertThat(changed(file("chat", "").replace("publish: [no-ip]", "publish: [route53]\nanswers: 2")))
                .isEqualTo("queue chat was changed: answers, publishers");
        assertThat(changed(file("chat", "").replace("probe: probe:https", "probes: [probe:https, my-probe]")))
                .isEqualTo("queue chat was changed: answers, publishers, servers");
        assertThat(changed(file("chat", "").replace("probe: probe:https", "probes: { any: [probe:https, my-probe] }")))
                .isEqualTo("queue chat was changed: servers");
        assertThat(changed(file("chat", "timeout: 2s\n")
                        .replace("probe: probe:https", "probes: { any: [probe:https, my-probe] }")))
                .isEqualTo("queue chat was changed: intervals");
    }

    private String change(String more) throws IOException {
        return changed(file("chat", more));
    }

    private String changed(String text) throws IOException {
        write("chat", text);
        return settled().events().get(0).reason();
    }

    @Test
    void aCommentIsNoChange() throws IOException {
        write("chat", file("chat", ""));
        Configuration before = queues.reload();
        write("chat", file("chat", "# a comment\nttl: 60s\n"));
        assertThat(settled()).isNull();
        assertThat(queue(queues.current(), "chat")).isSameAs(queue(before, "chat"));
    }

    @Test
    void waitsUntilAFileThatIsBeingWrittenHasSettled() throws IOException {
        write("chat", file("chat", ""));
        queues.reload();
        write("chat", "record: chat.exam");
        assertThat(queues.reload()).isNull();
        write("chat", file("chat", "fall: 4\n"));
        assertThat(queues.reload()).isNull();
        Configuration after = queues.reload();
        assertThat(after.valid()).isTrue();
        assertThat(queue(after, "chat").rules().fall()).isEqualTo(4);
    }

    @Test
    void addsAndRemoves() throws IOException {
        write("chat", file("chat", ""));
        queues.reload();
        write("web", file("web", ""));
        Files.delete(folder.resolve("chat.queue.yaml"));
        Configuration after = settled();
        assertThat(names(after)).containsExactly("web");
        assertThat(after.events())
                .extracting(Event::reason)
                .containsExactly("queue web was added", "queue chat was removed: its record stays as it is");
    }

    @Test
    void aRenamedFileKeepsItsQueue() throws IOException {
        write("a", "queue: chat\n" + file("chat", ""));
        Configuration before = queues.reload();
        Files.move(folder.resolve("a.queue.yaml"), folder.resolve("b.queue.yaml"));
        assertThat(settled()).isNull();
        assertThat(queue(queues.current(), "chat")).isSameAs(queue(before, "chat"));
    }

    @Test
    void anInvalidChangeKeepsWhatRunsAndStopsNoOther() throws IOException {
        write("chat", file("chat", ""));
        write("web", file("web", ""));
        Configuration before = queues.reload();
        write("chat", file("chat", "intervall: 10s\nfall: 0\n"));
        write("web", file("web", "fall: 4\n"));
        Configuration after = settled();
        assertThat(after.valid()).isFalse();
        assertThat(queue(after, "chat")).isSameAs(queue(before, "chat"));
        assertThat(queue(after, "web").rules().fall()).isEqualTo(4);
        String file = folder.resolve("chat.queue.yaml").toString();
        assertThat(after.problems()).hasSize(2).first().asString().startsWith(file + ":5:1: error: unknown key");
        assertThat(queues.problems()).extracting(Problem::line).containsExactly(5, 6);
        assertThat(after.events())
                .filteredOn(it -> it.kind() == Event.Kind.CONFIG_REJECTED)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.queue()).isEqualTo("chat");
                    assertThat(event.tell()).isFalse();
                    assertThat(event.reason())
                            .isEqualTo(file + ":5:1: error: unknown key \"intervall\"; did you mean \"interval\"?;"
                                    + " and 1 more; what ran before keeps running");
                });
        assertThat(queues.reload()).isNull();

        write("web", file("web", "fall: 5\n"));
        assertThat(settled().events()).extracting(Event::kind).containsExactly(Event.Kind.CONFIG_CHANGED);

        write("chat", file("chat", "fall: 6\n"));
        Configuration mended = settled();
        assertThat(mended.valid()).isTrue();
        assertThat(queue(mended, "chat").rules().fall()).isEqualTo(6);
    }

    @Test
    void aFileThatIsInvalidFromTheStartRunsNothing() throws IOException {
        write("chat", "record: chat\n");
        Configuration first = queues.reload();
        assertThat(first.queues()).isEmpty();
        assertThat(first.events()).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Event.Kind.CONFIG_REJECTED);
            assertThat(event.reason()).endsWith("; nothing of it runs");
        });
    }

    @Test
    void whatRunsHasTheBetterRightToARecord() throws IOException {
        write("m", file("chat", ""));
        Configuration before = queues.reload();
        write("a", file("chat", ""));
        Configuration after = settled();
        assertThat(names(after)).containsExactly("m");
        assertThat(queue(after, "m")).isSameAs(queue(before, "m"));
        assertThat(after.problems())
                .singleElement()
                .asString()
                .startsWith(folder.resolve("a.queue.yaml") + ":4:11: error: the record chat.example.net at \"no-ip\"")
                .contains(folder.resolve("m.queue.yaml") + ":4:11");

        Files.delete(folder.resolve("m.queue.yaml"));
        Configuration freed = settled();
        assertThat(names(freed)).containsExactly("a");
        assertThat(freed.valid()).isTrue();
    }

    @Test
    void twoQueuesMaySwapTheirRecords() throws IOException {
        write("a", file("one", ""));
        write("b", file("two", ""));
        queues.reload();
        write("a", file("two", ""));
        write("b", file("one", ""));
        Configuration after = settled();
        assertThat(after.valid()).isTrue();
        assertThat(queue(after, "a").record()).isEqualTo("two.example.net");
        assertThat(queue(after, "b").record()).isEqualTo("one.example.net");
    }

    @Test
    void aRefusedChangeTakesBackWhatItHadGivenUp() throws IOException {
        write("a", file("one", ""));
        write("b", file("two", ""));
        queues.reload();
        write("a", file("free", "fall: 0\n"));
        write("b", file("one", ""));
        Configuration after = settled();
        assertThat(queue(after, "a").record()).isEqualTo("one.example.net");
        assertThat(queue(after, "b").record()).isEqualTo("two.example.net");
        assertThat(after.problems()).hasSize(2);
    }

    @Test
    void twoFilesOfOneNameAreAProblemOfTheSecond() throws IOException {
        write("a", "queue: chat\n" + file("one", ""));
        write("b", "queue: chat\n" + file("two", ""));
        Configuration first = queues.reload();
        assertThat(first.queues()).extracting(Queue::record).containsExactly("one.example.net");
        assertThat(first.problems()).singleElement().asString().contains("queue \"chat\" exists at ");
    }

    @Test
    void followsTheSymbolicLinksOfAConfigMap() throws IOException {
        Path one = Files.createDirectory(folder.resolve("..2030_01"));
        Path two = Files.createDirectory(folder.resolve("..2030_02"));
        FileTime same = FileTime.from(Instant.parse("2030-01-01T00:00:00Z").minus(Duration.ofDays(9_999)));
        for (Path version : List.of(one, two)) {
            Path file = version.resolve("chat.queue.yaml");
            Files.writeString(file, file("chat", "fall: " + (version == one ? 4 : 5) + "\n"));
            Files.setLastModifiedTime(file, same);
        }
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2030_01"));
        Files.createSymbolicLink(folder.resolve("chat.queue.yaml"), Path.of("..data", "chat.queue.yaml"));
        assertThat(queue(queues.reload(), "chat").rules().fall()).isEqualTo(4);

        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2030_02"));
        Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(queue(settled(), "chat").rules().fall()).isEqualTo(5);
    }

    @Test
    void opensNoFileThatLooksTheSame() throws IOException {
        write("chat", file("chat", ""));
        Path file = folder.resolve("chat.queue.yaml");
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(file, old);
        QueueFolder it = new QueueFolder(folder, Clock.systemUTC());
        QueueFolder.Reading before = it.read();
        Files.writeString(file, file("chit", ""));
        Files.setLastModifiedTime(file, old);
        assertThat(it.read()).isEqualTo(before);
    }

    @Test
    void looksAtHundredsOfFilesAsMuchLessOftenAndStillSeesEveryChange() throws IOException {
        for (int i = 0; i < 401; i++) {
            write("q" + i, file("q" + i, ""));
        }
        assertThat(queues.reload().queues()).hasSize(401);
        write("q0", file("q0", "fall: 7\n"));
        assertThat(queues.reload()).as("not looked at").isNull();
        assertThat(queues.reload()).as("not looked at").isNull();
        Configuration changed = settled();
        assertThat(queue(changed, "q0").rules().fall()).isEqualTo(7);
        Files.delete(folder.resolve("q1.queue.yaml"));
        assertThat(queues.reload()).as("not looked at").isNull();
        // 400 are looked at each other time.
        assertThat(queues.reload()).as("not looked at").isNull();
        assertThat(settled().queues()).hasSize(400);
        assertThat(queues.reload()).as("not looked at").isNull();
        Files.delete(folder.resolve("q2.queue.yaml"));
        assertThat(settled().queues()).hasSize(399);
    }

    @Test
    void seesASecondWriteWithinOneTickOfTheClock() throws IOException {
        write("chat", file("chat", "fall: 4\n"));
        Path file = folder.resolve("chat.queue.yaml");
        FileTime tick = Files.getLastModifiedTime(file);
        queues.reload();
        write("chat", file("chat", "fall: 5\n"));
        Files.setLastModifiedTime(file, tick);
        assertThat(queue(settled(), "chat").rules().fall()).isEqualTo(5);
    }

    @Test
    void isABeanOfCamelsYaml() throws Exception {
        write("chat", file("chat", ""));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("accounts", QueueFixtures.ACCOUNTS);
            String yaml =
                    """
                    - beans:
                        - name: queues
                          type: dev.firstup.queue.Queues
                          properties: { folder: "%s", accounts: "#bean:accounts" }
                    """
                            .formatted(folder);
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("beans.camel.yaml", yaml));
            context.start();
            Queues bean = context.getRegistry().lookupByNameAndType("queues", Queues.class);
            assertThat(names(bean.reload())).containsExactly("chat");
        }
    }

    @Test
    void anUnreadableFileKeepsWhatRan() throws IOException {
        write("chat", file("chat", ""));
        Configuration before = queues.reload();
        Path file = folder.resolve("chat.queue.yaml");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("nowhere"));
        Configuration after = settled();
        assertThat(queue(after, "chat")).isSameAs(queue(before, "chat"));
        assertThat(after.problems())
                .containsExactly(file + ":1:1: error: cannot be read (it does not exist); make it a file that this"
                        + " program may read, or remove it");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(settled().problems()).singleElement().asString().contains("(it is not a regular file)");
    }

    @Test
    void anUnreadableFolderKeepsWhatRuns() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("routes"));
        queues.setFolder(inner.toString());
        Files.writeString(inner.resolve("chat.queue.yaml"), file("chat", ""));
        Configuration before = queues.reload();
        Files.move(inner, folder.resolve("away"));
        Configuration gone = settled();
        assertThat(gone.queues()).isEqualTo(before.queues());
        assertThat(gone.valid()).isFalse();
        assertThat(gone.problems())
                .singleElement()
                .asString()
                .contains("the folder cannot be read (it does not exist)");
        assertThat(gone.events()).extracting(Event::kind).containsExactly(Event.Kind.CONFIG_REJECTED);
        assertThat(queues.reload()).isNull();
        Files.move(folder.resolve("away"), inner);
        Configuration back = settled();
        assertThat(back.valid()).isTrue();
        assertThat(back).isNotNull();
        assertThat(back.events()).isEmpty();
        assertThat(queue(back, "chat")).isSameAs(queue(before, "chat"));
    }

    @Test
    void checksFilesAndFolders() throws IOException {
        write("a", file("one", ""));
        write("b", file("one", ""));
        Path other = folder.resolve("other.yaml");
        Files.writeString(other, file("three", "fall: 0\n"));
        Queues.Checked checked =
                Queues.check(List.of(folder, other, folder.resolve("missing")), QueueFixtures.ACCOUNTS);
        assertThat(checked.valid()).isFalse();
        assertThat(checked.queues()).extracting(Queue::name).containsExactly("a");
        assertThat(checked.problems())
                .extracting(problem -> Path.of(problem.file()).getFileName().toString() + ":" + problem.line())
                .containsExactly("b.queue.yaml:4", "other.yaml:5", "missing:1");
    }

    @Test
    void saysWhatItLacks() {
        assertThatThrownBy(() -> new Queues().reload()).hasMessageContaining("folder and accounts");
        assertThatThrownBy(() -> Queues.template("my chat")).hasMessageContaining("such as chat");
    }

    @Test
    void theTemplateHasTheNameWhereItIsOne() {
        assertThat(Queues.template("talk"))
                .contains(
                        "# The queue talk:", "record: talk.example.dyndns.org", "your own name, a CNAME to the record");
    }
}
