package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.TestClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transaction leaves behind, on a real file. */
class SqlSessionTest {
    private static final int NORMAL = 1;
    private static final int FULL = 2;

    @TempDir
    Path folder;

    @Test
    void onlyALightOneDoesNotWaitForTheDisk() throws Exception {
        Connection connection = StateFile.open(folder.resolve("state.db"), new TestClock());
        try (SqlSession sql = new SqlSession(connection)) {
            assertThat(synchronous(connection)).isEqualTo(FULL);
            sql.light(() -> {});
            assertThat(synchronous(connection)).isEqualTo(NORMAL);
            assertThat(sql.transaction(() -> synchronous(connection))).isEqualTo(FULL);
        }
    }

    /** As where the memory is used up. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anErrorIsPassedOnAndTheNextOneWorks(boolean light) throws Exception {
        Connection connection = StateFile.open(folder.resolve("state.db"), new TestClock());
        try (SqlSession sql = new SqlSession(connection)) {
            Error error = new OutOfMemoryError("as if");
            SqlSession.Statements work = () -> {
                sql.update("CREATE TABLE it (x)");
                throw error;
            };
            assertThatThrownBy(() -> {
                        if (light) {
                            sql.light(work);
                        } else {
                            sql.write(work);
                        }
                    })
                    .isSameAs(error);
            assertThat(sql.transaction(() -> synchronous(connection))).isEqualTo(FULL);
            List<String> left = sql.transaction(
                    () -> sql.select("SELECT name FROM sqlite_master WHERE name = 'it'", row -> row.getString("name")));
            assertThat(left).isEmpty();
        }
    }

    private static int synchronous(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
            row.next();
            return row.getInt(1);
        }
    }
}
