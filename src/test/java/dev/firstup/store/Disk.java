package dev.firstup.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;

/** A disk in memory, which survives the crashes of the stores that are opened on it. */
public final class Disk implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement due;

    public Disk() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite::memory:");
            try (Statement statement = connection.createStatement();
                    InputStream schema = Disk.class.getResourceAsStream("/dev/firstup/store/schema.sql")) {
                // Nothing fails here that would have to be taken back.
                statement.execute("PRAGMA journal_mode = OFF");
                statement.executeUpdate(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
            }
            due = connection.prepareStatement("SELECT min(due) AS due FROM publication");
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a start finds. The store before it is not to be used any more, and was not closed: it crashed. */
    public Store open(Clock clock) {
        return new Store(connection, clock);
    }

    /** When the first publication is due; null where none is. */
    public Instant due() {
        try (ResultSet row = due.executeQuery()) {
            return row.next() ? RowMapper.instant(row, "due") : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
