package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.Fixtures;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Queue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;

/** A state file that is not as it was left: set aside with a message, and DNS is asked instead; or left alone, and the message says why. */
class StateFileTest extends StoreCase {
    private static final int PAGE = 4096;

    private final List<String> said = new ArrayList<>();
    private final Queue queue = chat(PARIS, TOKYO);
    private AbstractAppender memory;
    private byte[] whole;

    /** A state that knows of a move that is under way, closed in an orderly way. */
    @BeforeEach
    void leave() throws IOException {
        store.configure(Fixtures.configuration(queue));
        store.keep(decision(queue, PARIS, TOKYO, moved()));
        store.claim(claim(only(), Ask.WRITE));
        store.close();
        whole = Files.readAllBytes(file);
        assertThat(whole.length).isGreaterThan(10 * PAGE);
        memory = new AbstractAppender("memory", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                said.add(event.getMessage().getFormattedMessage());
            }
        };
        memory.start();
        root().addAppender(memory, null, null);
    }

    @AfterEach
    void restore() {
        root().removeAppender("memory");
    }

    private static org.apache.logging.log4j.core.config.LoggerConfig root() {
        return LoggerContext.getContext(false).getConfiguration().getRootLogger();
    }

    @Test
    void wholeItIsReadWithoutAWord() {
        store = new Store(file.toString(), clock);
        assertThat(only().attempt().values()).containsExactly("192.0.2.20");
        assertThat(said).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 100})
    void aDamagedHeadIsSetAside(int from) throws IOException {
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, from, from + 16, (byte) 0x5a);
        assertSetAside(damaged, "it is not readable: ");
    }

    @Test
    void aDamagedPageOfPublicationsIsSetAside() throws IOException {
        int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf("192.0.2.20");
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, at / PAGE * PAGE, at / PAGE * PAGE + 64, (byte) 0x5a);
        assertSetAside(damaged, "it is not readable: ");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.5, 0.9})
    void aTruncatedFileIsSetAside(double left) throws IOException {
        assertSetAside(Arrays.copyOf(whole, (int) (whole.length * left)), "it is not readable: ");
    }

    /** Some of it may still look like a state: then it is one. */
    @Test
    void noPageThatIsLostStopsTheProgram() throws IOException {
        for (int page = 0; page < whole.length / PAGE; page++) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, page * PAGE, (page + 1) * PAGE, (byte) 0);
            startWith(damaged);
            assertWorks();
            store.close();
        }
        assertThat(said).hasSizeGreaterThan(3).allSatisfy(it -> assertThat(it).contains("was set aside"));
    }

    /** What a bad memory does. */
    @Test
    void noByteThatIsOtherwiseStopsTheProgram() throws IOException {
        Random random = new Random(1);
        int row = new String(whole, StandardCharsets.ISO_8859_1).indexOf("no-ip");
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            // Half of them where they hurt: what is not there is not read.
            int at = i % 2 == 0 ? random.nextInt(damaged.length) : row - 50 + random.nextInt(150);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            startWith(damaged);
            assertWorks();
            store.close();
        }
    }

    /** As a newer version may have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE publication SET type = 'ANAME'",
                "UPDATE event SET kind = 'MARRIED'",
                "INSERT INTO server VALUES ('chat', 'paris', 'TIRED', 0, NULL, NULL, '')",
                "INSERT INTO standing VALUES ('chat', 'yesterday', NULL, 0)",
                "INSERT INTO hand VALUES ('chat', 'paris', 'PRAY', 0, NULL, '')"
            })
    void wordsThatNobodyKnowsAreSetAside(String change) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(change)).isPositive();
        }
        assertSetAside(Files.readAllBytes(file), "it is not readable: what it holds makes no sense: ");
    }

    @Test
    void anEmptyFileIsSaidToBe() throws IOException {
        startWith(new byte[0]);
        assertWorks();
        assertThat(said).singleElement().asString().contains("is empty: what records hold is read from DNS");
    }

    @Test
    void whatIsLeftBesideAnEmptyFileIsSetAsideWithIt() throws IOException {
        Files.write(beside("-wal"), "all that is left".getBytes(StandardCharsets.UTF_8));
        assertSetAside(new byte[0], "it is empty");
        assertThat(Files.readString(aside().resolveSibling(aside().getFileName() + "-wal")))
                .isEqualTo("all that is left");
    }

    /** SQLite takes what is whole of it: as after a crash in the middle of writing. */
    @ParameterizedTest
    @ValueSource(strings = {"", "this is no log"})
    void aLogThatIsNoneIsNotMissed(String log) throws IOException {
        Files.writeString(beside("-wal"), log.repeat(1000));
        startWith(whole);
        assertThat(only().attempt().values()).containsExactly("192.0.2.20");
    }

    @Test
    void aLogThatWasCutIsReadAsFarAsItGoes() throws IOException {
        store = new Store(file.toString(), clock);
        store.configure(Fixtures.configuration(queue));
        for (int i = 0; i < 100; i++) {
            store.keep(decision(queue, PARIS, TOKYO, moved()));
        }
        byte[] log = Files.readAllBytes(beside("-wal"));
        byte[] before = Files.readAllBytes(file);
        store.close();
        for (int cut = 0; cut < 20; cut++) {
            Files.write(beside("-wal"), Arrays.copyOf(log, log.length * cut / 20 + cut));
            startWith(before);
            assertWorks();
            store.close();
        }
        assertThat(said).isEmpty();
    }

    @Test
    void aDatabaseOfAnotherProgramIsLeftAlone() throws Exception {
        Path other = folder.resolve("other.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE song (title TEXT)");
        }
        byte[] before = Files.readAllBytes(other);
        assertThatThrownBy(() -> new Store(other.toString(), clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the state file " + other
                                + " is the database of another program, with the tables song: set firstup.state to another file");
        assertThat(Files.readAllBytes(other)).isEqualTo(before);
        assertThat(other.resolveSibling("other.db-wal")).doesNotExist();
    }

    @Test
    void theStateOfAnOlderVersionIsTakenOver() throws SQLException {
        Publication before;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("ALTER TABLE publication DROP COLUMN note");
            statement.executeUpdate("DROP INDEX publication_due");
            statement.executeUpdate("DROP TABLE trial");
        }
        store = new Store(file.toString(), clock);
        before = only();
        assertThat(before.attempt().values()).containsExactly("192.0.2.20");
        assertThat(store.writable()).isNull();
        assertThat(said).isEmpty();
        assertWorks();
    }

    @Test
    void aStateWithOtherTablesThanOursIsSetAside() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("ALTER TABLE publication RENAME COLUMN told TO gossip");
        }
        assertSetAside(Files.readAllBytes(file), "it is not readable: its tables are not as ours: ");
    }

    @Test
    void thatAPageCouldNotBeReadThisTimeIsNoDamage() {
        assertThat(StateFile.finding("Tree 4 page 9: unable to get the page. error code=266"))
                .isEqualTo(SQLiteErrorCode.SQLITE_IOERR);
        assertThat(StateFile.finding("Freelist: failed to get page 7")).isEqualTo(SQLiteErrorCode.SQLITE_IOERR);
        assertThat(StateFile.finding("Tree 4 page 9: unable to get the page. error code=11"))
                .isEqualTo(SQLiteErrorCode.SQLITE_CORRUPT);
        assertThat(StateFile.finding("Tree 14 page 14: btreeInitPage() returns error code 11"))
                .isEqualTo(SQLiteErrorCode.SQLITE_CORRUPT);
    }

    private Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private Path aside() throws IOException {
        try (var files = Files.list(file.getParent())) {
            return files.filter(it -> it.toString().matches(".*\\.unreadable-\\d+"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void startWith(byte[] content) throws IOException {
        Files.write(file, content);
        clock.pass(MINUTE);
        store = new Store(file.toString(), clock);
    }

    private void assertSetAside(byte[] content, String why) throws IOException {
        startWith(content);
        assertThat(store.publications()).isEmpty();
        assertWorks();
        assertThat(Files.readAllBytes(aside())).isEqualTo(content);
        assertThat(said).last().asString().contains("was set aside as " + aside() + ", for " + why);
    }

    /** Nothing is sent before the record was read. */
    private void assertWorks() {
        store.configure(Fixtures.configuration(queue));
        assertThat(store.due())
                .singleElement()
                .satisfies(it -> assertThat(it.wanted().held()).isTrue());
        assertThat(store.writable()).isNull();
        store.keep(decision(queue, PARIS, TOKYO));
        assertThat(only().decided()).containsExactly("192.0.2.20");
    }
}
