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
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/** Opens the state file, and sets aside one that cannot be read. */
final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private static final Set<SQLiteErrorCode> IN_USE =
            Set.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED);
    private static final Set<SQLiteErrorCode> DAMAGED =
            Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);

    private static final List<String> NEWER = List.of(
            "gap INTEGER NOT NULL DEFAULT 0",
            "api TEXT NOT NULL DEFAULT 'NONE'",
            "repair INTEGER NOT NULL DEFAULT 0",
            "dry INTEGER NOT NULL DEFAULT 0",
            "ticket TEXT",
            "lost INTEGER NOT NULL DEFAULT 0",
            "shown TEXT",
            "repairs TEXT NOT NULL DEFAULT ''",
            "proof_written INTEGER",
            "proof_read INTEGER",
            "proof_told INTEGER");

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
            if (IN_USE.contains(code(e))) {
                throw new IllegalStateException(
                        "the state file " + file
                                + " is in use: is another Firstup running? Two would move the same records"
                                + " against each other. Stop it, or set firstup.state to another file",
                        e);
            }
            // A full disk, for one, is no reason to give up what is known.
            if (!DAMAGED.contains(code(e))) {
                throw new IllegalStateException(
                        "the state file " + file + " cannot be used (" + e.getMessage()
                                + "): make it readable and writable, or set firstup.state to another one",
                        e);
            }
            return startOver(file, clock, e);
        }
    }

    /** Without the bits that SQLite adds for details. */
    private static SQLiteErrorCode code(SQLException e) {
        return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
    }

    private static Connection startOver(Path file, Clock clock, SQLException cause) {
        Path aside = file.resolveSibling(file.getFileName() + ".unreadable-" + clock.millis());
        try {
            Files.move(file, aside);
            for (String part : List.of("-wal", "-journal")) {
                Path log = file.resolveSibling(file.getFileName() + part);
                if (Files.exists(log)) {
                    Files.move(log, aside.resolveSibling(aside.getFileName() + part));
                }
            }
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
                    throw new SQLException("it is damaged", null, SQLiteErrorCode.SQLITE_CORRUPT.code);
                }
            }
            statement.executeUpdate(resource("schema.sql"));
            addColumns(statement);
            if (has(statement, "down")) {
                statement.executeUpdate(resource("take-over-down.sql"));
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Of a state file that the version before has made. */
    private static void addColumns(Statement statement) throws SQLException {
        for (String column : NEWER) {
            String name = column.substring(0, column.indexOf(' '));
            boolean there;
            try (ResultSet result = statement.executeQuery(
                    "SELECT 1 FROM pragma_table_info('publication') WHERE name = '" + name + "'")) {
                there = result.next();
            }
            if (!there) {
                statement.executeUpdate("ALTER TABLE publication ADD COLUMN " + column);
            }
        }
    }

    private static boolean has(Statement statement, String table) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + table + "'")) {
            return result.next();
        }
    }

    private static String resource(String name) {
        try (InputStream in = Database.class.getResourceAsStream("/dev/firstup/store/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the program's own jar", e);
        }
    }
}
