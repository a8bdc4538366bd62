package dev.firstup.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the state file, and sets aside one that cannot be read. */
final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;

    private Database() {}

    /**
     * @param file the state file; it and its folder are created if missing
     * @throws IllegalStateException if it cannot be used: the message says why and what to do
     */
    static Connection open(Path file, Clock clock) {
        try {
            prepare(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the state file " + file + " cannot be created (" + e.getMessage()
                            + "): make its folder writable, or set firstup.state to another one",
                    e);
        }
        try {
            return connect(file);
        } catch (SQLException e) {
            if (e.getErrorCode() == SQLITE_BUSY || e.getErrorCode() == SQLITE_LOCKED) {
                throw new IllegalStateException(
                        "the state file " + file
                                + " is in use: is another Firstup running? Two would move the same records"
                                + " against each other. Stop it, or set firstup.state to another file",
                        e);
            }
            if (!Files.isWritable(file)) {
                throw new IllegalStateException(
                        "the state file " + file
                                + " cannot be written: make it writable, or set firstup.state to another one",
                        e);
            }
            return startOver(file, clock, e);
        }
    }

    private static Connection startOver(Path file, Clock clock, SQLException cause) {
        Path aside = file.resolveSibling(file.getFileName() + ".unreadable-" + clock.millis());
        try {
            Files.move(file, aside);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-journal"));
            LOG.warn(
                    "The state file {} is not readable ({}). It was set aside as {}; what records hold is read from DNS.",
                    file,
                    cause.getMessage(),
                    aside);
            prepare(file);
            return connect(file);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(
                    "the state file " + file + " is not readable and cannot be set aside: move it away by hand", e);
        }
    }

    private static void prepare(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            // Held by one process at a time: a second one would send everything twice.
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("PRAGMA journal_mode = WAL");
            // A record of what was sent must not be lost with the power.
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA cache_size = -512");
            try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
                if (!result.next() || !result.getString(1).equals("ok")) {
                    throw new SQLException("it is damaged");
                }
            }
            statement.executeUpdate(schema());
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static String schema() {
        try (InputStream in = Database.class.getResourceAsStream("/dev/firstup/store/schema.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the schema cannot be read from the program's own jar", e);
        }
    }
}
