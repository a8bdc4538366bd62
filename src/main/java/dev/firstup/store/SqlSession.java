package dev.firstup.store;

import dev.firstup.model.StateUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, and transactions around them. */
final class SqlSession implements AutoCloseable {
    private final Connection connection;
    /** Few, and each of them again and again: parsing them takes longer than running them. */
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /** How long a commit waits; as {@link StateFile} opens it. */
    private String synchronous = "FULL";

    SqlSession(Connection connection) {
        this.connection = connection;
    }

    int update(String sql, @Nullable Object... values) throws SQLException {
        return prepared(sql, statement -> RowMapper.bind(statement, values).executeUpdate());
    }

    <T> List<T> select(String sql, Mapper<T> mapper, @Nullable Object... values) throws SQLException {
        return prepared(sql, statement -> {
            try (ResultSet rows = RowMapper.bind(statement, values).executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(mapper.map(rows));
                }
                return found;
            }
        });
    }

    private <T> T prepared(String sql, Use<T> use) throws SQLException {
        PreparedStatement statement = statements.remove(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
        }
        try {
            T result = use.with(statement);
            statements.put(sql, statement);
            return result;
        } catch (SQLException | RuntimeException e) {
            // What has failed once, on a full disk for one, does not work again.
            statement.close();
            throw e;
        }
    }

    /** Runs {@code work} as one transaction: all of it happens, or nothing. If it changed anything, it is on the disk. */
    <T> T transaction(Work<T> work) {
        return transaction(work, "FULL");
    }

    /** The same, of what gives nothing. */
    void write(Statements work) {
        transaction(work.asWork(), "FULL");
    }

    /**
     * Runs {@code work} as one transaction that does not wait for the disk: it is there with the next one that does. A power cut
     * before that takes all of it back; the end of the process does not (sqlite.org/pragma.html#pragma_synchronous).
     */
    void light(Statements work) {
        transaction(work.asWork(), "NORMAL");
    }

    private <T> T transaction(Work<T> work, String wanted) {
        try {
            if (!synchronous.equals(wanted)) {
                execute("PRAGMA synchronous = " + wanted);
                synchronous = wanted;
            }
            execute("BEGIN");
            T result = work.run();
            execute("COMMIT");
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(e);
            throw e instanceof RuntimeException runtime
                    ? runtime
                    : new StateUnavailableException("the state could not be read or written: " + e.getMessage(), e);
        } catch (Error e) {
            // What comes next is to find no transaction open.
            rollback(e);
            throw e;
        }
    }

    private void rollback(Throwable cause) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            // When the disk is full, SQLite has done so by itself.
            cause.addSuppressed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the state could not be closed: " + e.getMessage(), e);
        }
    }

    interface Work<T> {
        T run() throws SQLException;
    }

    interface Statements {
        void run() throws SQLException;

        private Work<Boolean> asWork() {
            return () -> {
                run();
                return true;
            };
        }
    }

    private interface Use<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }
}
