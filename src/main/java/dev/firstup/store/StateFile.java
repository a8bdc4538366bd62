package dev.firstup.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/** Opens the state file, and sets aside one that cannot be read. */
final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private static final Set<SQLiteErrorCode> IN_USE =
            Set.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED);
    private static final Set<SQLiteErrorCode> DAMAGED =
            Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);

    /** How SQLite's check says that it could not look. */
    private static final Pattern FAILURE = Pattern.compile("failed to get page|error code=(\\d+)");

    private StateFile() {}

    /**
     * @param file the state file; it and its folder are created if missing
     * @throws IllegalStateException if it cannot be used: the message says why and what to do
     */
    static Connection open(Path file, Clock clock) {
        try {
            if (isEmpty(file)) {
                LOG.warn("The state file {} is empty: what records hold is read from DNS.", file);
                if (Files.exists(part(file, "-wal"))) {
                    // SQLite would remove what may be all that is left.
                    return startOver(file, clock, "it is empty, and what was to be added to it is not");
                }
            }
            prepare(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the state file " + file + " cannot be created (" + reason(e)
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
            // What was sent could not be written down: a restart would send it again.
            if (Files.isRegularFile(file) && Files.isReadable(file) && !Files.isWritable(file)) {
                return startOver(file, clock, "it is read-only");
            }
            // A full disk, for one, is no reason to give up what is known.
            if (!DAMAGED.contains(code(e))) {
                throw new IllegalStateException(
                        "the state file " + file + " cannot be used (" + e.getMessage()
                                + "): make it and its folder readable and writable, or set firstup.state to another one",
                        e);
            }
            return startOver(file, clock, "it is not readable: " + e.getMessage());
        }
    }

    /** Without the bits that SQLite adds for details. */
    private static SQLiteErrorCode code(SQLException e) {
        return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
    }

    private static boolean isEmpty(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == 0;
    }

    private static Path part(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static Connection startOver(Path file, Clock clock, String why) {
        Path aside = part(file, ".unreadable-" + clock.millis());
        try {
            Files.move(file, aside);
            for (String ending : List.of("-wal", "-journal")) {
                if (Files.exists(part(file, ending))) {
                    Files.move(part(file, ending), part(aside, ending));
                }
            }
            LOG.warn(
                    "The state file {} was set aside as {}, for {}. What records hold is read from DNS.",
                    file,
                    aside,
                    why);
            prepare(file);
            return connect(file);
        } catch (IOException | SQLException e) {
            String problem = e instanceof IOException io ? reason(io) : e.getMessage();
            throw new IllegalStateException(
                    "the state file " + file + " cannot be used, for " + why + ", and cannot be replaced (" + problem
                            + "): make it and its folder writable, or set firstup.state to another one",
                    e);
        }
    }

    /** Those of files often say no more than their names. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "there is something else of that name";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
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

    /** For the driver a question mark ends the path; as a URI it may have one. */
    private static String name(Path file) {
        String name = file.toString();
        return name.indexOf('?') < 0
                ? name
                : "file:" + name.replace("%", "%25").replace("?", "%3F").replace("#", "%23");
    }

    private static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + name(file));
        try (Statement statement = connection.createStatement()) {
            // Held by one process at a time: a second one would send everything twice.
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            // Before anything of it is changed.
            refuseOthers(file, statement);
            statement.execute("PRAGMA journal_mode = WAL");
            // A record of what was sent must not be lost with the power.
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA cache_size = -512");
            check(statement);
            takeOver(statement);
            readAll(statement);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A state that ends with its connection. */
    static Connection inMemory() {
        try {
            return connect(Path.of(":memory:"));
        } catch (SQLException e) {
            throw new IllegalStateException("there is no database in memory: " + e.getMessage(), e);
        }
    }

    /** Whoever named the wrong file would not like that to be moved away or added to. */
    private static void refuseOthers(Path file, Statement statement) throws SQLException {
        Set<String> tables = tables(statement);
        if (!tables.isEmpty() && !tables.contains("publication")) {
            throw new IllegalStateException(
                    "the state file " + file + " is the database of another program, with the tables "
                            + String.join(", ", tables) + ": set firstup.state to another file");
        }
    }

    private static void check(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
            String found = result.next() ? result.getString(1) : "nothing was found";
            if (!found.equals("ok")) {
                throw new SQLException(
                        found.replaceFirst("^\\*+ in database main \\*+\\s+", ""), null, finding(found).code);
            }
        }
    }

    /** A page that could not be read this time, or a lack of memory, is found as well: it damages nothing. */
    static SQLiteErrorCode finding(String found) {
        Matcher failure = FAILURE.matcher(found);
        if (!failure.find()) {
            return SQLiteErrorCode.SQLITE_CORRUPT;
        }
        return failure.group(1) == null
                ? SQLiteErrorCode.SQLITE_IOERR
                : SQLiteErrorCode.getErrorCode(Integer.parseInt(failure.group(1)) & 0xff);
    }

    private static void takeOver(Statement statement) throws SQLException {
        try {
            addColumns(statement);
            statement.executeUpdate(resource("schema.sql"));
            if (tables(statement).contains("down")) {
                statement.executeUpdate(resource("take-over-down.sql"));
            }
        } catch (SQLException e) {
            if (code(e) == SQLiteErrorCode.SQLITE_ERROR) {
                throw new SQLException(
                        "its tables are not as ours: " + e.getMessage(), null, SQLiteErrorCode.SQLITE_CORRUPT.code, e);
            }
            throw e;
        }
    }

    /** A state of an older version lacks what came later: that is as it is in a new row. */
    private static void addColumns(Statement statement) throws SQLException {
        Set<String> known = new HashSet<>(columns(statement).keySet());
        Set<String> tables = tables(statement);
        Map<String, String> missing;
        try (Connection model = DriverManager.getConnection("jdbc:sqlite:");
                Statement its = model.createStatement()) {
            its.executeUpdate(resource("schema.sql"));
            missing = columns(its);
        }
        missing.keySet().removeAll(known);
        for (Map.Entry<String, String> it : missing.entrySet()) {
            String table = it.getKey().substring(0, it.getKey().indexOf('.'));
            if (tables.contains(table)) {
                statement.executeUpdate("ALTER TABLE " + table + " ADD COLUMN " + it.getValue());
            }
        }
    }

    /** A word that no version of ours has written would otherwise fail whatever comes across it, again and again. */
    private static void readAll(Statement statement) throws SQLException {
        try {
            read(statement, "SELECT *, 0 AS frozen FROM publication", RowMapper::publication);
            // Those that anybody is shown or told: a start has no time for more.
            read(
                    statement,
                    "SELECT * FROM event WHERE id > (SELECT max(id) FROM event) - 1000 OR id IN (SELECT event FROM notice)",
                    RowMapper::event);
            read(statement, "SELECT * FROM server", RowMapper::remembered);
            read(statement, "SELECT * FROM standing", row -> RowMapper.instants(row, "failbacks"));
            read(statement, "SELECT * FROM hand", RowMapper::order);
        } catch (RuntimeException e) {
            throw new SQLException(
                    "what it holds makes no sense: " + e.getMessage(), null, SQLiteErrorCode.SQLITE_CORRUPT.code, e);
        }
    }

    private static void read(Statement statement, String query, SqlSession.Mapper<?> mapper) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                mapper.map(rows);
            }
        }
    }

    private static Set<String> tables(Statement statement) throws SQLException {
        Set<String> tables = new TreeSet<>();
        try (ResultSet rows = statement.executeQuery(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    /** How each column is declared, by {@code TABLE.COLUMN}. */
    private static Map<String, String> columns(Statement statement) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String table : tables(statement)) {
            try (ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
                while (rows.next()) {
                    String name = rows.getString("name");
                    String value = rows.getString("dflt_value");
                    columns.put(
                            table + "." + name,
                            name + " " + rows.getString("type") + (rows.getBoolean("notnull") ? " NOT NULL" : "")
                                    + (value == null ? "" : " DEFAULT " + value));
                }
            }
        }
        return columns;
    }

    private static String resource(String name) {
        try (InputStream in = StateFile.class.getResourceAsStream("/dev/firstup/store/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the program's own jar", e);
        }
    }
}
